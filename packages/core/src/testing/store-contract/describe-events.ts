import * as fc from 'fast-check';

import { plainSpec } from '../machine/specs.js';
import { events as anyEvents } from './arbitraries.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, type StoredJob } from './stored-job.js';

/** The log of a job, and who wrote it. */
export function describeEvents({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create } = fixture;

  describe('the engine of an event', () => {
    const enginesOf = async (jobId: string): Promise<(string | null)[]> =>
      (await fixture.store.reader.events(jobId, 0, 1_000)).map(({ engine }) => engine && `${engine.id} ${engine.name}`);

    it('is the one that has signed: nobody before, and another after it was opened anew', async () => {
      const job = await create([{ key: 'a' }]);
      await fixture.store.sign({ id: 'one', name: 'web 🙂' }, 1);
      await job.do((play) => play.claim('a'));
      await fixture.reopen();
      await fixture.store.sign({ id: 'two', name: 'web 🙂' }, 2);
      job.play.complete('a');
      await fixture.store.commit([job.pending()]);

      const mine = job.play.events.map((_, index) => (index < 2 ? null : index < 3 ? 'one web 🙂' : 'two web 🙂'));
      expect(mine.length).toBeGreaterThan(3);
      expect(await enginesOf(job.id)).toEqual(mine);
      // Also for a reader that has neither.
      await fixture.reopen();
      expect(await enginesOf(job.id)).toEqual(mine);
      expect((await fixture.store.reader.taskHistory({ jobId: job.id, no: 1 })).map(({ engine }) => engine?.id)).toEqual(['one', 'two']);
      const [history] = await fixture.store.reader.taskHistories([{ jobId: job.id, no: 1 }], 10);
      expect(history!.map(({ engine }) => engine?.id)).toEqual(['one', 'two']);
    });

    it('is one and the same, however often it says so', async () => {
      for (let time = 0; time < 3; time += 1) await fixture.store.sign({ id: 'one', name: 'web' }, time);
      const job = await create([{ key: 'a' }]);

      expect(await enginesOf(job.id)).toEqual(['one web', 'one web']);
      expect((await fixture.rowsOf())['taskloom_engine']).toBe(1);
    });

    it('is there for each of many events of one commit', async () => {
      await fixture.store.sign({ id: 'one', name: 'web' }, 1);
      const job = await create(Array.from({ length: 100 }, (_, no) => ({ key: `t${no}` })));
      await job.do((play) => play.claim(...Array.from({ length: 100 }, (_, no) => `t${no}`)));

      expect(await enginesOf(job.id)).toEqual(Array(102).fill('one web'));
    });
  });

  describe('events', () => {
    it('come from a cursor, in order, without a gap', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }]);
      await job.do((play) => play.claim('a', 'b'));
      await job.do((play) => play.complete('a'));
      const all = await fixture.store.reader.events(job.id, 0, 1_000);

      expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
      expect(all.map(({ type }) => type)).toEqual(job.play.events.map(({ type }) => type));
      expect(await fixture.store.reader.events(job.id, 3, 1_000)).toEqual(all.slice(3));
      expect(await fixture.store.reader.events(job.id, 0, 2)).toEqual(all.slice(0, 2));
      expect(await fixture.store.reader.events(job.id, 5, 10)).toEqual([]);
      expect(await fixture.store.reader.events('nobody', 0, 10)).toEqual([]);
    });

    it('of one task are its history', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }]);
      await job.do((play) => play.run('b', 'a'));
      const history = await fixture.store.reader.taskHistory({ jobId: job.id, no: 1 });

      expect(history.map(({ type, taskKey }) => `${type} ${taskKey}`)).toEqual(['TASK_STARTED a', 'TASK_COMPLETED a']);
      expect(await fixture.store.reader.taskHistory({ jobId: 'nobody', no: 1 })).toEqual([]);
    });

    it('of a task that ends, and begins again, with others are in the history of each', async () => {
      const job = await create([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c', after: ['b'] }]);
      await job.do((play) => play.run('a'));
      await job.do((play) => play.cancel());
      const typesOf = async (no: number) => (await fixture.store.reader.taskHistory({ jobId: job.id, no })).map(({ type }) => type);

      expect(await typesOf(1)).toEqual(['TASK_STARTED', 'TASK_COMPLETED']);
      expect(await typesOf(2)).toEqual(['TASKS_CANCELLED']);
      expect(await typesOf(3)).toEqual(['TASKS_CANCELLED']);
      const at = [3, 1].map((no) => ({ jobId: job.id, no }));
      const [last, first] = await fixture.store.reader.taskHistories(at, 1);
      expect([last, first].map((history) => history!.map(({ type }) => type))).toEqual([['TASKS_CANCELLED'], ['TASK_STARTED']]);
    });

    it('of many tasks are the histories of each, in the order asked for', async () => {
      const one = await create([{ key: 'a' }, { key: 'b' }]);
      await one.do((play) => play.run('b', 'a'));
      const other = await create([{ key: 'c' }]);
      await other.do((play) => play.run('c'));
      const at = (job: StoredJob, no: number) => ({ jobId: job.id, no });
      const asked = [at(other, 1), at(one, 2), { jobId: 'nobody', no: 1 }, at(one, 99), at(one, 1), at(one, 2)];
      const each = await Promise.all(asked.map((address) => fixture.store.reader.taskHistory(address)));

      expect(await fixture.store.reader.taskHistories(asked, 1_000)).toEqual(each);
      expect(await fixture.store.reader.taskHistories(asked, 1)).toEqual(each.map((history) => history.slice(0, 1)));
      expect(await fixture.store.reader.taskHistories([], 1)).toEqual([]);
      for (const first of [0, 1.5, 1_001, Number.NaN])
        expect(await refusalOf(fixture.store.reader.taskHistories(asked, first))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.taskHistories(Array(1_001).fill(at(one, 1)), 1))).toBe('PAGE_SIZE');
    });

    for (const first of [0, -1, 1.5, 1_001, Number.NaN, Number.POSITIVE_INFINITY])
      it(`are not asked for ${first} at a time`, async () => {
        const job = await create([]);

        expect(await refusalOf(fixture.store.reader.events(job.id, 0, first))).toBe('PAGE_SIZE');
      });

    for (const afterSeq of [-1, 1.5, Number.NaN, 2 ** 53, 1e308])
      it(`are not asked for after ${afterSeq}`, async () => {
        const job = await create([]);

        expect(await refusalOf(fixture.store.reader.events(job.id, afterSeq, 10))).toBe('CURSOR_INVALID');
      });

    it('of every kind can be written and shown', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyEvents, { minLength: 1, maxLength: 8 }), async (drawn) => {
          const id = nextId();
          const write = creationOf(jobSpec(id), [plainSpec(0)]);
          // These need rows that only a real job has; they have tests of their own.
          const list = drawn.filter(({ type }) => type !== 'TASKS_ADDED' && type !== 'DEPENDENCY_ADDED' && type !== 'HUMAN_REQUESTED');
          await fixture.store.commit([{ ...write, events: list, tasks: [], row: { ...write.row, lastSeq: list.length } }]);
          const views = await fixture.store.reader.events(id, 0, 100);

          expect(views.map(({ type, at, actor }) => ({ type, at, actor }))).toEqual(
            list.map(({ type, at, actor }) => ({ type, at, actor })),
          );
        }),
        { numRuns: 60 },
      );
    });
  });
}
