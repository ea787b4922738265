import { describe, expect, it } from '@jest/globals';

import type { SummaryRequest } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { outputOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

describe('a summarizer', () => {
  it('is asked at every level, with the summaries of the level below', async () => {
    const asked: SummaryRequest[] = [];
    const engine = await lab.start([echo], {
      summarizer: { summarize: (request) => (asked.push(request), `About ${request.taskName}.`) },
    });
    const handle = await engine.submitJob({
      name: 'Goal',
      tasks: [
        { key: 's', type: 'STORY', name: 'Story' },
        { key: 't', type: 'TASK', parent: 's', name: 'Task' },
        { key: 'u', type: 'SUBTASK', agent: 'echo', parent: 't', name: 'Sub', input: [1, 2] },
      ],
    });
    await handle.result();

    expect(asked.map(({ taskName, children }) => [taskName, children.map(({ summary }) => summary)])).toEqual([
      ['Sub', []],
      ['Task', ['About Sub.']],
      ['Story', ['About Task.']],
      ['Goal', ['About Story.']],
    ]);
    expect(asked[0]).toMatchObject({ agent: 'echo', output: [1, 2], outputBytes: 5 });
  });

  it('is told of a failed task how it failed', async () => {
    const asked: SummaryRequest[] = [];
    const fails = agent('fails', () => {
      throw new Error('the disk is full');
    });
    const engine = await lab.start([fails], { summarizer: { summarize: (request) => (asked.push(request), 'x') } });
    const handle = await engine.submitJob({
      name: 'Goal',
      tasks: [{ key: 'f', agent: 'fails', name: 'Write', failureStrategy: 'continue' }],
    });
    await handle.result();

    expect(asked[0]!.children).toEqual([{ name: 'Write', status: 'FAILED', summary: 'Write failed: the disk is full.' }]);
  });

  it('cannot change what the task gives', async () => {
    const engine = await lab.start([echo], {
      summarizer: {
        summarize: (request) => {
          (request.output as { list: number[] }).list.push(2);
          (request.children as unknown[]).push('x');
          return 'Changed.';
        },
      },
    });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo', input: { list: [] } },
        { key: 'b', agent: 'echo', when: { task: 'a', path: '/list/0' } },
      ],
    });
    await handle.result();

    expect(await outputOf(engine, handle.id, 'a')).toEqual({ list: [] });
    expect(await taskOf(engine, handle.id, 'b')).toMatchObject({ status: 'SKIPPED', statusReason: 'CONDITION_FALSE' });
  });

  it.each<[string, () => unknown]>([
    [
      'throws null',
      () => {
        throw null;
      },
    ], // eslint-disable-line @typescript-eslint/only-throw-error -- what it is about
    ['rejects with nothing', () => Promise.reject()], // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- what it is about
    [
      'throws what cannot be read',
      () => {
        throw new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
          },
        );
      },
    ],
    ['returns nothing', () => undefined],
    ['returns a blank', () => ' \n'],
    ['returns an object', () => ({ summary: 'no' })],
  ])('that %s is passed over, with a line in the log', async (_, answer) => {
    const lines: unknown[] = [];
    const ignore = (): void => undefined;
    const engine = await lab.start([echo], {
      summarizer: { summarize: answer as () => string },
      logger: { debug: ignore, info: ignore, warn: (message, data) => void lines.push([message, data?.['task']]), error: ignore },
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', input: 1 }] });
    await handle.result();

    expect((await taskOf(engine, handle.id, 'a')).summary).toBe('a completed. Its output is 1.');
    expect(lines).toContainEqual(['The summarizer failed; the default summary is used.', 'a']);
  });

  it('that hangs is told to stop after 30 s, and neither fails the task nor runs it again, though its agent may run 1 s only', async () => {
    const clock = new VirtualClock();
    const reasons: unknown[] = [];
    const quick = agent('quick', () => 7, { timeout: '1s', retry: 3 });
    const engine = await lab.start([quick], {
      clock,
      summarizer: {
        summarize: (_, signal) => {
          void aborted(signal).then((reason) => reasons.push(reason));
          return forever();
        },
      },
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'quick' }] });
    await clock.advance(30_000);
    await clock.advance(30_000);
    await handle.result();

    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({
      status: 'COMPLETED',
      attempt: 1,
      summary: 'a completed. Its output is 7.',
    });
    expect(reasons).toEqual([expect.objectContaining({ message: 'it took longer than 30000 ms' }), expect.anything()]);
  });

  it('is told to stop when the job is cancelled', async () => {
    const gate = new Gate();
    const told = new Gate<unknown>();
    const engine = await lab.start([echo], {
      summarizer: {
        summarize: async (_, signal) => {
          void aborted(signal).then((reason) => told.open(reason));
          await gate.pass();
          return 'late';
        },
      },
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', input: 1 }] });
    await gate.reached();
    await handle.cancel();

    expect(await told.pass()).toMatchObject({ code: 'TASK_CANCELLED' });
    gate.open();
  });
});

describe('ctx.summarize', () => {
  it('with nothing but blanks leaves the summary to the engine', async () => {
    const works = agent('works', (_, ctx) => (ctx.summarize('Good.'), ctx.summarize(' \n '), 3));
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await handle.result();

    expect((await taskOf(engine, handle.id, 'a')).summary).toBe('a completed. Its output is 3.');
  });
});

describe('ctx.distilled', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a budget of %d', async (budget) => {
    const asks = agent('asks', async (_, ctx) => ctx.distilled({ budget }));
    const engine = await lab.start([asks]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks' }] });

    await expect(handle.result()).rejects.toMatchObject({ code: 'JOB_FAILED' });
    expect((await taskOf(engine, handle.id, 'a')).error).toMatchObject({ code: 'OPTIONS_INVALID' });
  });

  it('takes no more than its budget of a megabyte of summaries and outputs, and says what it cut', async () => {
    const big = agent('big', (_, ctx) => (ctx.summarize('word '.repeat(500)), 'x'.repeat(10_000)));
    const sums = agent('sums', async (_, ctx) => {
      const { text, cut, tasks } = await ctx.distilled({ budget: 2_000 });
      return { chars: text.length, end: text.split('\n').pop(), cut: cut.length, tasks: tasks.length };
    });
    const engine = await lab.start([big, sums]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'goal', type: 'OBJECTIVE', agent: 'sums' },
        ...Array.from({ length: 100 }, (_, no) => ({ key: `t${no}`, agent: 'big', parent: 'goal' })),
      ],
    });
    await handle.result();
    const seen = (await outputOf(engine, handle.id, 'goal')) as { chars: number; end: string };

    expect(seen).toMatchObject({ cut: 100, tasks: 100 });
    expect(seen.chars).toBeLessThanOrEqual(2_000);
    expect(seen.chars).toBeGreaterThan(1_800);
    expect(seen.end).toMatch(/^\(To fit the budget, of the tasks \d+ shortened and \d+ left out\.\)$/);
  });
});
