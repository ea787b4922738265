import { describe, expect, it } from '@jest/globals';

import { IdleDispatcher } from '../../src/dispatch/idle-dispatcher.js';
import {
  definePlugin,
  FatalError,
  isTerminalTask,
  STATUS_REASONS,
  WHY_CODES,
  type AgentDefinition,
  type Engine,
  type JobOptions,
  type StatusReason,
  type TaskSubmission,
  type WhyCode,
  type WhyView,
} from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { eventOf, taskOf, until } from '../helpers/inspect.js';
import { useLab, type LabOptions } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const runsOn = (_: never, ctx: { readonly signal: AbortSignal }) =>
  new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('stopped'))));
const breaks = () => {
  throw new FatalError('broken');
};
const never = agent('never', runsOn);
const fails = agent('fails', breaks);
const failsAlone = agent('fails-alone', breaks, { concurrency: 1 });
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
const spawns = agent('spawns', (_: never, ctx) => ctx.spawn('echo', {}));
const leaves = agent('leaves', async (_: never, ctx) => {
  await ctx.spawn('never', {});
  breaks();
});
const single = agent('single', runsOn, { concurrency: 1 });
const rated = agent('rated', runsOn, { rate: { starts: 1, per: '1h' } });
const pooled = agent('pooled', runsOn, { resources: { gpu: 1 } });
const once = agent('once', runsOn, { durability: 'at-most-once' });
const AGENTS = [never, fails, failsAlone, flaky, asks, sleeps, needs, skips, spawns, leaves, single, rated, pooled, once, echo];

/** What a case has to do with. */
interface Stage {
  readonly engine: Engine;
  readonly jobId: string;
  readonly clock: VirtualClock;
  readonly idOf: (key: string) => Promise<string>;
  /** Another process goes on with the job, with these agents. */
  readonly restart: (agents: readonly AgentDefinition[]) => Promise<Engine>;
}

interface Case {
  readonly tasks: readonly TaskSubmission[];
  /** The task that is asked about. Default `t`. */
  readonly key?: string;
  readonly options?: JobOptions;
  readonly engine?: LabOptions;
  readonly expected?: Partial<Omit<WhyView, 'code' | 'blockers' | 'requests'>>;
  /** Keys of the blockers. Default none. */
  readonly blockers?: readonly string[];
  /** How many questions to people. Default none. */
  readonly requests?: number;
  /** What happens before it is asked. */
  readonly act?: (stage: Stage) => Promise<unknown>;
}

const START = new VirtualClock().now();
const HOUR = 3_600_000;
const t = (more: Partial<TaskSubmission> = {}): TaskSubmission => ({ key: 't', agent: 'echo', input: {}, ...more });
const first = (agentName: string, more: Partial<TaskSubmission> = {}): TaskSubmission => ({
  key: 'first',
  agent: agentName,
  input: {},
  ...more,
});
/** Keeps the job open. */
const REST: TaskSubmission = { key: 'rest', agent: 'never', input: {} };

/** An attempt gathers for a moment what it waits for. */
async function suspended({ engine, jobId, clock }: Stage): Promise<void> {
  await eventOf(engine, jobId, 'TASK_STARTED', 't');
  await until(async () => {
    await clock.advance(10);
    return (await taskOf(engine, jobId, 't')).status === 'BLOCKED';
  });
}

/** A dispatcher that starts nothing, and knows of no limit. */
class StartsNothing extends IdleDispatcher {
  override waitingFor(): null {
    return null;
  }

  override gauges(): readonly [] {
    return [];
  }
}
const startsNothing = definePlugin({ name: 'starts-nothing', contributes: { dispatcher: () => new StartsNothing() } });

const CASES: { readonly [Code in WhyCode]: Case } = {
  WAITING_CONFIRMATION: { tasks: [t()], options: { confirm: true } },
  WAITING_START_TIME: { tasks: [t()], options: { runAt: START + HOUR }, expected: { until: START + HOUR } },
  HELD: {
    tasks: [t({ dependsOn: ['first'] }), first('echo')],
    options: { confirm: true },
    act: async ({ engine, jobId, idOf }) => {
      await engine.pauseTask(await idOf('t'));
      await engine.confirmJob(jobId);
    },
    blockers: ['t'],
  },
  JOB_WAITS_FOR_DECISION: {
    tasks: [first('fails-alone', { priority: 9, failureStrategy: 'ask' }), t({ agent: 'fails-alone' })],
    blockers: ['first'],
    requests: 1,
  },
  WAITING_DEPENDENCIES: { tasks: [t({ dependsOn: ['first'] }), first('never')], blockers: ['first'] },
  WAITING_PARENT: { tasks: [{ key: 'above', dependsOn: ['first'] }, t({ parent: 'above' }), first('never')], blockers: ['first'] },
  WAITING_CHILDREN: { tasks: [{ key: 't' }, { key: 'below', parent: 't', agent: 'never', input: {} }], blockers: ['below'] },
  WAITING_NEEDS: { tasks: [t({ agent: 'needs' })], act: suspended, blockers: ['t.never'] },
  WAITING_HUMAN: { tasks: [t({ agent: 'asks' })], act: suspended, requests: 1 },
  FAILED_AND_ASKS: { tasks: [t({ agent: 'fails', failureStrategy: 'ask' })], requests: 1 },
  WAITING_REVIEW: { tasks: [t({ review: 'manual' })] },
  WAITING_TIMER: { tasks: [t({ agent: 'sleeps' })], act: suspended, expected: { until: START + HOUR } },
  WAITING_RETRY: { tasks: [t({ agent: 'flaky' })], expected: { until: START + HOUR } },
  WAITING_FALLBACK: {
    tasks: [t({ agent: 'fails', routeTo: 'other' }), { key: 'other', agent: 'never', input: {} }],
    blockers: ['other'],
  },
  DORMANT: { tasks: [first('never', { routeTo: 't' }), t()], blockers: ['first'] },
  WAITING_LIMIT: { tasks: [first('single', { priority: 9 }), t({ agent: 'single' })], expected: { limit: 'agent:single' } },
  AGENT_UNAVAILABLE: { tasks: [t({ agent: 'never' })], act: ({ restart }) => restart([echo]) },
  MANUAL: { tasks: [t({ agent: 'once' })], act: ({ restart }) => restart(AGENTS) },
  READY: { tasks: [t()], engine: { plugins: [startsNothing] } },
  RUNNING: { tasks: [t({ agent: 'never' })] },
  SKIPPED_BY_DEPENDENCY: {
    tasks: [first('fails', { failureStrategy: 'skip' }), t({ dependsOn: ['first'] }), REST],
    blockers: ['first'],
  },
  SKIPPED_BY_CONDITION: {
    tasks: [first('echo', { input: { go: false } }), t({ when: { task: 'first', path: '/go' } }), REST],
    blockers: ['first'],
  },
  SKIPPED_BY_AGENT: { tasks: [t({ agent: 'skips' }), REST] },
  SKIPPED_WITH_PARENT: {
    tasks: [first('fails', { failureStrategy: 'skip' }), { key: 'above', dependsOn: ['first'] }, t({ parent: 'above' }), REST],
    blockers: ['above'],
  },
  SKIPPED_WITH_CHILDREN: { tasks: [{ key: 't' }, { key: 'below', parent: 't', agent: 'skips', input: {} }, REST], blockers: ['below'] },
  NOT_NEEDED: { tasks: [first('echo', { routeTo: 't' }), t(), REST], blockers: ['first'] },
  BY_PERSON: { tasks: [t({ agent: 'never' }), REST], act: async ({ engine, idOf }) => engine.skipTask(await idOf('t')) },
  CANCELLED_WITH_JOB: { tasks: [t({ agent: 'never' })], act: ({ engine, jobId }) => engine.cancelJob(jobId) },
  CANCELLED_WITH_PARENT: {
    tasks: [first('leaves', { failureStrategy: 'continue' }), REST],
    key: 'first.never',
    act: ({ engine, jobId }) => eventOf(engine, jobId, 'TASK_FAILED', 'first'),
    blockers: ['first'],
  },
  SUPERSEDED: {
    tasks: [first('spawns'), REST],
    key: 'first.echo',
    act: async ({ engine, jobId, idOf }) => {
      await eventOf(engine, jobId, 'TASK_COMPLETED', 'first');
      await engine.retryTask(await idOf('first'));
    },
  },
  FAILED: { tasks: [t({ agent: 'fails' })] },
  FAILED_BY_CHILD: { tasks: [{ key: 't' }, { key: 'below', parent: 't', agent: 'fails', input: {} }, REST], blockers: ['below'] },
  FAILED_BY_DEADLINE: {
    tasks: [t({ agent: 'never', deadline: START + 60_000, failureStrategy: 'continue' }), REST],
    act: ({ clock }) => clock.advance(60_000),
  },
  REJECTED: {
    tasks: [t({ review: { by: 'manual', maxRejections: 0 }, failureStrategy: 'continue' }), REST],
    act: async ({ engine, jobId, idOf }) => {
      await eventOf(engine, jobId, 'TASK_RETURNED', 't');
      await engine.rejectTask(await idOf('t'), { reason: 'too long' });
    },
  },
  DONE: { tasks: [t()] },
  RECOVERED: { tasks: [t({ agent: 'fails', useValue: {} }), REST] },
};

/** Other ways to the same answers. */
const BESIDE: readonly (readonly [WhyCode, string, Case])[] = [
  [
    'WAITING_LIMIT',
    'of a pool',
    {
      tasks: [first('pooled', { priority: 9 }), t({ agent: 'pooled' })],
      expected: { limit: 'pool:gpu', until: null },
    },
  ],
  [
    'WAITING_LIMIT',
    'of a rate, which says until when',
    { tasks: [first('rated', { priority: 9 }), t({ agent: 'rated' })], expected: { limit: 'agent-rate:rated', until: START + HOUR } },
  ],
  [
    'WAITING_LIMIT',
    'of the process',
    { tasks: [first('never', { priority: 9 }), t()], engine: { maxParallel: 1 }, expected: { limit: 'process' } },
  ],
  ['WAITING_START_TIME', 'of its own', { tasks: [t({ runAt: START + HOUR })], expected: { until: START + HOUR } }],
  ['SKIPPED_BY_DEPENDENCY', 'that was skipped itself', { tasks: [first('skips'), t({ dependsOn: ['first'] }), REST], blockers: ['first'] }],
  ['CANCELLED_WITH_JOB', 'that failed', { tasks: [first('fails'), t({ agent: 'never' })], blockers: ['first'] }],
  [
    'CANCELLED_WITH_JOB',
    'whose time was over',
    { tasks: [t({ agent: 'never' })], options: { timeLimit: '1m' }, act: ({ clock }) => clock.advance(60_000) },
  ],
  [
    'BY_PERSON',
    'who cancelled it',
    { tasks: [t({ agent: 'never' }), REST], act: async ({ engine, idOf }) => engine.cancelTask(await idOf('t')) },
  ],
  [
    'BY_PERSON',
    'who said of a parked one that it failed',
    {
      tasks: [t({ agent: 'once', failureStrategy: 'continue' }), REST],
      act: async ({ restart, idOf }) => {
        const engine = await restart(AGENTS);
        await engine.resumeTask(await idOf('t'), { as: 'FAILED' });
        return engine;
      },
    },
  ],
  [
    'RECOVERED',
    'by the task that stands in for it',
    {
      tasks: [t({ agent: 'fails', routeTo: 'other' }), { key: 'other', agent: 'echo', input: {} }, REST],
      blockers: ['other'],
    },
  ],
  [
    'DONE',
    'and accepted',
    {
      tasks: [t({ review: 'manual' }), REST],
      act: async ({ engine, jobId, idOf }) => {
        await eventOf(engine, jobId, 'TASK_RETURNED', 't');
        await engine.acceptTask(await idOf('t'));
      },
    },
  ],
];

const ALL: readonly (readonly [WhyCode, string, Case])[] = [
  ...(Object.entries(CASES) as [WhyCode, Case][]).map(([code, one]) => [code, '', one] as const),
  ...BESIDE,
];

describe('why a task stands where it stands', () => {
  const endings = new Set<StatusReason>();

  it.each(ALL)(
    'is told as %s %s, with what to do',
    async (code, _, { tasks, key = 't', options = {}, engine: engineOptions, expected, blockers = [], requests = 0, act }) => {
      const clock = new VirtualClock();
      const own = { pools: { gpu: 1 }, ...engineOptions, clock };
      let engine = await lab.start(AGENTS, own);
      const { id: jobId } = await engine.submitJob({ name: 'job', tasks, options });
      const idOf = async (of: string): Promise<string> => (await taskOf(engine, jobId, of)).id;
      await act?.({
        engine,
        jobId,
        clock,
        idOf,
        restart: async (agents) => (engine = await lab.restart(engine, agents, own)),
      });
      await until(async () => (await engine.why(await idOf(key))).code === code);

      const id = await idOf(key);
      const why = await engine.why(id);
      const keys = await Promise.all(why.blockers.map(async (blocker) => (await engine.reader.task(blocker))!.key));
      expect(why).toMatchObject({ code, ...expected, message: WHY_CODES[code].title, remedy: WHY_CODES[code].remedy });
      expect(keys).toEqual(blockers);
      expect(why.requests).toHaveLength(requests);
      const { status, statusReason } = await taskOf(engine, jobId, key);
      await engine.cancelJob(jobId).catch(() => undefined);
      if (!isTerminalTask(status)) return;
      if (statusReason !== null) endings.add(statusReason);
      // Read from the store, it is the same.
      await lab.stop(engine);
      engine = await lab.start(AGENTS, own);
      expect(await engine.why(id)).toEqual(why);
    },
  );

  it('has been told above for every reason to end that there is', () => {
    const open: readonly StatusReason[] = [
      'WAITING_DEPENDENCIES',
      'WAITING_CHILDREN',
      'WAITING_HUMAN',
      'WAITING_REVIEW',
      'WAITING_TIMER',
      'WAITING_FALLBACK',
      'AGENT_UNAVAILABLE',
      'MANUAL',
    ];
    expect(STATUS_REASONS.filter((reason) => !open.includes(reason) && !endings.has(reason))).toEqual([]);
  });

  it('is not told of a task that does not exist', async () => {
    const engine = await lab.start([never, echo]);

    await expect(engine.why('nothing:1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is told of many at once, in their order, whether their jobs go on or have ended', async () => {
    const engine = await lab.start([never, echo]);
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
