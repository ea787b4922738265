import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  defineAgent,
  definePlugin,
  GraphError,
  routeByRules,
  type Engine,
  type JobSubmission,
  type RetryPolicy,
  type TaskSubmission,
} from '../../src/index.js';
import { inMessage } from '../../src/kernel/in-message.js';
import { echo } from '../helpers/agents.js';
import { refusal, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab, type LabOptions } from '../helpers/lab.js';

const lab = useLab();

const reads = defineAgent({ name: 'reads', input: z.object({ text: z.string() }), output: z.string(), execute: ({ text }) => text });
const CAPACITIES = { pools: { gpu: 2 }, namedLimits: { api: { concurrency: 1 } } };
const SOURCE: TaskSubmission = { key: 'source', agent: 'echo' };

type Wrong = { readonly key: string; readonly [part: string]: unknown };

/** A job that waits for its time, so that it can be added to. */
const openJob = (engine: Engine) => engine.submitJob({ name: 'open', tasks: [SOURCE], options: { runAt: new Date('2100-01-01') } });

async function problemsOf(submitted: Promise<unknown>): Promise<{ readonly code: string; readonly problems: GraphError['problems'] }> {
  const error = await refusal(submitted);
  if (!(error instanceof GraphError)) throw error;
  return { code: error.code, problems: error.problems };
}

/** What is said of the tasks, which has to be the same whether their job begins with them or takes them in. */
async function saidOf(wrong: readonly Wrong[], options: LabOptions = {}): ReturnType<typeof problemsOf> {
  const engine = await lab.start([echo, reads], { ...CAPACITIES, ...options });
  const tasks = wrong as readonly object[] as readonly TaskSubmission[];
  const atSubmit = await problemsOf(engine.submitJob({ name: 'job', tasks: [SOURCE, ...tasks] }));
  const { id } = await openJob(engine);
  const atAdd = await problemsOf(engine.addTasks(id, tasks));
  expect(atAdd).toEqual(atSubmit);
  expect([...(await tasksOf(engine, id)).keys()]).toEqual(['objective', 'source']);
  return atAdd;
}

const settled = [{ task: 'source', mode: 'settled' as const }];
const fromSource = { value: { text: null }, refs: [{ at: '/text', task: 'source' }] };
const notJson = (): number => 1;

describe('tasks that a job begins with and tasks that join it are refused alike', () => {
  it.each<[string, readonly string[], readonly Wrong[]]>([
    ['a pool that is not there', ['UNKNOWN_LIMIT'], [{ key: 't', agent: 'echo', resources: { gpus: 1 } }]],
    ['more than a pool has', ['RESOURCES_EXCEEDED'], [{ key: 't', agent: 'echo', resources: { gpu: 3 } }]],
    ['a demand and an option', ['GRAPH_INVALID', 'UNKNOWN_LIMIT'], [{ key: 't', agent: 'echo', priority: 99, resources: { gpus: 1 } }]],
    ['a demand and the agent', ['UNKNOWN_AGENT', 'UNKNOWN_LIMIT'], [{ key: 't', agent: 'ecko', overrides: { limits: ['apy'] } }]],
    [
      'the graph, a demand and an input, each of another task',
      ['UNKNOWN_DEPENDENCY', 'UNKNOWN_LIMIT', 'INPUT_SCHEMA'],
      [
        { key: 'input', agent: 'reads', input: 5 },
        { key: 'demand', agent: 'echo', resources: { gpus: 1 } },
        { key: 'graph', agent: 'echo', dependsOn: ['sauce'] },
      ],
    ],
    ['the key and the input', ['ID_INVALID', 'INPUT_SCHEMA'], [{ key: 'a b', agent: 'reads', input: 5 }]],
    ['the input', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', input: { deep: notJson } }]],
    [
      'the size of an input with refs',
      ['INPUT_TOO_LARGE'],
      [{ key: 't', agent: 'reads', input: large(fromSource).value, refs: fromSource.refs }],
    ],
    ['the input of a map', ['INPUT_NOT_JSON'], [{ key: 't', map: mapOf({ value: { deep: notJson }, refs: [] }) }]],
    ['the size of the input of a map', ['INPUT_TOO_LARGE'], [{ key: 't', map: mapOf(large({ value: {}, refs: [] })) }]],
    ['the metadata', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', metadata: { deep: notJson } }]],
    ['what stands in for an output', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', useValue: notJson }]],
    [
      'what stands in for an output, and the input',
      ['OUTPUT_SCHEMA', 'INPUT_SCHEMA'],
      [{ key: 't', agent: 'reads', input: 5, useValue: 5 }],
    ],
    ['the fallback of a ref', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', refs: [{ at: '', task: 'source', or: notJson }] }]],
    [
      'the fallback of an item',
      ['INPUT_NOT_JSON'],
      [{ key: 't', map: mapOf({ value: {}, refs: [] }, [{ at: '', path: '', or: notJson }]) }],
    ],
    ['the fallback of a condition', ['INPUT_NOT_JSON'], [{ key: 't', agent: 'echo', when: { task: 'source', or: notJson } }]],
    [
      'a ref that may stay empty',
      ['MISSING_INPUT'],
      [{ key: 't', agent: 'reads', input: fromSource.value, refs: fromSource.refs, dependsOn: settled }],
    ],
    ['a ref in a map that may stay empty', ['MISSING_INPUT'], [{ key: 't', map: mapOf(fromSource), dependsOn: settled }]],
    [
      'refs that are not there',
      ['UNKNOWN_DEPENDENCY'],
      [{ key: 't', agent: 'reads', input: fromSource.value, refs: [{ at: '/text', task: 'sauce' }] }],
    ],
  ])('for %s: %j', async (_, codes, wrong) => {
    const { code, problems } = await saidOf(wrong);
    expect(problems.map((problem) => problem.code)).toEqual(codes);
    expect(code).toBe(codes.length === 1 ? codes[0] : 'GRAPH_INVALID');
  });

  it('also where texts are redacted before they are stored: what is refused is not stored', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const { problems } = await saidOf([{ key: 't', agent: 'echo', input: circle, priority: 99 }], { redactText: (text) => text });
    expect(problems.map(({ code }) => code)).toEqual(['GRAPH_INVALID', 'INPUT_NOT_JSON']);
  });

  it('but a job that takes no more says so first', async () => {
    const engine = await lab.start([echo, reads], CAPACITIES);
    const job = await openJob(engine);
    await job.cancel();
    const wrong = { key: 't', agent: 'reads', input: 5, resources: { gpus: 1 } };
    expect((await refusal(engine.addTasks(job.id, [wrong]))).code).toBe('JOB_CLOSED');
    expect((await refusal(engine.addTasks('no-such-job', [wrong]))).code).toBe('NOT_FOUND');
  });
});

/** What a caller without a compiler may bring, by what is wanted. */
const NO_TEXT = [5, true, [], ['x'], {}];
const NO_LIST = [5, 'x', true, {}];
const NO_OBJECT = [5, 'x', true, [], [1]];

describe('a part of a task that is not of its kind', () => {
  it.each<[at: string, mustBe: string, wrong: readonly unknown[]]>([
    ['agent', 'the name of an agent', [...NO_TEXT, null]],
    ['parent', 'the key of a task', [...NO_TEXT, null]],
    ['routeTo', 'the key of a task', [...NO_TEXT, null]],
    ['name', 'a text', NO_TEXT],
    ['description', 'a text', NO_TEXT],
    ['kind', 'a text', NO_TEXT],
    ['acceptanceCriteria', 'a text', NO_TEXT],
    ['refs', 'a list of `{ at, task }`', [...NO_LIST, [5], ['x'], [null], [[]]]],
    ['dependsOn', 'a list of keys, or of `{ task, mode }`', [...NO_LIST, [5], [null], [[]]]],
    ['when', 'an object, `{ task, path }`', NO_OBJECT],
    ['overrides', 'an object such as `{ timeoutMs: 5000 }`', NO_OBJECT],
    ['overrides.retry', 'an object, a whole retry policy', NO_OBJECT],
    ['resources', 'an object of amounts by pool, such as `{ memoryMb: 600 }`', NO_OBJECT],
    ['metadata', 'an object', NO_OBJECT],
    ['map', 'an object, `{ over: { task }, agent, input: { value, refs: […] }, items: [{ at, path }, …] }`', NO_OBJECT],
    ['map.name', 'a text', NO_TEXT],
    ['map.overrides', 'an object such as `{ timeoutMs: 5000 }`', NO_OBJECT],
    ['map.overrides.retry', 'an object, a whole retry policy', NO_OBJECT],
  ])('is refused with its place: `%s` must be %s', async (at, mustBe, wrong) => {
    const engine = await lab.start([echo, reads], { plugins: [routeByRules()], redactText: (text) => text.trim() });
    const { id } = await openJob(engine);
    for (const value of wrong) {
      const tasks = [taskWith(at.split('.'), value)];
      const refused = {
        code: 'GRAPH_INVALID',
        problems: [
          {
            code: 'GRAPH_INVALID',
            taskKey: 't',
            message: `\`${at}\` of "t" is ${JSON.stringify(value)}; it must be ${mustBe}.`,
            details: { path: `/${at.replaceAll('.', '/')}` },
          },
        ],
      };
      expect(await problemsOf(engine.submitJob({ name: 'job', tasks: [SOURCE, ...tasks] }))).toEqual(refused);
      expect(await problemsOf(engine.addTasks(id, tasks))).toEqual(refused);
    }
    expect((await tasksOf(engine, id)).size).toBe(2);
  });

  it.each([[5], [true], [null], [undefined], [[]], [{}]])('is its key, when that is %j', async (key) => {
    const { code, problems } = await saidOf([{ key: key as never, agent: 'reads', input: 5 }]);
    expect(code).toBe('GRAPH_INVALID');
    expect(problems.at(0)?.message).toBe(`\`key\` of "${JSON.stringify(key)}" is ${JSON.stringify(key)}; it must be a text.`);
    expect(problems.at(-1)?.code).toBe('INPUT_SCHEMA');
  });

  it('is the reviewer of a task', async () => {
    const reviews = [
      [[], '`review` of "t" is []'],
      [{ by: 'agent', agent: 5 }, '`review.agent` of "t" is 5'],
      [{ by: 'manual', agent: 5 }, '`review.agent` of "t" is 5'],
    ] as const;
    for (const [review, message] of reviews) {
      const { problems } = await saidOf([{ key: 't', agent: 'echo', review }]);
      expect(problems).toEqual([{ code: 'GRAPH_INVALID', taskKey: 't', message: expect.stringContaining(message) }]);
      await lab.fresh();
    }
  });

  it('is refused before its texts are redacted', async () => {
    const { problems } = await saidOf([{ key: 't', agent: 'echo', assignee: 5 }], { redactText: (text) => text.trim() });
    expect(problems).toMatchObject([{ code: 'GRAPH_INVALID', message: expect.stringContaining('`assignee` of "t" is 5;') }]);
  });

  it('is none where it is `null`', async () => {
    const engine = await lab.start([echo], { redactText: (text) => text.trim() });
    const none = { name: null, description: null, kind: null, assignee: null, acceptanceCriteria: null, refs: null, dependsOn: null };
    const task = { key: 't', agent: 'echo', ...none, when: null, map: null, overrides: null, resources: null, metadata: null };
    const job = await engine.submitJob({ name: 'job', tasks: [task] as object[] as TaskSubmission[] });
    await engine.addTasks(job.id, [{ ...task, key: 'added' }] as object[] as TaskSubmission[]);
    await job.result();
    for (const key of ['t', 'added'])
      expect(await taskOf(engine, job.id, key)).toMatchObject({ name: key, description: null, kind: null, assignee: null, metadata: null });
    expect([...(await tasksOf(engine, job.id)).values()].map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  });
});

describe('what a task says in place of its agent', () => {
  const whole: RetryPolicy = { maxAttempts: 2, kind: 'fixed', delayMs: 1, maxDelayMs: 1, factor: 2, jitter: 0 };

  it.each<[at: string, mustBe: string, wrong: readonly unknown[]]>([
    ['timeoutMs', 'a number of milliseconds, 0 or more', [-1, 'x', '5s', Number.NaN, {}, true]],
    ['idleTimeoutMs', 'a number of milliseconds, 0 or more', [-1, 'x', {}]],
    ['retry.maxAttempts', 'a whole number from 1 to 1000', [0, 1.5, 1_001, '2', undefined]],
    ['retry.kind', 'one of none, fixed, linear, exponential', ['FIXED', 5, undefined]],
    ['retry.delayMs', 'a number of milliseconds, 0 or more', [-1, '1s', undefined]],
    ['retry.maxDelayMs', 'a number of milliseconds, 0 or more', [-1, '1s', undefined]],
    ['retry.factor', 'a number from 1 to 100', [0, 101, '2', undefined]],
    ['retry.jitter', 'a number from 0 to 1', [-1, 2, '0', undefined]],
  ])('is refused where `%s` is not %s', async (at, mustBe, wrong) => {
    const engine = await lab.start([echo, reads]);
    const { id } = await openJob(engine);
    for (const value of wrong) {
      const overrides = withValueAt(at.startsWith('retry') ? { retry: whole } : {}, at.split('.'), value);
      for (const part of ['overrides', 'map.overrides']) {
        const tasks = [taskWith(part.split('.'), overrides)];
        const message = `\`${part}.${at}\` of "t" is ${inMessage(value)}; it must be ${mustBe}.`;
        const refused = { code: 'GRAPH_INVALID', problems: [{ code: 'GRAPH_INVALID', taskKey: 't', message }] };
        expect(await problemsOf(engine.submitJob({ name: 'job', tasks: [SOURCE, ...tasks] }))).toEqual(refused);
        expect(await problemsOf(engine.addTasks(id, tasks))).toEqual(refused);
      }
    }
  });

  it.each<[at: string, hint: string]>([
    ['timeout', 'did you mean `PART.timeoutMs`?'],
    ['zzzz', 'known are retry, timeoutMs, idleTimeoutMs, resources, limits, concurrencyKey, exclusive.'],
    ['retry.delay', 'did you mean `PART.retry.delayMs`?'],
    ['retry.zzzz', 'known are maxAttempts, kind, delayMs, maxDelayMs, factor, jitter.'],
  ])('is refused where it says `%s`, which is nothing: %s', async (at, hint) => {
    const engine = await lab.start([echo, reads]);
    const { id } = await openJob(engine);
    const overrides = withValueAt(at.startsWith('retry') ? { retry: whole } : {}, at.split('.'), 5);
    for (const part of ['overrides', 'map.overrides']) {
      const tasks = [taskWith(part.split('.'), overrides)];
      const message = `\`${part}.${at}\` of "t" is no option; ${hint.replace('PART', part)}`;
      const refused = { code: 'GRAPH_INVALID', problems: [{ code: 'GRAPH_INVALID', taskKey: 't', message }] };
      expect(await problemsOf(engine.submitJob({ name: 'job', tasks: [SOURCE, ...tasks] }))).toMatchObject(refused);
      expect(await problemsOf(engine.addTasks(id, tasks))).toMatchObject(refused);
    }
  });

  it('is refused beside a map, which says it for each of its tasks', async () => {
    const map = { over: { task: 'source' }, agent: 'echo', input: { value: null, refs: [] }, items: [{ at: '', path: '' }] };
    const { problems } = await saidOf([{ key: 't', map, overrides: { timeoutMs: 5 } }]);
    expect(problems).toMatchObject([{ code: 'GRAPH_INVALID', message: expect.stringContaining('stands in `map.overrides`') }]);
  });

  it('may leave anything undefined, and hears of code in it once', async () => {
    const engine = await lab.start([echo]);
    const submit = (overrides: object) =>
      engine.submitJob({
        name: 'job',
        tasks: [{ key: 't', agent: 'echo', overrides }],
      });
    await (await submit({ timeout: undefined, retry: { ...whole, delay: undefined } })).result();

    expect(await problemsOf(submit({ retry: { ...whole, retryOn: () => true } }))).toMatchObject({
      problems: [{ message: '`overrides.retry.retryOn` of "t" is code; only agents have it, in their own options.' }],
    });
  });

  it('is taken where it is as it should be, and no limit is 0', async () => {
    const engine = await lab.start([echo]);
    const overrides = { timeoutMs: 0, idleTimeoutMs: 0, retry: whole };
    const job = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'echo', overrides }] });
    expect(await taskOf(engine, job.id, 't')).toMatchObject({ maxAttempts: 2, timeoutMs: 0, idleTimeoutMs: 0 });
    await job.result();
  });
});

const JOB_NAME = 'a text of 1 to 500 characters, not only blanks';

describe('a job that is not of its kind', () => {
  it.each<[string, unknown, string]>([
    ['a number', 5, 'The job is 5; it must be an object, `{ name, tasks }`.'],
    ['a list', [], 'The job is []; it must be an object, `{ name, tasks }`.'],
    ['null', null, 'The job is null; it must be an object, `{ name, tasks }`.'],
    ['one without a name', { tasks: [] }, `\`name\` of the job is undefined; it must be ${JOB_NAME}.`],
    ['one with a number for a name', { name: 5, tasks: [] }, `\`name\` of the job is 5; it must be ${JOB_NAME}.`],
    ['one with no letter in its name', { name: '', tasks: [] }, `\`name\` of the job is ""; it must be ${JOB_NAME}.`],
    ['one with blanks for a name', { name: '  ', tasks: [] }, `\`name\` of the job is "  "; it must be ${JOB_NAME}.`],
    [
      'one with a story for a name',
      { name: 'x'.repeat(501), tasks: [] },
      `\`name\` of the job is "${'x'.repeat(79)}…; it must be ${JOB_NAME}.`,
    ],
    ['one without tasks', { name: 'job' }, '`tasks` of the job is undefined; it must be a list of tasks.'],
    ['one with an object for tasks', { name: 'job', tasks: {} }, '`tasks` of the job is {}; it must be a list of tasks.'],
    ['one with a text for steps', { name: 'job', tasks: [], steps: 'x' }, '`steps` of the job is "x"; it must be a list of tasks.'],
    ['a list with a number', { name: 'job', tasks: [SOURCE, 5] }, '`tasks.1` of the job is 5; it must be an object, `{ key, … }`.'],
    ['a list with null', { name: 'job', tasks: [null] }, '`tasks.0` of the job is null; it must be an object, `{ key, … }`.'],
    ['a list with a list', { name: 'job', tasks: [], steps: [[]] }, '`steps.0` of the job is []; it must be an object, `{ key, … }`.'],
  ])('is refused before anything of it is read: %s', async (_, job, message) => {
    const engine = await lab.start([echo], { plugins: [definePlugin({ name: 'looks', beforeSubmit: () => undefined })] });
    expect(await problemsOf(engine.submitJob(job as JobSubmission))).toMatchObject({ code: 'GRAPH_INVALID', problems: [{ message }] });
  });

  it.each<[unknown, string]>([
    [5, '`tasks` of the job is 5; it must be a list of tasks.'],
    [null, '`tasks` of the job is null; it must be a list of tasks.'],
    ['x', '`tasks` of the job is "x"; it must be a list of tasks.'],
    [[null], '`tasks.0` of the job is null; it must be an object, `{ key, … }`.'],
  ])('is refused as %j of `addTasks`, too', async (tasks, message) => {
    const engine = await lab.start([echo]);
    const { id } = await openJob(engine);
    expect(await problemsOf(engine.addTasks(id, tasks as TaskSubmission[]))).toMatchObject({
      code: 'GRAPH_INVALID',
      problems: [{ message }],
    });
  });

  it('says with `null` that it has no steps, no output and no options', async () => {
    const engine = await lab.start([echo]);
    const job = { name: 'job', tasks: [SOURCE], steps: null, output: null, options: null } as object as JobSubmission;
    expect(await (await engine.submitJob(job)).result()).toBeNull();
  });
});

/** A task with a value at a place, and all around it as it should be. */
function taskWith(at: readonly string[], value: unknown): TaskSubmission {
  const whole = at[0] === 'map' ? { key: 't', map: mapOf({ value: {}, refs: [] }) } : { key: 't', agent: 'echo' };
  return withValueAt(whole, at, value) as TaskSubmission;
}

function withValueAt(whole: object | undefined, [first, ...rest]: readonly string[], value: unknown): object {
  const parts = (whole ?? {}) as { readonly [part: string]: object | undefined };
  return { ...parts, [first!]: rest.length === 0 ? value : withValueAt(parts[first!], rest, value) };
}

function mapOf(input: unknown, items: readonly unknown[] = []): unknown {
  return { over: { task: 'source' }, agent: 'reads', input, items };
}

/** More than is stored of an input. */
function large({ value, refs }: { readonly value: object; readonly refs: unknown }): { readonly value: object; readonly refs: unknown } {
  return { value: { ...value, more: 'x'.repeat(2_000_000) }, refs };
}

it('a job keeps its name, but for half a character, which no column could hold', async () => {
  const engine = await lab.start([echo]);
  const { id } = await engine.submitJob({ name: 'half \ud83d 😀', tasks: [] });
  expect((await engine.job(id).status()).name).toBe('half \ufffd 😀');
});

it('an agent that is not there is told once, and of many some', async () => {
  const engine = await lab.start([echo]);
  const submit = (...allowedAgents: readonly string[]) => refusal(engine.submitJob({ name: 'job', tasks: [], options: { allowedAgents } }));
  expect((await submit('ecko', 'ecko')).details['problems']).toHaveLength(1);
  expect((await submit(...Array.from({ length: 1_000 }, (_, n) => `nobody-${n}`))).details['problems']).toHaveLength(21);
});
