import { describe, expect, it } from '@jest/globals';

import { FatalError, WHY_CODES, type Engine, type TaskSubmission, type WhyCode, type WhyView } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { taskOf, until } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const never = agent(
  'never',
  (_: never, ctx) => new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('stopped')))),
);
const fails = agent('fails', () => {
  throw new FatalError('broken');
});
const flaky = agent(
  'flaky',
  () => {
    throw new Error('again');
  },
  { retry: { maxAttempts: 2, delay: '1h' } },
);
const asks = agent('asks', (_: never, ctx) => ctx.ask('colour', { question: 'Which colour?' }));
const sleeps = agent('sleeps', (_: never, ctx) => ctx.sleep('nap', '1h'));
const needs = agent('needs', (_: never, ctx) => ctx.need(never, {}));
const skips = agent('skips', (_: never, ctx) => ctx.skip('not today'));
const single = agent(
  'single',
  (_: never, ctx) => new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('stopped')))),
  { concurrency: 1 },
);
const AGENTS = [single, never, fails, flaky, asks, sleeps, needs, skips, echo];

interface Case {
  readonly tasks: readonly TaskSubmission[];
  /** The task that is asked about. Default `t`. */
  readonly key?: string;
  readonly options?: { readonly confirm?: boolean; readonly runAt?: number };
  readonly expected: Partial<Omit<WhyView, 'blockers'>>;
  /** Keys of the blockers. */
  readonly blockers?: readonly string[];
  readonly act?: (engine: Engine, jobId: string) => Promise<unknown>;
}

const START = new VirtualClock().now();
const HOUR = 3_600_000;
const t = (more: Partial<TaskSubmission> = {}): TaskSubmission => ({ key: 't', agent: 'echo', input: {}, ...more });

const CASES: { readonly [Code in WhyCode]?: Case } = {
  WAITING_CONFIRMATION: { tasks: [t()], options: { confirm: true }, expected: {} },
  WAITING_START_TIME: { tasks: [t()], options: { runAt: START + HOUR }, expected: { until: START + HOUR } },
  HELD: {
    tasks: [t({ dependsOn: ['first'] }), { key: 'first', agent: 'echo', input: {} }],
    options: { confirm: true },
    act: async (engine, jobId) => {
      await engine.pauseTask((await taskOf(engine, jobId, 't')).id);
      await engine.confirmJob(jobId);
    },
    expected: {},
    blockers: ['t'],
  },
  WAITING_DEPENDENCIES: {
    tasks: [t({ dependsOn: ['first'] }), { key: 'first', agent: 'never', input: {} }],
    expected: {},
    blockers: ['first'],
  },
  WAITING_PARENT: {
    tasks: [{ key: 'above', dependsOn: ['first'] }, t({ parent: 'above' }), { key: 'first', agent: 'never', input: {} }],
    expected: {},
    blockers: ['first'],
  },
  WAITING_CHILDREN: { tasks: [{ key: 't' }, { key: 'below', parent: 't', agent: 'never', input: {} }], expected: {}, blockers: ['below'] },
  WAITING_NEEDS: { tasks: [t({ agent: 'needs' })], expected: {}, blockers: ['t.never'] },
  WAITING_HUMAN: { tasks: [t({ agent: 'asks' })], expected: {} },
  FAILED_AND_ASKS: { tasks: [t({ agent: 'fails', failureStrategy: 'ask' })], expected: {} },
  WAITING_REVIEW: { tasks: [t({ review: 'manual' })], expected: {} },
  WAITING_TIMER: { tasks: [t({ agent: 'sleeps' })], expected: { until: START + HOUR } },
  WAITING_RETRY: { tasks: [t({ agent: 'flaky' })], expected: { until: START + HOUR } },
  WAITING_FALLBACK: {
    tasks: [t({ agent: 'fails', routeTo: 'other' }), { key: 'other', agent: 'never', input: {} }],
    expected: {},
    blockers: ['other'],
  },
  DORMANT: { tasks: [{ key: 'first', agent: 'never', input: {}, routeTo: 't' }, t()], expected: {}, blockers: ['first'] },
  WAITING_LIMIT: {
    tasks: [{ key: 'first', agent: 'single', input: {}, priority: 9 }, t({ agent: 'single' })],
    expected: { limit: 'agent:single' },
  },
  RUNNING: { tasks: [t({ agent: 'never' })], expected: {} },
  SKIPPED_BY_DEPENDENCY: {
    tasks: [
      { key: 'first', agent: 'fails', input: {}, failureStrategy: 'skip' },
      t({ dependsOn: ['first'] }),
      { key: 'rest', agent: 'never', input: {} },
    ],
    expected: {},
    blockers: ['first'],
  },
  SKIPPED_BY_AGENT: { tasks: [t({ agent: 'skips' }), { key: 'rest', agent: 'never', input: {} }], expected: {} },
  FAILED: { tasks: [t({ agent: 'fails' })], expected: {} },
  DONE: { tasks: [t()], expected: {} },
};

describe('why a task stands where it stands', () => {
  it.each(Object.entries(CASES))(
    'is told as %s, with what to do',
    async (code, { tasks, key = 't', options = {}, expected, blockers = [], act }) => {
      const clock = new VirtualClock();
      const engine = await lab.start(AGENTS, { clock, file: `${code}.db` });
      const { id: jobId } = await engine.submitJob({ name: 'job', tasks, options });
      await act?.(engine, jobId);
      const { id } = await taskOf(engine, jobId, key);
      const turns = setInterval(() => void clock.advance(10), 5);
      await until(async () => (await engine.why(id)).code === code).finally(() => clearInterval(turns));

      const why = await engine.why(id);
      const keys = await Promise.all(why.blockers.map(async (blocker) => (await engine.reader.task(blocker))!.key));
      expect(why).toMatchObject({
        code,
        ...expected,
        message: WHY_CODES[code as WhyCode].title,
        remedy: WHY_CODES[code as WhyCode].remedy,
      });
      expect(keys).toEqual(blockers);
      expect(why.requests).toHaveLength(code === 'WAITING_HUMAN' || code === 'FAILED_AND_ASKS' ? 1 : 0);
      await engine.cancelJob(jobId).catch(() => undefined);
    },
  );

  it('is not told of a task that does not exist', async () => {
    const engine = await lab.start(AGENTS);

    await expect(engine.why('nothing:1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is told of many at once, in their order, whether their jobs go on or have ended', async () => {
    const engine = await lab.start(AGENTS);
    const over = await engine.submitJob({ name: 'over', tasks: [t()] });
    await over.result();
    const open = await engine.submitJob({ name: 'open', tasks: [t({ agent: 'never' }), { key: 'u', agent: 'echo', dependsOn: ['t'] }] });
    const ids = [
      (await taskOf(engine, open.id, 'u')).id,
      'nothing:1',
      (await taskOf(engine, over.id, 't')).id,
      `${over.id}:99`,
      (await taskOf(engine, open.id, 'u')).id,
    ];

    expect((await engine.whys(ids)).map((why) => why?.code ?? null)).toEqual([
      'WAITING_DEPENDENCIES',
      null,
      'DONE',
      null,
      'WAITING_DEPENDENCIES',
    ]);
    expect(await engine.whys([])).toEqual([]);
    await expect(engine.whys(Array(1_001).fill(ids[0]))).rejects.toMatchObject({ code: 'PAGE_SIZE' });
  });
});
