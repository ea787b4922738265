import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, type TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { ended, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const fails = agent('fails', () => {
  throw new Error('no');
});
const Strict = defineAgent({
  name: 'strict',
  input: z.unknown(),
  output: z.object({ n: z.number(), unit: z.string().default('m') }),
  execute: () => {
    throw new Error('no');
  },
});
const after = (key: string): TaskSubmission => ({ key: 'after', agent: 'echo', input: null, refs: [{ at: '', task: key }] });

describe('useValue', () => {
  it('stands in when the task has failed for good, as its agent would have given it; the job succeeds', async () => {
    const engine = await lab.start([Strict, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'bad', agent: 'strict', useValue: { n: 7 } }, after('bad')] });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, id)).toEqual({ bad: 'COMPLETED RECOVERED', after: 'COMPLETED' });
    expect(await outputOf(engine, id, 'after')).toEqual({ n: 7, unit: 'm' });
  });

  it('comes after all attempts, and not where the task succeeds', async () => {
    const flaky = counted(
      'flaky',
      (succeeds: boolean) => {
        if (!succeeds) throw new Error('no');
        return 'real';
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([flaky.agent, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'flaky', input: false, useValue: null },
        { key: 'good', agent: 'flaky', input: true, useValue: 'given' },
      ],
    });
    await ended(engine, id);
    expect([await outputOf(engine, id, 'bad'), await outputOf(engine, id, 'good')]).toEqual([null, 'real']);
    expect(flaky.starts.filter((key) => key === 'bad')).toHaveLength(3);
  });

  it('decides conditions like an output', async () => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails', useValue: { on: true, off: false } },
        { key: 'on', agent: 'echo', when: { task: 'bad', path: '/on' } },
        { key: 'off', agent: 'echo', when: { task: 'bad', path: '/off' } },
      ],
    });
    await ended(engine, id);
    expect(await statusesOf(engine, id)).toEqual({ bad: 'COMPLETED RECOVERED', on: 'COMPLETED', off: 'SKIPPED CONDITION_FALSE' });
  });

  it('stands in for a task that missed its deadline', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([agent('slow', () => new Promise(() => undefined)), echo], { clock, grace: 0 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'late', agent: 'slow', deadline: clock.now() + 1_000, useValue: 'in time' }, after('late')],
    });
    await clock.advance(1_100);
    await handle.result();
    expect(await outputOf(engine, handle.id, 'after')).toBe('in time');
  });

  it.each<[string, Partial<TaskSubmission>, string]>([
    ['does not fit the output schema', { useValue: { n: 'x' } }, 'OUTPUT_SCHEMA'],
    ['is nothing where something is needed', { useValue: null }, 'OUTPUT_SCHEMA'],
    ['is no JSON', { useValue: { n: new Date() } as never }, 'INPUT_NOT_JSON'],
    ['comes with `routeTo`', { useValue: { n: 1 }, routeTo: 'after' }, 'GRAPH_INVALID'],
  ])('that %s is refused at submit, and nothing is stored', async (_, more, code) => {
    const engine = await lab.start([Strict, echo]);
    const error = await refusal(
      engine.submitJob({
        name: 'job',
        tasks: [
          { key: 'bad', agent: 'strict', ...more },
          { key: 'after', agent: 'echo' },
        ],
      }),
    );
    expect(error.code).toBe(code);
    expect((await engine.reader.jobs({}, { first: 1 })).items).toEqual([]);
  });

  it('that does not fit is refused for tasks that are added to a running job, too', async () => {
    const engine = await lab.start([Strict, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }], options: { confirm: true } });
    expect((await refusal(engine.addTasks(id, [{ key: 'bad', agent: 'strict', useValue: 'x' }]))).code).toBe('OUTPUT_SCHEMA');
    await engine.addTasks(id, [{ key: 'bad', agent: 'strict', useValue: { n: 1 } }]);
    await engine.confirmJob(id);
    await ended(engine, id);
    expect(await outputOf(engine, id, 'bad')).toEqual({ n: 1, unit: 'm' });
  });
});

describe('routeTo', () => {
  const routed = (more: readonly TaskSubmission[] = [], bad: Partial<TaskSubmission> = {}): TaskSubmission[] => [
    { key: 'bad', agent: 'fails', routeTo: 'plan-b', ...bad },
    { key: 'plan-b', agent: 'echo', input: 'b' },
    after('bad'),
    ...more,
  ];

  it('runs the other task in its stead; dependents get that output; the job succeeds', async () => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: routed() });
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, id)).toEqual({ bad: 'COMPLETED RECOVERED', 'plan-b': 'COMPLETED', after: 'COMPLETED' });
    expect(await outputOf(engine, id, 'after')).toBe('b');
    expect((await eventsOf(engine, id)).map(({ type }) => type)).toContain('TASK_REROUTED');
  });

  it('works for tasks that join a running job together, and is refused to a task that was there before', async () => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'old', agent: 'echo' }], options: { confirm: true } });
    const refused = await refusal(engine.addTasks(id, [{ key: 'bad', agent: 'fails', routeTo: 'old' }]));
    expect(refused).toMatchObject({ code: 'GRAPH_INVALID', problems: [{ taskKey: 'bad' }] });
    expect(refused.message).toContain('"bad" cannot route to "old", which is in the job already');
    await engine.addTasks(id, routed());
    await engine.confirmJob(id);
    await ended(engine, id);
    expect(await statusesOf(engine, id)).toEqual({
      old: 'COMPLETED',
      bad: 'COMPLETED RECOVERED',
      'plan-b': 'COMPLETED',
      after: 'COMPLETED',
    });
  });

  it('leaves the other task DORMANT, and then SKIPPED, where it is not needed', async () => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: routed([], { agent: 'echo' }), options: { confirm: true } });
    expect((await taskOf(engine, id, 'plan-b')).status).toBe('DORMANT');
    await engine.confirmJob(id);
    expect((await ended(engine, id)).success).toBe(true);
    expect(await statusesOf(engine, id)).toEqual({ bad: 'COMPLETED', 'plan-b': 'SKIPPED NOT_NEEDED', after: 'COMPLETED' });
  });

  it('may lead on: the fallback of a fallback', async () => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'fails', routeTo: 'b' },
        { key: 'b', agent: 'fails', routeTo: 'c' },
        { key: 'c', agent: 'echo', input: 'third' },
        { key: 'on', agent: 'echo', when: { task: 'a' }, dependsOn: ['a'] },
        after('a'),
      ],
    });
    expect((await ended(engine, id)).success).toBe(true);
    expect(await outputOf(engine, id, 'after')).toBe('third');
    expect(await statusesOf(engine, id)).toMatchObject({ on: 'COMPLETED' });
  });

  it.each([
    ['skip', 'COMPLETED', 'SKIPPED DEPENDENCY_FAILED'],
    ['continue', 'COMPLETED', 'COMPLETED'],
    ['abort', 'FAILED', 'CANCELLED JOB_FAILED'],
  ] as const)('when both fail comes to what the strategy %s of the task says', async (failureStrategy, status, rest) => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails', routeTo: 'plan-b', failureStrategy },
        { key: 'plan-b', agent: 'fails' },
        { key: 'after', agent: 'echo', dependsOn: ['bad'] },
      ],
    });
    expect(await ended(engine, id)).toMatchObject({ status, success: false });
    expect((await statusesOf(engine, id))['after']).toBe(rest);
    const { error } = await taskOf(engine, id, 'bad');
    expect(error?.message).toContain('"plan-b"');
  });

  it('decides conditions by what the fallback gave', async () => {
    const engine = await lab.start([fails, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails', routeTo: 'plan-b' },
        { key: 'plan-b', agent: 'echo', input: { yes: 1, no: 0 } },
        { key: 'yes', agent: 'echo', when: { task: 'bad', path: '/yes' } },
        { key: 'no', agent: 'echo', when: { task: 'bad', path: '/no' } },
      ],
    });
    await ended(engine, id);
    expect(await statusesOf(engine, id)).toMatchObject({ yes: 'COMPLETED', no: 'SKIPPED CONDITION_FALSE' });
  });

  it('waits for what the fallback waits for, and works inside a story and after a restart', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([fails, echo], { clock });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'story', type: 'STORY' },
        { key: 'bad', agent: 'fails', routeTo: 'plan-b', parent: 'story' },
        { key: 'later', agent: 'echo', input: 1, runAt: clock.now() + 10_000 },
        { key: 'plan-b', agent: 'echo', input: [null], refs: [{ at: '/0', task: 'later' }], parent: 'story' },
        after('bad'),
      ],
    });
    await clock.advance(100);
    expect(await statusesOf(engine, id)).toMatchObject({ bad: 'BLOCKED WAITING_FALLBACK', 'plan-b': 'PENDING' });
    const second = await lab.restart(engine, [fails, echo], { clock });
    await clock.advance(10_100);
    expect((await ended(second, id)).success).toBe(true);
    expect(await outputOf(second, id, 'after')).toEqual([1]);
  });

  it('can be retried: the fallback sleeps again, and is not needed when the task succeeds', async () => {
    let broken = true;
    const flaky = agent('fails', () => {
      if (broken) throw new Error('no');
      return 'a';
    });
    const engine = await lab.start([flaky, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: routed() });
    await ended(engine, id);
    broken = false;
    await engine.retryTask((await taskOf(engine, id, 'bad')).id);
    await ended(engine, id);
    expect(await statusesOf(engine, id)).toEqual({ bad: 'COMPLETED', 'plan-b': 'SKIPPED NOT_NEEDED', after: 'COMPLETED' });
    expect(await outputOf(engine, id, 'after')).toBe('a');
  });

  it.each<[string, TaskSubmission[], string]>([
    ['itself', [{ key: 'a', agent: 'echo', routeTo: 'a' }], 'GRAPH_INVALID'],
    ['a task that is not there', [{ key: 'a', agent: 'echo', routeTo: 'b' }], 'UNKNOWN_DEPENDENCY'],
    [
      'one that routes back',
      [
        { key: 'a', agent: 'echo', routeTo: 'b' },
        { key: 'b', agent: 'echo', routeTo: 'a' },
      ],
      'GRAPH_CYCLE',
    ],
    [
      'one that needs its output',
      [
        { key: 'a', agent: 'echo', routeTo: 'c' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
        { key: 'c', agent: 'echo', dependsOn: ['b'] },
      ],
      'GRAPH_CYCLE',
    ],
    [
      'one that stands in for another already',
      [
        { key: 'a', agent: 'echo', routeTo: 'c' },
        { key: 'b', agent: 'echo', routeTo: 'c' },
        { key: 'c', agent: 'echo' },
      ],
      'GRAPH_INVALID',
    ],
    [
      'the story above it',
      [
        { key: 's', type: 'STORY' },
        { key: 'a', agent: 'echo', parent: 's', routeTo: 's' },
      ],
      'GRAPH_INVALID',
    ],
  ])('to %s is refused at submit', async (_, tasks, code) => {
    const engine = await lab.start([echo]);
    expect((await refusal(engine.submitJob({ name: 'job', tasks }))).code).toBe(code);
  });
});
