import { JOB_STATUSES } from '../../model/job.js';
import { TASK_STATUSES } from '../../model/task.js';
import type { TaskView } from '../../model/views.js';
import type { TaskAddress } from '../../ports/reader.js';
import { THRICE } from '../machine/scenario.js';
import { specsOf, type TaskSketch } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { jobSpec, StoredJob } from './stored-job.js';

/** Jobs and tasks as readers see them. */
export function describeViews({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create, createFrom } = fixture;

  const none = (statuses: readonly string[]): Record<string, number> => Object.fromEntries(statuses.map((status) => [status, 0]));

  describe('views', () => {
    it('of a job tell where it stands', async () => {
      const job = await create([{ key: 'a' }, { key: 'b' }], {
        name: 'Report',
        workflow: 'w',
        metadata: { m: 1 },
        maxParallel: 2,
        strategy: 'skip',
        priority: 8,
      });
      await job.do((play) => play.run('a'));

      expect(await fixture.store.reader.job(job.id)).toEqual({
        id: job.id,
        tenant: 'default',
        name: 'Report',
        workflow: 'w',
        status: 'RUNNING',
        success: null,
        error: null,
        priority: 8,
        maxParallel: 2,
        failureStrategy: 'skip',
        metadata: { m: 1 },
        counts: { ...Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])), BLOCKED: 1, COMPLETED: 1, READY: 1 },
        progress: 50,
        generation: 1,
        runAt: null,
        deadline: null,
        createdAt: 1_000,
        startedAt: 1_000,
        finishedAt: null,
        lastSeq: 4,
      });
    });

    it('of an ended job tell how it ended and why', async () => {
      const failed = await create([{ key: 'a' }]);
      await failed.do((play) => {
        play.claim('a');
        play.fail('a');
      });
      const cancelled = await create([{ key: 'a' }]);
      await cancelled.do((play) => play.send({ kind: 'cancel', reason: 'no longer wanted', actor: 'user' }));
      const done = await create([]);
      await done.do((play) => play.run('objective'));

      expect(await fixture.store.reader.job(failed.id)).toMatchObject({
        status: 'FAILED',
        success: false,
        progress: 100,
        error: { code: 'JOB_FAILED' },
      });
      expect(await fixture.store.reader.job(cancelled.id)).toMatchObject({
        status: 'CANCELLED',
        error: { code: 'JOB_CANCELLED', message: 'no longer wanted' },
      });
      expect(await fixture.store.reader.job(done.id)).toMatchObject({ status: 'COMPLETED', success: true, error: null, progress: 100 });
      await failed.do((play) => play.retry());
      expect(await fixture.store.reader.job(failed.id)).toMatchObject({
        status: 'RUNNING',
        success: null,
        error: null,
        generation: 2,
        finishedAt: null,
      });
    });

    it('of a task tell everything, and its reason in words', async () => {
      const job = await create([{ key: 'a' }, { key: 'bad', strategy: 'skip' }, { key: 'behind', after: ['bad'] }, { key: 'lone' }]);
      await job.do((play) => {
        play.claim('a', 'bad', 'lone');
        play.send({ kind: 'report-progress', ...play.attemptOf('a'), percent: 40, message: 'half way' });
        play.fail('bad');
        play.send({ kind: 'park', ...play.attemptOf('lone'), reason: 'MANUAL', message: 'look at it' });
      });
      const [objective, a, bad, behind, lone] = (await fixture.store.reader.tasks({ jobId: job.id }, { first: 10 })).items;

      expect(a).toMatchObject({
        id: `${job.id}:1`,
        jobId: job.id,
        no: 1,
        key: 'a',
        name: 'a',
        agent: 'a',
        status: 'IN_PROGRESS',
        statusReason: null,
        statusMessage: null,
        attempt: 1,
        progress: 40,
        progressMessage: 'half way',
        parent: 0,
        startedAt: 1_000,
        finishedAt: null,
      });
      expect(objective).toMatchObject({
        status: 'BLOCKED',
        statusReason: 'WAITING_CHILDREN',
        statusMessage: 'Waits for the tasks below it.',
      });
      expect(bad).toMatchObject({ status: 'FAILED', error: { message: 'bad failed' }, statusMessage: 'bad failed' });
      expect(behind).toMatchObject({
        status: 'SKIPPED',
        statusMessage: 'Skipped because "bad" failed.',
        dependencies: [{ on: 2, mode: 'completed' }],
      });
      expect(lone).toMatchObject({ status: 'BLOCKED', statusMessage: 'look at it' });
    });

    it('have no memory of an error that a retry has repaired', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        play.fail('a', { retry: { ...THRICE, kind: 'none' } });
        play.claim('a');
        play.complete('a');
      });

      expect(await fixture.store.reader.task(`${job.id}:1`)).toMatchObject({ status: 'COMPLETED', error: null, progressMessage: null });
    });

    it('are found by id, and null for what is none', async () => {
      const job = await create([{ key: 'a' }]);

      expect((await fixture.store.reader.task(`${job.id}:1`))!.key).toBe('a');
      for (const id of ['', job.id, `${job.id}:`, `${job.id}:99`, 'nobody:1', `${job.id}:-1`, "'; DROP", `${job.id}:1;`])
        expect(await fixture.store.reader.task(id)).toBeNull();
      expect(
        (
          await fixture.store.reader.tasksAt([
            { jobId: job.id, no: 1 },
            { jobId: 'nobody', no: 0 },
          ])
        ).map((view) => view?.key ?? null),
      ).toEqual(['a', null]);
    });

    it('name the dependents of tasks, of several jobs at once', async () => {
      const [one, two] = [
        await create([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c', after: ['a', 'b'] }]),
        await create([{ key: 'x' }, { key: 'y', after: ['x'] }]),
      ];
      const at = (job: StoredJob, no: number): { jobId: string; no: number } => ({ jobId: job.id, no });

      expect(await fixture.store.reader.dependentsOf([at(one, 1), at(two, 1), at(one, 3), at(one, 2), { jobId: 'nobody', no: 1 }])).toEqual(
        [[2, 3], [2], [], [3], []],
      );
      expect(await fixture.store.reader.dependentsOf([at(one, 1), at(one, 1)])).toEqual([
        [2, 3],
        [2, 3],
      ]);
    });

    it('of many jobs come at once, in the order asked for', async () => {
      const made = Array.from({ length: 12 }, () => nextId());
      for (const [index, id] of made.entries()) await StoredJob.create(fixture.store, specsOf([]), jobSpec(id, { input: { index } }));
      const asked = [...made, 'nobody', made[0]!];

      expect((await fixture.store.reader.jobsAt(asked)).map((job) => job?.id ?? null)).toEqual([...made, null, made[0]!]);
      expect((await fixture.store.reader.jobInputs(asked, 1_000)).map((input) => input?.value ?? null)).toEqual([
        ...made.map((_, index) => ({ index })),
        null,
        { index: 0 },
      ]);
      expect(await fixture.store.reader.jobsAt([])).toEqual([]);
    });

    for (const stories of [2, 20])
      it(`of ${stories} stories have the first page of their tasks, as asking for each would`, async () => {
        const sketches = Array.from({ length: stories }, (_, story): TaskSketch[] => [
          { key: `story-${story}`, agent: null },
          ...Array.from({ length: story % 4 }, (__, no) => ({ key: `task-${story}-${no}`, parent: `story-${story}` })),
        ]);
        const job = await create(sketches.flat());
        const { items } = await fixture.store.reader.tasks({ jobId: job.id, parentId: `${job.id}:0` }, { first: 100 });
        const parents = [...items.map(({ jobId, no }) => ({ jobId, no })), { jobId: 'nobody', no: 1 }];
        const each = items.map(({ id }) => fixture.store.reader.tasks({ jobId: job.id, parentId: id }, { first: 2 }));

        expect(await fixture.store.reader.childrenOf(parents, 2)).toEqual([
          ...(await Promise.all(each)),
          { items: [], cursors: [], hasNextPage: false },
        ]);
        expect(items).toHaveLength(stories);
      });

    it('of 40 tasks are those of each', async () => {
      const job = await create(Array.from({ length: 40 }, (_, no) => ({ key: `t${no}` })));
      const addresses = Array.from({ length: 42 }, (_, no) => ({ jobId: job.id, no: 41 - no }));
      const one = async (address: TaskAddress): Promise<TaskView | null> => (await fixture.store.reader.tasksAt([address]))[0]!;

      expect(await fixture.store.reader.tasksAt(addresses)).toEqual(await Promise.all(addresses.map(one)));
      expect((await fixture.store.reader.taskInputs(addresses, 1_000)).map((input) => input === null)).toEqual(
        addresses.map(({ no }) => no > 40),
      );
    });

    it('count jobs and open tasks by status, of everybody or of one tenant', async () => {
      const one = await create([{ key: 'a' }, { key: 'b' }], { tenant: 'one' });
      await one.do((play) => play.claim('a'));
      const ended = await create([{ key: 'a' }], { tenant: 'two' });
      await ended.do((play) => play.cancel());
      await create([{ key: 'a' }], { tenant: 'two' });

      expect(await fixture.store.reader.jobCounts({})).toEqual({ ...none(JOB_STATUSES), RUNNING: 2, CANCELLED: 1 });
      expect(await fixture.store.reader.jobCounts({ tenant: 'one' })).toEqual({ ...none(JOB_STATUSES), RUNNING: 1 });
      expect(await fixture.store.reader.jobCounts({ tenant: 'nobody' })).toEqual(none(JOB_STATUSES));
      expect(await fixture.store.reader.taskCounts({})).toEqual({ ...none(TASK_STATUSES), BLOCKED: 2, READY: 2, IN_PROGRESS: 1 });
      expect(await fixture.store.reader.taskCounts({ tenant: 'one' })).toEqual({
        ...none(TASK_STATUSES),
        BLOCKED: 1,
        READY: 1,
        IN_PROGRESS: 1,
      });
    });

    it('add up the work of the jobs that have not ended, by weight, each task as far as it is', async () => {
      expect(await fixture.store.reader.openWork()).toEqual({ jobs: 0, done: 0, total: 0 });
      const weighed = specsOf([{ key: 'a' }, { key: 'b' }]).map((spec) => (spec.key === 'a' ? { ...spec, weight: 3 } : spec));
      const one = await createFrom(weighed);
      await one.do((play) => play.run('a'));
      const two = await create([{ key: 'a' }], { tenant: 'two' });
      await two.do((play) => {
        play.claim('a');
        play.send({ kind: 'report-progress', ...play.attemptOf('a'), percent: 40, message: null });
      });
      const ended = await create([{ key: 'a' }]);
      await ended.do((play) => play.cancel());

      // The objectives stand for what is below them.
      expect(await fixture.store.reader.openWork()).toEqual({ jobs: 2, done: 3 * 100 + 40, total: 3 + 1 + 1 });
    });

    it('are not asked for more than 1,000 tasks at once', async () => {
      const addresses = Array.from({ length: 1_001 }, (_, no) => ({ jobId: 'x', no }));

      expect(await refusalOf(fixture.store.reader.tasksAt(addresses))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.taskInputs(addresses, 1))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.taskOutputs(addresses, 1))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.dependentsOf(addresses))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.childrenOf(addresses, 1))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.childrenOf([], 101))).toBe('PAGE_SIZE');
      expect(await refusalOf(fixture.store.reader.jobsAt(addresses.map(({ jobId }) => jobId)))).toBe('PAGE_SIZE');
      expect(
        await refusalOf(
          fixture.store.reader.jobInputs(
            addresses.map(({ jobId }) => jobId),
            1,
          ),
        ),
      ).toBe('PAGE_SIZE');
    });
  });
}
