import type { Store } from '../../ports/store.js';
import { plainSpec, specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, StoredJob } from './stored-job.js';
import { textOf } from './text-of.js';

/** Jobs that ended long ago are deleted. */
export function describeDeletions({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create } = fixture;

  describe('jobs that ended long ago', () => {
    const ended = async (at: number, spec: Parameters<typeof jobSpec>[1] = {}, key: string | null = null): Promise<StoredJob> => {
      const job = await StoredJob.create(
        fixture.store,
        specsOf([{ key: 'a' }, { key: 'b', after: ['a'] }]),
        jobSpec(nextId(), { input: textOf(10_000), ...spec }),
        key === null ? null : { key, bodyHash: 'h' },
      );
      await job.do((play) => {
        play.claim('a');
        play.send({ kind: 'record-step', memo: 'step', ...play.attemptOf('a'), name: 's', value: { json: '1', bytes: 1 } });
        play.complete('a', textOf(10_000));
      });
      await job.do((play) => {
        play.pass(at - 1_000);
        play.cancel();
      });
      return job;
    };
    const ids = async (filter: Parameters<Store['reader']['jobs']>[0] = {}): Promise<string[]> =>
      (await fixture.store.reader.jobs(filter, { first: 100 })).items.map(({ id }) => id).reverse();

    it('are deleted with everything that belongs to them, the earliest first and no more than asked', async () => {
      const [late, early, middle] = [await ended(9_000), await ended(2_000), await ended(5_000)];
      const deleted = await fixture.store.deleteEndedJobs({ endedBefore: 9_001, max: 2, now: 10_000 });

      expect(deleted).toEqual([early, middle].map(({ id }) => ({ id, tenant: 'default' })));
      expect(await ids()).toEqual([late.id]);
      expect(await fixture.store.reader.countTasks({})).toBe(3);
      for (const { id } of [early, middle]) {
        expect(await fixture.store.loadJob(id)).toBeNull();
        expect(await fixture.store.reader.job(id)).toBeNull();
        expect(await fixture.store.reader.task(`${id}:1`)).toBeNull();
        expect(await fixture.store.reader.jobInput(id, 10)).toBeNull();
        expect(await refusalOf(fixture.store.outputs(id, [1]))).toBe('NOT_FOUND');
      }
      expect((await fixture.store.outputs(late.id, [1]))[0]).toBe(JSON.stringify(textOf(10_000)));
      expect(await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 })).toEqual([]);
      expect(await fixture.store.deleteEndedJobs({ endedBefore: 9_001, max: 100, now: 10_000 })).toEqual([
        { id: late.id, tenant: 'default' },
      ]);
    });

    it('are deleted, and never a job that is open, however old', async () => {
      const open = await create([{ key: 'a' }]);
      const reopened = await ended(2_000);
      await reopened.do((play) => play.retry());
      const gone = await ended(2_000);

      expect(await fixture.store.deleteEndedJobs({ endedBefore: 1e12, max: 100, now: 1e12 })).toEqual([{ id: gone.id, tenant: 'default' }]);
      expect(await ids()).toEqual([open.id, reopened.id]);
      expect((await fixture.store.loadJob(reopened.id))!.row.status).toBe('RUNNING');
    });

    it('are deleted of one tenant, where one is named', async () => {
      const [mine, theirs] = [await ended(2_000, { tenant: 'mine' }), await ended(2_000, { tenant: 'theirs' })];

      expect(await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000, tenant: 'mine' })).toEqual([
        { id: mine.id, tenant: 'mine' },
      ]);
      expect(await ids()).toEqual([theirs.id]);
    });

    it('are told apart from jobs that never were: a cursor into them has expired', async () => {
      const job = await ended(2_000, { tenant: 'mine' });
      expect(await fixture.store.reader.expiredJob(job.id)).toBeNull();
      await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

      expect(await refusalOf(fixture.store.reader.events(job.id, 2, 10))).toBe('CURSOR_EXPIRED');
      expect(await fixture.store.reader.expiredJob(job.id)).toEqual({ tenant: 'mine', expiredAt: 10_000 });
      expect(await fixture.store.reader.events('nobody', 2, 10)).toEqual([]);
      expect(await fixture.store.reader.expiredJob('nobody')).toBeNull();
    });

    it('give their idempotency key back', async () => {
      const old = await ended(2_000, {}, 'order-7');
      await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });
      expect(await fixture.store.idempotency('default', 'order-7')).toBeNull();

      const again = await ended(11_000, {}, 'order-7');
      expect(await fixture.store.idempotency('default', 'order-7')).toMatchObject({ jobId: again.id });
      expect(again.id).not.toBe(old.id);
    });

    it('take what a commit on them still wants: it conflicts', async () => {
      const job = await ended(2_000);
      job.play.retry();
      const write = job.pending();
      await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

      expect(['STORE_CONFLICT', 'NOT_FOUND']).toContain(await refusalOf(fixture.store.commit([write])));
      expect(await fixture.store.loadJob(job.id)).toBeNull();
    });

    it('leave no row, also where they were large and the store was closed in between', async () => {
      const made = creationOf(
        jobSpec(nextId()),
        Array.from({ length: 6_000 }, (_, no) => plainSpec(no)),
      );
      await fixture.store.commit([{ ...made, row: { ...made.row, status: 'COMPLETED', finishedAt: 2_000 } }]);
      const deleting = fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });
      deleting.catch(() => undefined);
      await fixture.reopen();
      await deleting.catch(() => undefined);
      await fixture.store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

      expect(await fixture.rowsOf()).toEqual({ taskloom_expired_job: 1 });
    }, 60_000);
  });
}
