import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, type FailureStrategy, type TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { ended, eventsOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();
const fails = agent('fails', () => {
  throw new TypeError('no such thing');
});

describe('abort, the default', () => {
  it('ends the whole job with the failure: what runs is told to stop, the rest is cancelled, in one step (E4)', async () => {
    const reasons: unknown[] = [];
    const gate = new Gate();
    const runs = agent('runs', async (_, ctx) => {
      const told = aborted(ctx.signal).then((reason) => reasons.push(reason));
      await gate.pass();
      return told;
    });
    const failsLater = agent('fails-later', async () => {
      await gate.reached();
      throw new TypeError('no such thing');
    });
    const engine = await lab.start([runs, failsLater, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails-later' },
        { key: 'running', agent: 'runs' },
        { key: 'waiting', agent: 'echo', dependsOn: ['running'] },
      ],
    });
    const error = await refusal(handle.result());
    gate.open();
    expect(error.code).toBe('JOB_FAILED');
    expect(error.message).toContain('"bad"');
    expect(error.details).toMatchObject({ taskKey: 'bad' });
    expect(await handle.status()).toMatchObject({ status: 'FAILED', success: false });
    expect(await statusesOf(engine, handle.id)).toEqual({
      bad: 'FAILED ATTEMPTS_EXHAUSTED',
      running: 'CANCELLED JOB_FAILED',
      waiting: 'CANCELLED JOB_FAILED',
    });
    expect(await taskOf(engine, handle.id, 'bad')).toMatchObject({
      error: { code: 'AGENT_FAILED', message: 'no such thing', name: 'TypeError' },
      statusMessage: 'no such thing',
    });
    expect((await taskOf(engine, handle.id, 'objective')).status).toBe('FAILED');
    expect(reasons).toEqual([expect.objectContaining({ code: 'TASK_CANCELLED' })]);
    const types = (await eventsOf(engine, handle.id)).map(({ type }) => type);
    expect(types.slice(types.indexOf('TASK_FAILED'))).toEqual(['TASK_FAILED', 'TASKS_FAILED', 'TASKS_CANCELLED', 'JOB_FAILED']);
  });

  it('keeps what had completed', async () => {
    const engine = await lab.start([echo, fails]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'good', agent: 'echo', input: 7 },
        { key: 'bad', agent: 'fails', dependsOn: ['good'] },
      ],
    });
    await ended(engine, handle.id);
    expect(await statusesOf(engine, handle.id)).toMatchObject({ good: 'COMPLETED' });
  });

  it('leaves other jobs alone', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const engine = await lab.start([fails, waits]);
    const other = await engine.submitJob({ name: 'other', tasks: [{ key: 'a', agent: 'waits', type: 'OBJECTIVE' }] });
    await gate.reached();
    await ended(engine, (await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'fails' }] })).id);
    gate.open('fine');
    expect(await other.result()).toBe('fine');
  });

  it('with two failures at the same moment names one, and the job ends once', async () => {
    const engine = await lab.start([fails]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'fails' },
        { key: 'b', agent: 'fails' },
        { key: 'c', agent: 'fails' },
      ],
    });
    await ended(engine, handle.id);
    const types = (await eventsOf(engine, handle.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'JOB_FAILED')).toHaveLength(1);
    expect(types.filter((type) => type === 'TASK_FAILED')).toHaveLength(1);
  });
});

describe('skip', () => {
  it('skips exactly what needs the failed task; other branches finish, the job completes without success (E5)', async () => {
    const engine = await lab.start([echo, fails]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails', failureStrategy: 'skip' },
        { key: 'after', agent: 'echo', dependsOn: ['bad'] },
        { key: 'later', agent: 'echo', dependsOn: ['after', 'other'] },
        { key: 'other', agent: 'echo' },
      ],
    });
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: false, error: null });
    expect(await statusesOf(engine, handle.id)).toEqual({
      bad: 'FAILED ATTEMPTS_EXHAUSTED',
      after: 'SKIPPED DEPENDENCY_FAILED',
      later: 'SKIPPED DEPENDENCY_FAILED',
      other: 'COMPLETED',
    });
  });
});

describe('continue', () => {
  it('lets dependents run without the output: an optional property is left out, ctx.missing names the task', async () => {
    const seen: unknown[] = [];
    const Reader = defineAgent({
      name: 'reader',
      input: z.object({ value: z.unknown().optional(), list: z.array(z.unknown()) }),
      output: z.null(),
      execute: (input, ctx) => (seen.push({ input, missing: ctx.missing, dependencies: ctx.dependencies }), null),
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        const bad = flow.add(fails, {}).named('bad').onFailure('continue');
        const good = flow.add(echo, 1).named('good');
        flow.add(Reader, { value: bad.out, list: [bad.out, good.out, 'x'] });
      },
    });
    const engine = await lab.start([fails, echo, Reader, Wf]);
    const handle = await engine.startWorkflow(Wf, {});
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: false });
    expect(seen).toEqual([{ input: { list: [1, 'x'] }, missing: ['bad'], dependencies: { good: 1 } }]);
  });

  it('with a ref that needs a value is refused at submit', async () => {
    const Strict = defineAgent({ name: 'strict', input: z.object({ n: z.number() }), output: z.null(), execute: () => null });
    const engine = await lab.start([fails, Strict]);
    const error = await refusal(
      engine.submitJob({
        name: 'job',
        tasks: [
          { key: 'bad', agent: 'fails', failureStrategy: 'continue' },
          { key: 'b', agent: 'strict', input: { n: null }, refs: [{ at: '/n', task: 'bad' }] },
        ],
      }),
    );
    expect(error.code).toBe('MISSING_INPUT');
  });

  it('names a task it only waited for in ctx.missing, too', async () => {
    let missing: readonly string[] = [];
    const reader = agent('reader', (_, ctx) => void (missing = ctx.missing));
    const engine = await lab.start([fails, reader]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails', failureStrategy: 'continue' },
        { key: 'b', agent: 'reader', dependsOn: ['bad'] },
      ],
    });
    await ended(engine, handle.id);
    expect(missing).toEqual(['bad']);
  });
});

describe('the strategy of a task', () => {
  const inStory = (own: Partial<TaskSubmission>, story: Partial<TaskSubmission>): TaskSubmission[] => [
    { key: 'story', type: 'STORY', ...story },
    { key: 'bad', agent: 'fails', parent: 'story', ...own },
    { key: 'sibling', agent: 'echo', parent: 'story' },
    { key: 'next', agent: 'echo', dependsOn: ['story'] },
  ];

  it.each<[string, FailureStrategy | undefined, FailureStrategy | undefined, FailureStrategy | undefined, FailureStrategy]>([
    ['its own', 'skip', 'abort', 'abort', 'skip'],
    ["its story's where it has none", undefined, 'skip', 'abort', 'skip'],
    ["the job's where neither has one", undefined, undefined, 'continue', 'continue'],
    ['abort where nobody has one', undefined, undefined, undefined, 'abort'],
  ])('is %s', async (_, own, story, options, effective) => {
    const engine = await lab.start([echo, fails]);
    const withStrategy = (strategy: FailureStrategy | undefined): Partial<TaskSubmission> =>
      strategy ? { failureStrategy: strategy } : {};
    const handle = await engine.submitJob({
      name: 'job',
      tasks: inStory(withStrategy(own), withStrategy(story)),
      options: options ? { failureStrategy: options } : {},
    });
    const view = await ended(engine, handle.id);
    expect((await taskOf(engine, handle.id, 'bad')).failureStrategy).toBe(effective);
    expect(view.status).toBe(effective === 'abort' ? 'FAILED' : 'COMPLETED');
    expect(view.success).toBe(false);
  });

  it.each<FailureStrategy>(['skip', 'continue'])(
    '%s inside a story is tolerated by the story, and what waits for the story runs',
    async (strategy) => {
      const engine = await lab.start([echo, fails]);
      const handle = await engine.submitJob({ name: 'job', tasks: inStory({ failureStrategy: strategy }, {}) });
      await ended(engine, handle.id);
      expect(await statusesOf(engine, handle.id)).toEqual({
        story: 'COMPLETED',
        bad: 'FAILED ATTEMPTS_EXHAUSTED',
        sibling: 'COMPLETED',
        next: 'COMPLETED',
      });
    },
  );

  it('abort deep in the hierarchy fails every task above it, with the cause in words', async () => {
    const engine = await lab.start([fails]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', type: 'STORY' },
        { key: 't', parent: 's' },
        { key: 'u', agent: 'fails', parent: 't' },
      ],
    });
    await ended(engine, handle.id);
    expect(await statusesOf(engine, handle.id)).toEqual({
      s: 'FAILED CHILD_FAILED',
      t: 'FAILED CHILD_FAILED',
      u: 'FAILED ATTEMPTS_EXHAUSTED',
    });
    expect((await taskOf(engine, handle.id, 's')).statusMessage).toContain('"u"');
  });
});

describe('a failure that is not final', () => {
  it('calls no strategy: a retry that passes leaves a successful job', async () => {
    let calls = 0;
    const flaky = agent(
      'flaky',
      () => {
        calls += 1;
        if (calls === 1) throw new Error('once');
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([flaky, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'flaky' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: true });
    // A completed task shows no error any more.
    expect((await taskOf(engine, handle.id, 'a')).error).toBeNull();
  });
});

describe('success', () => {
  it.each<[string, boolean, readonly TaskSubmission[]]>([
    ['every task completed', true, [{ key: 'a', agent: 'echo' }]],
    [
      'a task was skipped by its condition',
      true,
      [
        { key: 'a', agent: 'echo', input: false },
        { key: 'b', agent: 'echo', when: { task: 'a' } },
      ],
    ],
    ['a task skipped itself', true, [{ key: 'a', agent: 'skips' }]],
    ['a task failed and was tolerated', false, [{ key: 'a', agent: 'fails', failureStrategy: 'continue' }]],
    [
      'a task was skipped by a failure',
      false,
      [
        { key: 'a', agent: 'fails', failureStrategy: 'skip' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    ],
  ])('when %s: %s', async (_, success, tasks) => {
    const engine = await lab.start([echo, fails, agent('skips', (__, ctx) => ctx.skip('no'))]);
    const handle = await engine.submitJob({ name: 'job', tasks });
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success });
  });

  it('is null until the job has ended, and false when it was cancelled', async () => {
    const stuck = counted('stuck', () => forever());
    const engine = await lab.start([stuck.agent], { grace: 0 });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    expect((await handle.status()).success).toBeNull();
    expect((await handle.cancel()).success).toBe(false);
  });
});
