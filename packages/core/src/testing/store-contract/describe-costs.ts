/* What every store promises of costs: they are written with the events that tell of them, and read back to the last bit. */
import * as fc from 'fast-check';

import { isTaskloomError } from '../../errors/taskloom-error.js';
import { runAtOnce } from '../../kernel/steps.js';
import { restoreJob } from '../../ledger/job-cache.js';
import { UnwrittenCosts } from '../../ledger/unwritten-costs.js';
import { step } from '../../machine/decide.js';
import type { Command } from '../../model/command.js';
import { WHOLE_JOB, type Cost } from '../../model/cost.js';
import type { Store } from '../../ports/store.js';
import { WIDE_LIMITS, type Scenario } from '../machine/scenario.js';
import { specsOf } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreUnderTest } from './store-under-test.js';
import { jobSpec, StoredJob } from './stored-job.js';

const ONE = { kind: 'record-step', memo: 'step', value: { json: '1', bytes: 1 } } as const;

/** A step of a task's attempt, which has spent something before. */
function spend(play: Scenario, key: string, cost: Cost): void {
  const costs = new UnwrittenCosts();
  const attempt = play.attemptOf(key);
  costs.add(play.state.id, attempt.task, attempt.fence, cost);
  const command: Command = { ...ONE, ...attempt, name: `step-${play.events.length}` };
  play.events.push(...step(play.state, command, WIDE_LIMITS, play.now, costs.of(play.state.id)));
}

export function describeCosts(name: string, under: StoreUnderTest, { describe, it, beforeEach, afterEach, expect }: ContractRunner): void {
  describe(`${name} keeps costs`, () => {
    let store: Store;
    let jobs = 0;

    beforeEach(async () => {
      store = await under.open();
    });
    afterEach(async () => {
      await under.close(store);
    });

    const create = async (...keys: readonly string[]): Promise<StoredJob> => {
      const spec = jobSpec(`cost-${(jobs += 1)}`);
      const job = await StoredJob.create(store, specsOf(keys.map((key) => ({ key }))), spec);
      await job.do((play) => play.claim(...keys));
      return job;
    };
    const costAt = async (jobId: string, no: number): Promise<Cost> => (await store.reader.taskCosts([{ jobId, no }]))[0]!;
    const costOf = async (jobId: string): Promise<Cost> => (await store.reader.jobCosts([jobId]))[0]!;

    it('of a task and of its job, which add up, also after the store was opened anew', async () => {
      const job = await create('a', 'b');
      await job.do((play) => spend(play, 'a', { tokens: 5, usd: 0.1 }));
      await job.do((play) => {
        spend(play, 'a', { tokens: 7 });
        spend(play, 'b', { usd: 0.2 });
        spend(play, 'a', { tokens: 1 });
      });
      store = await under.reopen(store);

      expect(await costAt(job.id, 1)).toEqual({ tokens: 13, usd: 0.1 });
      expect(await costAt(job.id, 2)).toEqual({ usd: 0.2 });
      expect(await costAt(job.id, 0)).toEqual({});
      expect(await costOf(job.id)).toEqual({ tokens: 13, usd: 0.1 + 0.2 });
      expect(runAtOnce(restoreJob((await store.loadJob(job.id))!)).costs).toEqual(job.play.state.costs);
      const spent = (await store.history(job.id))!.events.flatMap((event) => event.spent ?? []);
      expect(spent).toEqual([
        { task: 1, cost: { tokens: 5, usd: 0.1 } },
        { task: 1, cost: { tokens: 7 } },
        { task: 2, cost: { usd: 0.2 } },
        { task: 1, cost: { tokens: 1 } },
      ]);
    });

    it('of many tasks and jobs in the order asked for; {} for nothing, and for what is not there', async () => {
      const [one, two] = [await create('a'), await create('a')];
      await one.do((play) => spend(play, 'a', { tokens: 1 }));
      await two.do((play) => spend(play, 'a', { tokens: 2 }));
      const many = Array.from({ length: 12 }, (_, no) => ({ jobId: no % 2 === 0 ? two.id : one.id, no: no < 2 ? 1 : 0 }));

      expect(await store.reader.jobCosts([two.id, 'nobody', one.id])).toEqual([{ tokens: 2 }, {}, { tokens: 1 }]);
      expect(await store.reader.taskCosts(many)).toEqual([{ tokens: 2 }, { tokens: 1 }, ...Array.from({ length: 10 }, () => ({}))]);
      expect(await store.reader.taskCosts([{ jobId: 'nobody', no: 1 }])).toEqual([{}]);
      expect(await store.reader.taskCosts([])).toEqual([]);
    });

    it('never more than 1,000 at once', async () => {
      const refused = (promise: Promise<unknown>): Promise<unknown> =>
        promise.then(
          () => null,
          (error: unknown) => isTaskloomError(error) && error.code,
        );

      expect(await refused(store.reader.jobCosts(Array.from({ length: 1_001 }, () => 'x')))).toBe('PAGE_SIZE');
      expect(await refused(store.reader.taskCosts(Array.from({ length: 1_001 }, () => ({ jobId: 'x', no: 1 }))))).toBe('PAGE_SIZE');
    });

    it('of any amount and unit, to the last bit', async () => {
      const units = fc
        .stringMatching(/^[A-Za-z0-9._:-]{1,20}$/)
        .filter((unit) => !['__proto__', 'constructor', 'prototype'].includes(unit));
      const amounts = fc.double({ min: Number.MIN_VALUE, max: 1e300, noNaN: true });
      const costs = fc.dictionary(units, amounts, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
      await fc.assert(
        fc.asyncProperty(fc.array(costs, { minLength: 1, maxLength: 6 }), async (all) => {
          const job = await create('a');
          for (const cost of all) await job.do((play) => spend(play, 'a', cost));

          const stored = runAtOnce(restoreJob((await store.loadJob(job.id))!)).costs!;
          expect(stored).toEqual(job.play.state.costs);
          expect(new Map(Object.entries(await costAt(job.id, 1)))).toEqual(stored.get(1));
          expect(new Map(Object.entries(await costOf(job.id)))).toEqual(stored.get(WHOLE_JOB));
        }),
        { numRuns: 30 },
      );
    });

    it('only with the events of the same commit: what conflicts leaves none', async () => {
      const job = await create('a');
      const other = await create('a');
      spend(other.play, 'a', { tokens: 1 });
      const late = other.pending();
      spend(job.play, 'a', { tokens: 1 });
      const stale = { ...job.pending(), expectedSeq: 1 };

      await expect(store.commit([late, stale])).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
      expect(await store.reader.jobCosts([job.id, other.id])).toEqual([{}, {}]);
    });

    it('no longer than the job', async () => {
      const job = await create('a', 'b');
      await job.do((play) => {
        spend(play, 'b', { tokens: 1 });
        play.now = 2_000;
        play.cancel();
      });
      expect(await under.rowsOf(store)).toMatchObject({ taskloom_task_cost: 2 });
      await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

      expect(await under.rowsOf(store)).toEqual({ taskloom_expired_job: 1 });
      expect(await costOf(job.id)).toEqual({});
    });
  });
}
