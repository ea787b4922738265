import type { Json } from '../../kernel/json.js';
import { THRICE } from '../machine/scenario.js';
import { plainSpec } from '../machine/specs.js';
import type { ContractRunner } from './contract-runner.js';
import { refusalOf } from './refusal-of.js';
import type { StoreFixture } from './store-fixture.js';
import { creationOf, jobSpec, rowOf } from './stored-job.js';
import { textOf } from './text-of.js';

/** What a store keeps of a job. */
export function describeJobs({ describe, it, expect }: ContractRunner, fixture: StoreFixture): void {
  const { nextId, create } = fixture;

  describe('a job', () => {
    it('is loaded as it was committed', async () => {
      const job = await create([{ key: 'a' }, { key: 'b', after: [['a', 'settled']] }], {
        name: 'Name 漢字 🙂',
        workflow: 'w',
        workflowVersion: '7',
        priority: 9,
        maxParallel: 3,
        strategy: 'skip',
        allowedAgents: ['a', 'b'],
        metadata: { team: 'x', nested: [1, { deep: null }] },
      });
      await job.do((play) => play.claim('a'));
      const loaded = (await fixture.store.loadJob(job.id))!;

      expect(loaded.spec).toEqual(job.spec);
      expect(loaded.row).toMatchObject({
        status: 'RUNNING',
        success: null,
        generation: 1,
        lastSeq: 3,
        startedAt: 1_000,
        finishedAt: 0,
        wakeAt: null,
      });
      expect([...(loaded.row.counts as number[])]).toEqual([...job.play.state.counts]);
      expect(loaded.tasks.map(({ spec }) => spec)).toEqual(job.play.specs);
      expect(loaded.tasks.map(({ row }) => row)).toEqual(job.play.state.tasks.map(rowOf));
    });

    it('is loaded with all that its row says', async () => {
      const fields = { begun: false, requestCount: 7, noteSeq: 2, success: false, startedAt: 3, finishedAt: 4, wakeAt: 5 };
      for (const work of [{ done: 130, total: 2.5 }, null]) {
        const made = creationOf(jobSpec(nextId()), [plainSpec(0)]);
        const write = { ...made, row: { ...made.row, ...fields, work } };
        await fixture.store.commit([write]);
        const { row } = (await fixture.store.loadJob(made.jobId))!;

        expect({ ...row, counts: Array.from(row.counts) }).toEqual({ ...write.row, counts: Array.from(write.row.counts) });
        const later = { ...write.row, lastSeq: 3, begun: true, requestCount: 8, noteSeq: 3, success: true, wakeAt: null, work: null };
        const { created: _created, ...append } = write;
        const event = { type: 'JOB_STARTED', at: 9, actor: 'engine' } as const;
        await fixture.store.commit([{ ...append, expectedSeq: 2, token: 'later', row: later, events: [event], tasks: [] }]);
        expect((await fixture.store.loadJob(made.jobId))!.row).toMatchObject({ ...later, counts: row.counts });
      }
    });

    it('has a history where somebody made it', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => play.claim('a'));

      expect((await fixture.store.history(job.id))!.events).toEqual(job.play.events);
      expect(await fixture.store.history('nobody')).toBeNull();
    });

    it('that nobody made is not there', async () => {
      expect(await fixture.store.loadJob('nobody')).toBeNull();
      expect(await fixture.store.reader.job('nobody')).toBeNull();
      expect(await refusalOf(fixture.store.taskSpec('nobody', 0))).toBe('NOT_FOUND');
    });

    it('follows every step, also after the store was opened anew', async () => {
      const job = await create([{ key: 'a' }, { key: 'bad', strategy: 'skip' }, { key: 'behind', after: ['bad'] }, { key: 'asker' }]);
      await job.do((play) => play.claim('a', 'bad', 'asker'));
      await job.do((play) => play.complete('a', { n: 1 }));
      await job.do((play) => play.fail('bad', { retry: THRICE }));
      await job.do((play) => play.need('asker', 'q1', 'q2'));
      await job.do((play) => play.pass(1_000));
      await job.do((play) => {
        play.claim('bad', 'q1');
        play.send({ kind: 'report-progress', ...play.attemptOf('q1'), percent: 40, message: 'soon' });
      });
      await job.do((play) => play.fail('bad'));
      await job.do((play) => play.cancel());
      await job.do((play) => play.retry());
      await job.do((play) => play.send({ kind: 'recover' }));
      await fixture.reopen();
      const loaded = (await fixture.store.loadJob(job.id))!;

      expect(loaded.row).toMatchObject({ status: 'RUNNING', generation: 2, lastSeq: job.play.state.lastSeq });
      expect(loaded.tasks.map(({ row }) => row)).toEqual(job.play.state.tasks.map(rowOf));
      expect(loaded.tasks.map(({ spec }) => spec.key)).toEqual(['objective', 'a', 'bad', 'behind', 'asker', 'q1', 'q2']);
    });

    it('keeps the moment at which it next needs attention', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        play.fail('a', { retry: THRICE });
      });

      expect((await fixture.store.loadJob(job.id))!.row.wakeAt).toBe(1_500);
    });

    it('is among the open ones until it ends, oldest first, and again when it is reopened', async () => {
      const [first, second, third] = [await create([]), await create([]), await create([])];
      await second.do((play) => play.cancel());
      expect(await fixture.store.openJobs()).toEqual([first.id, third.id]);

      await second.do((play) => play.retry());

      expect(await fixture.store.openJobs()).toEqual([first.id, second.id, third.id]);
    });

    it('keeps its input, whatever it is', async () => {
      for (const input of [null, 0, '', [], { deep: [1] }, textOf(1_048_576, '漢')] as Json[]) {
        const job = await create([], { input });

        expect(JSON.parse((await fixture.store.jobContext(job.id)).input)).toEqual(input);
      }
    });

    it('tells every attempt its metadata and what it carries, as JSON, and null for none', async () => {
      const metadata = { team: '漢🙂' };
      const carried = { trace: ['00-1', null] };
      const [full, bare] = [await create([], { metadata, carried }), await create([])];
      const context = await fixture.store.jobContext(full.id);

      expect([JSON.parse(context.metadata!), JSON.parse(context.carried!)]).toEqual([metadata, carried]);
      expect(await fixture.store.jobContext(bare.id)).toEqual({ input: 'null', metadata: null, carried: null });
    });
  });
}
