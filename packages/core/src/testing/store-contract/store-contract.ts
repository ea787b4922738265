/* What every store promises of jobs. */
import { inspect } from 'node:util';

import * as fc from 'fast-check';

import { isTaskloomError } from '../../errors/taskloom-error.js';
import type { Json } from '../../kernel/json.js';
import { byteLength } from '../../kernel/json.js';
import { evolve } from '../../machine/evolve.js';
import { createJobState, type JobState } from '../../machine/job-state.js';
import type { JobEvent } from '../../model/event.js';
import { JOB_STATUSES } from '../../model/job.js';
import { TASK_STATUSES, type TaskSpec } from '../../model/task.js';
import { taskIdOf } from '../../kernel/ids.js';
import type { JobFilter, JobOrder, Page, PageRequest, TaskFilter, TaskOrder, TaskView } from '../../model/views.js';
import type { TaskAddress } from '../../ports/reader.js';
import { IdempotencyTakenError, type JobWrite, type Store, type StoredRequest, type TaskRow } from '../../ports/store.js';
import { graphs } from '../machine/graphs.js';
import { realMachine } from '../machine/machine-under-test.js';
import { ops, runCommands, Tally } from '../machine/run-commands.js';
import { newTask, THRICE } from '../machine/scenario.js';
import { plainSpec, specsOf, type TaskSketch } from '../machine/specs.js';
import { events as anyEvents, rows as anyRows, specs as anySpecs } from './arbitraries.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreUnderTest } from './store-under-test.js';
import { creationOf, jobSpec, plainRow, rowOf, StoredJob, writeOf } from './stored-job.js';

/** The code with which something is refused. */
async function refusalOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return isTaskloomError(error) ? error.code : (error as Error).name;
  }
}

const none = (statuses: readonly string[]): Record<string, number> => Object.fromEntries(statuses.map((status) => [status, 0]));
const text = (bytes: number, unit = 'x'): string => unit.repeat(Math.floor((bytes - 2) / byteLength(unit)));
const codeOf = (error: unknown): string => (isTaskloomError(error) ? error.code : String(error));

export function describeStore(name: string, under: StoreUnderTest, { describe, it, beforeEach, afterEach, expect }: ContractRunner): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    let jobs = 0;

    beforeEach(async () => {
      store = await under.open();
    });
    afterEach(async () => {
      await under.close(store);
    });

    const nextId = (): string => `job-${(jobs += 1)}`;
    const create = (sketches: readonly TaskSketch[], spec: Parameters<typeof jobSpec>[1] = {}): Promise<StoredJob> =>
      StoredJob.create(store, specsOf(sketches), jobSpec(nextId(), spec));
    const createFrom = (tasks: readonly TaskSpec[], spec: Parameters<typeof jobSpec>[1] = {}): Promise<StoredJob> =>
      StoredJob.create(store, tasks, jobSpec(nextId(), spec));

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
        const loaded = (await store.loadJob(job.id))!;

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

      it('that nobody made is not there', async () => {
        expect(await store.loadJob('nobody')).toBeNull();
        expect(await store.reader.job('nobody')).toBeNull();
        expect(codeOf(await store.taskSpec('nobody', 0).catch((error: unknown) => error))).toBe('NOT_FOUND');
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
        store = await under.reopen(store);
        const loaded = (await store.loadJob(job.id))!;

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

        expect((await store.loadJob(job.id))!.row.wakeAt).toBe(1_500);
      });

      it('is among the open ones until it ends, oldest first, and again when it is reopened', async () => {
        const [first, second, third] = [await create([]), await create([]), await create([])];
        await second.do((play) => play.cancel());
        expect(await store.openJobs()).toEqual([first.id, third.id]);

        await second.do((play) => play.retry());

        expect(await store.openJobs()).toEqual([first.id, second.id, third.id]);
      });

      it('keeps its input, whatever it is', async () => {
        for (const input of [null, 0, '', [], { deep: [1] }, text(1_048_576, '漢')] as Json[]) {
          const job = await create([], { input });

          expect(JSON.parse((await store.jobContext(job.id)).input)).toEqual(input);
        }
      });
    });

    describe('rows and definitions', () => {
      it('are read back with anything in any field', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(fc.tuple(anySpecs, anyRows), { minLength: 1, maxLength: 5 }), async (drawn) => {
            const specs = drawn.map(([spec], no): TaskSpec => ({ ...spec, no, key: `${no}${spec.key}` }));
            const rows = drawn.map(([, row], no) => ({ ...row, no }));
            const id = nextId();
            const added: JobEvent = { type: 'TASKS_ADDED', at: 1, actor: 'user', from: 0, count: specs.length, by: null, specs };
            const write = creationOf(jobSpec(id), [plainSpec(0)]);
            await store.commit([{ ...write, events: [added], tasks: rows, row: { ...write.row, lastSeq: 1 } }]);
            const loaded = (await store.loadJob(id))!;

            expect(loaded.tasks.map(({ row }) => row)).toEqual(rows);
            for (const spec of specs) expect(await store.taskSpec(id, spec.no)).toEqual(spec);
          }),
          { numRuns: 60 },
        );
      });

      it('of a task that is not there are null', async () => {
        const job = await create([]);

        expect(await store.taskSpec(job.id, 99)).toBeNull();
        expect(await store.outputs(job.id, [99])).toEqual([null]);
        expect(await store.digests(job.id, [99])).toEqual([]);
      });

      for (const [unit, bytes] of [
        ['x', 4_095],
        ['x', 4_096],
        ['x', 4_097],
        ['漢', 4_096],
        ['🙂', 4_100],
        ['x', 1_048_576],
        ['漢', 1_048_576],
      ] as const)
        it(`keep an input of ${JSON.stringify(unit)} in ${bytes} bytes`, async () => {
          const value = { text: text(bytes - 11, unit) };
          const [objective, task] = specsOf([{ key: 'a' }]);
          const job = await createFrom([objective!, { ...task!, input: { value, refs: [{ at: '/text', task: 0, path: '' }] } }]);

          expect((await store.taskSpec(job.id, 1))!.input).toEqual({ value, refs: [{ at: '/text', task: 0, path: '' }] });
          expect((await store.reader.taskInputs([{ jobId: job.id, no: 1 }], 2_000_000))[0]).toMatchObject({ truncated: false, value });
        });
    });

    describe('a commit', () => {
      it('on what the job no longer is changes nothing at all', async () => {
        const job = await create([{ key: 'a' }]);
        const other = await create([{ key: 'x' }]);
        await job.do((play) => play.claim('a'));
        const before = await store.loadJob(job.id);
        const events = await store.reader.events(job.id, 0, 100);
        other.play.claim('x');
        job.play.complete('a');
        const stale = { ...job.pending(), expectedSeq: 2 };

        expect(await refusalOf(store.commit([other.pending(), stale]))).toBe('STORE_CONFLICT');
        expect(await store.loadJob(job.id)).toEqual(before);
        expect(await store.reader.events(job.id, 0, 100)).toEqual(events);
        expect((await store.loadJob(other.id))!.row.lastSeq).toBe(2);
      });

      it('of several jobs is all or nothing, also for the jobs it would have made', async () => {
        const job = await create([{ key: 'a' }]);
        const fresh = creationOf(jobSpec(nextId()), specsOf([{ key: 'new' }]), { key: 'k', bodyHash: 'h' });
        job.play.claim('a');

        expect(await refusalOf(store.commit([fresh, { ...job.pending(), expectedSeq: 77 }]))).toBe('STORE_CONFLICT');
        expect(await store.loadJob(fresh.jobId)).toBeNull();
        expect(await store.idempotency('default', 'k')).toBeNull();
        expect(await store.openJobs()).toEqual([job.id]);

        await store.commit([fresh]);
        expect((await store.loadJob(fresh.jobId))!.tasks).toHaveLength(2);
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

        await expect(store.commit([broken])).rejects.toThrow('broken on purpose');
        expect((await store.loadJob(job.id))!.row.lastSeq).toBe(2);
        await store.commit([write]);
        expect((await store.loadJob(job.id))!.row.lastSeq).toBe(3);
      });

      it('with a value that no column takes is refused, and no trouble of the disk', async () => {
        const job = await create([{ key: 'a' }]);
        job.play.claim('a');
        const write = job.pending();
        const code = await refusalOf(store.commit([{ ...write, tasks: [plainRow(1, { availableAt: Number.NaN })] }]));

        expect(code).not.toBeNull();
        // What is tried again for ever must be able to succeed some day.
        expect(code).not.toBe('STORE_UNAVAILABLE');
        expect((await store.loadJob(job.id))!.row.lastSeq).toBe(2);
      });

      it('is seen by readers at once', async () => {
        const job = await create([{ key: 'a' }]);
        for (const verb of ['claim', 'complete'] as const) {
          await job.do((play) => (verb === 'claim' ? play.claim('a') : play.complete('a', 'out')));

          expect((await store.reader.task(`${job.id}:1`))!.status).toBe(verb === 'claim' ? 'IN_PROGRESS' : 'COMPLETED');
        }
        expect(await store.outputs(job.id, [1])).toEqual(['"out"']);
      });

      it('of nothing is nothing', async () => {
        await store.commit([]);

        expect(await store.openJobs()).toEqual([]);
      });

      it('takes 2,000 jobs at once', async () => {
        await store.commit(Array.from({ length: 2_000 }, (_, no) => creationOf(jobSpec(`many-${no}`), [plainSpec(0)])));

        expect(await store.reader.countJobs({})).toBe(2_000);
      });
    });

    describe('an idempotency key', () => {
      it('belongs to the first job that took it, in its tenant', async () => {
        const key = { key: 'order-7', bodyHash: 'hash' };
        const first = await StoredJob.create(store, [plainSpec(0)], jobSpec(nextId()), key);
        const second = creationOf(jobSpec(nextId()), [plainSpec(0)], { key: 'order-7', bodyHash: 'other' });

        await expect(store.commit([second])).rejects.toBeInstanceOf(IdempotencyTakenError);
        expect(await store.loadJob(second.jobId)).toBeNull();
        expect(await store.idempotency('default', 'order-7')).toEqual({ jobId: first.id, bodyHash: 'hash' });
        expect(await store.idempotency('other', 'order-7')).toBeNull();
        await store.commit([creationOf(jobSpec(nextId(), { tenant: 'other' }), [plainSpec(0)], key)]);
      });

      for (const key of ['', ' ', '__proto__', "'; DROP TABLE x", '\u0000', '漢字', 'x'.repeat(200)])
        it(`may be ${JSON.stringify(key)}`, async () => {
          const job = await StoredJob.create(store, [plainSpec(0)], jobSpec(nextId()), { key, bodyHash: 'h' });

          expect(await store.idempotency('default', key)).toEqual({ jobId: job.id, bodyHash: 'h' });
        });
    });

    describe('outputs', () => {
      for (const [unit, bytes] of [
        ['x', 4_095],
        ['x', 4_096],
        ['x', 4_097],
        ['漢', 4_098],
        ['🙂', 4_098],
        ['x', 1_048_576],
        ['漢', 1_048_575],
      ] as const)
        it(`of ${JSON.stringify(unit)} in ${bytes} bytes are read back`, async () => {
          const value = text(bytes, unit);
          const job = await create([{ key: 'a' }]);
          await job.do((play) => {
            play.claim('a');
            const json = JSON.stringify(value);
            play.send({ kind: 'complete', ...play.attemptOf('a'), output: { json, bytes: byteLength(json) }, summary: null, value });
          });

          expect(await store.outputs(job.id, [1])).toEqual([JSON.stringify(value)]);
        });

      for (const [what, value] of new Map<string, Json>([
        ['NUL', 'a\u0000b'],
        ['lone surrogates', '\ud800 \udc00'],
        ['keys that look like prototypes', { constructor: 1, toString: [], prototype: null }],
        ['the key "__proto__"', JSON.parse('{"a": {"__proto__": {"admin": true}}}') as Json],
        ['line separators', '\u2028\u2029'],
        ['a number at the edge', [Number.MAX_SAFE_INTEGER, -0.1, 1e-320, 5e-324]],
        ['null', null],
        ['emptiness', ['', {}, []]],
      ]))
        it(`with ${what} are read back`, async () => {
          const job = await create([{ key: 'a' }]);
          await job.do((play) => {
            play.claim('a');
            play.complete('a', value);
          });

          expect(JSON.parse((await store.outputs(job.id, [1]))[0]!)).toEqual(value);
          expect((await store.reader.taskOutputs([{ jobId: job.id, no: 1 }], 1_000))[0]!.value).toEqual(value);
          expect(({} as { admin?: boolean }).admin).toBeUndefined();
        });

      it('come in the order asked for, with null where a task has none', async () => {
        const job = await create([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
        await job.do((play) => {
          play.claim('a', 'b', 'c');
          play.complete('a', 1);
          play.send({ kind: 'complete', ...play.attemptOf('b'), output: null, summary: null, value: undefined });
        });

        expect(await store.outputs(job.id, [3, 1, 2, 1, 99])).toEqual([null, '1', null, '1', null]);
      });

      it('of a map are the outputs of its tasks, in order, without those that have none or belong to the past', async () => {
        const job = await create([{ key: 'list' }]);
        await job.do((play) => {
          play.claim('list');
          play.map('list', 'i1', 'i2', 'i3');
          play.claim('i1', 'i2', 'i3');
          play.complete('i3', { n: 3 });
          play.complete('i1', null);
          play.skip('i2');
          play.claim('list');
          play.send({ kind: 'complete', ...play.attemptOf('list'), output: 'children', summary: null, value: undefined });
        });
        expect(await store.outputs(job.id, [1])).toEqual(['[null,{"n":3}]']);

        await job.do((play) => play.run('objective'));
        await job.do((play) => play.retry('list'));
        await job.do((play) => {
          play.claim('list');
          play.map('list', 'j1');
          play.claim('j1');
          play.complete('j1', 'new');
          play.claim('list');
          play.send({ kind: 'complete', ...play.attemptOf('list'), output: 'children', summary: null, value: undefined });
        });

        expect(await store.outputs(job.id, [1])).toEqual(['["new"]']);
        expect((await store.children(job.id, 1)).map(({ key }) => key)).toEqual(['j1']);
      });

      it('of maps in maps are lists in lists', async () => {
        const job = await create([{ key: 'outer' }]);
        const gather = (key: string) => (play: StoredJob['play']) => {
          play.claim(key);
          play.send({ kind: 'complete', ...play.attemptOf(key), output: 'children', summary: null, value: undefined });
        };
        await job.do((play) => {
          play.claim('outer');
          play.map('outer', 'm1', 'm2');
          for (const key of ['m1', 'm2']) {
            play.claim(key);
            play.map(key, `${key}-a`, `${key}-b`);
            for (const item of [`${key}-a`, `${key}-b`]) {
              play.claim(item);
              play.complete(item, item);
            }
            gather(key)(play);
          }
          gather('outer')(play);
        });

        expect(JSON.parse((await store.outputs(job.id, [1]))[0]!)).toEqual([
          ['m1-a', 'm1-b'],
          ['m2-a', 'm2-b'],
        ]);
      });

      it('are previews where they are too long to show', async () => {
        const job = await create([{ key: 'a' }]);
        await job.do((play) => {
          play.claim('a');
          play.complete('a', 'x'.repeat(100));
        });
        const at = [{ jobId: job.id, no: 1 }];

        expect((await store.reader.taskOutputs(at, 102))[0]).toEqual({ bytes: 102, truncated: false, value: 'x'.repeat(100) });
        expect((await store.reader.taskOutputs(at, 101))[0]).toEqual({ bytes: 102, truncated: true, value: `"${'x'.repeat(100)}` });
      });

      it('are cut between characters in previews', async () => {
        const job = await create([{ key: 'a' }], { input: '🙂🙂🙂' });

        for (let bytes = 1; bytes < 14; bytes += 1) {
          const { value } = (await store.reader.jobInput(job.id, bytes))!;

          expect((value as string).isWellFormed()).toBe(true);
        }
      });
    });

    describe('the memo of a task', () => {
      it('has the steps and the answers of its generation, and of no other', async () => {
        const job = await create([{ key: 'a' }]);
        const step = (stepName: string, json: string) => (play: StoredJob['play']) =>
          play.send({
            kind: 'record-step',
            memo: 'step',
            ...play.attemptOf('a'),
            name: stepName,
            value: { json, bytes: byteLength(json) },
          });
        await job.do((play) => play.claim('a'));
        await job.do(step('fetch', '{"n":1}'));
        await job.do(step('long', JSON.stringify('漢'.repeat(10_000))));
        await job.do(step('__proto__', 'null'));
        const veryLong = Array.from({ length: 5_000 }, (_, no) => String.fromCodePoint(0x4e00 + ((no * 7919) % 20_000))).join('');
        await job.do(step(`${veryLong}1`, '1'));
        await job.do(step(`${veryLong}2`, '"2"'));
        await job.do((play) => play.need('a', 'q1', 'q2'));
        await job.do((play) => {
          play.claim('q1', 'q2');
          play.complete('q1', 'answer');
          play.fail('q2');
        });
        const memo = await store.memo(job.id, 1, 1);

        expect(Object.fromEntries(memo.steps.map(({ name: stepName, json }) => [stepName, json.length]))).toEqual({
          fetch: 7,
          long: 10_002,
          ['__proto__']: 4,
          [`${veryLong}1`]: 1,
          [`${veryLong}2`]: 3,
        });
        expect(memo.needs).toMatchObject([
          { key: 'q1', originKey: 'q1', status: 'COMPLETED' },
          { key: 'q2', originKey: 'q2', status: 'FAILED' },
        ]);
        expect((await store.memo(job.id, 1, 2)).steps).toEqual([]);

        await job.do((play) => play.cancel());
        await job.do((play) => play.retry());
        expect(await store.memo(job.id, 1, 2)).toEqual({ steps: [], needs: [], openAsks: [] });
      });

      it('takes the last result of a step that was recorded twice', async () => {
        const job = await create([{ key: 'a' }]);
        await job.do((play) => play.claim('a'));
        for (const json of ['1', '2'])
          await job.do((play) =>
            play.send({ kind: 'record-step', memo: 'step', ...play.attemptOf('a'), name: 's', value: { json, bytes: 1 } }),
          );

        expect((await store.memo(job.id, 1, 1)).steps).toEqual([{ kind: 'step', name: 's', json: '2' }]);
      });
    });

    describe('what an agent sees of its neighbours', () => {
      it('is how they ended, what they came to and why they failed', async () => {
        const job = await create([
          { key: 'story', agent: null },
          { key: 'good', parent: 'story' },
          { key: 'bad', parent: 'story', strategy: 'skip' },
        ]);
        await job.do((play) => {
          play.claim('good', 'bad');
          play.send({ kind: 'complete', ...play.attemptOf('good'), output: null, summary: 'All well.', value: null });
          play.fail('bad');
        });
        const [good, bad] = await store.children(job.id, 1);

        expect(good).toEqual({ no: 2, key: 'good', name: 'good', type: 'TASK', status: 'COMPLETED', summary: 'All well.', error: null });
        expect(bad).toMatchObject({ status: 'FAILED', summary: null, error: { code: 'AGENT_FAILED', message: 'bad failed' } });
        expect(await store.digests(job.id, [3, 2])).toEqual([bad, good]);
      });
    });

    describe('the engine of an event', () => {
      const enginesOf = async (jobId: string): Promise<(string | null)[]> =>
        (await store.reader.events(jobId, 0, 1_000)).map(({ engine }) => engine && `${engine.id} ${engine.name}`);

      it('is the one that has signed: nobody before, and another after it was opened anew', async () => {
        const job = await create([{ key: 'a' }]);
        await store.sign({ id: 'one', name: 'web 🙂' }, 1);
        await job.do((play) => play.claim('a'));
        store = await under.reopen(store);
        await store.sign({ id: 'two', name: 'web 🙂' }, 2);
        job.play.complete('a');
        await store.commit([job.pending()]);

        const mine = job.play.events.map((_, index) => (index < 2 ? null : index < 3 ? 'one web 🙂' : 'two web 🙂'));
        expect(mine.length).toBeGreaterThan(3);
        expect(await enginesOf(job.id)).toEqual(mine);
        // Also for a reader that has neither.
        store = await under.reopen(store);
        expect(await enginesOf(job.id)).toEqual(mine);
        expect((await store.reader.taskHistory({ jobId: job.id, no: 1 })).map(({ engine }) => engine?.id)).toEqual(['one', 'two']);
        const [history] = await store.reader.taskHistories([{ jobId: job.id, no: 1 }], 10);
        expect(history!.map(({ engine }) => engine?.id)).toEqual(['one', 'two']);
      });

      it('is one and the same, however often it says so', async () => {
        for (let time = 0; time < 3; time += 1) await store.sign({ id: 'one', name: 'web' }, time);
        const job = await create([{ key: 'a' }]);

        expect(await enginesOf(job.id)).toEqual(['one web', 'one web']);
        expect((await under.rowsOf(store))['taskloom_engine']).toBe(1);
      });

      it('is there for each of many events of one commit', async () => {
        await store.sign({ id: 'one', name: 'web' }, 1);
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
        const all = await store.reader.events(job.id, 0, 1_000);

        expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
        expect(all.map(({ type }) => type)).toEqual(job.play.events.map(({ type }) => type));
        expect(await store.reader.events(job.id, 3, 1_000)).toEqual(all.slice(3));
        expect(await store.reader.events(job.id, 0, 2)).toEqual(all.slice(0, 2));
        expect(await store.reader.events(job.id, 5, 10)).toEqual([]);
        expect(await store.reader.events('nobody', 0, 10)).toEqual([]);
      });

      it('of one task are its history', async () => {
        const job = await create([{ key: 'a' }, { key: 'b' }]);
        await job.do((play) => play.run('b', 'a'));
        const history = await store.reader.taskHistory({ jobId: job.id, no: 1 });

        expect(history.map(({ type, taskKey }) => `${type} ${taskKey}`)).toEqual(['TASK_STARTED a', 'TASK_COMPLETED a']);
        expect(await store.reader.taskHistory({ jobId: 'nobody', no: 1 })).toEqual([]);
      });

      it('of a task that ends, and begins again, with others are in the history of each', async () => {
        const job = await create([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c', after: ['b'] }]);
        await job.do((play) => play.run('a'));
        await job.do((play) => play.cancel());
        const typesOf = async (no: number) => (await store.reader.taskHistory({ jobId: job.id, no })).map(({ type }) => type);

        expect(await typesOf(1)).toEqual(['TASK_STARTED', 'TASK_COMPLETED']);
        expect(await typesOf(2)).toEqual(['TASKS_CANCELLED']);
        expect(await typesOf(3)).toEqual(['TASKS_CANCELLED']);
        const at = [3, 1].map((no) => ({ jobId: job.id, no }));
        const [last, first] = await store.reader.taskHistories(at, 1);
        expect([last, first].map((history) => history!.map(({ type }) => type))).toEqual([['TASKS_CANCELLED'], ['TASK_STARTED']]);
      });

      it('of many tasks are the histories of each, in the order asked for', async () => {
        const one = await create([{ key: 'a' }, { key: 'b' }]);
        await one.do((play) => play.run('b', 'a'));
        const other = await create([{ key: 'c' }]);
        await other.do((play) => play.run('c'));
        const at = (job: StoredJob, no: number) => ({ jobId: job.id, no });
        const asked = [at(other, 1), at(one, 2), { jobId: 'nobody', no: 1 }, at(one, 99), at(one, 1), at(one, 2)];
        const each = await Promise.all(asked.map((address) => store.reader.taskHistory(address)));

        expect(await store.reader.taskHistories(asked, 1_000)).toEqual(each);
        expect(await store.reader.taskHistories(asked, 1)).toEqual(each.map((history) => history.slice(0, 1)));
        expect(await store.reader.taskHistories([], 1)).toEqual([]);
        for (const first of [0, 1.5, 1_001, Number.NaN])
          expect(await refusalOf(store.reader.taskHistories(asked, first))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.taskHistories(Array(1_001).fill(at(one, 1)), 1))).toBe('PAGE_SIZE');
      });

      for (const first of [0, -1, 1.5, 1_001, Number.NaN, Number.POSITIVE_INFINITY])
        it(`are not asked for ${first} at a time`, async () => {
          const job = await create([]);

          expect(await refusalOf(store.reader.events(job.id, 0, first))).toBe('PAGE_SIZE');
        });

      for (const afterSeq of [-1, 1.5, Number.NaN, 2 ** 53, 1e308])
        it(`are not asked for after ${afterSeq}`, async () => {
          const job = await create([]);

          expect(await refusalOf(store.reader.events(job.id, afterSeq, 10))).toBe('CURSOR_INVALID');
        });

      it('of every kind can be written and shown', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(anyEvents, { minLength: 1, maxLength: 8 }), async (drawn) => {
            const id = nextId();
            const write = creationOf(jobSpec(id), [plainSpec(0)]);
            // These need rows that only a real job has; they have tests of their own.
            const list = drawn.filter(({ type }) => type !== 'TASKS_ADDED' && type !== 'DEPENDENCY_ADDED' && type !== 'HUMAN_REQUESTED');
            await store.commit([{ ...write, events: list, tasks: [], row: { ...write.row, lastSeq: list.length } }]);
            const views = await store.reader.events(id, 0, 100);

            expect(views.map(({ type, at, actor }) => ({ type, at, actor }))).toEqual(
              list.map(({ type, at, actor }) => ({ type, at, actor })),
            );
          }),
          { numRuns: 60 },
        );
      });
    });

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

        expect(await store.reader.job(job.id)).toEqual({
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

        expect(await store.reader.job(failed.id)).toMatchObject({
          status: 'FAILED',
          success: false,
          progress: 100,
          error: { code: 'JOB_FAILED' },
        });
        expect(await store.reader.job(cancelled.id)).toMatchObject({
          status: 'CANCELLED',
          error: { code: 'JOB_CANCELLED', message: 'no longer wanted' },
        });
        expect(await store.reader.job(done.id)).toMatchObject({ status: 'COMPLETED', success: true, error: null, progress: 100 });
        await failed.do((play) => play.retry());
        expect(await store.reader.job(failed.id)).toMatchObject({
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
        const [objective, a, bad, behind, lone] = (await store.reader.tasks({ jobId: job.id }, { first: 10 })).items;

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

        expect(await store.reader.task(`${job.id}:1`)).toMatchObject({ status: 'COMPLETED', error: null, progressMessage: null });
      });

      it('are found by id, and null for what is none', async () => {
        const job = await create([{ key: 'a' }]);

        expect((await store.reader.task(`${job.id}:1`))!.key).toBe('a');
        for (const id of ['', job.id, `${job.id}:`, `${job.id}:99`, 'nobody:1', `${job.id}:-1`, "'; DROP", `${job.id}:1;`])
          expect(await store.reader.task(id)).toBeNull();
        expect(
          (
            await store.reader.tasksAt([
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

        expect(await store.reader.dependentsOf([at(one, 1), at(two, 1), at(one, 3), at(one, 2), { jobId: 'nobody', no: 1 }])).toEqual([
          [2, 3],
          [2],
          [],
          [3],
          [],
        ]);
        expect(await store.reader.dependentsOf([at(one, 1), at(one, 1)])).toEqual([
          [2, 3],
          [2, 3],
        ]);
      });

      it('of many jobs come at once, in the order asked for', async () => {
        const made = Array.from({ length: 12 }, () => nextId());
        for (const [index, id] of made.entries()) await StoredJob.create(store, specsOf([]), jobSpec(id, { input: { index } }));
        const asked = [...made, 'nobody', made[0]!];

        expect((await store.reader.jobsAt(asked)).map((job) => job?.id ?? null)).toEqual([...made, null, made[0]!]);
        expect((await store.reader.jobInputs(asked, 1_000)).map((input) => input?.value ?? null)).toEqual([
          ...made.map((_, index) => ({ index })),
          null,
          { index: 0 },
        ]);
        expect(await store.reader.jobsAt([])).toEqual([]);
      });

      for (const stories of [2, 20])
        it(`of ${stories} stories have the first page of their tasks, as asking for each would`, async () => {
          const sketches = Array.from({ length: stories }, (_, story): TaskSketch[] => [
            { key: `story-${story}`, agent: null },
            ...Array.from({ length: story % 4 }, (__, no) => ({ key: `task-${story}-${no}`, parent: `story-${story}` })),
          ]);
          const job = await create(sketches.flat());
          const { items } = await store.reader.tasks({ jobId: job.id, parentId: `${job.id}:0` }, { first: 100 });
          const parents = [...items.map(({ jobId, no }) => ({ jobId, no })), { jobId: 'nobody', no: 1 }];
          const each = items.map(({ id }) => store.reader.tasks({ jobId: job.id, parentId: id }, { first: 2 }));

          expect(await store.reader.childrenOf(parents, 2)).toEqual([
            ...(await Promise.all(each)),
            { items: [], cursors: [], hasNextPage: false },
          ]);
          expect(items).toHaveLength(stories);
        });

      it('of 40 tasks are those of each', async () => {
        const job = await create(Array.from({ length: 40 }, (_, no) => ({ key: `t${no}` })));
        const addresses = Array.from({ length: 42 }, (_, no) => ({ jobId: job.id, no: 41 - no }));
        const one = async (address: TaskAddress): Promise<TaskView | null> => (await store.reader.tasksAt([address]))[0]!;

        expect(await store.reader.tasksAt(addresses)).toEqual(await Promise.all(addresses.map(one)));
        expect((await store.reader.taskInputs(addresses, 1_000)).map((input) => input === null)).toEqual(
          addresses.map(({ no }) => no > 40),
        );
      });

      it('count jobs and open tasks by status, of everybody or of one tenant', async () => {
        const one = await create([{ key: 'a' }, { key: 'b' }], { tenant: 'one' });
        await one.do((play) => play.claim('a'));
        const ended = await create([{ key: 'a' }], { tenant: 'two' });
        await ended.do((play) => play.cancel());
        await create([{ key: 'a' }], { tenant: 'two' });

        expect(await store.reader.jobCounts({})).toEqual({ ...none(JOB_STATUSES), RUNNING: 2, CANCELLED: 1 });
        expect(await store.reader.jobCounts({ tenant: 'one' })).toEqual({ ...none(JOB_STATUSES), RUNNING: 1 });
        expect(await store.reader.jobCounts({ tenant: 'nobody' })).toEqual(none(JOB_STATUSES));
        expect(await store.reader.taskCounts({})).toEqual({ ...none(TASK_STATUSES), BLOCKED: 2, READY: 2, IN_PROGRESS: 1 });
        expect(await store.reader.taskCounts({ tenant: 'one' })).toEqual({ ...none(TASK_STATUSES), BLOCKED: 1, READY: 1, IN_PROGRESS: 1 });
      });

      it('are not asked for more than 1,000 tasks at once', async () => {
        const addresses = Array.from({ length: 1_001 }, (_, no) => ({ jobId: 'x', no }));

        expect(await refusalOf(store.reader.tasksAt(addresses))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.taskInputs(addresses, 1))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.taskOutputs(addresses, 1))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.dependentsOf(addresses))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.childrenOf(addresses, 1))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.childrenOf([], 101))).toBe('PAGE_SIZE');
        expect(await refusalOf(store.reader.jobsAt(addresses.map(({ jobId }) => jobId)))).toBe('PAGE_SIZE');
        expect(
          await refusalOf(
            store.reader.jobInputs(
              addresses.map(({ jobId }) => jobId),
              1,
            ),
          ),
        ).toBe('PAGE_SIZE');
      });
    });

    describe('filters', () => {
      const keys = async (filter: Parameters<Store['reader']['tasks']>[0]): Promise<string[]> => {
        const { items } = await store.reader.tasks(filter, { first: 100 });
        expect(await store.reader.countTasks(filter)).toBe(items.length);
        return items.map(({ key }) => key);
      };

      it('choose jobs by status, workflow and name', async () => {
        const running = await create([], { name: 'One', workflow: 'w1' });
        const ended = await create([], { name: 'Two', workflow: 'w2' });
        await ended.do((play) => play.cancel());
        const ids = async (filter: Parameters<Store['reader']['jobs']>[0]): Promise<string[]> => {
          const { items } = await store.reader.jobs(filter, { first: 10 });
          expect(await store.reader.countJobs(filter)).toBe(items.length);
          return items.map(({ id }) => id);
        };

        expect(await ids({})).toEqual([ended.id, running.id]);
        expect(await ids({ status: ['RUNNING'] })).toEqual([running.id]);
        expect(await ids({ status: ['RUNNING', 'CANCELLED'], workflow: 'w2' })).toEqual([ended.id]);
        expect(await ids({ name: 'One' })).toEqual([running.id]);
        expect(await ids({ status: [] })).toEqual([]);
        expect(await ids({ status: ['NO_SUCH' as 'RUNNING'] })).toEqual([]);
        expect(await ids({ name: "One' OR '1'='1" })).toEqual([]);
      });

      it('choose tasks by status, type, agent, kind and parent', async () => {
        const [objective, story, a, b] = specsOf([
          { key: 'story', agent: null },
          { key: 'a', parent: 'story', agent: 'x' },
          { key: 'b', agent: 'y' },
        ]);
        const job = await createFrom([objective!, { ...story!, type: 'STORY' }, { ...a!, kind: 'read' }, b!]);
        await job.do((play) => play.claim('a'));
        const jobId = job.id;

        expect(await keys({ jobId })).toEqual(['objective', 'story', 'a', 'b']);
        expect(await keys({ jobId, status: ['IN_PROGRESS'] })).toEqual(['a']);
        expect(await keys({ jobId, type: ['STORY', 'OBJECTIVE'] })).toEqual(['objective', 'story']);
        expect(await keys({ jobId, agent: 'y' })).toEqual(['b']);
        expect(await keys({ kind: 'read' })).toEqual(['a']);
        expect(await keys({ parentId: `${jobId}:1` })).toEqual(['a']);
        expect(await keys({ jobId, parentId: `${jobId}:0`, status: ['READY', 'BLOCKED'] })).toEqual(['story', 'b']);
        expect(await keys({ jobId: 'nobody' })).toEqual([]);
        expect(await keys({ parentId: 'nonsense' })).toEqual([]);
        expect(await keys({ jobId, status: [] })).toEqual([]);
      });

      describe('by text', () => {
        const NAMES: { readonly [key: string]: readonly [name: string, description: string | null] } = {
          percent: ['100% done', null],
          under: ['a_b', null],
          back: ['c\\d', null],
          quoted: ['x', 'say "hello"\nworld'],
          umlaut: ['Ärger in ÖSTERREICH', null],
          emoji: ['🙂 smile', null],
          plain: ['plain', 'nothing special'],
        };

        beforeEach(async () => {
          const [objective, ...tasks] = specsOf(Object.keys(NAMES).map((key) => ({ key })));
          await createFrom([
            objective!,
            ...tasks.map((spec) => ({
              ...spec,
              name: NAMES[spec.key]![0],
              description: NAMES[spec.key]![1],
              metadata: { hidden: 'treasure' },
            })),
          ]);
        });

        for (const [wanted, found] of new Map<string, string[]>([
          ['%', ['percent']],
          ['_', ['under']],
          ['\\', ['back']],
          ['0% d', ['percent']],
          ['A_B', ['under']],
          ['PLAIN', ['plain']],
          ['nothing SPECIAL', ['plain']],
          ['say "hello"', ['quoted']],
          ['"hello"\nworld', ['quoted']],
          ['Ärger', ['umlaut']],
          ['ÖSTERREICH', ['umlaut']],
          ['österreich', ['umlaut']],
          ['🙂', ['emoji']],
          ['quoted', ['quoted']],
          ['description', []],
          ['treasure', []],
          ['metadata', []],
          ["' OR 1=1 --", []],
          ['nowhere', []],
        ]))
          it(`${JSON.stringify(wanted)} finds what people read there, and nothing else`, async () => {
            expect(await keys({ text: wanted })).toEqual(found);
          });

        it('of any length are searched for', async () => {
          expect(await keys({ text: 'x'.repeat(100_000) })).toEqual([]);
        });
      });
    });

    describe('pages', () => {
      it('go through all jobs, newest first, each once, also while new ones come', async () => {
        const made: string[] = [];
        for (let count = 0; count < 7; count += 1) made.unshift((await create([])).id);
        const seen: string[] = [];
        let after: string | undefined;
        for (let pages = 0; pages < 10; pages += 1) {
          const page = await store.reader.jobs({}, { first: 3, ...(after === undefined ? undefined : { after }) });
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
          const page = await store.reader.tasks({}, { first: 2, ...(after === undefined ? undefined : { after }) });
          seen.push(...page.items.map(({ id }) => id));
          after = page.hasNextPage ? page.cursors.at(-1) : undefined;
        } while (after !== undefined);

        expect(seen).toEqual([`${two.id}:0`, `${two.id}:1`, `${one.id}:0`, `${one.id}:1`, `${one.id}:2`]);
      });

      it('say whether there are more', async () => {
        await create([{ key: 'a' }, { key: 'b' }]);

        expect(await store.reader.tasks({}, { first: 3 })).toMatchObject({
          hasNextPage: false,
          items: { length: 3 },
          cursors: { length: 3 },
        });
        expect(await store.reader.tasks({}, { first: 2 })).toMatchObject({ hasNextPage: true, items: { length: 2 } });
        expect(await store.reader.tasks({ jobId: 'nobody' }, { first: 2 })).toEqual({ hasNextPage: false, items: [], cursors: [] });
      });

      for (const first of [0, -1, 101, 1.5, 1_000_000, Number.NaN, '10' as unknown as number])
        it(`are not ${inspect(first)} long`, async () => {
          expect(await refusalOf(store.reader.jobs({}, { first }))).toBe('PAGE_SIZE');
          expect(await refusalOf(store.reader.tasks({}, { first }))).toBe('PAGE_SIZE');
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

          expect(await refusalOf(store.reader.jobs({}, { first: 10, after }))).toBe('CURSOR_INVALID');
        });

      it('are not continued from a cursor of another list', async () => {
        await create([]);
        const [cursor] = (await store.reader.jobs({}, { first: 1 })).cursors;

        expect(await refusalOf(store.reader.tasks({}, { first: 1, after: cursor! }))).toBe('CURSOR_INVALID');
      });

      it('of one job are not continued from a cursor in another, and of a job that the tenant has not are empty', async () => {
        const [one, other] = [await create([{ key: 'a' }], { tenant: 'acme' }), await create([{ key: 'b' }], { tenant: 'acme' })];
        const after = (await store.reader.tasks({ jobId: one.id }, { first: 1 })).cursors[0]!;
        const keysIn = async (filter: TaskFilter) => (await store.reader.tasks(filter, { first: 5, after })).items.map(({ key }) => key);
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
          expect(await through((page) => store.reader.jobs({}, { ...page, order }))).toEqual(wanted.map((index) => made[index]!.id));
          const [cursor] = (await store.reader.jobs({}, { first: 1, order })).cursors;
          const another = order === 'NEWEST' ? 'OLDEST' : 'NEWEST';
          expect(await refusalOf(store.reader.jobs({}, { first: 1, after: cursor!, order: another }))).toBe('CURSOR_INVALID');
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
              (page) => store.reader.tasks({}, { ...page, order }),
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
          const { items } = await store.reader.jobs(filter, { first: 10, order: 'OLDEST' });
          expect(await store.reader.countJobs(filter)).toBe(items.length);
          return items.map(({ id }) => made.findIndex((job) => job.id === id));
        };

        expect(await indexes({ createdAfter: 1_000 })).toEqual([1, 2]);
        expect(await indexes({ createdBefore: 3_000 })).toEqual([0, 1]);
        expect(await indexes({ isOpen: true })).toEqual([0, 2]);
        expect(await indexes({ isOpen: false })).toEqual([1]);
        expect(await indexes({ isOpen: true, status: ['CANCELLED'] })).toEqual([]);
        expect(await store.reader.countTasks({ ofOpenJobs: true })).toBe(3);
        expect(await store.reader.countTasks({ ofOpenJobs: false })).toBe(1);
      });

      it('are continued after the store was opened anew', async () => {
        const [old] = [await create([]), await create([])];
        const [cursor] = (await store.reader.jobs({}, { first: 1 })).cursors;
        store = await under.reopen(store);

        expect((await store.reader.jobs({}, { first: 1, after: cursor! })).items.map(({ id }) => id)).toEqual([old.id]);
      });
    });

    describe('names', () => {
      for (const given of ['__proto__', 'constructor', "o'brien", '"quoted"', '漢字', '🙂', 'a b', '\u202e', 'x'.repeat(10_000)])
        it(`may be ${JSON.stringify(given)}`, async () => {
          const [objective, task] = specsOf([{ key: 'a' }]);
          const job = await createFrom([objective!, { ...task!, name: given, kind: given, agent: given }], {
            name: given,
            workflow: given,
          });

          expect(await store.reader.task(`${job.id}:1`)).toMatchObject({ name: given, kind: given, agent: given });
          expect((await store.reader.jobs({ name: given, workflow: given }, { first: 1 })).items).toMatchObject([
            { id: job.id, name: given },
          ]);
          expect(await store.reader.countTasks({ agent: given, kind: given })).toBe(1);
        });
    });

    describe('a large job', () => {
      it('of 20,000 tasks is written and loaded', async () => {
        const made = creationOf(
          jobSpec(nextId()),
          Array.from({ length: 20_000 }, (_, no) => plainSpec(no, { dependencies: no < 2 ? [] : [{ on: no - 1, mode: 'completed' }] })),
        );
        const cancelled: JobWrite = {
          ...made,
          expectedSeq: 2,
          token: 'cancelled',
          events: [
            {
              type: 'TASKS_CANCELLED',
              at: 2_000,
              actor: 'user',
              tasks: Array.from({ length: 20_000 }, (_, no) => no),
              cause: { reason: 'JOB_CANCELLED' },
            },
          ],
          tasks: Array.from(made.tasks, (task) => ({ ...task, status: 'CANCELLED' as const, finishedAt: 2_000 })),
          row: { ...made.row, status: 'CANCELLED', lastSeq: 3 },
        };
        const { created: _created, ...cancel } = cancelled;
        await store.commit([made]);
        await store.commit([cancel]);
        const loaded = (await store.loadJob(made.jobId))!;

        expect(loaded.tasks).toHaveLength(20_000);
        expect(loaded.tasks.every(({ row }) => row.status === 'CANCELLED')).toBe(true);
        expect((await store.reader.events(made.jobId, 2, 10))[0]).toMatchObject({ type: 'TASKS_CANCELLED', data: { count: 20_000 } });
      }, 60_000);
    });

    describe('a job that is stored after every command', () => {
      it('is loaded as it stands, and its stored events fold to its rows', async () => {
        const drawn = fc.sample(fc.tuple(graphs, fc.array(ops, { maxLength: 80, size: 'max' })), 40);
        for (const [index, [specs, commands]] of drawn.entries()) {
          const id = `random-${index}`;
          const writes: JobWrite[] = [];
          let last: JobState | null = null;
          runCommands(specs, commands, realMachine, new Tally(), (state, seqBefore, events) => {
            if (events.length === 0) return;
            const touched = [...state.touched];
            const write = writeOf({ state }, id, seqBefore, events);
            for (const no of touched) state.touched.add(no);
            writes.push(seqBefore === 0 ? { ...write, created: { spec: jobSpec(id), idempotency: null } } : write);
            last = state;
          });
          for (const write of writes) await store.commit([write]);
          const loaded = (await store.loadJob(id))!;
          const history = (await store.history(id))!;
          const state: JobState = last!;
          const fold = createJobState(jobSpec(id));
          for (const event of history.events) evolve(fold, event);

          expect(loaded.row).toMatchObject({
            status: state.status,
            success: state.success,
            lastSeq: state.lastSeq,
            generation: state.generation,
          });
          expect(loaded.tasks.map(({ row }) => isReadyNow(row))).toEqual(state.tasks.map((task) => isReadyNow(rowOf(task))));
          expect(fold.tasks.map((task) => isReadyNow(rowOf(task)))).toEqual(loaded.tasks.map(({ row }) => isReadyNow(row)));
          expect(inOrder(loaded.requests)).toEqual(inOrder(state.requests.values()));
          expect([fold.status, fold.success, fold.lastSeq, fold.generation]).toEqual([
            state.status,
            state.success,
            state.lastSeq,
            state.generation,
          ]);
        }
      }, 60_000);

      /** To wake a task that waited for its time is no event, and no reason to write. */
      const isReadyNow = (row: TaskRow): TaskRow => (row.status === 'READY' ? { ...row, availableAt: 0 } : row);
      const inOrder = (requests: Iterable<StoredRequest>): unknown[] =>
        [...requests].sort((a, b) => a.request - b.request).map((request) => ({ ...request }));
    });

    describe('jobs that ended long ago', () => {
      const ended = async (at: number, spec: Parameters<typeof jobSpec>[1] = {}, key: string | null = null): Promise<StoredJob> => {
        const job = await StoredJob.create(
          store,
          specsOf([{ key: 'a' }, { key: 'b', after: ['a'] }]),
          jobSpec(nextId(), { input: text(10_000), ...spec }),
          key === null ? null : { key, bodyHash: 'h' },
        );
        await job.do((play) => {
          play.claim('a');
          play.send({ kind: 'record-step', memo: 'step', ...play.attemptOf('a'), name: 's', value: { json: '1', bytes: 1 } });
          play.complete('a', text(10_000));
        });
        await job.do((play) => {
          play.pass(at - 1_000);
          play.cancel();
        });
        return job;
      };
      const ids = async (filter: Parameters<Store['reader']['jobs']>[0] = {}): Promise<string[]> =>
        (await store.reader.jobs(filter, { first: 100 })).items.map(({ id }) => id).reverse();

      it('are deleted with everything that belongs to them, the earliest first and no more than asked', async () => {
        const [late, early, middle] = [await ended(9_000), await ended(2_000), await ended(5_000)];
        const deleted = await store.deleteEndedJobs({ endedBefore: 9_001, max: 2, now: 10_000 });

        expect(deleted).toEqual([early, middle].map(({ id }) => ({ id, tenant: 'default' })));
        expect(await ids()).toEqual([late.id]);
        expect(await store.reader.countTasks({})).toBe(3);
        for (const { id } of [early, middle]) {
          expect(await store.loadJob(id)).toBeNull();
          expect(await store.reader.job(id)).toBeNull();
          expect(await store.reader.task(`${id}:1`)).toBeNull();
          expect(await store.reader.jobInput(id, 10)).toBeNull();
          expect(await refusalOf(store.outputs(id, [1]))).toBe('NOT_FOUND');
        }
        expect((await store.outputs(late.id, [1]))[0]).toBe(JSON.stringify(text(10_000)));
        expect(await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 })).toEqual([]);
        expect(await store.deleteEndedJobs({ endedBefore: 9_001, max: 100, now: 10_000 })).toEqual([{ id: late.id, tenant: 'default' }]);
      });

      it('are deleted, and never a job that is open, however old', async () => {
        const open = await create([{ key: 'a' }]);
        const reopened = await ended(2_000);
        await reopened.do((play) => play.retry());
        const gone = await ended(2_000);

        expect(await store.deleteEndedJobs({ endedBefore: 1e12, max: 100, now: 1e12 })).toEqual([{ id: gone.id, tenant: 'default' }]);
        expect(await ids()).toEqual([open.id, reopened.id]);
        expect((await store.loadJob(reopened.id))!.row.status).toBe('RUNNING');
      });

      it('are deleted of one tenant, where one is named', async () => {
        const [mine, theirs] = [await ended(2_000, { tenant: 'mine' }), await ended(2_000, { tenant: 'theirs' })];

        expect(await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000, tenant: 'mine' })).toEqual([
          { id: mine.id, tenant: 'mine' },
        ]);
        expect(await ids()).toEqual([theirs.id]);
      });

      it('are told apart from jobs that never were: a cursor into them has expired', async () => {
        const job = await ended(2_000, { tenant: 'mine' });
        expect(await store.reader.expiredJob(job.id)).toBeNull();
        await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

        expect(await refusalOf(store.reader.events(job.id, 2, 10))).toBe('CURSOR_EXPIRED');
        expect(await store.reader.expiredJob(job.id)).toEqual({ tenant: 'mine', expiredAt: 10_000 });
        expect(await store.reader.events('nobody', 2, 10)).toEqual([]);
        expect(await store.reader.expiredJob('nobody')).toBeNull();
      });

      it('give their idempotency key back', async () => {
        const old = await ended(2_000, {}, 'order-7');
        await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });
        expect(await store.idempotency('default', 'order-7')).toBeNull();

        const again = await ended(11_000, {}, 'order-7');
        expect(await store.idempotency('default', 'order-7')).toMatchObject({ jobId: again.id });
        expect(again.id).not.toBe(old.id);
      });

      it('take what a commit on them still wants: it conflicts', async () => {
        const job = await ended(2_000);
        job.play.retry();
        const write = job.pending();
        await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

        expect(['STORE_CONFLICT', 'NOT_FOUND']).toContain(await refusalOf(store.commit([write])));
        expect(await store.loadJob(job.id)).toBeNull();
      });

      it('leave no row, also where they were large and the store was closed in between', async () => {
        const made = creationOf(
          jobSpec(nextId()),
          Array.from({ length: 6_000 }, (_, no) => plainSpec(no)),
        );
        await store.commit([{ ...made, row: { ...made.row, status: 'COMPLETED', finishedAt: 2_000 } }]);
        const deleting = store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });
        deleting.catch(() => undefined);
        store = await under.reopen(store);
        await deleting.catch(() => undefined);
        await store.deleteEndedJobs({ endedBefore: 9_000, max: 100, now: 10_000 });

        expect(await under.rowsOf(store)).toEqual({ taskloom_expired_job: 1 });
      }, 60_000);
    });

    // Kept here so that the verb stays in use where a store grows a job by hand.
    it('adds tasks that an attempt asks for', async () => {
      const job = await create([{ key: 'a' }]);
      await job.do((play) => {
        play.claim('a');
        play.send({ kind: 'suspend', ...play.attemptOf('a'), waitFor: 'answers', tasks: [newTask('q', 'need')], alreadyAsked: [] });
      });

      expect(await store.taskSpec(job.id, 2)).toMatchObject({ key: 'q', parent: 1, origin: 'need', originKey: 'q' });
    });
  });
}
