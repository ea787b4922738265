import { describe, expect, it } from '@jest/globals';

import { z } from 'zod';

import { defineWorkflow } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventOf, eventsOf, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();

/** A job whose second task's agent is missing in the process that goes on with it. */
async function jobWithoutAgent(file = 'jobs.db') {
  const gate = new Gate();
  const waits = agent('waits', () => gate.pass());
  const first = await lab.start([waits, agent('gone')], { file });
  const { id } = await first.submitJob({
    name: 'job',
    tasks: [
      { key: 'w', agent: 'waits' },
      { key: 'g', agent: 'gone', dependsOn: ['w'], priority: 7 },
      { key: 'after', agent: 'gone', dependsOn: ['g'] },
    ],
  });
  await gate.reached();
  gate.open();
  await lab.stop(first);
  return { id, waits };
}

describe('a task whose agent is not registered in this process (bad input F7)', () => {
  it('waits as BLOCKED, AGENT_UNAVAILABLE, with the name in words; the job goes on and does not fail (D16)', async () => {
    const { id, waits } = await jobWithoutAgent();
    const engine = await lab.start([waits, echo]);
    await eventOf(engine, id, 'TASK_PARKED', 'g');
    const parked = await taskOf(engine, id, 'g');
    expect(parked).toMatchObject({ status: 'BLOCKED', statusReason: 'AGENT_UNAVAILABLE' });
    expect(parked.statusMessage).toContain('"gone"');
    expect((await engine.job(id).status()).status).toBe('RUNNING');
    expect((await statusesOf(engine, id))['after']).toBe('PENDING');
    // Others are not held up.
    await (await engine.submitJob({ name: 'other', tasks: [{ key: 'a', agent: 'echo' }] })).result();
  });

  it('goes on as soon as the agent is registered; the waiting was no attempt', async () => {
    const { id, waits } = await jobWithoutAgent();
    const engine = await lab.start([waits]);
    await eventOf(engine, id, 'TASK_PARKED', 'g');
    let attempt: unknown;
    engine.register(agent('gone', (_, ctx) => void (attempt ??= ctx.attempt)));
    await engine.job(id).result();
    expect(attempt).toEqual({ number: 1, reason: 'RELEASED', feedback: null });
    expect((await taskOf(engine, id, 'g')).attempt).toBe(1);
    const types = (await eventsOf(engine, id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'TASKS_RELEASED')).toHaveLength(1);
  });

  it('goes on at a start at which the agent is there', async () => {
    const { id, waits } = await jobWithoutAgent();
    const without = await lab.start([waits]);
    await eventOf(without, id, 'TASK_PARKED', 'g');
    const gone = counted('gone');
    const engine = await lab.restart(without, [waits, gone.agent]);
    await engine.job(id).result();
    expect(gone.starts).toEqual(['g', 'after']);
  });

  it('stays parked through a start at which the agent is still missing', async () => {
    const { id, waits } = await jobWithoutAgent();
    const second = await lab.start([waits]);
    await eventOf(second, id, 'TASK_PARKED', 'g');
    const third = await lab.restart(second, [waits]);
    await eventLoopTurns();
    expect((await statusesOf(third, id))['g']).toBe('BLOCKED AGENT_UNAVAILABLE');
    third.register(agent('gone'));
    await third.job(id).result();
  });

  it('can be cancelled', async () => {
    const { id, waits } = await jobWithoutAgent();
    const engine = await lab.start([waits]);
    await eventOf(engine, id, 'TASK_PARKED', 'g');
    await engine.cancelJob(id);
    expect((await statusesOf(engine, id))['g']).toBe('CANCELLED JOB_CANCELLED');
    engine.register(agent('gone'));
    await eventLoopTurns();
    expect((await engine.job(id).status()).status).toBe('CANCELLED');
  });

  it('is never forgotten, at whatever moment around its start the agent is registered', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const file = `moment-${turns}.db`;
      const { id, waits } = await jobWithoutAgent(file);
      const engine = await lab.start([waits], { file });
      for (let turn = 0; turn < turns; turn += 1)
        await new Promise((resolve) => (turn % 2 ? setImmediate(resolve) : queueMicrotask(() => resolve(undefined))));
      engine.register(agent('gone'));
      await engine.job(id).result();
    }
  });

  it('among tasks asked for by ctx.need waits, too, and the one that asked with it', async () => {
    const gate = new Gate();
    const asks = agent('asks', (_, ctx) => ctx.need('gone', 1));
    const first = await lab.start([asks, agent('gone', () => gate.pass())]);
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks', type: 'OBJECTIVE' }] });
    await gate.reached();
    const engine = await lab.restart(first, [asks]);
    await eventOf(engine, id, 'TASK_PARKED', 'a.gone');
    expect((await taskOf(engine, id, 'a')).statusReason).toBe('WAITING_DEPENDENCIES');
    engine.register(agent('gone', () => 'here again'));
    expect(await engine.job(id).result()).toBe('here again');
  });

  it('inside a map, and as one who asks again after its answers came', async () => {
    const gate = new Gate();
    const asks = agent('asks', async (_, ctx) => ctx.need('source', 1));
    const first = await lab.start([asks, agent('source', () => gate.pass())]);
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks', type: 'OBJECTIVE' }] });
    await gate.reached();
    const engine = await lab.restart(first, [agent('source', () => 'answer')]);
    await eventOf(engine, id, 'TASK_PARKED', 'a');
    engine.register(asks);
    expect(await engine.job(id).result()).toBe('answer');
  });
});

describe('a workflow that is not registered in the process that goes on with its job', () => {
  it('is not needed: its graph is stored', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.object({ x: z.unknown() }),
      plan: (flow) => ({ x: flow.add(waits, 1).out }),
    });
    const first = await lab.start([waits, Wf]);
    const { id } = await first.startWorkflow(Wf, {});
    await gate.reached();
    const engine = await lab.restart(first, [waits]);
    gate.open('done');
    expect(await engine.job(id).result()).toEqual({ x: 'done' });
  });
});
