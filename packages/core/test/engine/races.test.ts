import { describe, expect, it } from '@jest/globals';

import { agent } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventsOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { seeded } from '../helpers/random.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();
const SEED = Number(process.env['TASKLOOM_SEED'] ?? Date.now() % 1_000_000);
const TASKS = 100;
const ROUNDS = 10;
const ENDS = new Set(['TASK_COMPLETED', 'TASK_FAILED', 'TASK_SKIPPED', 'TASKS_SKIPPED', 'TASK_CANCELLED', 'TASKS_CANCELLED']);

describe('what would end a running task, all at the same moment', () => {
  it(`ends it once: the one who was first is told so, and the others that they came too late (G7, TASKLOOM_SEED=${SEED})`, async () => {
    const random = seeded(SEED);
    const won: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      const gates = Array.from({ length: TASKS }, () => new Gate<boolean>());
      const races = agent('races', async (no: number) => {
        if (await gates[no]!.pass()) return no;
        throw new Error('no');
      });
      // The job is open until all races are over.
      const over = new Gate();
      const engine = await lab.start([races, agent('keeps', () => over.pass())], {
        maxParallel: TASKS + 1,
        file: `round-${round}.db`,
        grace: 0,
      });
      const { id } = await engine.submitJob({
        name: 'job',
        tasks: [{ key: 'keeps', agent: 'keeps' }, ...gates.map((_, no) => ({ key: `t${no}`, agent: 'races', input: no }))],
        options: { failureStrategy: 'continue' },
      });
      await Promise.all(gates.map((gate) => gate.reached()));
      const tasks = await tasksOf(engine, id);

      const told = gates.map(async (gate, no) => {
        const { id: taskId } = tasks.get(`t${no}`)!;
        const acts = {
          settle: () => Promise.resolve(gate.open(random() < 0.5)),
          CANCELLED: () => engine.cancelTask(taskId),
          SKIPPED: () => engine.skipTask(taskId),
        };
        const order = Object.entries(acts).toSorted(() => random() - 0.5);
        const outcomes = order.map(async ([name, act]) => {
          await eventLoopTurns(Math.floor(random() * 3));
          await act();
          return name;
        });
        const settled = await Promise.allSettled(outcomes);
        for (const outcome of settled) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ILLEGAL_MOVE' });
        return settled.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value !== 'settle' ? [outcome.value] : []));
      });
      const winners = await Promise.all(told);
      over.open();
      await ended(engine, id);
      const ends = (await eventsOf(engine, id))
        .filter(({ type }) => ENDS.has(type))
        .flatMap(({ taskId, data }) => (taskId === null ? (data['tasks'] as string[]) : [taskId]));
      const after = await tasksOf(engine, id);
      for (const [no, names] of winners.entries()) {
        const task = after.get(`t${no}`)!;
        expect(names.length).toBeLessThanOrEqual(1);
        if (names.length === 1) expect(task.status).toBe(names[0]);
        else expect(['COMPLETED', 'FAILED']).toContain(task.status);
        expect(ends.filter((taskId) => taskId === task.id)).toHaveLength(1);
        won[task.status] = (won[task.status] ?? 0) + 1;
      }
    }
    // Everyone wins some of them, or this proves nothing.
    for (const status of ['COMPLETED', 'FAILED', 'CANCELLED', 'SKIPPED']) expect(won[status] ?? 0).toBeGreaterThan(10);
  });
});
