import type { JobEvent } from '../../model/event.js';
import { IdempotencyTakenError, sharedStore, type Announcement, type JobNews, type SharedStore } from '../../ports/store.js';
import { plainSpec, specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, StoredJob, writeOf } from './stored-job.js';
import { textOf } from './text-of.js';

/** What a store has heard of others. */
interface Heard {
  readonly news: JobNews[];
  readonly announced: Announcement[];
  /** Resolves when it holds; each hint asks again. One may come late, but none is lost: nothing goes wrong here. */
  until(holds: () => boolean): Promise<void>;
}

async function followed(store: SharedStore): Promise<Heard> {
  const [news, announced]: [JobNews[], Announcement[]] = [[], []];
  let tell: () => void = () => undefined;
  await store.follow({
    written: (found) => (news.push(...found), tell()),
    announced: (what) => (announced.push(what), tell()),
    missed: () => undefined,
  });
  return {
    news,
    announced,
    until: (holds) =>
      new Promise((resolve) => {
        tell = () => holds() && resolve();
        tell();
      }),
  };
}

/**
 * Engines in several processes on the same data, each with a store of its own. Of a store that belongs to one engine nothing
 * of this is asked: its tests have nothing to do.
 */
export function describeSharing({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create } = fixture;

  const itIsShared = (title: string, test: (one: SharedStore, other: SharedStore) => Promise<void>): unknown =>
    it(title, async () => {
      const one = sharedStore(fixture.store);
      if (one === null) return;
      const other = sharedStore(await fixture.openBeside());
      expect(other).not.toBeNull();
      await test(one, other!);
    });

  /** A job whose task `a` has begun, and what is to be written of that. */
  const started = async () => {
    const { id, play } = await create([{ key: 'a' }]);
    return { id, play, write: writeOf(play, id, 2, play.claim('a')) };
  };

  describe('stores that engines share', () => {
    itIsShared('see what others have written, and write only on that', async (one, other) => {
      const { id, play, write } = await started();
      expect((await other.loadJob(id))!.row.lastSeq).toBe(2);
      await one.commit([write]);

      expect((await other.loadJob(id))!.tasks[1]!.row.status).toBe('IN_PROGRESS');
      expect((await other.reader.task(`${id}:1`))!.status).toBe('IN_PROGRESS');
      expect(await refusalOf(other.commit([{ ...write, token: 'theirs' }]))).toBe('STORE_CONFLICT');
      await other.commit([writeOf(play, id, 3, play.complete('a'))]);
      expect((await one.reader.task(`${id}:1`))!.status).toBe('COMPLETED');
      expect((await one.history(id))!.events).toHaveLength(4);
    });

    itIsShared('give an idempotency key to one job, whoever asks', async (one, other) => {
      const key = { key: 'order-7', bodyHash: 'h' };
      expect(await other.idempotency('default', 'order-7')).toBeNull();
      const first = await StoredJob.create(one, [plainSpec(0)], jobSpec(nextId()), key);

      expect(await other.idempotency('default', 'order-7')).toEqual({ jobId: first.id, bodyHash: 'h' });
      await expect(other.commit([creationOf(jobSpec(nextId()), [plainSpec(0)], key)])).rejects.toBeInstanceOf(IdempotencyTakenError);
    });

    itIsShared('have no job any more that another one has deleted', async (one, other) => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => play.cancel());
      expect((await other.loadJob(job.id))!.row.status).toBe('CANCELLED');
      expect((await other.reader.job(job.id))!.status).toBe('CANCELLED');
      await one.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

      expect(await other.reader.job(job.id)).toBeNull();
      expect(await other.reader.expiredJob(job.id)).toEqual({ tenant: 'default', expiredAt: 10_000 });
      job.play.retry();
      expect(['STORE_CONFLICT', 'NOT_FOUND']).toContain(await refusalOf(other.commit([job.pending()])));
      expect(await other.loadJob(job.id)).toBeNull();
    });

    itIsShared('tell where every open job stands, and those that are asked for', async (_, other) => {
      const [open, ended, forgotten] = [await create([{ key: 'a' }]), await create([{ key: 'a' }]), await create([])];
      await open.do((play) => play.claim('a'));
      for (const job of [ended, forgotten]) await job.do((play) => play.cancel());
      const standing = async (ids: readonly string[]): Promise<JobNews[]> =>
        [...(await other.standing(ids))].sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
      const ofOpen = { jobId: open.id, lastSeq: 3, ended: false };

      expect(await standing([])).toEqual([ofOpen]);
      expect(await standing([ended.id, 'nobody', open.id])).toEqual([
        ofOpen,
        { jobId: ended.id, lastSeq: ended.play.state.lastSeq, ended: true },
      ]);
    });

    itIsShared('give the events of a job after any of them, as they were decided', async (_, other) => {
      const long = textOf(20_000);
      const specs = specsOf([{ key: 'a' }, { key: 'b' }]).map((spec) =>
        spec.key === 'b' ? { ...spec, input: { value: long, refs: [] } } : spec,
      );
      const job = await fixture.createFrom(specs);
      await job.do((play) => play.claim('a'));
      await job.do((play) => play.complete('a', long));
      const { events } = job.play;

      for (const seq of [0, 1, 2, 3, 4]) expect(await other.eventsAfter(job.id, seq)).toEqual(events.slice(seq));
      expect(await refusalOf(other.eventsAfter('nobody', 0))).toBe('NOT_FOUND');
    });
  });

  describe('a job that is held', () => {
    itIsShared('is gone on with from what others have written', async (one, other) => {
      const job = await create([{ key: 'a' }, { key: 'b' }]);
      await job.do((play) => play.claim('a'));
      await job.do((play) => play.complete('a'));
      let told: readonly JobEvent[] = [];
      await other.commitHeld(job.id, 2, (since) => {
        told = since;
        job.play.claim('b');
        return job.pending();
      });

      expect(told).toEqual(job.play.events.slice(2, -1));
      expect((await one.loadJob(job.id))!.row.lastSeq).toBe(job.play.state.lastSeq);
      expect((await one.reader.task(`${job.id}:2`))!.status).toBe('IN_PROGRESS');
    });

    itIsShared('is written by nobody else meanwhile', async (one, other) => {
      const job = await create([{ key: 'a' }]);
      let theirs: Promise<string | null> = Promise.resolve(null);
      const mine = refusalOf(
        other.commitHeld(job.id, 2, () => {
          job.play.claim('a');
          const write = job.pending();
          theirs = refusalOf(one.commit([{ ...write, token: 'theirs' }]));
          return write;
        }),
      );

      expect(await mine).toBeNull();
      expect(await theirs).toBe('STORE_CONFLICT');
      expect((await one.loadJob(job.id))!.row.lastSeq).toBe(3);
    });

    itIsShared('is as it was where nothing comes of it, or the decision breaks, and is free again', async (one, other) => {
      const job = await create([{ key: 'a' }]);
      await other.commitHeld(job.id, 2, () => null);
      let asked = 0;
      const broken = other.commitHeld(job.id, 2, () => {
        asked += 1;
        throw Object.assign(new Error('broken on purpose'), { name: 'Broken' });
      });

      // As it was thrown, and no trouble of the store, which would be worth another try.
      expect([await refusalOf(broken), asked]).toEqual(['Broken', 1]);
      expect((await one.loadJob(job.id))!.row.lastSeq).toBe(2);
      await job.do((play) => play.claim('a'));
      expect((await other.loadJob(job.id))!.row.lastSeq).toBe(3);
    });

    itIsShared('has to be there', async (one, other) => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => play.cancel());
      await other.loadJob(job.id);
      await one.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });
      let asked = 0;

      for (const id of [job.id, 'nobody'])
        expect(['STORE_CONFLICT', 'NOT_FOUND']).toContain(await refusalOf(other.commitHeld(id, 2, () => ((asked += 1), null))));
      expect(asked).toBe(0);
    });
  });

  describe('who follows a shared store', () => {
    itIsShared('hears of what others have written, and of nothing that does not stand', async (one, other) => {
      const heard = await followed(other);
      const { id, write } = await started();
      expect(await refusalOf(one.commit([{ ...write, token: 'stale', expectedSeq: 1 }]))).toBe('STORE_CONFLICT');
      await one.commit([write]);
      const ended = await create([{ key: 'a' }]);
      await ended.do((play) => play.cancel());
      await heard.until(() => heard.news.some(({ ended: isOver }) => isOver));

      // Each may come late or twice.
      const { lastSeq } = ended.play.state;
      const standing = [`${id} 2 open`, `${id} 3 open`, `${ended.id} 2 open`, `${ended.id} ${lastSeq} ended`];
      const told = heard.news.map((news) => `${news.jobId} ${news.lastSeq} ${news.ended ? 'ended' : 'open'}`);
      expect(told.filter((news) => !standing.includes(news))).toEqual([]);
    });

    itIsShared('hears nothing of its own', async (one, other) => {
      const heard = await followed(other);
      await StoredJob.create(other, [plainSpec(0)], jobSpec('its-own'));
      await other.announce('alerts');
      await StoredJob.create(one, [plainSpec(0)], jobSpec('of-another'));
      await one.announce('schedules');
      await heard.until(() => heard.news.length > 0 && heard.announced.length > 0);

      expect([...new Set(heard.news.map(({ jobId }) => jobId))]).toEqual(['of-another']);
      expect([...new Set(heard.announced)]).toEqual(['schedules']);
    });
  });

  describe('the store that leads', () => {
    it('is one, until it is closed', async () => {
      const first = fixture.store;
      if (!first.lead) return;
      await first.lead(() => undefined);
      const second = await fixture.openBeside();

      expect(await refusalOf(second.lead!(() => undefined))).toBe('STORE_IN_USE');
      const job = await create([{ key: 'a' }]);
      await fixture.leaveTo(second);
      expect(await refusalOf(second.lead!(() => undefined))).toBeNull();
      job.play.claim('a');
      await second.commit([job.pending()]);
      expect((await second.loadJob(job.id))!.row.lastSeq).toBe(3);
    });
  });
}
