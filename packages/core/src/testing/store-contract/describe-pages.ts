import { inspect } from 'node:util';

import { taskIdOf } from '../../kernel/ids.js';
import type { JobFilter, JobOrder, Page, PageRequest, TaskFilter, TaskOrder } from '../../model/views.js';
import { specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';

/** Lists, page by page. */
export function describePages({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { create, createFrom } = fixture;

  describe('pages', () => {
    it('go through all jobs, newest first, each once, also while new ones come', async () => {
      const made: string[] = [];
      for (let count = 0; count < 7; count += 1) made.unshift((await create([])).id);
      const seen: string[] = [];
      let after: string | undefined;
      for (let pages = 0; pages < 10; pages += 1) {
        const page = await fixture.store.reader.jobs({}, { first: 3, ...(after === undefined ? undefined : { after }) });
        seen.push(...page.items.map(({ id }) => id));
        after = page.cursors.at(-1);
        await create([]);
        if (!page.hasNextPage) break;
      }

      expect(seen).toEqual(made);
    });

    /** What all pages of three have together. */
    async function through<T extends { readonly id: string }>(
      ask: (page: PageRequest) => Promise<Page<T>>,
      show: (item: T) => string = ({ id }) => id,
    ): Promise<string[]> {
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await ask({ first: 3, ...(after === undefined ? undefined : { after }) });
        seen.push(...page.items.map(show));
        if (!page.hasNextPage) return seen;
        after = page.cursors.at(-1);
      }
    }

    it('go through the tasks of all jobs, newest job first, in the order of their numbers', async () => {
      const [one, two] = [await create([{ key: 'a' }, { key: 'b' }]), await create([{ key: 'x' }])];
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await fixture.store.reader.tasks({}, { first: 2, ...(after === undefined ? undefined : { after }) });
        seen.push(...page.items.map(({ id }) => id));
        after = page.hasNextPage ? page.cursors.at(-1) : undefined;
      } while (after !== undefined);

      expect(seen).toEqual([`${two.id}:0`, `${two.id}:1`, `${one.id}:0`, `${one.id}:1`, `${one.id}:2`]);
    });

    it('say whether there are more', async () => {
      await create([{ key: 'a' }, { key: 'b' }]);

      expect(await fixture.store.reader.tasks({}, { first: 3 })).toMatchObject({
        hasNextPage: false,
        items: { length: 3 },
        cursors: { length: 3 },
      });
      expect(await fixture.store.reader.tasks({}, { first: 2 })).toMatchObject({ hasNextPage: true, items: { length: 2 } });
      expect(await fixture.store.reader.tasks({ jobId: 'nobody' }, { first: 2 })).toEqual({ hasNextPage: false, items: [], cursors: [] });
    });

    for (const first of [0, -1, 101, 1.5, 1_000_000, Number.NaN, '10' as unknown as number])
      it(`are not ${inspect(first)} long`, async () => {
        expect(await refusalOf(fixture.store.reader.jobs({}, { first }))).toBe('PAGE_SIZE');
        expect(await refusalOf(fixture.store.reader.tasks({}, { first }))).toBe('PAGE_SIZE');
      });

    const encoded = (plain: string): string => Buffer.from(plain).toString('base64url');
    for (const after of [
      '',
      'garbage',
      '💥',
      encoded('job:'),
      encoded('job:-1'),
      encoded('job:1.5'),
      encoded('job:1e308'),
      encoded('job:NaN'),
      encoded('job: 1'),
      encoded('job:0x10'),
      encoded('job:1:2'),
      encoded('task:1:2'),
      encoded('job:1; DROP TABLE x'),
      encoded(`job:${'9'.repeat(400)}`),
      'x'.repeat(100_000),
    ])
      it(`are not continued from ${JSON.stringify(after)}`, async () => {
        await create([]);

        expect(await refusalOf(fixture.store.reader.jobs({}, { first: 10, after }))).toBe('CURSOR_INVALID');
      });

    it('are not continued from a cursor of another list', async () => {
      await create([]);
      const [cursor] = (await fixture.store.reader.jobs({}, { first: 1 })).cursors;

      expect(await refusalOf(fixture.store.reader.tasks({}, { first: 1, after: cursor! }))).toBe('CURSOR_INVALID');
    });

    it('of one job are not continued from a cursor in another, and of a job that the tenant has not are empty', async () => {
      const [one, other] = [await create([{ key: 'a' }], { tenant: 'acme' }), await create([{ key: 'b' }], { tenant: 'acme' })];
      const after = (await fixture.store.reader.tasks({ jobId: one.id }, { first: 1 })).cursors[0]!;
      const keysIn = async (filter: TaskFilter) =>
        (await fixture.store.reader.tasks(filter, { first: 5, after })).items.map(({ key }) => key);
      const parentId = taskIdOf(other.id, 0);

      expect(await keysIn({ jobId: one.id, tenant: 'acme' })).toEqual(['a']);
      for (const filter of [{ jobId: other.id }, { jobId: other.id, tenant: 'acme' }, { parentId }])
        expect(await refusalOf(keysIn(filter))).toBe('CURSOR_INVALID');
      for (const filter of [{ jobId: other.id, tenant: 'else' }, { parentId, tenant: 'else' }, { jobId: 'nobody' }])
        expect(await keysIn(filter)).toEqual([]);
    });

    for (const [order, wanted] of new Map<JobOrder, number[]>([
      ['NEWEST', [4, 3, 2, 1, 0]],
      ['OLDEST', [0, 1, 2, 3, 4]],
      ['PRIORITY', [1, 4, 3, 0, 2]],
      ['DEADLINE', [3, 4, 1, 2, 0]],
      ['FINISHED', [1, 2, 4, 3, 0]],
    ]))
      it(`give jobs in the order ${order}`, async () => {
        const made = [
          await create([]),
          await create([], { priority: 9, deadline: 5_000 }),
          await create([], { priority: 1 }),
          await create([], { deadline: 2_000 }),
          await create([], { deadline: 5_000 }),
        ];
        for (const index of [2, 1]) {
          await made[index]!.do((play) => {
            play.now += 1_000 * (3 - index);
            return play.cancel();
          });
        }
        expect(await through((page) => fixture.store.reader.jobs({}, { ...page, order }))).toEqual(wanted.map((index) => made[index]!.id));
        const [cursor] = (await fixture.store.reader.jobs({}, { first: 1, order })).cursors;
        const another = order === 'NEWEST' ? 'OLDEST' : 'NEWEST';
        expect(await refusalOf(fixture.store.reader.jobs({}, { first: 1, after: cursor!, order: another }))).toBe('CURSOR_INVALID');
      });

    for (const [order, wanted] of new Map<TaskOrder, string[]>([
      ['PLACE', ['objective', 'x', 'objective', 'a', 'b', 'c']],
      ['PRIORITY', ['b', 'objective', 'x', 'objective', 'a', 'c']],
      ['RUNNING_LONGEST', ['c', 'a', 'objective', 'x', 'objective', 'b']],
      ['UPDATED', ['a', 'c', 'objective', 'x', 'objective', 'b']],
    ]))
      it(`give tasks in the order ${order}`, async () => {
        const specs = specsOf([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
        const job = await createFrom(specs.map((spec) => (spec.key === 'b' ? { ...spec, priority: 9 } : spec)));
        await create([{ key: 'x' }]);
        for (const key of ['c', 'a']) {
          await job.do((play) => {
            play.now += 1_000;
            return play.claim(key);
          });
        }
        expect(
          await through(
            (page) => fixture.store.reader.tasks({}, { ...page, order }),
            ({ key }) => key,
          ),
        ).toEqual(wanted);
      });

    it('are of jobs made in a time, and of jobs that are open or not', async () => {
      const made = [
        await create([{ key: 'a' }], { createdAt: 1_000 }),
        await create([], { createdAt: 2_000 }),
        await create([], { createdAt: 3_000 }),
      ];
      await made[1]!.do((play) => play.cancel());
      const indexes = async (filter: JobFilter): Promise<number[]> => {
        const { items } = await fixture.store.reader.jobs(filter, { first: 10, order: 'OLDEST' });
        expect(await fixture.store.reader.countJobs(filter)).toBe(items.length);
        return items.map(({ id }) => made.findIndex((job) => job.id === id));
      };

      expect(await indexes({ createdAfter: 1_000 })).toEqual([1, 2]);
      expect(await indexes({ createdBefore: 3_000 })).toEqual([0, 1]);
      expect(await indexes({ isOpen: true })).toEqual([0, 2]);
      expect(await indexes({ isOpen: false })).toEqual([1]);
      expect(await indexes({ isOpen: true, status: ['CANCELLED'] })).toEqual([]);
      expect(await fixture.store.reader.countTasks({ ofOpenJobs: true })).toBe(3);
      expect(await fixture.store.reader.countTasks({ ofOpenJobs: false })).toBe(1);
    });

    it('are continued after the store was opened anew', async () => {
      const [old] = [await create([]), await create([])];
      const [cursor] = (await fixture.store.reader.jobs({}, { first: 1 })).cursors;
      await fixture.reopen();

      expect((await fixture.store.reader.jobs({}, { first: 1, after: cursor! })).items.map(({ id }) => id)).toEqual([old.id]);
    });
  });
}
