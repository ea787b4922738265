import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';

import {
  defineAgent,
  defineWorkflow,
  GraphError,
  type Engine,
  type Json,
  type JobOptions,
  type JobSubmission,
  type TaskSubmission,
} from '../../src/index.js';
import type { TaskOverrides } from '../../src/model/task.js';
import type { Store } from '../../src/ports/store.js';
import { SqliteStore } from '../../src/store/sqlite-store.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { refusal, taskOf, until } from '../helpers/inspect.js';
import { SYNCHRONOUS, useLab } from '../helpers/lab.js';
import { slowSteps, turnsUntil } from '../helpers/turns.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const MIB = 1_048_576;

const Scrape = defineAgent({
  name: 'scrape',
  input: z.object({ url: z.string(), depth: z.number().int().default(1), 'a/b': z.string().optional() }),
  output: z.object({ content: z.string() }),
  execute: ({ url }) => ({ content: `content of ${url}` }),
});

const Report = defineWorkflow({
  name: 'site-report',
  input: z.object({ sites: z.array(z.object({ url: z.string() })) }),
  plan: (flow, { sites }) => {
    for (const { url } of sites) flow.add(Scrape, { url });
  },
});

function job(...tasks: JobSubmission['tasks']): JobSubmission {
  return { name: 'a-job', tasks };
}

async function expectNothingStored(engine: Engine): Promise<void> {
  expect(await engine.reader.countJobs({})).toBe(0);
  expect(await engine.reader.countTasks({})).toBe(0);
}

/** A string whose JSON text has so many bytes. */
function textOfBytes(bytes: number): string {
  return 'x'.repeat(bytes - 2);
}

describe('a literal input', () => {
  it('that does not fit its agent is refused with a JSON Pointer to each place, and the agent is not called', async () => {
    const scrape = counted('scrape', () => ({ content: '' }));
    const strict = { ...scrape.agent, inputSchema: Scrape.inputSchema, inputJsonSchema: Scrape.inputJsonSchema };
    const engine = await lab.start([strict]);

    const error = await refusal(engine.submitJob(job({ key: 'home', agent: 'scrape', input: { url: 5, depth: 1.5, 'a/b': 1 } })));

    expect(error.code).toBe('INPUT_SCHEMA');
    expect(error.message).toContain('"home"');
    const issues = error.details['issues'] as { path: string }[];
    expect(issues.map(({ path }) => path).sort()).toEqual(['/a~1b', '/depth', '/url']);
    expect(error.remedy).not.toBe('');
    expect(scrape.starts).toEqual([]);
    await expectNothingStored(engine);
  });

  it('is checked for every task, and all that is wrong is said at once', async () => {
    const engine = await lab.start([Scrape]);
    const error = await refusal(
      engine.submitJob(
        job(
          { key: 'one', agent: 'scrape', input: {} },
          { key: 'two', agent: 'scrape', input: { url: 'ok' } },
          { key: 'three', agent: 'scrape', input: { url: null } },
        ),
      ),
    );
    expect(error).toBeInstanceOf(GraphError);
    expect((error as GraphError).problems.map(({ code, taskKey }) => [code, taskKey])).toEqual([
      ['INPUT_SCHEMA', 'one'],
      ['INPUT_SCHEMA', 'three'],
    ]);
    await expectNothingStored(engine);
  });

  it('of a workflow is checked against its schema, with JSON Pointers', async () => {
    const engine = await lab.start([Scrape, Report]);
    const error = await refusal(engine.startWorkflow('site-report', { sites: [{ url: 'a' }, { url: 7 }] }));
    expect(error.code).toBe('INPUT_SCHEMA');
    expect(error.details['issues']).toEqual([expect.objectContaining({ path: '/sites/1/url' })]);
    await expectNothingStored(engine);
  });

  it.each([
    ['a bigint', { n: 1n }],
    ['a function', { n: () => 1 }],
    ['a date', { n: new Date(0) }],
    ['not a number', { n: Number.NaN }],
    ['the key __proto__', JSON.parse('{"n":{"__proto__":1}}')],
    ['undefined in a list', { n: [undefined] }],
  ])('that holds %s is refused with the place', async (_, input: unknown) => {
    const engine = await lab.start([echo]);
    const error = await refusal(engine.submitJob(job({ key: 'a', agent: 'echo', input: input as Json })));
    expect(error.code).toBe('INPUT_NOT_JSON');
    expect(error.details['path']).toEqual(expect.stringMatching(/^\/n/));
    await expectNothingStored(engine);
  });

  it('that contains itself, or is nested 20,000 deep, is refused and the process lives', async () => {
    const engine = await lab.start([echo]);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let deep: Json = 1;
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    for (const input of [circle as Json, deep]) {
      expect((await refusal(engine.submitJob(job({ key: 'a', agent: 'echo', input })))).code).toBe('INPUT_NOT_JSON');
      expect((await refusal(engine.submitJob({ ...job({ key: 'a', agent: 'echo' }), input }))).code).toBe('INPUT_NOT_JSON');
    }
    await expectNothingStored(engine);
  });

  it('keeps its property order, its unknown text and its nulls', async () => {
    const engine = await lab.start([echo]);
    const input = { z: null, a: 'nul \u0000, lone \ud800, emoji 🐙, rtl \u202e', 10: [], 9: { '': 0 } };
    const handle = await engine.submitJob({ ...job({ key: 'a', agent: 'echo', input, type: 'OBJECTIVE' }), input });
    expect(JSON.stringify(await handle.result())).toBe(JSON.stringify(input));
    expect(JSON.stringify((await engine.reader.jobInput(handle.id, MIB))?.value)).toBe(JSON.stringify(input));
  });
});

describe('a task of a submission', () => {
  /** Every field of a task but those that exclude each other; a new one has to be given here. */
  type Whole = Required<Omit<TaskSubmission, 'map' | 'routeTo'>>;

  it('keeps every field: what was said is stored, shown, and still there after a restart', async () => {
    const clock = new VirtualClock();
    const now = clock.now();
    const retry = { maxAttempts: 4, kind: 'exponential', delayMs: 7, maxDelayMs: 70, factor: 3, jitter: 0.5 } as const;
    const whole: Whole = {
      key: 'whole',
      agent: 'echo',
      type: 'SUBTASK',
      parent: 'above',
      name: 'A name',
      description: 'What it is about',
      kind: 'chapter',
      assignee: 'team:legal',
      acceptanceCriteria: 'Three pages',
      input: { a: null, b: 'literal' },
      refs: [{ at: '/a', task: 'source', path: '/x', or: 1 }],
      dependsOn: [{ task: 'other', mode: 'settled' }],
      when: { task: 'source', path: '/go', or: true },
      priority: 8,
      weight: 12.5,
      failureStrategy: 'continue',
      overrides: {
        retry,
        timeoutMs: 4_321,
        idleTimeoutMs: 1_234,
        limits: ['api'],
        concurrencyKey: 'one',
        exclusive: true,
        resources: { gpu: 1 },
      } satisfies Required<TaskOverrides>,
      durability: 'at-most-once',
      deadline: now + 9_000_000,
      runAt: now + 5_000_000,
      review: { by: 'agent', agent: 'judge', maxRejections: 7 },
      useValue: { stands: 'in' },
      resources: { cpu: 2 },
      metadata: { ticket: 17 },
    };
    const options = { clock, pools: { cpu: 4, gpu: 4 }, namedLimits: { api: { concurrency: 1 } } };
    let store: Store | undefined;
    const storeAt = (path: string): Store => (store = new SqliteStore({ path, synchronous: SYNCHRONOUS }));
    const definitions = [echo, agent('judge')];
    const first = await lab.start(definitions, { ...options, storeAt });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'above', type: 'TASK' },
        { key: 'source', agent: 'echo', input: { x: 2, go: true } },
        { key: 'other', agent: 'echo' },
        whole,
      ],
      options: { confirm: true },
    });
    const { no, ...shown } = await taskOf(first, id, 'whole');
    const noOf = async (key: string): Promise<number> => (await taskOf(first, id, key)).no;
    const [above, source, other] = [await noOf('above'), await noOf('source'), await noOf('other')];
    const same = {
      key: 'whole',
      agent: 'echo',
      type: 'SUBTASK',
      parent: above,
      name: 'A name',
      description: 'What it is about',
      kind: 'chapter',
      assignee: 'team:legal',
      acceptanceCriteria: 'Three pages',
      priority: 8,
      weight: 12.5,
      durability: 'at-most-once',
      runAt: now + 5_000_000,
      deadline: now + 9_000_000,
      review: { by: 'agent', agent: 'judge', maxRejections: 7 },
      recovery: { kind: 'use-value', value: { stands: 'in' } },
      metadata: { ticket: 17 },
      origin: 'plan',
    };

    const overridden = { maxAttempts: 4, timeoutMs: 4_321, idleTimeoutMs: 1_234, resources: { gpu: 1 } };
    expect(shown).toMatchObject({ ...same, failureStrategy: 'continue', ...overridden });
    expect([...shown.dependencies].sort((a, b) => a.on - b.on)).toEqual([
      { on: source, mode: 'completed' },
      { on: other, mode: 'settled' },
    ]);
    const again = await lab.restart(first, definitions, { ...options, storeAt });
    expect(await taskOf(again, id, 'whole')).toEqual({ no, ...shown });
    // What only the engine reads.
    expect(await store!.taskSpec(id, no)).toMatchObject({
      ...same,
      strategy: 'continue',
      input: { value: { a: null, b: 'literal' }, refs: [{ at: '/a', task: source, path: '/x', or: 1 }] },
      condition: { task: source, path: '/go', or: true },
      overrides: whole.overrides,
      resources: { cpu: 2 },
    });
  });
});

describe('text in a definition that looks like code (bad input F6)', () => {
  it('is data: what other systems would evaluate reaches the agent as it was written', async () => {
    const texts = [
      '{{ this.constructor.constructor("return process")() }}',
      '${process.exit(1)}',
      '<%= process.env %>',
      '={{ $json }}',
      'javascript:alert(1)',
    ];
    const engine = await lab.start([echo]);
    const { id } = await engine.submitJob({
      name: '{{ 7 * 7 }}',
      tasks: [{ key: 't', type: 'OBJECTIVE', agent: 'echo', description: '${7 * 7}', input: { texts } }],
    });

    expect(await engine.job(id).result()).toEqual({ texts });
    const [task] = (await engine.reader.tasks({ jobId: id }, { first: 1 })).items;
    expect([(await engine.job(id).status()).name, task!.description]).toEqual(['{{ 7 * 7 }}', '${7 * 7}']);
  });
});

describe('the problems of a graph', () => {
  it('are reported together: a cycle, a duplicate key and an unknown dependency in one error (B3, D20, D24, M5)', async () => {
    const engine = await lab.start([echo]);
    const error = await refusal(
      engine.submitJob(
        job(
          { key: 'a', agent: 'echo', dependsOn: ['b'] },
          { key: 'b', agent: 'echo', dependsOn: ['a'] },
          { key: 'c', agent: 'echo' },
          { key: 'c', agent: 'echo' },
          { key: 'd', agent: 'echo', dependsOn: ['nowhere'] },
        ),
      ),
    );
    expect(error.code).toBe('GRAPH_INVALID');
    expect((error as GraphError).problems.map(({ code }) => code).sort()).toEqual(['DUPLICATE_TASK', 'GRAPH_CYCLE', 'UNKNOWN_DEPENDENCY']);
    for (const part of ['a → b → a', '"c"', '"nowhere"']) expect(error.message).toContain(part);
    await expectNothingStored(engine);
  });

  it('include inputs that do not fit, although the graph has problems of its own', async () => {
    const engine = await lab.start([Scrape]);
    const error = await refusal(
      engine.submitJob(
        job({ key: 'a', agent: 'scrape', input: { url: 1 } }, { key: 'b', agent: 'scrape', input: { url: 'x' }, dependsOn: ['c'] }),
      ),
    );
    expect((error as GraphError).problems.map(({ code }) => code).sort()).toEqual(['INPUT_SCHEMA', 'UNKNOWN_DEPENDENCY']);
  });

  it.each<[string, string, JobSubmission['tasks']]>([
    ['a task that waits for itself', 'GRAPH_CYCLE', [{ key: 'a', agent: 'echo', dependsOn: ['a'] }]],
    ['a child that waits for its parent', 'GRAPH_CYCLE', [{ key: 'a' }, { key: 'b', agent: 'echo', parent: 'a', dependsOn: ['a'] }]],
    [
      'parents in a circle',
      'GRAPH_CYCLE',
      [
        { key: 'a', parent: 'b' },
        { key: 'b', parent: 'a' },
      ],
    ],
    [
      'a task in a story that waits for what waits for the story',
      'GRAPH_CYCLE',
      [
        { key: 's', type: 'STORY' },
        { key: 'in', agent: 'echo', parent: 's', dependsOn: ['out'] },
        { key: 'out', agent: 'echo', dependsOn: ['s'] },
      ],
    ],
    [
      'keys that differ only by case',
      'DUPLICATE_TASK',
      [
        { key: 'Task', agent: 'echo' },
        { key: 'task', agent: 'echo' },
      ],
    ],
    ['a parent that is not there', 'UNKNOWN_PARENT', [{ key: 'a', agent: 'echo', parent: 'b' }]],
    ['a story under a task', 'ILLEGAL_PARENT', [{ key: 'a' }, { key: 'b', type: 'STORY', parent: 'a' }]],
    [
      'two objectives',
      'ILLEGAL_PARENT',
      [
        { key: 'a', type: 'OBJECTIVE' },
        { key: 'b', type: 'OBJECTIVE' },
      ],
    ],
    ['a ref to nothing', 'UNKNOWN_DEPENDENCY', [{ key: 'a', agent: 'echo', input: { x: null }, refs: [{ at: '/x', task: 'b' }] }]],
    ['an agent nobody knows', 'UNKNOWN_AGENT', [{ key: 'a', agent: 'ecko' }]],
    ['an empty key', 'ID_INVALID', [{ key: '', agent: 'echo' }]],
    ['a key with a blank', 'ID_INVALID', [{ key: 'a b', agent: 'echo' }]],
    ['a prototype name as key', 'ID_INVALID', [{ key: '__proto__', agent: 'echo' }]],
    ['a key of 201 characters', 'ID_INVALID', [{ key: 'k'.repeat(201), agent: 'echo' }]],
    ['a priority of 11', 'GRAPH_INVALID', [{ key: 'a', agent: 'echo', priority: 11 }]],
    [
      'a pointer that is none',
      'GRAPH_INVALID',
      [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'echo', input: null, refs: [{ at: 'x', task: 'a' }] },
      ],
    ],
    [
      'a pointer to a place the input has not',
      'GRAPH_INVALID',
      [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'echo', input: { x: 1 }, refs: [{ at: '/y/z', task: 'a' }] },
      ],
    ],
    ['metadata that is not JSON', 'INPUT_NOT_JSON', [{ key: 'a', agent: 'echo', metadata: { n: 1n } as never }]],
    [
      'a fallback that is not JSON',
      'INPUT_NOT_JSON',
      [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'echo', input: { x: null }, refs: [{ at: '/x', task: 'a', or: { n: 1n } as never }] },
      ],
    ],
  ])('refuse %s with %s', async (_, code, tasks) => {
    const engine = await lab.start([echo]);
    const error = await refusal(engine.submitJob(job(...tasks)));
    expect(error instanceof GraphError ? error.problems.map((problem) => problem.code) : [error.code]).toContain(code);
    await expectNothingStored(engine);
  });

  it('name the shortest circle, and at most 10 tasks of a long one', async () => {
    const engine = await lab.start([echo]);
    const ring = Array.from({ length: 500 }, (_, n) => ({ key: `ring-${n}`, agent: 'echo', dependsOn: [`ring-${(n + 1) % 500}`] }));
    const error = await refusal(engine.submitJob(job(...ring)));
    expect(error.code).toBe('GRAPH_CYCLE');
    expect(error.details['cycle']).toHaveLength(10);
    expect(error.message).toContain('491 more');
  });

  it('do not include too few tasks: an empty job completes at once', async () => {
    const engine = await lab.start([]);
    const handle = await engine.submitJob(job());
    expect(await handle.result()).toBeNull();
    expect(await handle.status()).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('include too many tasks: the limit passes, one more is refused with both numbers', async () => {
    const engine = await lab.start([echo], { limits: { tasksPerJob: 5 } });
    const tasks = Array.from({ length: 6 }, (_, n) => ({ key: `t${n}`, agent: 'echo' }));
    await (await engine.submitJob(job(...tasks.slice(0, 5)))).result();
    const error = await refusal(engine.submitJob(job(...tasks)));
    expect(error.code).toBe('GRAPH_LIMIT');
    expect(error.details).toMatchObject({ tasks: 6, limit: 5 });
  });

  it('include too many dependencies: the limit passes, one more is refused with both numbers (bad input F4)', async () => {
    const engine = await lab.start([echo], { limits: { edgesPerJob: 4 } });
    const square = (...also: readonly string[]) => [
      { key: 'a', agent: 'echo' },
      { key: 'b', agent: 'echo' },
      { key: 'c', agent: 'echo', dependsOn: ['a', 'b'] },
      { key: 'd', agent: 'echo', dependsOn: ['a', 'b', ...also] },
    ];
    await (await engine.submitJob(job(...square()))).result();
    const error = await refusal(engine.submitJob(job(...square('c'))));
    expect(error.code).toBe('GRAPH_LIMIT');
    expect(error.details).toMatchObject({ edges: 5, limit: 4 });
    expect(await engine.reader.countJobs({})).toBe(1);
  });

  it('include more than a million dependencies, unless an engine is told otherwise (bad input F4)', async () => {
    const sources = Array.from({ length: 1_000 }, (_, n) => `a${n}`);
    const tasks = [
      ...sources.map((key) => ({ key, agent: 'echo' })),
      ...sources.map((key) => ({ key: `of-${key}`, agent: 'echo', dependsOn: sources })),
    ];
    const engine = await lab.start([echo]);
    const error = await refusal(engine.submitJob(job(...tasks, { key: 'last', agent: 'echo', dependsOn: ['a0'] })));
    expect(error.details).toMatchObject({ edges: 1_000_001, limit: 1_000_000 });
    await expectNothingStored(engine);
  });
});

describe('what nobody has registered', () => {
  it('is named, with the nearest names: a workflow', async () => {
    const engine = await lab.start([Scrape, Report]);
    const error = await refusal(engine.startWorkflow('site-raport', {}));
    expect(error.code).toBe('UNKNOWN_WORKFLOW');
    expect(error.message).toContain('site-report');
    expect(error.details['nearest']).toEqual(['site-report']);
    await expectNothingStored(engine);
  });

  it('is named, with the nearest names: an agent', async () => {
    const engine = await lab.start([Scrape, agent('scrap'), agent('other')]);
    const error = await refusal(engine.submitJob(job({ key: 'a', agent: 'scrap-e' })));
    expect(error.code).toBe('UNKNOWN_AGENT');
    expect(error.details['nearest']).toEqual(['scrape', 'scrap']);
    await expectNothingStored(engine);
  });

  it('is refused inside a map, too', async () => {
    const engine = await lab.start([echo]);
    const error = await refusal(
      engine.submitJob(
        job(
          { key: 'a', agent: 'echo', input: [] },
          { key: 'm', map: { over: { task: 'a' }, agent: 'nobody', input: { value: null, refs: [] }, items: [] } },
        ),
      ),
    );
    expect(error.code).toBe('UNKNOWN_AGENT');
  });
});

describe('the options of a job', () => {
  it.each<[string, unknown]>([
    ['priority 0', { priority: 0 }],
    ['priority 11', { priority: 11 }],
    ['priority 5.5', { priority: 5.5 }],
    ['maxParallel 0', { maxParallel: 0 }],
    ['maxParallel -1', { maxParallel: -1 }],
    ['an unknown failure strategy', { failureStrategy: 'explode' }],
    ['a blank idempotency key', { idempotencyKey: '  ' }],
    ['an empty idempotency key', { idempotencyKey: '' }],
    ['an idempotency key of 201 characters', { idempotencyKey: 'k'.repeat(201) }],
    ['an agent nobody knows among the allowed', { allowedAgents: ['ecko'] }],
    ['metadata that is not JSON', { metadata: { when: new Date() } }],
    ['an option that does not exist', { priorty: 3 }],
    ['a number', 5],
    ['a text', 'priority'],
    ['a list', []],
    ['a number for metadata', { metadata: 5 }],
    ['a text for metadata', { metadata: 'x' }],
    ['a list for metadata', { metadata: [] }],
    ['a list for what is carried', { carried: [] }],
    ['a number for the allowed agents', { allowedAgents: 5 }],
    ['a text for the allowed agents', { allowedAgents: 'echo' }],
    ['an object for the allowed agents', { allowedAgents: {} }],
    ['numbers for the allowed agents', { allowedAgents: [5] }],
    ['nulls for the allowed agents', { allowedAgents: [null] }],
  ])('refuse %s', async (_, options) => {
    const engine = await lab.start([echo, Scrape, Report]);
    expect((await refusal(engine.submitJob({ ...job({ key: 'a', agent: 'echo' }), options: options as JobOptions }))).code).toBe(
      'OPTIONS_INVALID',
    );
    expect((await refusal(engine.startWorkflow(Report, { sites: [] }, options as JobOptions))).code).toBe('OPTIONS_INVALID');
    await expectNothingStored(engine);
  });

  it('are all named in one error, an unknown one with the nearest known', async () => {
    const engine = await lab.start([echo]);
    const error = await refusal(engine.submitJob({ ...job(), options: { priority: 0, maxParalel: 2 } as never }));
    expect(error.details['problems']).toHaveLength(2);
    expect(error.message).toContain('`maxParallel`');
  });

  it('that are left out take their defaults, and those given are kept', async () => {
    const engine = await lab.start([echo]);
    const plain = await engine.submitJob(job({ key: 'a', agent: 'echo' }));
    expect(await plain.status()).toMatchObject({ priority: 5, maxParallel: null, failureStrategy: 'abort', metadata: null });
    const options = { priority: 9, maxParallel: 2, failureStrategy: 'skip', allowedAgents: ['echo'], metadata: { team: 'a' } } as const;
    const given = await engine.submitJob({ ...job({ key: 'a', agent: 'echo' }), options });
    expect(await given.status()).toMatchObject({ priority: 9, maxParallel: 2, failureStrategy: 'skip', metadata: { team: 'a' } });
    expect((await engine.reader.tasks({ jobId: given.id }, { first: 10 })).items[1]).toMatchObject({
      priority: 9,
      failureStrategy: 'skip',
    });
    await Promise.all([plain.result(), given.result()]);
  });

  it('allow agents by name: another one is refused before anything is stored', async () => {
    const engine = await lab.start([echo, agent('shell')]);
    const error = await refusal(engine.submitJob({ ...job({ key: 'a', agent: 'shell' }), options: { allowedAgents: ['echo'] } }));
    expect(error.code).toBe('AGENT_NOT_ALLOWED');
    await expectNothingStored(engine);
  });
});

describe('the size of a literal input', () => {
  it('may be 1 MiB as JSON and not a byte more: of a task', async () => {
    const engine = await lab.start([agent('take')]);
    const fits = await engine.submitJob(job({ key: 'a', agent: 'take', input: textOfBytes(MIB) }));
    await fits.result();
    const error = await refusal(engine.submitJob(job({ key: 'a', agent: 'take', input: textOfBytes(MIB + 1) })));
    expect(error.code).toBe('INPUT_TOO_LARGE');
    expect(error.details).toMatchObject({ bytes: MIB + 1, limit: MIB });
    expect(await engine.reader.countJobs({})).toBe(1);
  });

  it('may be 1 MiB as JSON and not a byte more: of a workflow, and of a job', async () => {
    const Sized = defineWorkflow({ name: 'sized', input: z.string(), plan: () => undefined });
    const engine = await lab.start([Sized]);
    await (await engine.startWorkflow(Sized, textOfBytes(MIB))).result();
    await (await engine.submitJob({ ...job(), input: textOfBytes(MIB) })).result();
    expect((await refusal(engine.startWorkflow(Sized, textOfBytes(MIB + 1)))).code).toBe('INPUT_TOO_LARGE');
    expect((await refusal(engine.submitJob({ ...job(), input: textOfBytes(MIB + 1) }))).code).toBe('INPUT_TOO_LARGE');
  });

  it('is counted in bytes of UTF-8, not in characters', async () => {
    const engine = await lab.start([agent('take')]);
    const error = await refusal(engine.submitJob(job({ key: 'a', agent: 'take', input: '🐙'.repeat(MIB / 4) })));
    expect(error.code).toBe('INPUT_TOO_LARGE');
  });

  it('can be set', async () => {
    const engine = await lab.start([echo], { limits: { inputBytes: 10 } });
    await (await engine.submitJob(job({ key: 'a', agent: 'echo', input: '12345678' }))).result();
    expect((await refusal(engine.submitJob(job({ key: 'a', agent: 'echo', input: '123456789' })))).code).toBe('INPUT_TOO_LARGE');
  });
});

describe('an idempotency key', () => {
  it('gives the same job to the same body, whatever the order of its keys, also after a restart', async () => {
    const run = counted('run');
    const engine = await lab.start([run.agent]);
    const options = { idempotencyKey: 'order-7', metadata: { a: 1, b: 2 } };
    const first = await engine.submitJob({ ...job({ key: 'a', agent: 'run', input: { x: 1, y: 2 } }), options });
    const again = await engine.submitJob({
      ...job({ key: 'a', agent: 'run', input: { y: 2, x: 1 } }),
      options: { ...options, metadata: { b: 2, a: 1 } },
    });
    expect(again.id).toBe(first.id);
    await first.result();
    const restarted = await lab.restart(engine, [run.agent]);
    const later = await restarted.submitJob({ ...job({ key: 'a', agent: 'run', input: { x: 1, y: 2 } }), options });
    expect(later.id).toBe(first.id);
    expect(run.starts).toHaveLength(1);
    expect(await restarted.reader.countJobs({})).toBe(1);
  });

  it('with another body is refused, and the first job is named', async () => {
    const engine = await lab.start([echo, Scrape, Report]);
    const first = await engine.submitJob({ ...job({ key: 'a', agent: 'echo', input: 1 }), options: { idempotencyKey: 'k' } });
    const others: (() => Promise<unknown>)[] = [
      () => engine.submitJob({ ...job({ key: 'a', agent: 'echo', input: 2 }), options: { idempotencyKey: 'k' } }),
      () => engine.submitJob({ ...job({ key: 'a', agent: 'echo', input: 1 }), options: { idempotencyKey: 'k', priority: 6 } }),
      () => engine.startWorkflow(Report, { sites: [] }, { idempotencyKey: 'k' }),
    ];
    for (const other of others) {
      const error = await refusal(other());
      expect(error.code).toBe('IDEMPOTENCY_CONFLICT');
      expect(error.details['jobId']).toBe(first.id);
    }
    expect(await engine.reader.countJobs({})).toBe(1);
  });

  it('with a body that is no JSON is refused with a code, like any other', async () => {
    const engine = await lab.start([echo]);
    await engine.submitJob({ ...job({ key: 'a', agent: 'echo', input: 1 }), options: { idempotencyKey: 'k' } });
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const input of [circle, { n: 1n }]) {
      const error = await refusal(
        engine.submitJob({ ...job({ key: 'a', agent: 'echo', input: input as Json }), options: { idempotencyKey: 'k' } }),
      );
      expect(['INPUT_NOT_JSON', 'IDEMPOTENCY_CONFLICT']).toContain(error.code);
    }
  });

  it('gives one job to 50 callers at the same moment, and the job runs at once, without waiting for any timer', async () => {
    const run = counted('run');
    const engine = await lab.start([run.agent], { clock: new VirtualClock() });
    const submit = (): ReturnType<Engine['submitJob']> =>
      engine.submitJob({ ...job({ key: 'a', agent: 'run' }), options: { idempotencyKey: 'k' } });
    const handles = await Promise.all(Array.from({ length: 50 }, submit));
    expect(new Set(handles.map(({ id }) => id)).size).toBe(1);
    await handles[0]!.result();
    expect(run.starts).toEqual(['a']);
    expect(await engine.reader.countJobs({})).toBe(1);
  });

  it('gives one job to 50 callers of a workflow, of whom some bring another body', async () => {
    const engine = await lab.start([Scrape, Report]);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        engine.startWorkflow(Report, { sites: [{ url: `site ${n % 5 === 4 ? 'b' : 'a'}` }] }, { idempotencyKey: 'k' }),
      ),
    );
    const ids = new Set(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : [])));
    const codes = new Set(results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code: string }).code] : [])));
    expect(ids.size).toBe(1);
    expect([...codes]).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect([10, 40]).toContain(results.filter(({ status }) => status === 'rejected').length);
    expect(await engine.reader.countJobs({})).toBe(1);
    await engine.job([...ids][0]!).result();
  });

  it('does not hold up other submissions of the same moment', async () => {
    const engine = await lab.start([echo]);
    const handles = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        engine
          .submitJob({
            ...job({ key: 'a', agent: 'echo', input: n }),
            ...(n % 2 ? { options: { idempotencyKey: `k${n % 3}`, metadata: {} } } : undefined),
          })
          .catch(() => null),
      ),
    );
    for (const handle of handles) await handle?.result();
    expect(await engine.reader.countJobs({ status: ['COMPLETED'] })).toBe(20 + 3);
  });
});

describe('a submission', () => {
  it('is durable when it resolves, and its task starts at once: no timer stands between', async () => {
    const engine = await lab.start([echo], { clock: new VirtualClock() });
    const handle = await engine.submitJob(job({ key: 'a', agent: 'echo' }));
    expect(await engine.reader.job(handle.id)).not.toBeNull();
    await handle.result();
  });

  it('is refused while the engine is not started, and after it has stopped', async () => {
    const engine = lab.create([echo]);
    expect((await refusal(engine.submitJob(job()))).code).toBe('ENGINE_STOPPED');
    await engine.start();
    await engine.stop();
    expect((await refusal(engine.submitJob(job()))).code).toBe('ENGINE_STOPPED');
    expect((await refusal(engine.startWorkflow('x', {}))).code).toBe('ENGINE_STOPPED');
  });

  it('made in a burst of 300 completes 300 times', async () => {
    const engine = await lab.start([echo]);
    const handles = await Promise.all(
      Array.from({ length: 300 }, (_, n) => engine.submitJob(job({ key: 'a', agent: 'echo', input: n, type: 'OBJECTIVE' }))),
    );
    expect(await Promise.all(handles.map((handle) => handle.result()))).toEqual(Array.from({ length: 300 }, (_, n) => n));
    await until(async () => (await engine.reader.countJobs({ status: ['COMPLETED'] })) === 300);
  });
});

describe('what a submitter does to its own objects while the job is written', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('is not done to the job: attempts see of it what is stored', async () => {
    const seen: unknown[] = [];
    const looks = agent('looks', (_input, context) => void seen.push(context.job.input, context.job.metadata));
    const engine = await lab.start([looks, echo]);
    const [input, metadata] = [{ turns: 0 }, { turns: 0 }];
    const tasks = Array.from({ length: 400 }, (_, n) => ({ key: `t${n}`, agent: n === 0 ? 'looks' : 'echo' }));
    slowSteps();
    const submitted = engine.submitJob({ name: 'job', input, tasks, options: { metadata } });
    await turnsUntil(submitted, async () => void ((input.turns += 1), (metadata.turns += 1)));
    const { id } = await submitted;
    await engine.job(id).result();
    const stored = [(await engine.reader.jobInput(id, MIB))?.value, (await engine.job(id).status()).metadata];
    expect(seen).toEqual(stored);
  });
});
