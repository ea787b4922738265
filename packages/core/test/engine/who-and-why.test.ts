import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { definePlugin, FatalError, type Engine, type EventType } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { aborted, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();
const WORD = { actor: 'anna', reason: 'because it is Tuesday' } as const;

/** A job with tasks in every state in which somebody may do something to it. */
async function job(options: { readonly confirm?: boolean } = {}) {
  const gate = new Gate<string>();
  const definitions = [
    agent('works', () => gate.pass()),
    agent('hangs', (_input, context) => aborted(context.signal)),
    agent('fails', () => Promise.reject(new FatalError('broken'))),
    agent('asks', (_input, context) => context.ask('which', { question: 'Which one?', schema: z.object({ one: z.string() }) })),
    echo,
  ];
  const veto = definePlugin({ name: 'veto', beforeStart: ({ taskKey }) => (taskKey === 'parked' ? { veto: 'not yet' } : undefined) });
  const engine = await lab.start(definitions, { plugins: [veto] });
  const { id } = await engine.submitJob({
    name: 'job',
    tasks: [
      { key: 'works', agent: 'works' },
      { key: 'hangs', agent: 'hangs' },
      { key: 'fails', agent: 'fails', failureStrategy: 'continue' },
      { key: 'asks', agent: 'asks' },
      { key: 'later', agent: 'echo', dependsOn: ['works'] },
      { key: 'reviewed', agent: 'echo', review: { by: 'manual' } },
      { key: 'parked', agent: 'echo' },
    ],
    options,
  });
  const taskId = async (key: string): Promise<string> => (await taskOf(engine, id, key)).id;
  return { engine, id, taskId };
}
type Job = Awaited<ReturnType<typeof job>>;

const until = {
  running: ({ engine, id }: Job) => eventOf(engine, id, 'TASK_STARTED', 'hangs'),
  failed: ({ engine, id }: Job) => eventOf(engine, id, 'TASK_FAILED', 'fails'),
  asked: ({ engine, id }: Job) => eventOf(engine, id, 'HUMAN_REQUESTED', 'asks'),
  parked: ({ engine, id }: Job) => eventOf(engine, id, 'TASK_PARKED', 'parked'),
  returned: ({ engine, id }: Job) => eventOf(engine, id, 'TASK_RETURNED', 'reviewed'),
};

/** What is done, and the event that tells of it. */
const CASES: readonly [string, EventType, (job: Job) => Promise<unknown>][] = [
  ['cancelJob', 'JOB_CANCELLED', ({ engine, id }) => engine.cancelJob(id, WORD)],
  ['pauseJob', 'HOLD_PLACED', ({ engine, id }) => engine.pauseJob(id, WORD)],
  ['resumeJob', 'HOLD_LIFTED', async ({ engine, id }) => [await engine.pauseJob(id), await engine.resumeJob(id, WORD)]],
  [
    'retryJob',
    'JOB_REOPENED',
    async ({ engine, id }) => {
      await engine.cancelJob(id);
      await ended(engine, id);
      await engine.retryJob(id, WORD);
    },
  ],
  [
    'retryTask',
    'TASKS_REOPENED',
    async (at) => {
      await until.failed(at);
      await at.engine.retryTask(await at.taskId('fails'), WORD);
    },
  ],
  ['skipTask', 'TASK_SKIPPED', async ({ engine, taskId }) => engine.skipTask(await taskId('later'), WORD)],
  ['cancelTask', 'TASKS_CANCELLED', async ({ engine, taskId }) => engine.cancelTask(await taskId('later'), WORD)],
  ['pauseTask', 'HOLD_PLACED', async ({ engine, taskId }) => engine.pauseTask(await taskId('later'), WORD)],
  [
    'resumeTask',
    'HOLD_LIFTED',
    async ({ engine, taskId }) => [await engine.pauseTask(await taskId('later')), await engine.resumeTask(await taskId('later'), WORD)],
  ],
  ...(
    [
      ['RERUN', 'TASKS_RELEASED'],
      ['COMPLETED', 'TASK_COMPLETED'],
      ['FAILED', 'TASK_FAILED'],
    ] as const
  ).map(([as, type]): (typeof CASES)[number] => [
    `resumeTask as ${as}`,
    type,
    async (at) => {
      await until.parked(at);
      await at.engine.resumeTask(await at.taskId('parked'), { ...WORD, as, ...(as === 'COMPLETED' ? { output: 'by hand' } : undefined) });
    },
  ]),
  [
    'acceptTask',
    'TASK_ACCEPTED',
    async (at) => {
      await until.returned(at);
      await at.engine.acceptTask(await at.taskId('reviewed'), WORD);
    },
  ],
  [
    'rejectTask',
    'TASK_REJECTED',
    async (at) => {
      await until.returned(at);
      await at.engine.rejectTask(await at.taskId('reviewed'), WORD);
    },
  ],
  ['addTasks', 'TASKS_ADDED', ({ engine, id }) => engine.addTasks(id, [{ key: 'more', agent: 'echo' }], WORD)],
  [
    'addDependency',
    'DEPENDENCY_ADDED',
    async ({ engine, taskId }) => engine.addDependency(await taskId('later'), await taskId('hangs'), WORD),
  ],
  [
    'answerHumanRequest',
    'HUMAN_ANSWERED',
    async (at) => {
      await until.asked(at);
      const [request] = (await at.engine.reader.humanRequests({ jobId: at.id }, { first: 1 })).items;
      await at.engine.answerHumanRequest(request!.id, { one: 'this' }, WORD);
    },
  ],
];

/** The event's reason, under the name that its kind has for it. */
const saidIn = ({ reason, message, error }: { readonly [key: string]: unknown }): unknown =>
  (error as { message: string } | undefined)?.message ?? message ?? reason;

async function told(engine: Engine, id: string, type: EventType) {
  const found = (await eventsOf(engine, id)).filter((event) => event.type === type && event.actor === 'user:anna');
  return found.map(({ actor, data }) => ({ actor, said: saidIn(data as { [key: string]: unknown }) }));
}

describe('what somebody does to a job is an event that says who, and why', () => {
  it.each(CASES)('%s: %s', async (_, type, act) => {
    const at = await job();
    await until.running(at);
    await act(at);

    expect(await told(at.engine, at.id, type)).toEqual([{ actor: 'user:anna', said: WORD.reason }]);
  });

  it('confirmJob: JOB_CONFIRMED', async () => {
    const { engine, id } = await job({ confirm: true });
    await engine.confirmJob(id, WORD);

    expect(await told(engine, id, 'JOB_CONFIRMED')).toEqual([{ actor: 'user:anna', said: WORD.reason }]);
  });
});

/** Every call that takes who and why, with ids of nothing: whatever is wrong with its options comes before that. */
const CALLS: { readonly [call: string]: (engine: Engine, options: never) => Promise<unknown> } = {
  cancelJob: (engine, options) => engine.cancelJob('none', options),
  'cancel of a handle': (engine, options) => engine.job('none').cancel(options),
  confirmJob: (engine, options) => engine.confirmJob('none', options),
  pauseJob: (engine, options) => engine.pauseJob('none', options),
  resumeJob: (engine, options) => engine.resumeJob('none', options),
  retryJob: (engine, options) => engine.retryJob('none', options),
  retryTask: (engine, options) => engine.retryTask('none:1', options),
  skipTask: (engine, options) => engine.skipTask('none:1', options),
  cancelTask: (engine, options) => engine.cancelTask('none:1', options),
  pauseTask: (engine, options) => engine.pauseTask('none:1', options),
  resumeTask: (engine, options) => engine.resumeTask('none:1', options),
  acceptTask: (engine, options) => engine.acceptTask('none:1', options),
  rejectTask: (engine, options) => engine.rejectTask('none:1', options),
  addTasks: (engine, options) => engine.addTasks('none', [{ key: 'more', agent: 'echo' }], options),
  addDependency: (engine, options) => engine.addDependency('none:1', 'none:2', options),
  answerHumanRequest: (engine, options) => engine.answerHumanRequest('none:q1', null, options),
  acknowledgeAlert: (engine, options) => engine.acknowledgeAlert('none', options),
};

describe('who and why', () => {
  it.each(Object.entries(CALLS))('are an object, and texts in it, wherever they are given: %s', async (_, call) => {
    const engine = await lab.start([echo]);
    const refusalWith = async (options: unknown) => {
      const { code, message } = await refusal(call(engine, options as never));
      return { code, message };
    };
    const mustBe = "they must be an object such as `{ actor: 'anna', reason: 'look first' }`.";

    for (const [options, shown] of [
      [5, '5'],
      ['x', '"x"'],
      [[], '[]'],
      [null, 'null'],
      [true, 'true'],
    ] as const)
      expect(await refusalWith(options)).toEqual({ code: 'OPTIONS_INVALID', message: `The options are ${shown}; ${mustBe}` });
    expect(await refusalWith({ actor: 5 })).toEqual({ code: 'OPTIONS_INVALID', message: '`actor` is 5; it must be a text.' });
    expect(await refusalWith({ reason: {} })).toEqual({ code: 'OPTIONS_INVALID', message: '`reason` is {}; it must be a text.' });
    for (const options of [undefined, {}, { actor: 'anna', reason: undefined }])
      expect(await refusalWith(options)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('why', () => {
  it('is refused where it is longer than anybody reads', async () => {
    const at = await job();
    const reason = 'x'.repeat(4_001);
    for (const act of [at.engine.cancelJob(at.id, { reason }), at.engine.pauseJob(at.id, { reason })])
      expect(await refusal(act)).toMatchObject({
        code: 'OPTIONS_INVALID',
        message: '`reason` has 4001 characters; at most 4000 are taken.',
      });
    expect((await at.engine.job(at.id).status()).status).toBe('RUNNING');
  });

  it.each([[''], [' \n']])('is not nothing where something is to be done again: %j is no reason to reject', async (reason) => {
    const at = await job();
    await until.returned(at);
    const rejected = at.engine.rejectTask(await at.taskId('reviewed'), { reason });
    expect(await refusal(rejected)).toMatchObject({ code: 'OPTIONS_INVALID' });
    expect((await taskOf(at.engine, at.id, 'reviewed')).statusReason).toBe('WAITING_REVIEW');
  });
});
