import { IdempotencyTakenError, type JobWrite } from '../../ports/store.js';
import { plainSpec, specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, plainRow, StoredJob } from './stored-job.js';

/** All or nothing, and only on what the writer knew. */
export function describeCommits({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create } = fixture;

  describe('a commit', () => {
    it('on what the job no longer is changes nothing at all', async () => {
      const job = await create([{ key: 'a' }]);
      const other = await create([{ key: 'x' }]);
      await job.do((play) => play.claim('a'));
      const before = await fixture.store.loadJob(job.id);
      const events = await fixture.store.reader.events(job.id, 0, 100);
      other.play.claim('x');
      job.play.complete('a');
      const stale = { ...job.pending(), expectedSeq: 2 };

      expect(await refusalOf(fixture.store.commit([other.pending(), stale]))).toBe('STORE_CONFLICT');
      expect(await fixture.store.loadJob(job.id)).toEqual(before);
      expect(await fixture.store.reader.events(job.id, 0, 100)).toEqual(events);
      expect((await fixture.store.loadJob(other.id))!.row.lastSeq).toBe(2);
    });

    it('of several jobs is all or nothing, also for the jobs it would have made', async () => {
      const job = await create([{ key: 'a' }]);
      const fresh = creationOf(jobSpec(nextId()), specsOf([{ key: 'new' }]), { key: 'k', bodyHash: 'h' });
      job.play.claim('a');

      expect(await refusalOf(fixture.store.commit([fresh, { ...job.pending(), expectedSeq: 77 }]))).toBe('STORE_CONFLICT');
      expect(await fixture.store.loadJob(fresh.jobId)).toBeNull();
      expect(await fixture.store.idempotency('default', 'k')).toBeNull();
      expect(await fixture.store.openJobs()).toEqual([job.id]);

      await fixture.store.commit([fresh]);
      expect((await fixture.store.loadJob(fresh.jobId))!.tasks).toHaveLength(2);
    });

    it('that breaks in the middle leaves nothing, and the store goes on', async () => {
      const job = await create([{ key: 'a' }]);
      job.play.claim('a');
      const write = job.pending();
      const broken: JobWrite = {
        ...write,
        get tasks(): Iterable<never> {
          throw new Error('broken on purpose');
        },
      };

      await expect(fixture.store.commit([broken])).rejects.toThrow('broken on purpose');
      expect((await fixture.store.loadJob(job.id))!.row.lastSeq).toBe(2);
      await fixture.store.commit([write]);
      expect((await fixture.store.loadJob(job.id))!.row.lastSeq).toBe(3);
    });

    it('with a value that no column takes is refused, and no trouble of the disk', async () => {
      const job = await create([{ key: 'a' }]);
      job.play.claim('a');
      const write = job.pending();
      const code = await refusalOf(fixture.store.commit([{ ...write, tasks: [plainRow(1, { availableAt: Number.NaN })] }]));

      expect(code).not.toBeNull();
      // What is tried again for ever must be able to succeed some day.
      expect(code).not.toBe('STORE_UNAVAILABLE');
      expect((await fixture.store.loadJob(job.id))!.row.lastSeq).toBe(2);
    });

    it('is seen by readers at once', async () => {
      const job = await create([{ key: 'a' }]);
      for (const verb of ['claim', 'complete'] as const) {
        await job.do((play) => (verb === 'claim' ? play.claim('a') : play.complete('a', 'out')));

        expect((await fixture.store.reader.task(`${job.id}:1`))!.status).toBe(verb === 'claim' ? 'IN_PROGRESS' : 'COMPLETED');
      }
      expect(await fixture.store.outputs(job.id, [1])).toEqual(['"out"']);
    });

    it('of nothing is nothing', async () => {
      await fixture.store.commit([]);

      expect(await fixture.store.openJobs()).toEqual([]);
    });

    it('takes 2,000 jobs at once', async () => {
      await fixture.store.commit(Array.from({ length: 2_000 }, (_, no) => creationOf(jobSpec(`many-${no}`), [plainSpec(0)])));

      expect(await fixture.store.reader.countJobs({})).toBe(2_000);
    });
  });

  describe('an idempotency key', () => {
    it('belongs to the first job that took it, in its tenant', async () => {
      const key = { key: 'order-7', bodyHash: 'hash' };
      const first = await StoredJob.create(fixture.store, [plainSpec(0)], jobSpec(nextId()), key);
      const second = creationOf(jobSpec(nextId()), [plainSpec(0)], { key: 'order-7', bodyHash: 'other' });

      await expect(fixture.store.commit([second])).rejects.toBeInstanceOf(IdempotencyTakenError);
      expect(await fixture.store.loadJob(second.jobId)).toBeNull();
      expect(await fixture.store.idempotency('default', 'order-7')).toEqual({ jobId: first.id, bodyHash: 'hash' });
      expect(await fixture.store.idempotency('other', 'order-7')).toBeNull();
      await fixture.store.commit([creationOf(jobSpec(nextId(), { tenant: 'other' }), [plainSpec(0)], key)]);
    });

    for (const key of ['', ' ', '__proto__', "'; DROP TABLE x", '\u0000', '漢字', 'x'.repeat(200)])
      it(`may be ${JSON.stringify(key)}`, async () => {
        const job = await StoredJob.create(fixture.store, [plainSpec(0)], jobSpec(nextId()), { key, bodyHash: 'h' });

        expect(await fixture.store.idempotency('default', key)).toEqual({ jobId: job.id, bodyHash: 'h' });
      });
  });
}
