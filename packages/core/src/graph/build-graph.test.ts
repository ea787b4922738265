import { describe, expect, it } from '@jest/globals';

import { growth, IN_PROPORTION_TIMES_10 } from '../../test/helpers/growth.js';
import type { GraphProblem } from '../errors/graph-error.js';
import { NO_RETRY } from '../model/retry-policy.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import { TASK_TYPES, type TaskSpec, type TaskType } from '../model/task.js';
import { buildGraph, type BuiltGraph } from './build-graph.js';
import { AGENTS_OF_THE_ENGINE } from './engine-agents.js';
import { mayContain } from './task-table.js';

const AGENTS: ReadonlySet<string> = new Set(['work', 'count-lines', 'list-files']);

function build(tasks: readonly TaskSubmission[], more: Partial<JobSubmission> = {}, maxTasks = 100_000, maxEdges = 1_000_000): BuiltGraph {
  return buildGraph({ name: 'job', tasks, ...more }, { agentNames: AGENTS, maxTasks, maxEdges });
}

/** The specs of a graph that is as it should be, by key. */
function specsOf(tasks: readonly TaskSubmission[], more: Partial<JobSubmission> = {}): { readonly [key: string]: TaskSpec } {
  const { specs, problems } = build(tasks, more);
  expect(problems).toEqual([]);
  return Object.fromEntries(specs.map((spec) => [spec.key, spec]));
}

const problemsOf = (tasks: readonly TaskSubmission[], more: Partial<JobSubmission> = {}): readonly GraphProblem[] =>
  build(tasks, more).problems;
const codesOf = (tasks: readonly TaskSubmission[], more: Partial<JobSubmission> = {}): string[] =>
  problemsOf(tasks, more).map(({ code }) => code);

const work = (key: string, more: Partial<TaskSubmission> = {}): TaskSubmission => ({ key, agent: 'work', ...more });

describe('a submitted graph', () => {
  it('gets numbers: the objective is 0, the others follow as they were given', () => {
    const { specs } = build([work('b'), work('a', { dependsOn: ['b'] })]);

    expect(specs.map(({ no, key, type, parent }) => [no, key, type, parent])).toEqual([
      [0, 'objective', 'OBJECTIVE', null],
      [1, 'b', 'TASK', 0],
      [2, 'a', 'TASK', 0],
    ]);
    expect(specs[2]!.dependencies).toEqual([{ on: 1, mode: 'completed' }]);
  });

  it('keeps everything that was said of a task', () => {
    const overrides = { timeoutMs: 5, retry: { maxAttempts: 2, kind: 'none', delayMs: 0, maxDelayMs: 0, factor: 2, jitter: 0 } } as const;
    const { a } = specsOf([
      work('a', {
        type: 'STORY',
        name: 'Name',
        description: 'Description',
        kind: 'kind',
        assignee: 'team:a',
        acceptanceCriteria: 'good',
        input: { x: 1 },
        priority: 9,
        failureStrategy: 'skip',
        overrides,
        metadata: { m: 1 },
      }),
    ]);

    expect(a).toEqual({
      no: 1,
      key: 'a',
      type: 'STORY',
      parent: 0,
      agent: 'work',
      name: 'Name',
      description: 'Description',
      kind: 'kind',
      assignee: 'team:a',
      acceptanceCriteria: 'good',
      priority: 9,
      strategy: 'skip',
      dependencies: [],
      input: { value: { x: 1 }, refs: [] },
      condition: null,
      map: null,
      overrides,
      durability: 'retry',
      deadline: null,
      runAt: null,
      review: null,
      recovery: null,
      resources: null,
      metadata: { m: 1 },
      origin: 'plan',
      originKey: null,
    });
  });

  it('may be empty: then there is the objective alone (bad input F4)', () => {
    expect(Object.keys(specsOf([]))).toEqual(['objective']);
  });

  it('may bring its own objective, wherever it stands', () => {
    const { specs } = build([work('a', { parent: 'goal' }), { key: 'goal', type: 'OBJECTIVE', agent: 'work', name: 'The goal' }]);

    expect(specs.map(({ no, key, agent, parent }) => [no, key, agent, parent])).toEqual([
      [0, 'goal', 'work', null],
      [1, 'a', 'work', 0],
    ]);
  });

  it('gets an objective whose key nobody uses, in whatever case', () => {
    expect(build([work('Objective'), work('objective-2')]).specs.map(({ key }) => key)).toEqual([
      'objective-3',
      'Objective',
      'objective-2',
    ]);
  });

  it('names its objective after the job, or as it is told', () => {
    expect(build([]).specs[0]).toMatchObject({ name: 'job', description: null });
    const named = buildGraph(
      { name: 'job', tasks: [] },
      { agentNames: AGENTS, maxTasks: 1, maxEdges: 0, objective: { name: 'Goal', description: 'Why' } },
    );
    expect(named.specs[0]).toMatchObject({ name: 'Goal', description: 'Why' });
  });

  it('gathers the output of the job in its objective', () => {
    const { objective } = specsOf([work('a')], { output: { value: { n: null }, refs: [{ at: '/n', task: 'a', path: '/n' }] } });

    expect(objective).toMatchObject({
      agent: AGENTS_OF_THE_ENGINE.output,
      dependencies: [],
      input: { refs: [{ at: '/n', task: 1, path: '/n' }] },
    });
  });

  it.each<[TaskSubmission[], string, TaskType]>([
    [[work('a')], 'a', 'TASK'],
    [[{ key: 's', type: 'STORY' }, work('a', { parent: 's' })], 'a', 'TASK'],
    [[work('t'), work('a', { parent: 't' })], 'a', 'SUBTASK'],
    [[work('t'), work('u', { parent: 't' }), work('a', { parent: 'u' })], 'a', 'SUBTASK'],
    [[work('t', { type: 'TASK' }), work('a', { parent: 't' })], 'a', 'SUBTASK'],
  ])('gives a task the type that its place suggests (%#)', (tasks, key, type) => {
    expect(specsOf(tasks)[key]!.type).toBe(type);
  });

  it("gives priorities: the task's, else the job's, else 5", () => {
    const { a, b } = specsOf([work('a', { priority: 1 }), work('b')], { options: { priority: 8 } });

    expect([a!.priority, b!.priority, specsOf([work('c')])['c']!.priority]).toEqual([1, 8, 5]);
  });
});

describe('the hierarchy of types', () => {
  it.each(TASK_TYPES.flatMap((parent) => TASK_TYPES.map((child): [TaskType, TaskType] => [parent, child])))(
    'a %s may stand above a %s',
    (parent, child) => {
      const legal = [
        'OBJECTIVE STORY',
        'OBJECTIVE TASK',
        'OBJECTIVE SUBTASK',
        'STORY TASK',
        'STORY SUBTASK',
        'TASK SUBTASK',
        'SUBTASK SUBTASK',
      ];

      expect(mayContain(parent, child)).toBe(legal.includes(`${parent} ${child}`));
    },
  );

  it('is kept', () => {
    expect(problemsOf([work('t'), work('s', { parent: 't', type: 'STORY' })])).toMatchObject([
      { code: 'ILLEGAL_PARENT', taskKey: 's', message: expect.stringContaining('a STORY under a TASK') },
    ]);
  });

  it('has one objective, and it stands on top', () => {
    expect(
      codesOf([
        { key: 'o', type: 'OBJECTIVE' },
        { key: 'p', type: 'OBJECTIVE' },
      ]),
    ).toContain('ILLEGAL_PARENT');
    expect(codesOf([{ key: 'o', type: 'OBJECTIVE', parent: 'a' }, work('a')])).toContain('ILLEGAL_PARENT');
  });
});

describe('a graph that cannot be', () => {
  it('is refused with all its problems together', () => {
    const codes = codesOf([
      work('a', { dependsOn: ['b', 'nobody'] }),
      work('b', { dependsOn: ['a'] }),
      work('b'),
      work('c d'),
      work('e', { parent: 'nowhere', priority: 11 }),
      { key: 'f', agent: 'wrok' },
      work('g', { type: 'STORY', parent: 'a' }),
      work('h', { refs: [{ at: '/x', task: 'a' }] }),
    ]);

    expect(codes.toSorted()).toEqual([
      'DUPLICATE_TASK',
      'GRAPH_CYCLE',
      'GRAPH_INVALID',
      'GRAPH_INVALID',
      'ID_INVALID',
      'ILLEGAL_PARENT',
      'UNKNOWN_AGENT',
      'UNKNOWN_DEPENDENCY',
      'UNKNOWN_PARENT',
    ]);
  });

  it('has one key twice (bad input F2)', () => {
    expect(problemsOf([work('a'), work('a')])).toMatchObject([
      { code: 'DUPLICATE_TASK', taskKey: 'a', message: 'The key "a" is used twice.' },
    ]);
  });

  it('has two keys that differ only by case (bad input F2)', () => {
    expect(problemsOf([work('Read'), work('read')])).toMatchObject([
      { code: 'DUPLICATE_TASK', message: 'The keys "Read" and "read" differ only by case.' },
    ]);
  });

  it.each(['', ' ', 'a b', '__proto__', 'constructor', 'é', '🙂', 'a\u0000', 'x'.repeat(201), "a'; DROP TABLE t", '../../x'])(
    'has the key %j, which is none',
    (key) => {
      expect(codesOf([work(key)])).toEqual(['ID_INVALID']);
    },
  );

  it.each<[string, Partial<TaskSubmission>]>([
    ['depends on', { dependsOn: ['list-file'] }],
    ['refers to', { input: { x: null }, refs: [{ at: '/x', task: 'list-file' }] }],
    ['has the condition on', { when: { task: 'list-file' } }],
    [
      'maps over',
      { agent: undefined as never, map: { over: { task: 'list-file' }, agent: 'work', input: { value: null, refs: [] }, items: [] } },
    ],
  ])('has a task that %s one that is not there, and says which was meant (bad input F3)', (verb, more) => {
    const { agent, ...rest } = { ...work('a'), ...more };

    expect(problemsOf([{ ...rest, ...(agent === undefined ? undefined : { agent }) }, work('list-files')])).toMatchObject([
      {
        code: 'UNKNOWN_DEPENDENCY',
        taskKey: 'a',
        message: `"a" ${verb} "list-file", which is not in the job; did you mean list-files?`,
        details: { dependency: 'list-file' },
      },
    ]);
  });

  it('has a task under one that is not there', () => {
    expect(problemsOf([work('a', { parent: 'stroy' }), { key: 'story' }])).toMatchObject([
      { code: 'UNKNOWN_PARENT', message: expect.stringContaining('did you mean story?') },
    ]);
  });

  it('names an agent that nobody registered, or that the job does not allow', () => {
    expect(problemsOf([{ key: 'a', agent: 'count-line' }])).toMatchObject([
      { code: 'UNKNOWN_AGENT', message: expect.stringContaining('did you mean count-lines'), details: { agent: 'count-line' } },
    ]);
    expect(codesOf([work('a')], { options: { allowedAgents: ['list-files'] } })).toEqual(['AGENT_NOT_ALLOWED']);
    expect(
      codesOf(
        [
          { key: 'a', map: { over: { task: 'b' }, agent: 'work', input: { value: null, refs: [] }, items: [] } },
          { key: 'b', agent: 'list-files' },
        ],
        { options: { allowedAgents: ['list-files'] } },
      ),
    ).toEqual(['AGENT_NOT_ALLOWED']);
  });

  it.each<[string, Partial<TaskSubmission>]>([
    ['a classifier, which is code', { overrides: { retry: { ...NO_RETRY, retryOn: () => true } as never } }],
    ['priority 0', { priority: 0 }],
    ['priority 11', { priority: 11 }],
    ['priority 1.5', { priority: 1.5 }],
    ['priority NaN', { priority: Number.NaN }],
    ['no such type', { type: 'EPIC' as TaskType }],
    ['no such strategy', { failureStrategy: 'ignore' as 'skip' }],
    ['no such mode', { dependsOn: [{ task: 'b', mode: 'done' as 'settled' }] }],
    ['a pointer that is none', { input: { x: null }, refs: [{ at: '/x', task: 'b', path: 'x' }] }],
    ['a condition by a pointer that is none', { when: { task: 'b', path: 'x' } }],
    ['an agent and a map', { map: { over: { task: 'b' }, agent: 'work', input: { value: null, refs: [] }, items: [] } }],
  ])('has a task with %s', (_, more) => {
    expect(codesOf([work('a', more), work('b')])).toContain('GRAPH_INVALID');
  });

  it.each([0, -1, 1.5, Number.NaN, '2' as unknown as number])('has a map in batches of %p', (batch) => {
    const map = { over: { task: 'b' }, agent: 'work', input: { value: null, refs: [] }, items: [], batch };

    expect(codesOf([{ key: 'a', map }, work('b')])).toEqual(['GRAPH_INVALID']);
  });

  it.each(['/y', '/x/y', '/list/2', '/list/-', '/list/length', '/__proto__/polluted', '/constructor/prototype/polluted', '/a/b/c'])(
    'has a ref for %s, a place that its input does not have',
    (at) => {
      const input = { x: null, list: [1, 2], a: {} };
      const isNew = at === '/y';

      expect(codesOf([work('a', { input, refs: [{ at, task: 'b' }] }), work('b')])).toEqual(isNew ? [] : ['GRAPH_INVALID']);
    },
  );

  it('has an objective with an agent and an output of the job', () => {
    expect(codesOf([{ key: 'o', type: 'OBJECTIVE', agent: 'work' }], { output: { value: 1, refs: [] } })).toEqual(['GRAPH_INVALID']);
  });

  it('has more tasks than allowed: then nothing else is looked at (bad input F4)', () => {
    const tasks = Array.from({ length: 11 }, () => work('same'));

    expect(build(tasks, {}, 10).problems).toMatchObject([{ code: 'GRAPH_LIMIT', details: { tasks: 11, limit: 10 } }]);
    expect(
      build(
        Array.from({ length: 10 }, (_, no) => work(`t${no}`)),
        {},
        10,
      ).problems,
    ).toEqual([]);
  });
});

describe('what the compiler did not see', () => {
  const over = { task: 'list-files' };
  const input = { value: null, refs: [] };
  const lists = work('list-files', { agent: 'list-files' });

  it.each<readonly [part: string, tasks: readonly unknown[], more?: object]>([
    ['`map` of "m"', [lists, { key: 'm', map: { over, agent: 'work', input } }]],
    ['`map` of "m"', [lists, { key: 'm', map: { agent: 'work', input, items: [] } }]],
    ['`map` of "m"', [lists, { key: 'm', map: { over, agent: 'work', items: [] } }]],
    ['`map` of "m"', [lists, { key: 'm', map: { over, input, items: [] } }]],
    ['`map` of "m"', [lists, { key: 'm', map: { over, agent: 'work', input, items: [null] } }]],
    ['`map` of "m"', [lists, { key: 'm', map: 'all' }]],
    ['`refs` of "m"', [{ key: 'm', agent: 'work', refs: { at: '/x', task: 'a' } }]],
    ['`refs` of "m"', [{ key: 'm', agent: 'work', refs: ['a'] }]],
    ['`dependsOn` of "m"', [{ key: 'm', agent: 'work', dependsOn: 'a' }]],
    ['`dependsOn` of "m"', [{ key: 'm', agent: 'work', dependsOn: [null] }]],
    ['`when` of "m"', [{ key: 'm', agent: 'work', when: 'a' }]],
    ['`output` of the job', [{ key: 'm', agent: 'work' }], { output: { value: null } }],
  ])('is a problem among the others: %s in %j', (part, tasks, more = {}) => {
    const problems = problemsOf([...(tasks as readonly TaskSubmission[]), work('b', { priority: 11 })], more);

    expect(problems.map(({ code }) => code)).toEqual(['GRAPH_INVALID', 'GRAPH_INVALID']);
    expect(problems.map(({ message }) => message).filter((message) => message.startsWith(`${part} is `))).toHaveLength(1);
  });

  it.each<readonly [place: string, key: unknown, task: object]>([
    ['dependsOn.1.task', { toString: 1 }, { dependsOn: ['list-files', { task: { toString: 1 } }] }],
    ['dependsOn.0.task', undefined, { dependsOn: [{ mode: 'failed' }] }],
    ['refs.0.task', { toString: 1 }, { input: null, refs: [{ at: '', task: { toString: 1 } }] }],
    ['when.task', { toString: 1 }, { when: { task: { toString: 1 } } }],
    ['map.over.task', 5, { agent: undefined, map: { over: { task: 5 }, agent: 'work', input, items: [] } }],
    [
      'map.input.refs.0.task',
      null,
      { agent: undefined, map: { over, agent: 'work', input: { value: [null], refs: [{ at: '/0', task: null }] }, items: [] } },
    ],
  ])('names a task with what is no key: `%s` is %j', (place, key, task) => {
    const message = `\`${place}\` of "m" is ${JSON.stringify(key)}; it must be the key of a task.`;
    expect(problemsOf([lists, work('m', task)])).toEqual([
      { code: 'GRAPH_INVALID', taskKey: 'm', message, details: { path: `/${place.replaceAll('.', '/')}` } },
    ]);
  });

  it('reads a task with what is no key into the output of the job', () => {
    const output = { value: null, refs: [{ at: '', task: { toString: 1 } as never }] };
    expect(problemsOf([work('a')], { output })).toMatchObject([
      { code: 'UNKNOWN_DEPENDENCY', message: expect.stringContaining('{"toString":1}') },
    ]);
  });

  it.each([[Symbol('soon')], ['soon'], [5]])('depends in no mode, which is said once and counts as none: %p', (mode) => {
    const story = { key: 's', type: 'STORY', dependsOn: [{ task: 'list-files', mode }] } as never;
    const refers = work('in-story', { parent: 's', input: null, refs: [{ at: '', task: 'list-files' }] });
    for (const dependsOn of [[{ task: 'list-files', mode }], ['list-files', { task: 'list-files', mode }]]) {
      const { problems, specs } = build([lists, work('m', { dependsOn: dependsOn as never }), story, refers]);
      expect(problems.map(({ code, taskKey }) => [code, taskKey])).toEqual([
        ['GRAPH_INVALID', 'm'],
        ['GRAPH_INVALID', 's'],
      ]);
      expect(problems[0]!.message).toMatch(/^`mode` of a dependency of "m" is /);
      for (const no of [2, 4]) expect(specs[no]!.dependencies).toEqual([{ on: 1, mode: 'completed' }]);
    }
  });

  it.each([[10n], [Symbol('x')]])('is reviewed by %p', (agent) => {
    expect(problemsOf([work('m', { review: { by: 'agent', agent: agent as never } })])).toMatchObject([
      { message: expect.stringMatching(/^`review.agent` of "m" is (10n|Symbol\(x\)); it must be the name/) },
    ]);
  });

  it('and says with `null` that there is none is none', () => {
    const { a } = specsOf([{ ...work('a'), refs: null, dependsOn: null, when: null, map: null } as unknown as TaskSubmission]);

    expect(a).toMatchObject({ dependencies: [], condition: null, map: null });
  });
});

describe('a circle (bad input F1)', () => {
  it.each<[string, TaskSubmission[], string]>([
    ['of one', [work('a', { dependsOn: ['a'] })], '"a" waits for itself.'],
    ['of two', [work('a', { dependsOn: ['b'] }), work('b', { dependsOn: ['a'] })], 'Tasks wait for each other in a circle: a → b → a.'],
    ['through a ref', [work('a', { input: { x: null }, refs: [{ at: '/x', task: 'b' }] }), work('b', { dependsOn: ['a'] })], 'a → b → a'],
    ['through a condition', [work('a', { when: { task: 'b' } }), work('b', { dependsOn: ['a'] })], 'a → b → a'],
    ['of a task and the one it stands under', [work('p'), work('c', { parent: 'p', dependsOn: ['p'] })], 'p → c → p'],
    [
      'of a task that refers to the one it stands under',
      [work('p'), work('c', { parent: 'p', input: { x: null }, refs: [{ at: '/x', task: 'p' }] })],
      'p → c → p',
    ],
    ['of a condition on a task below', [work('p', { when: { task: 'c' } }), work('c', { parent: 'p' })], 'p → c → p'],
    ['of parents', [work('a', { type: 'SUBTASK', parent: 'b' }), work('b', { type: 'SUBTASK', parent: 'a' })], 'a → b → a'],
    ['of a parent that is its own', [work('a', { type: 'SUBTASK', parent: 'a' })], '"a" waits for itself.'],
  ])('%s is refused and shown', (_, tasks, shown) => {
    expect(problemsOf(tasks)).toMatchObject([{ code: 'GRAPH_CYCLE', message: expect.stringContaining(shown) }]);
  });

  it('of 10,000 is shown with ten of its names', () => {
    const [problem] = problemsOf(Array.from({ length: 10_000 }, (_, no) => work(`t${no}`, { dependsOn: [`t${(no + 9_999) % 10_000}`] })));

    expect(problem!.message.split('→')).toHaveLength(11);
    expect(problem!.message).toContain('… 9991 more …');
    expect(problem!.details!['cycle']).toHaveLength(10);
  });

  it('is found beside other problems', () => {
    expect(codesOf([work('a', { dependsOn: ['b', 'nobody'] }), work('b', { dependsOn: ['a'] })])).toEqual([
      'UNKNOWN_DEPENDENCY',
      'GRAPH_CYCLE',
    ]);
  });
});

describe('what a task depends on', () => {
  const ref = (task: string): Partial<TaskSubmission> => ({ input: { x: null }, refs: [{ at: '/x', task }] });
  const edges = (spec: TaskSpec | undefined): unknown => spec!.dependencies;

  it('is what it names, what it refers to, its condition and the list it maps over, each once', () => {
    const { specs, problems } = build([
      work('a'),
      work('b'),
      work('c'),
      work('d', {
        dependsOn: ['b', 'a', 'b'],
        input: { x: null, y: null },
        refs: [
          { at: '/x', task: 'a' },
          { at: '/y', task: 'c' },
        ],
        when: { task: 'c' },
      }),
      { key: 'e', map: { over: { task: 'a' }, agent: 'work', input: { value: { x: null }, refs: [{ at: '/x', task: 'b' }] }, items: [] } },
    ]);

    expect(problems).toEqual([]);
    expect(specs.slice(4).map(({ dependencies }) => dependencies.map(({ on }) => on).toSorted())).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
  });

  it('has the mode that was said, also for refs', () => {
    const { b } = specsOf([work('a'), work('b', { ...ref('a'), dependsOn: [{ task: 'a', mode: 'settled' }] })]);

    expect(edges(b)).toEqual([{ on: 1, mode: 'settled' }]);
  });

  it('goes on whatever the end of a source whose strategy is "continue"', () => {
    const { b, c } = specsOf([work('a', { failureStrategy: 'continue' }), work('b', { dependsOn: ['a'] }), work('c', ref('a'))]);

    expect([edges(b), edges(c)]).toEqual([[{ on: 1, mode: 'settled' }], [{ on: 1, mode: 'settled' }]]);
  });

  it('needs a source to complete where the dependent says so, whatever the strategy', () => {
    const { b } = specsOf([work('a', { failureStrategy: 'continue' }), work('b', { dependsOn: [{ task: 'a', mode: 'completed' }] })]);

    expect(edges(b)).toEqual([{ on: 1, mode: 'completed' }]);
  });

  it('has, for a ref to a task inside a story, the mode that was said of the story', () => {
    const { b } = specsOf([
      { key: 's', type: 'STORY' },
      work('a', { parent: 's' }),
      work('b', { ...ref('a'), dependsOn: [{ task: 's', mode: 'settled' }] }),
    ]);

    expect(edges(b)).toEqual([
      { on: 1, mode: 'settled' },
      { on: 2, mode: 'settled' },
    ]);
  });

  it('has, for a ref of a task inside a story, the mode that the story said', () => {
    const { b } = specsOf([
      work('a'),
      { key: 's', type: 'STORY', dependsOn: [{ task: 'a', mode: 'settled' }] },
      work('b', { ...ref('a'), parent: 's' }),
    ]);

    expect(edges(b)).toEqual([{ on: 1, mode: 'settled' }]);
  });

  it('is nothing for a ref to a task below: a parent runs after its children anyway', () => {
    const { p } = specsOf([work('p', ref('c')), work('c', { parent: 'p' })]);

    expect(edges(p)).toEqual([]);
    expect(p!.input.refs).toEqual([{ at: '/x', task: 2, path: '' }]);
  });
});

describe('a strategy', () => {
  it('is the task\'s own, else that of what it stands under, else the job\'s, else "abort"', () => {
    const tasks: TaskSubmission[] = [
      { key: 's', type: 'STORY', failureStrategy: 'continue' },
      work('inherits', { parent: 's' }),
      work('deep', { parent: 'inherits' }),
      work('own', { parent: 's', failureStrategy: 'abort' }),
      work('outside'),
    ];
    const strategies = (more: Partial<JobSubmission>): unknown =>
      Object.values(specsOf(tasks, more)).map(({ key, strategy }) => `${key} ${strategy}`);

    expect(strategies({})).toEqual(['objective abort', 's continue', 'inherits continue', 'deep continue', 'own abort', 'outside abort']);
    expect(strategies({ options: { failureStrategy: 'skip' } })).toContain('outside skip');
  });

  it('of the objective holds for the whole job', () => {
    const { a } = specsOf([{ key: 'o', type: 'OBJECTIVE', failureStrategy: 'skip' }, work('a')], { options: { failureStrategy: 'abort' } });

    expect(a!.strategy).toBe('skip');
  });
});

describe('a map', () => {
  const map = {
    over: { task: 'list', path: '/paths' },
    agent: 'count-lines',
    input: { value: { path: null }, refs: [] },
    items: [{ at: '/path', path: '' }],
  };

  it('reads its list when it starts', () => {
    const { each } = specsOf([work('list'), { key: 'each', map }]);

    expect(each).toMatchObject({
      agent: AGENTS_OF_THE_ENGINE.map,
      input: { value: { items: null }, refs: [{ at: '/items', task: 1, path: '/paths' }] },
      map: { agent: 'count-lines', items: [{ at: '/path', path: '' }] },
      dependencies: [{ on: 1, mode: 'completed' }],
    });
  });

  it('puts its items only where its input has a place', () => {
    expect(codesOf([work('list'), { key: 'each', map: { ...map, items: [{ at: '/__proto__/x', path: '' }] } }])).toEqual(['GRAPH_INVALID']);
    expect(codesOf([work('list'), { key: 'each', map: { ...map, items: [{ at: 'path', path: '' }] } }])).toEqual(['GRAPH_INVALID']);
  });

  it('is a condition as a whole only', () => {
    const tasks = (path: string): TaskSubmission[] => [work('list'), { key: 'each', map }, work('then', { when: { task: 'each', path } })];

    expect(codesOf(tasks(''))).toEqual([]);
    expect(codesOf(tasks('/0'))).toEqual(['GRAPH_INVALID']);
  });
});

describe('size (bad input F4)', () => {
  const chain = (count: number): TaskSubmission[] =>
    Array.from({ length: count }, (_, no) => work(`t${no}`, no === 0 ? {} : { dependsOn: [`t${no - 1}`] }));
  const mistakes = (count: number): TaskSubmission[] =>
    Array.from({ length: count }, (_, no) => work(`task-number-${no}`, { dependsOn: [`tsak-number-${no}`] }));

  it.each([
    ['100,000 tasks in a chain', 100_000, chain, 0],
    ['20,000 mistakes', 20_000, mistakes, 20_000],
  ])('of %s takes time in proportion', (_, count, make, problems) => {
    expect(build(make(count)).problems).toHaveLength(problems);
    const check = (size: number) => {
      const tasks = make(size);
      return () => void build(tasks);
    };
    expect(growth(count / 10, count, check)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });

  it('of as many dependencies as are allowed passes; one more is refused, with both numbers', () => {
    const ladder = (extra: number): TaskSubmission[] => [
      ...Array.from({ length: 10 }, (_, no) => work(`a${no}`)),
      ...Array.from({ length: 10 }, (_, no) => work(`b${no}`, { dependsOn: Array.from({ length: 10 }, (__, on) => `a${on}`) })),
      // What a ref, a condition and a declaration say of the same task is one dependency.
      work('c', extra === 0 ? {} : { input: { x: null }, refs: [{ at: '/x', task: 'a0' }], dependsOn: ['a0'], when: { task: 'a0' } }),
    ];
    expect(build(ladder(0), {}, 100, 100).problems).toEqual([]);
    const { specs, problems } = build(ladder(1), {}, 100, 100);
    expect(specs).toEqual([]);
    expect(problems).toEqual([
      {
        code: 'GRAPH_LIMIT',
        taskKey: 'objective',
        message: 'The job has 101 dependencies; at most 100 are allowed.',
        details: { edges: 101, limit: 100 },
      },
    ]);
  });

  it('of a name in a message is bounded', () => {
    const [problem] = problemsOf([work('a', { dependsOn: ['x'.repeat(1_000_000)] })]);

    expect(problem!.message.length).toBeLessThan(300);
  });
});

describe('what contradicts itself is refused', () => {
  const refs = (...places: readonly string[]) => places.map((at) => ({ at, task: 'a' }));
  const input = { x: { y: { z: null }, 'y-': null }, 'x-y': null, 'x.y': null, xy: null, 'x~1y': null };
  const refused = (at: string, why: string) => [
    { code: 'GRAPH_INVALID', taskKey: 'b', message: `"${at}" in the input of "b" ${why}.`, details: { at } },
  ];

  it.each([
    [['/x', '/x'], refused('/x', 'is filled twice')],
    [['/x/y', '/x'], refused('/x/y', 'lies in "/x", which is filled as well')],
    [['/x', '/x-y', '/x.y', '/x/y/z'], refused('/x/y/z', 'lies in "/x", which is filled as well')],
    [['/x/y/z', '/x/y-', '/x/y'], refused('/x/y/z', 'lies in "/x/y", which is filled as well')],
    [['', '/x'], refused('/x', 'lies in "", which is filled as well')],
  ])('refs that fill %j', (places, problems) => {
    expect(problemsOf([work('a'), work('b', { input, refs: refs(...places) })])).toEqual(problems);
  });

  it('refs and elements that fill the same of a map', () => {
    const mapped = (items: readonly { at: string; path: string }[]) =>
      problemsOf([work('a'), { key: 'b', map: { over: { task: 'a' }, agent: 'work', input: { value: input, refs: refs('/x') }, items } }]);
    expect(mapped([{ at: '/xy', path: '' }])).toEqual([]);
    expect(mapped([{ at: '/x', path: '' }])).toEqual(refused('/x', 'is filled twice'));
    expect(mapped([{ at: '/x/y', path: '' }])).toEqual(refused('/x/y', 'lies in "/x", which is filled as well'));
  });

  it('but not refs beside each other, whatever their names begin with', () => {
    const places = ['/x/y', '/x/y-', '/x-y', '/x.y', '/xy', '/x~01y'];
    expect(problemsOf([work('a'), work('b', { input, refs: refs(...places) })])).toEqual([]);
  });

  it('a dependency in two modes; the same twice is one', () => {
    const twice = (...modes: readonly ('completed' | 'settled')[]) => [
      work('a'),
      work('b', { dependsOn: modes.map((mode) => ({ task: 'a', mode })) }),
    ];
    expect(problemsOf(twice('completed', 'settled'))).toEqual([
      { code: 'GRAPH_INVALID', taskKey: 'b', message: '"b" depends on "a" twice, as completed and as settled; say it once.' },
    ]);
    expect(specsOf(twice('settled', 'settled'))['b']!.dependencies).toEqual([{ on: 1, mode: 'settled' }]);
  });

  it('and what may have been meant is never the task that says it', () => {
    expect(problemsOf([work('a', { parent: 'b' })])[0]!.message).toBe('"a" names the parent "b", which is not in the job.');
    expect(problemsOf([work('aa'), work('ab', { dependsOn: ['ac'] })])[0]!.message).toBe(
      '"ab" depends on "ac", which is not in the job; did you mean aa?',
    );
  });
});
