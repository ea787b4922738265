import { describe, expect, it } from '@jest/globals';

import { TASK_STATUSES, type Engine, type TaskStatus } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

/** Keys by status: as the list of each status has them, and as each task says. */
async function both(engine: Engine, jobId: string): Promise<readonly [Listed, Listed]> {
  const listed: Listed = {};
  for (const status of TASK_STATUSES) {
    const { items } = await engine.reader.tasks({ jobId, status: [status] }, { first: 100 });
    if (items.length > 0) listed[status] = items.map(({ key }) => key).toSorted();
  }
  const said: Listed = {};
  for (const { key, status } of (await tasksOf(engine, jobId)).values()) said[status] = [...(said[status] ?? []), key].toSorted();
  return [listed, said];
}
type Listed = { [Status in TaskStatus]?: string[] };

describe('the list of each status', () => {
  it('holds the tasks that say so of themselves, whatever moves they have made, and so do the counts of the job (D8)', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const flaky = agent(
      'flaky',
      (_: never, ctx) => {
        if (ctx.attempt.number === 1) throw new Error('not yet');
      },
      { retry: { maxAttempts: 2, delay: '1h' } },
    );
    const asks = agent('asks', (n: number, ctx) => ctx.need(echo, n));
    const waits = agent('waits', () => gate.pass());
    const engine = await lab.start([flaky, asks, waits, echo], { clock });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'flaky', agent: 'flaky' },
        { key: 'asks', agent: 'asks', input: 1 },
        { key: 'waits', agent: 'waits' },
        { key: 'after', agent: 'echo', input: 2, dependsOn: ['waits', 'flaky'] },
        { key: 'held', agent: 'echo', input: 3, dependsOn: ['waits'] },
        { key: 'unwanted', agent: 'echo', input: 4, dependsOn: ['waits'] },
      ],
    });
    const check = async (): Promise<Listed> => {
      const [listed, said] = await both(engine, handle.id);
      expect(listed).toEqual(said);
      const { counts } = await handle.status();
      for (const status of TASK_STATUSES) expect(counts[status] ?? 0).toBe(listed[status]?.length ?? 0);
      return listed;
    };

    await gate.reached();
    await clock.advance(1_000);
    expect(await check()).toMatchObject({ READY: ['flaky'], IN_PROGRESS: ['waits'], COMPLETED: ['asks', 'asks.echo'] });
    await engine.pauseTask((await taskOf(engine, handle.id, 'held')).id);
    await engine.skipTask((await taskOf(engine, handle.id, 'unwanted')).id);
    expect((await check()).SKIPPED).toEqual(['unwanted']);
    gate.open();
    await clock.advance(1_000);
    expect((await check()).COMPLETED).toContain('waits');
    await clock.advance(2 * 3_600_000);
    expect((await check()).COMPLETED).toContain('after');
    await engine.cancelJob(handle.id);
    expect((await ended(engine, handle.id)).status).toBe('CANCELLED');
    expect((await check()).CANCELLED).toContain('held');
  });
});
