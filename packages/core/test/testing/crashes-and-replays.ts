/* What the test kit promises of a store that dies at any write, and of a job's history: the same for every kind of store. */
import { describe, expect, it } from '@jest/globals';

import { createEngine, type Engine } from '../../src/index.js';
import { CrashingStore, replay, scriptedAgent, VirtualClock } from '../../src/testing.js';

type StoreOptions = Parameters<typeof replay>[0];

export interface StoreUnderTest {
  /** Where there is nothing yet. */
  readonly fresh: () => Promise<StoreOptions>;
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

  describe('a crash at any write of a job that grows and asks', () => {
    it.each(['before', 'after'] as const)(
      'leaves the task asked for added or not, and the question open or answered, never half (%s the write)',
      async (when) => {
        for (let crashAt = 1; ; crashAt += 1) {
          const at = await fresh();
          const work = scriptedAgent('work', { returns: 'found' });
          const asker = scriptedAgent('asker', async (_, ctx) => {
            const found = await ctx.need('work', {});
            const { answer } = await ctx.ask('sure', { question: 'Sure?' });
            return [found, answer as string];
          });
          const job = { name: 'job', tasks: [{ key: 'a', type: 'OBJECTIVE', agent: 'asker', input: {} }] } as const;
          const run = async (engine: Engine): Promise<unknown> => {
            const handle = await engine.submitJob({ ...job, options: { idempotencyKey: 'one' } });
            for await (const { type } of handle.events()) {
              const { items } = await engine.reader.humanRequests({ jobId: handle.id, status: ['OPEN'] }, { first: 2 });
              // Answered once, wherever the question is heard of: as it is asked, or already there after a restart.
              if (type === 'HUMAN_REQUESTED') for (const { id } of items) await engine.answerHumanRequest(id, 'yes');
            }
            return handle.result();
          };
          const store = new CrashingStore({ ...at, crashAt, when });
          const clock = new VirtualClock();
          const doomed = createEngine({ store, clock, timeout: 0 });
          doomed.register(work.agent, asker.agent);
          await doomed.start();
          // What the dead engine says of itself while it falls is nobody's concern.
          const first = run(doomed).catch(() => never());
          if ((await whileTimePasses(clock, Promise.race([first, store.crashed.then(() => 'crashed')]))) !== 'crashed') {
            // Submitted, asked for, found, asked, answered, done.
            expect(crashAt).toBeGreaterThan(6);
            await doomed.stop();
            return;
          }
          const later = new VirtualClock();
          const next = createEngine({ store: at, clock: later, timeout: 0 });
          next.register(work.agent, asker.agent);
          await next.start();

          expect(await whileTimePasses(later, run(next))).toEqual(['found', 'yes']);
          const [known] = (await next.reader.jobs({}, { first: 2 })).items;
          const { items: tasks } = await next.reader.tasks({ jobId: known!.id }, { first: 10 });
          const { items: requests } = await next.reader.humanRequests({ jobId: known!.id }, { first: 10 });
          expect([await next.reader.countJobs({}), tasks.length, requests.map(({ status }) => status)]).toEqual([1, 2, ['ANSWERED']]);
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

/** A question waits a moment for others to be asked with it: time passes, bit by bit, until the promise has settled. */
async function whileTimePasses<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const open = new Set([promise]);
  const settle = (): void => void open.delete(promise);
  promise.then(settle, settle);
  while (open.size > 0) await clock.advance(1);
  return promise;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
