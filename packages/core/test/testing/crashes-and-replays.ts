/* What the test kit promises of a store that dies at any write, and of a job's history: the same for every kind of store. */
import { describe, expect, it } from '@jest/globals';

import { createEngine } from '../../src/index.js';
import { CrashingStore, replay, scriptedAgent, VirtualClock } from '../../src/testing.js';

type StoreOptions = Parameters<typeof replay>[0];

export interface StoreUnderTest {
  /** Where there is nothing yet. */
  fresh(): Promise<StoreOptions>;
}

export function crashesAndReplays({ fresh }: StoreUnderTest): void {
  describe('a crash at any write', () => {
    const job = {
      name: 'job',
      tasks: [
        { key: 'a', agent: 'work', input: {} },
        { key: 'b', agent: 'work', input: {}, dependsOn: ['a'] },
        { key: 'c', agent: 'work', input: {}, dependsOn: ['b'] },
      ],
    };

    it.each(['before', 'after'] as const)(
      'loses nothing that was acknowledged, and runs no finished task again (%s the write)',
      async (when) => {
        for (let crashAt = 1; ; crashAt += 1) {
          const at = await fresh();
          const work = scriptedAgent('work', (_, ctx) => ctx.task.key);
          const store = new CrashingStore({ ...at, crashAt, when });
          // Time does not move: nothing here waits for it, and a dead engine's timers never fire.
          const doomed = createEngine({ store, clock: new VirtualClock() });
          doomed.register(work.agent);
          await doomed.start();
          const run = doomed.submitJob(job).then((handle) => handle.result().then(() => handle.id));
          const ended = await Promise.race([run.then(() => true), store.crashed.then(() => false)]);
          if (ended) {
            expect(crashAt).toBeGreaterThan(4);
            await doomed.stop();
            return;
          }
          const startsBefore = work.calls.length;

          const next = createEngine({ store: at, clock: new VirtualClock() });
          next.register(work.agent);
          const { jobs } = await next.start();
          const [known] = (await next.reader.jobs({}, { first: 1 })).items;
          if (!known) {
            // The submission itself was lost, and never acknowledged.
            expect([when, crashAt, startsBefore]).toEqual(['before', 1, 0]);
          } else {
            if (known.status === 'RUNNING') expect(jobs.map(({ id }) => id)).toEqual([known.id]);
            await next.job(known.id).result();
            const { items } = await next.reader.tasks({ jobId: known.id }, { first: 10 });
            expect(items.filter(({ key }) => key.length === 1).every(({ status }) => status === 'COMPLETED')).toBe(true);
            for (const { key } of job.tasks) expect(work.calls.filter(({ taskKey }) => taskKey === key).length).toBeLessThanOrEqual(2);
          }
          await next.stop();
        }
      },
    );
  });

  describe('a replay', () => {
    it('tells where a job stood after each of its events', async () => {
      const at = await fresh();
      const engine = createEngine({ store: at });
      engine.register(scriptedAgent('work', { returns: 1 }).agent);
      await engine.start();
      const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work', input: {} }] });
      await handle.result();
      const { lastSeq } = await handle.status();
      await engine.stop();

      const end = await replay(at, handle.id);
      expect([end!.status, end!.seq, end!.tasks.map(({ status }) => status)]).toEqual(['COMPLETED', lastSeq, ['COMPLETED', 'COMPLETED']]);
      const begin = await replay(at, handle.id, 2);
      expect([begin!.status, begin!.tasks.map(({ key, status }) => [key, status])]).toEqual([
        'RUNNING',
        [
          ['objective', 'BLOCKED'],
          ['a', 'READY'],
        ],
      ]);
      expect(await replay(at, 'nothing')).toBeNull();
    });
  });
}
