import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { isTaskloomError } from '../errors/taskloom-error.js';
import { buildGraph } from '../graph/build-graph.js';
import { compileSteps } from '../graph/compile-steps.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import { defineAgent, type AgentTarget } from './agent-definition.js';
import { compileFlow, type CompiledFlow } from './compile-flow.js';
import { Flow } from './flow.js';
import type { AnyRef } from './ref.js';
import { task } from './task-draft.js';

const ListFiles = defineAgent({
  name: 'list-files',
  input: z.object({ root: z.string() }),
  output: z.object({ paths: z.array(z.string()), ok: z.boolean(), note: z.string().optional() }),
  execute: () => ({ paths: [], ok: true }),
});
const Count = defineAgent({
  name: 'count',
  input: z.object({ paths: z.array(z.string()), label: z.string().optional() }),
  output: z.object({ lines: z.number() }),
  execute: () => ({ lines: 1 }),
});
const Write = defineAgent({
  name: 'write',
  input: z.object({ parts: z.array(z.unknown()), text: z.string().optional() }),
  output: z.object({ text: z.string() }),
  execute: () => ({ text: '' }),
});

const nameOf = (target: AgentTarget): string => (typeof target === 'string' ? target : (target as { name: string }).name);

function compile(plan: (flow: Flow) => unknown): CompiledFlow {
  const flow = new Flow();
  return compileFlow(flow, plan(flow), nameOf);
}

const tasksOf = (plan: (flow: Flow) => unknown): readonly TaskSubmission[] => compile(plan).tasks;

/** The code with which a plan is refused, at the latest when its graph is built. */
function refusalOf(plan: (flow: Flow) => unknown): string | null {
  try {
    const { tasks, output } = compile(plan);
    const submission: JobSubmission = { name: 'job', tasks, ...(output ? { output } : undefined) };
    const built = buildGraph(submission, {
      agentNames: new Set(['list-files', 'count', 'write', 'Count', 'x'.repeat(200)]),
      maxTasks: 1_000,
      maxEdges: 1_000,
    });
    return built.problems.length === 0 ? null : built.problems.map(({ code }) => code).join(' ');
  } catch (error) {
    if (isTaskloomError(error)) return error.code;
    throw error;
  }
}

describe('a task in a flow', () => {
  it('is its agent and its input', () => {
    expect(tasksOf((flow) => flow.add(ListFiles, { root: '.' }) && undefined)).toEqual([
      { key: 'list-files', agent: 'list-files', input: { root: '.' } },
    ]);
  });

  it('says everything that was said of it', () => {
    const [compiled] = tasksOf((flow) => {
      flow
        .add(ListFiles, { root: '.' })
        .named('files')
        .describedAs('List the files', 'All of them')
        .ofKind('read')
        .acceptedWhen('there are some')
        .retry({ maxAttempts: 3, delay: '1s' })
        .timeout('10s')
        .priority(8)
        .onFailure('skip')
        .withMetadata({ team: 'x' });
    });

    expect(compiled).toMatchObject({
      key: 'files',
      name: 'List the files',
      description: 'All of them',
      kind: 'read',
      acceptanceCriteria: 'there are some',
      priority: 8,
      failureStrategy: 'skip',
      metadata: { team: 'x' },
      overrides: { timeoutMs: 10_000, retry: { maxAttempts: 3, delayMs: 1_000 } },
    });
  });

  it('may be a draft that a builder made', () => {
    expect(tasksOf((flow) => void flow.add(task(ListFiles, { root: '.' }).named('files')))[0]).toMatchObject({
      key: 'files',
      agent: 'list-files',
    });
  });

  it.each(['5 minutes', '-1s'])('is refused with the timeout %j, naming the task', (timeout) => {
    expect(() => tasksOf((flow) => void flow.add(ListFiles, { root: '.' }).timeout(timeout as '1s'))).toThrow('task "list-files"');
  });
});

describe('keys', () => {
  it("are the agents' names, numbered where they repeat", () => {
    const keys = tasksOf((flow) => {
      for (let count = 0; count < 3; count += 1) flow.add(ListFiles, { root: '.' });
    }).map(({ key }) => key);

    expect(keys).toEqual(['list-files', 'list-files-2', 'list-files-3']);
  });

  it('that were given come first, wherever they stand', () => {
    const keys = tasksOf((flow) => {
      flow.add(ListFiles, { root: '.' });
      flow.add(Count, { paths: [] }).named('list-files');
    }).map(({ key }) => key);

    expect(keys).toEqual(['list-files-2', 'list-files']);
  });

  it.each([
    ['Gather all files', 'gather-all-files'],
    ['  Über   straße! ', 'uber-stra-e'],
    ['日本語', 'story'],
    ['', 'story'],
    ['a'.repeat(100), 'a'.repeat(60)],
  ])('of the story %j is %s', (title, key) => {
    expect(tasksOf((flow) => void flow.story(title))[0]!.key).toBe(key);
  });

  it.each<[string, (flow: Flow) => unknown]>([
    [
      'stories titled like what no key may be',
      (flow) => void [flow.story('Prototype'), flow.story('Constructor')].map((story) => story.add(ListFiles, { root: '.' })),
    ],
    ['agents whose names differ only by case', (flow) => void [flow.add('count', {}), flow.add('Count', {})]],
    [
      "a given key that differs from an agent's name only by case",
      (flow) => void [flow.add('count', {}), flow.add('write', {}).named('COUNT')],
    ],
    ['an agent with the longest name there is, twice', (flow) => void [flow.add('x'.repeat(200), {}), flow.add('x'.repeat(200), {})]],
    [
      'a map of an agent with the longest name there is',
      (flow) => void flow.map(flow.add(ListFiles, { root: '.' }).out.paths, () => task('x'.repeat(200), {})),
    ],
  ])('that nobody gave are never the reason to refuse a plan: %s', (_, plan) => {
    expect(refusalOf(plan)).toBeNull();
  });
});

describe('refs in an input', () => {
  it('become holes, at any depth, and leave null in their place', () => {
    const [, , compiled] = tasksOf((flow) => {
      const files = flow.add(ListFiles, { root: '.' });
      const count = flow.add(Count, { paths: files.out.paths });
      flow.add(Write, { parts: [1, { 'a/b': [count.out.lines, files.out] }], text: files.out.note.or('none') });
    });

    expect(compiled).toMatchObject({
      input: { parts: [1, { 'a/b': [null, null] }], text: null },
      refs: [
        { at: '/parts/1/a~1b/0', task: 'count', path: '/lines' },
        { at: '/parts/1/a~1b/1', task: 'list-files' },
        { at: '/text', task: 'list-files', path: '/note', or: 'none' },
      ],
    });
  });

  it('may be the whole input', () => {
    const [, compiled] = tasksOf((flow) => void flow.add(Count, flow.add(ListFiles, { root: '.' }).out as never));

    expect(compiled).toMatchObject({ input: null, refs: [{ at: '', task: 'list-files' }] });
  });

  it('leave the given object as it was', () => {
    const input = { paths: ['a'] };
    compile((flow) => void flow.add(Count, input));

    expect(input).toEqual({ paths: ['a'] });
  });

  it('of another flow are refused', () => {
    const other = new Flow().add(ListFiles, { root: '.' });

    expect(refusalOf((flow) => void flow.add(Count, { paths: other.out.paths }))).toBe('REF_USED_AS_VALUE');
    expect(refusalOf((flow) => void flow.add(Count, { paths: [] }).after(other))).toBe('REF_USED_AS_VALUE');
    expect(refusalOf((flow) => void flow.add(Count, { paths: [] }).when(other.out.ok))).toBe('REF_USED_AS_VALUE');
    expect(refusalOf(() => other.out)).toBe('REF_USED_AS_VALUE');
  });
});

describe('what a task waits for', () => {
  it('is named with its mode', () => {
    const [, , compiled] = tasksOf((flow) => {
      const files = flow.add(ListFiles, { root: '.' });
      const story = flow.story('Gather');
      flow.add(Count, { paths: [] }).after(files).after(story, 'settled');
    });

    expect(compiled!.dependsOn).toEqual([{ task: 'list-files' }, { task: 'gather', mode: 'settled' }]);
  });

  it('may be a condition, with a fallback', () => {
    const [, plain, withFallback] = tasksOf((flow) => {
      const files = flow.add(ListFiles, { root: '.' });
      flow.add(Count, { paths: [] }).when(files.out.ok);
      flow.add(Count, { paths: [] }).when(files.out.note.or('x'));
    });

    expect(plain!.when).toEqual({ task: 'list-files', path: '/ok' });
    expect(withFallback!.when).toEqual({ task: 'list-files', path: '/note', or: 'x' });
  });
});

describe('ordered steps of a flow', () => {
  const list = () => task(ListFiles, { root: '.' });
  const count = (key: string) => task(Count, { paths: [] }).named(key);
  /** What each task waits for, by its key. */
  const waitsOf = (plan: (flow: Flow) => unknown): unknown =>
    Object.fromEntries(
      tasksOf(plan).map(({ key, dependsOn = [] }) => [
        key,
        dependsOn.map((wait) => (typeof wait === 'string' ? wait : [wait.task, ...(wait.mode ? [wait.mode] : [])].join(' '))),
      ]),
    );

  it('each wait for the one before, and those of a list run beside each other', () => {
    expect(waitsOf((flow) => void flow.steps(count('a'), [count('b'), count('c')], count('d'), count('e')))).toEqual({
      a: [],
      b: ['a'],
      c: ['a'],
      d: ['b', 'c'],
      e: ['d'],
    });
  });

  it('may begin with a list, and pass over an empty one', () => {
    expect(waitsOf((flow) => void flow.steps([count('a'), count('b')], [], count('c')))).toEqual({ a: [], b: [], c: ['a', 'b'] });
  });

  it('may be part of two orders: what one says of the mode holds in both', () => {
    const waits = waitsOf((flow) => {
      const x = flow.add(list());
      const [p, q] = [flow.add(count('p')), flow.add(count('q'))];
      p.after(x, 'settled');
      flow.steps(x, [p, q]);
      flow.steps(x, q);
    });
    expect(waits).toEqual({ 'list-files': [], p: ['list-files settled'], q: ['list-files settled'] });
  });

  it('come back as they were given, each draft as its task', () => {
    const [, , last] = tasksOf((flow) => {
      const [files, [counted]] = flow.steps(list(), [count('counted')]);
      flow.add(Write, { parts: [files.out.paths, counted.out.lines] });
    });
    expect(last!.refs).toEqual([
      { at: '/parts/0', task: 'list-files', path: '/paths' },
      { at: '/parts/1', task: 'counted', path: '/lines' },
    ]);
  });

  it('wait for what was said of them and nothing else, and those beside them do so too', () => {
    const waits = waitsOf((flow) => {
      const other = flow.add(list());
      const [, [b], , d] = flow.steps(count('a'), [count('b'), count('c')], count('x'), count('d'));
      b.after(other, 'settled');
      d.after(other);
    });
    expect(waits).toEqual({
      'list-files': [],
      a: [],
      b: ['list-files settled'],
      c: ['list-files settled'],
      x: ['b', 'c'],
      d: ['list-files'],
    });
  });

  it('may be tasks and stories that have their places, and keep them', () => {
    const plan = (flow: Flow): void => {
      const files = flow.add(list());
      const story = flow.story('Gather');
      story.add(count('inside'));
      flow.steps(files, story, flow.map(files.out.paths, (path) => task(Count, { paths: [path] })).named('each'), count('last'));
    };
    expect(waitsOf(plan)).toEqual({ 'list-files': [], gather: ['list-files'], inside: [], each: ['gather'], last: ['each'] });
    expect(refusalOf(plan)).toBeNull();
  });

  it('stand inside a story where they were given to it', () => {
    const [, ...inside] = tasksOf((flow) => void flow.story('Gather').steps(count('a'), count('b')));
    expect(inside).toMatchObject([
      { key: 'a', parent: 'gather' },
      { key: 'b', parent: 'gather', dependsOn: [{ task: 'a' }] },
    ]);
  });

  it('of two orders wait for what stands before them in both', () => {
    const waits = waitsOf((flow) => {
      const last = flow.add(count('last'));
      flow.steps(count('a'), last);
      flow.steps(count('b'), last);
    });
    expect(waits).toEqual({ last: ['a', 'b'], a: [], b: [] });
  });

  it('wait for the same as steps of a submission', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const { tasks } = compileSteps(keys.map((key, place) => ({ key, ...(place === 2 ? { parallel: true } : undefined) })));
    expect(waitsOf((flow) => void flow.steps(count('a'), [count('b'), count('c')], count('d')))).toEqual(
      Object.fromEntries(tasks.map(({ key, dependsOn = [] }) => [key, dependsOn])),
    );
  });

  it('are refused in a circle, of another flow, and where they are none', () => {
    const foreign = new Flow().add(list());
    const inCircle = (flow: Flow): void => {
      const [a, b] = flow.steps(count('a'), count('b'));
      flow.steps(b, a);
    };
    expect(refusalOf(inCircle)).toBe('GRAPH_CYCLE');
    expect(refusalOf((flow) => void flow.steps(foreign, count('a')))).toBe('REF_USED_AS_VALUE');
    expect(refusalOf((flow) => void flow.steps(count('a'), foreign))).toBe('REF_USED_AS_VALUE');
    expect(refusalOf((flow) => void flow.steps(count('a'), ListFiles as never))).toBe('CONFIG_INVALID');
  });
});

describe('a story', () => {
  it('holds the tasks that were added to it, says what was said of it, and may wait and depend like a task', () => {
    const [files, story, inside] = tasksOf((flow) => {
      const list = flow.add(ListFiles, { root: '.' });
      flow
        .story('Count them')
        .named('counting')
        .describedAs('All of them')
        .onFailure('continue')
        .after(list, 'settled')
        .when(list.out.ok)
        .add(Count, { paths: list.out.paths });
    });

    expect(files!.parent).toBeUndefined();
    expect(story).toEqual({
      key: 'counting',
      type: 'STORY',
      name: 'Count them',
      description: 'All of them',
      failureStrategy: 'continue',
      dependsOn: [{ task: 'list-files', mode: 'settled' }],
      when: { task: 'list-files', path: '/ok' },
    });
    expect(inside).toMatchObject({ key: 'count', parent: 'counting' });
  });

  it('may be concluded by an agent that sees what its tasks came to', () => {
    const compiled = compile((flow) => {
      const story = flow.story('Gather');
      const count = story.add(Count, { paths: [] });
      return { text: story.concludeWith(Write, { parts: [count.out.lines] }).text };
    });

    expect(compiled.tasks[0]).toMatchObject({ type: 'STORY', agent: 'write', refs: [{ at: '/parts/0', task: 'count', path: '/lines' }] });
    expect(compiled.output).toEqual({ value: { text: null }, refs: [{ at: '/text', task: 'gather', path: '/text' }] });
  });
});

describe('a map', () => {
  it('is a task that repeats another for each item', () => {
    const [, map] = tasksOf((flow) => {
      const files = flow.add(ListFiles, { root: '.' });
      flow.map(files.out.paths, (path) => task(Count, { paths: [path], label: files.out.note.or('x') }).retry(2));
    });

    expect(map).toMatchObject({
      key: 'map-count',
      map: {
        over: { task: 'list-files', path: '/paths' },
        agent: 'count',
        input: { value: { paths: [null], label: null }, refs: [{ at: '/label', task: 'list-files', path: '/note', or: 'x' }] },
        items: [{ at: '/paths/0', path: '' }],
        overrides: { retry: { maxAttempts: 2 } },
      },
    });
    expect(map!.agent).toBeUndefined();
    expect(map!.overrides).toBeUndefined();
  });

  it('takes batches', () => {
    const [, map] = tasksOf((flow) => {
      flow.map(flow.add(ListFiles, { root: '.' }).out.paths, { batch: 200 }, (paths) => task(Count, { paths }));
    });

    expect(map!.map).toMatchObject({ batch: 200, items: [{ at: '/paths', path: '' }] });
  });

  it('can be named and described where it is made or where it is placed', () => {
    const [, inside, outside] = tasksOf((flow) => {
      const { paths } = flow.add(ListFiles, { root: '.' }).out;
      flow.map(paths, (path) => task(Count, { paths: [path] }).named('inside'));
      flow
        .map(paths, (path) => task(Count, { paths: [path] }))
        .named('outside')
        .describedAs('Count all');
    });

    expect([inside!.key, outside!.key, outside!.name]).toEqual(['inside', 'outside', 'Count all']);
  });

  it('keeps the fallback for a part that an item may not have', () => {
    const [, map] = tasksOf((flow) => {
      const files = flow.add(ListFiles, { root: '.' });
      flow.map(files.out as unknown as AnyRef<{ opt?: string }[]>, (item) => task('count', { label: item.opt.or('none') }));
    });

    expect(map!.map!.items).toEqual([{ at: '/label', path: '/opt', or: 'none' }]);
  });

  it('keeps its item to itself', () => {
    let leaked: unknown;
    const plan = (flow: Flow): void => {
      flow.map(flow.add(ListFiles, { root: '.' }).out.paths, (path) => {
        leaked = path;
        return task(Count, { paths: [path] });
      });
      flow.add(Count, { paths: [leaked as string] });
    };

    expect(refusalOf(plan)).toBe('REF_USED_AS_VALUE');
  });

  it('over a list that is there already, or under a plain condition, is refused with a code', () => {
    expect(refusalOf((flow) => void flow.map(['a'] as never, (path: AnyRef<string>) => task(Count, { paths: [path] })))).toEqual(
      expect.any(String),
    );
    expect(refusalOf((flow) => void flow.add(Count, { paths: [] }).when(true as never))).toEqual(expect.any(String));
  });
});

describe('what a plan returns', () => {
  it('is the output of the job: refs, or an object of refs', () => {
    const { output } = compile((flow) => {
      const files = flow.add(ListFiles, { root: '.' });
      return { paths: files.out.paths, fixed: 'x' };
    });

    expect(output).toEqual({ value: { paths: null, fixed: 'x' }, refs: [{ at: '/paths', task: 'list-files', path: '/paths' }] });
  });

  it('may be one ref, and may be nothing', () => {
    expect(compile((flow) => flow.add(ListFiles, { root: '.' }).out).output).toEqual({
      value: null,
      refs: [{ at: '', task: 'list-files' }],
    });
    expect(compile(() => undefined).output).toBeNull();
    expect(compile(() => null).output).toBeNull();
  });

  it('names the objective where the plan does', () => {
    expect(compile((flow) => void flow.objective('Report', 'on everything')).goal).toEqual({
      title: 'Report',
      description: 'on everything',
    });
    expect(compile(() => undefined).goal).toBeNull();
  });
});
