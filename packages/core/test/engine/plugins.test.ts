import { describe, expect, it, jest } from '@jest/globals';

import {
  createEngine,
  definePlugin,
  FatalError,
  PLUGIN_API,
  type EnginePlugin,
  type EventView,
  type JobOptions,
  type PluginOptions,
  type RetryRule,
  type Router,
} from '../../src/index.js';
import { NO_RETRY } from '../../src/model/retry-policy.js';
import { LocalDispatcher } from '../../src/dispatch/local-dispatcher.js';
import type { ReadyTask } from '../../src/ports/dispatcher.js';
import { SqliteStore } from '../../src/store/sqlite-store.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventOf, outputOf, refusal, taskOf, until } from '../helpers/inspect.js';
import { SYNCHRONOUS, useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const plugin = (options: Partial<PluginOptions>): EnginePlugin => definePlugin({ name: 'rules', ...options });
const one = (input: unknown = 1): { name: string; tasks: { key: string; agent: string; input: never }[] } => ({
  name: 'job',
  tasks: [{ key: 't', agent: 'echo', input: input as never }],
});

describe('a plugin’s options', () => {
  it.each([null, 5, 'x', []])('are an object, not %j', (options) => {
    expect(() => definePlugin(options as never)).toThrow(
      `The options of a plugin are ${JSON.stringify(options)}; they must be an object such as \`{ name: 'audit'`,
    );
  });

  it('are refused with everything that is wrong, whatever its name is', () => {
    expect(() => definePlugin({ name: Symbol('x') as never, timeout: 'soon' as never, required: 1 as never })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        details: {
          problems: [
            expect.stringMatching(/^`name` of a plugin is Symbol\(x\): use /),
            expect.stringMatching(/^`timeout` of the plugin Symbol\(x\) is "soon"/),
            '`required` of the plugin Symbol(x) must be true or false.',
          ],
        },
      }),
    );
  });
});

describe('before a job is submitted', () => {
  it('a plugin may amend its input and options', async () => {
    const engine = await lab.start([echo], {
      plugins: [plugin({ beforeSubmit: () => ({ input: { by: 'plugin' }, options: { priority: 9 } }) })],
    });
    const handle = await engine.submitJob(one());
    await handle.result();

    expect(await engine.reader.job(handle.id)).toMatchObject({ priority: 9 });
    expect((await engine.reader.jobInput(handle.id, 100))?.value).toEqual({ by: 'plugin' });
  });

  it('a plugin may refuse it: nothing is stored', async () => {
    const engine = await lab.start([echo], {
      plugins: [plugin({ beforeSubmit: ({ name }) => ({ veto: `${name} is not allowed on Sundays.` }) })],
    });

    await expect(engine.submitJob(one())).rejects.toMatchObject({
      code: 'PLUGIN_VETO',
      message: expect.stringContaining('job is not allowed on Sundays.'),
      details: { plugin: 'rules' },
    });
    expect(await engine.reader.countJobs({})).toBe(0);
  });

  it('each plugin sees what the one before has left, in the order that `after` asks for', async () => {
    const seen: unknown[] = [];
    const note = (name: string, after: readonly string[]): EnginePlugin =>
      definePlugin({
        name,
        after,
        beforeSubmit: ({ input }) => {
          seen.push([name, input]);
          return { input: [...(input as string[]), name] };
        },
      });
    const engine = await lab.start([echo], { plugins: [note('a', ['c']), note('b', []), note('c', ['b', 'not-there'])] });
    await (await engine.submitJob({ ...one(), input: [] })).result();

    expect(seen).toEqual([
      ['b', []],
      ['c', ['b']],
      ['a', ['b', 'c']],
    ]);
  });
});

describe('before an attempt starts', () => {
  it('a plugin may amend what the agent is given, which its schema then checks', async () => {
    const engine = await lab.start([echo], { plugins: [plugin({ beforeStart: (_, input) => ({ input: [input ?? null, 'amended'] }) })] });
    const handle = await engine.submitJob(one(7));
    await handle.result();

    expect(await outputOf(engine, handle.id, 't')).toEqual([7, 'amended']);
  });

  it('a plugin may veto: the task waits for a person, who may let it run', async () => {
    let allowed = false;
    const engine = await lab.start([echo], { plugins: [plugin({ beforeStart: () => (allowed ? undefined : { veto: 'Budget spent.' }) })] });
    const handle = await engine.submitJob(one());
    const { data } = await eventOf(engine, handle.id, 'TASK_PARKED', 't');
    const task = await taskOf(engine, handle.id, 't');

    expect(task).toMatchObject({ status: 'BLOCKED', statusReason: 'MANUAL' });
    expect(data).toMatchObject({ reason: 'MANUAL', message: 'The plugin "rules" does not let it start: Budget spent.' });
    allowed = true;
    await engine.resumeTask(task.id, { as: 'RERUN' });
    await handle.result();
  });
});

describe('an attempt that is cancelled while plugins are asked', () => {
  it('does not run its agent', async () => {
    const gate = new Gate<string>();
    const runs: unknown[] = [];
    const notes = agent('notes', (input) => (runs.push(input), input));
    const engine = await lab.start([notes], { plugins: [plugin({ beforeStart: async () => void (await gate.pass()) })] });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'notes' }] });
    await gate.reached();
    await handle.cancel();
    gate.open('go on');
    await lab.stop(engine);

    expect(runs).toEqual([]);
  });
});

describe('before an attempt ends', () => {
  it('a plugin may change the output, which its schema then checks', async () => {
    const engine = await lab.start([echo], { plugins: [plugin({ beforeComplete: (_, output) => ({ output: { was: output } }) })] });
    const handle = await engine.submitJob(one('x'));
    await handle.result();

    expect(await outputOf(engine, handle.id, 't')).toEqual({ was: 'x' });
  });

  it('a plugin may decide that a failure is worth another attempt, or that it is not', async () => {
    const attempts: string[] = [];
    const fails = agent(
      'fails',
      (kind, { attempt }) => {
        attempts.push(`${String(kind)} ${attempt.number}`);
        throw kind === 'fatal' ? new FatalError('no') : new Error('no');
      },
      { retry: 2 },
    );
    const engine = await lab.start([fails], {
      plugins: [plugin({ beforeFail: (_, { retryable }) => ({ retryable: !retryable }) })],
    });
    for (const kind of ['fatal', 'passing']) {
      const handle = await engine.submitJob({ name: kind, tasks: [{ key: 't', agent: 'fails', input: kind }] });
      await handle.result().catch(() => undefined);
    }

    expect(attempts).toEqual(['fatal 1', 'fatal 2', 'passing 1']);
  });

  it('a plugin is told that it ends to wait', async () => {
    const blocked: string[] = [];
    const asks = agent('asks', (_, ctx) => ctx.need('echo', 5));
    const engine = await lab.start([asks, echo], {
      plugins: [plugin({ beforeBlock: ({ taskKey }, reason) => void blocked.push(`${taskKey}: ${reason}`) })],
    });
    await (await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'asks' }] })).result();

    expect(blocked).toEqual(['t: answers']);
  });
});

describe('before something is cancelled', () => {
  it('a plugin may refuse, for a job and for a task', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const asked: unknown[] = [];
    const engine = await lab.start([waits], {
      plugins: [plugin({ beforeCancel: (request) => (asked.push(request.taskId), { veto: 'Not during the audit.' }) })],
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    await gate.reached();
    const { id } = await taskOf(engine, handle.id, 't');

    await expect(handle.cancel()).rejects.toMatchObject({ code: 'PLUGIN_VETO' });
    await expect(engine.cancelTask(id)).rejects.toMatchObject({ code: 'PLUGIN_VETO' });
    expect(asked).toEqual([null, id]);
    gate.open('done');
    await handle.result();
  });

  it('a plugin is not asked about what is not there', async () => {
    const asked: unknown[] = [];
    const engine = await lab.start([echo], { plugins: [plugin({ beforeCancel: (request) => void asked.push(request) })] });
    const { id } = await engine.submitJob(one());

    for (const unknown of ['nowhere', Symbol('x') as never])
      expect(await refusal(engine.cancelJob(unknown))).toMatchObject({ code: 'NOT_FOUND' });
    for (const unknown of ['nowhere:1', `${id}:99`, 'nonsense'])
      expect(await refusal(engine.cancelTask(unknown))).toMatchObject({ code: 'NOT_FOUND' });
    expect(asked).toEqual([]);
  });
});

/** A plugin that notes every event it is told, by its type and task. */
const follower = (events: EventView[], options: Partial<PluginOptions> = {}): EnginePlugin =>
  plugin({ onEvent: (event) => void events.push(event), ...options });
const seqs = (events: readonly EventView[], jobId: string): number[] =>
  events.filter((event) => event.jobId === jobId).map(({ seq }) => seq);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('after something has happened', () => {
  it('a plugin is told every event of every job, in order, and the hook that stands for it', async () => {
    const events: EventView[] = [];
    const hooks: string[] = [];
    const note = (name: string) => (event: EventView) => void hooks.push(`${name} ${event.type}`);
    const engine = await lab.start([echo], {
      plugins: [
        follower(events, {
          afterSubmit: note('submit'),
          afterStart: note('start'),
          afterComplete: note('complete'),
          afterFail: note('fail'),
          afterBlock: note('block'),
          afterCancel: note('cancel'),
        }),
      ],
    });
    const [first, second] = [await engine.submitJob(one()), await engine.submitJob(one())];
    await Promise.all([first.result(), second.result()]);
    const last = (await first.status()).lastSeq;
    await lab.stop(engine);

    expect(seqs(events, first.id)).toEqual(upTo(last));
    expect(seqs(events, second.id)).toEqual(upTo(last));
    expect(new Set(hooks)).toEqual(
      new Set(['submit JOB_SUBMITTED', 'start TASK_STARTED', 'complete TASK_COMPLETED', 'complete JOB_COMPLETED']),
    );
  });

  it('is told of failures, blocks and cancellations', async () => {
    const hooks: string[] = [];
    const note = (name: string) => (event: EventView) => void hooks.push(`${name} ${event.type}`);
    const fails = agent('fails', () => {
      throw new Error('no');
    });
    const asks = agent('asks', (_, ctx) => ctx.need('echo', 5));
    const engine = await lab.start([fails, asks, echo], {
      plugins: [plugin({ afterFail: note('fail'), afterBlock: note('block'), afterCancel: note('cancel') })],
    });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'asks' },
        { key: 'f', agent: 'fails', dependsOn: ['a'] },
        { key: 'other', agent: 'echo', dependsOn: ['f'] },
      ],
    });
    await handle.result().catch(() => undefined);
    await lab.stop(engine);

    expect(new Set(hooks)).toEqual(
      new Set(['block TASK_SUSPENDED', 'fail TASK_FAILED', 'fail TASKS_FAILED', 'cancel TASKS_CANCELLED', 'fail JOB_FAILED']),
    );
  });

  it('is told of a task that another one stands in for, and of one that waits for what it has added', async () => {
    const hooks: string[] = [];
    const note = (name: string) => (event: EventView) => void hooks.push(`${name} ${event.type}`);
    const fails = agent('fails', () => {
      throw new Error('no');
    });
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const adds = agent('adds', async (_, ctx) => void (await ctx.spawn('waits', 5)));
    const engine = await lab.start([fails, adds, waits, echo], {
      plugins: [plugin({ afterFail: note('fail'), afterBlock: note('block') })],
    });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'adds' },
        { key: 'f', agent: 'fails', routeTo: 'g' },
        { key: 'g', agent: 'echo' },
      ],
    });
    await eventOf(engine, handle.id, 'TASK_RETURNED');
    gate.open('done');
    await handle.result();
    await lab.stop(engine);

    expect(new Set(hooks)).toEqual(new Set(['fail TASK_REROUTED', 'block TASK_RETURNED']));
  });

  it('goes on where it stopped when the engine starts again, and begins with the present when it is new', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const first: EventView[] = [];
    const engine = await lab.start([waits, echo], { plugins: [follower(first)] });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    await gate.reached();
    const seen = (await handle.status()).lastSeq;

    const second: EventView[] = [];
    const late: EventView[] = [];
    const again = await lab.restart(engine, [waits, echo], { plugins: [follower(second), follower(late, { name: 'late' })] });
    gate.open('done');
    await again.job(handle.id).result();
    const last = (await again.job(handle.id).status()).lastSeq;
    await lab.stop(again);

    const told = seqs([...first, ...second], handle.id);
    expect(told).toEqual(upTo(last));
    expect(seqs(first, handle.id).length).toBeGreaterThanOrEqual(seen);
    // What happened before it was there is not its business.
    expect(seqs(late, handle.id)).toEqual(seqs(second, handle.id));
  });

  it('is told in time of a job that ended while it hung, after the next start', async () => {
    const clock = new VirtualClock();
    const hangs = follower([], { onEvent: () => new Promise(() => undefined), timeout: '1h' });
    const engine = await lab.start([echo], { plugins: [hangs], clock });
    const handle = await engine.submitJob(one());
    await clock.advanceUntil(handle.result());
    const last = (await handle.status()).lastSeq;
    await clock.runUntil(engine.stop());
    const events: EventView[] = [];
    // A system's clock would find the job old enough to be deleted.
    const again = await lab.start([echo], { plugins: [follower(events)], clock });
    await lab.stop(again);

    expect(seqs(events, handle.id)).toEqual(upTo(last));
  });
});

describe('a plugin that lags', () => {
  const hangs = (): EnginePlugin => follower([], { onEvent: () => new Promise(() => undefined), timeout: '1h' });

  it('is told, after the next start, also of a job that ended long before the stop', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([echo], { plugins: [hangs()], clock });
    const blocking = await engine.submitJob(one());
    await clock.advanceUntil(blocking.result());
    const behind = await engine.submitJob(one());
    await clock.advanceUntil(behind.result());
    await clock.advance(60_000);
    const last = (await behind.status()).lastSeq;
    await clock.runUntil(engine.stop());
    const events: EventView[] = [];
    await lab.stop(await lab.start([echo], { plugins: [follower(events)], clock }));

    expect(seqs(events, behind.id)).toEqual(upTo(last));
  });

  it('is told of a job that was open when the plugin was new', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const first = await lab.start([waits], { clock });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    await gate.reached();
    await lab.stop(first);
    await clock.advance(60_000);
    const second = await lab.start([waits], { plugins: [hangs()], clock });
    gate.open('done');
    await clock.advanceUntil(second.job(id).result());
    const last = (await second.job(id).status()).lastSeq;
    await clock.runUntil(second.stop());
    const events: EventView[] = [];
    await lab.stop(await lab.start([waits], { plugins: [follower(events)], clock }));

    expect(seqs(events, id).at(-1)).toBe(last);
  });

  it('is not told, when it starts for the second time, what happened before it was there', async () => {
    const first = await lab.start([echo]);
    const { id } = await first.submitJob({ ...one(), options: { runAt: '2999-01-01' } });
    await lab.stop(first);
    const told: EventView[] = [];
    for (let starts = 0; starts < 2; starts += 1) await lab.stop(await lab.start([echo], { plugins: [follower(told)] }));

    expect(seqs(told, id)).toEqual([]);
  });
});

describe('a plugin that misbehaves', () => {
  const logged = (): { lines: string[]; logger: never } => {
    const lines: string[] = [];
    const note = (message: string, data?: object): void => void lines.push(`${message} ${JSON.stringify(data)}`);
    return { lines, logger: { debug: jest.fn(), info: jest.fn(), warn: note, error: note } as never };
  };
  const HOOKS = [
    'beforeSubmit',
    'beforeStart',
    'beforeComplete',
    'beforeFail',
    'beforeBlock',
    'beforeCancel',
    'onEvent',
    'afterSubmit',
    'afterStart',
    'afterComplete',
    'afterFail',
    'afterBlock',
    'afterCancel',
    'started',
    'beforeStop',
    'afterStop',
  ] as const;
  const waits = agent('waits', () => new Promise(() => undefined));
  const fails = agent('fails', () => {
    throw new Error('no');
  });
  const asks = agent('asks', (_, ctx) => ctx.need('echo', 5));
  const tasks = [
    { key: 'a', agent: 'asks' },
    { key: 'f', agent: 'fails', failureStrategy: 'continue' as const },
  ];
  const hopeless = { name: 'hopeless', tasks: [{ key: 'w', agent: 'waits' }] };
  const garbage = { veto: 7, input: () => 1, options: 'x', retryable: 'maybe' };

  it.each(HOOKS)('by throwing in `%s` is named in the log and passed over (P2)', async (hook) => {
    const { lines, logger } = logged();
    const bad = plugin({
      [hook]: () => {
        throw new Error('broken');
      },
    });
    const engine = await lab.start([echo, fails, asks, waits], { plugins: [bad], logger });
    await (await engine.submitJob({ name: 'job', tasks })).result();
    await (await engine.submitJob(hopeless)).cancel();
    await lab.stop(engine);

    expect(lines.join('\n')).toContain(`"plugin":"rules","hook":"${hook}","error":"broken"`);
  });

  it.each(HOOKS)('by hanging in `%s` is passed over after its timeout (P2)', async (hook) => {
    const { lines, logger } = logged();
    const clock = new VirtualClock();
    const bad = plugin({ [hook]: () => new Promise(() => undefined), timeout: '2s' });
    const engine = await clock.runUntil(lab.start([echo, fails, asks, waits], { plugins: [bad], logger, clock }));
    const handle = await clock.runUntil(engine.submitJob({ name: 'job', tasks }));
    await clock.runUntil(handle.result());
    await clock.runUntil((await clock.runUntil(engine.submitJob(hopeless))).cancel());
    // Each of its events takes the plugin two seconds: a stop waits for five.
    await clock.advance(600_000);
    await clock.runUntil(engine.stop());

    expect(lines.join('\n')).toContain(`"hook":"${hook}","error":"it took longer than 2000 ms"`);
  });

  it.each(['beforeSubmit', 'beforeStart', 'beforeComplete', 'beforeFail', 'beforeCancel'] as const)(
    'by returning garbage from `%s` is passed over (P2)',
    async (hook) => {
      const { lines, logger } = logged();
      const bad = plugin({ [hook]: () => (hook === 'beforeComplete' ? 'no object' : garbage) as never });
      const engine = await lab.start([echo, fails, asks, waits], { plugins: [bad], logger });
      await (await engine.submitJob({ name: 'job', tasks })).result();
      expect(await (await engine.submitJob(hopeless)).cancel()).toMatchObject({ status: 'CANCELLED' });

      expect(lines.join('\n')).toContain(`"hook":"${hook}","error":"what it returned is not what the hook may return"`);
    },
  );

  it('by a veto that is no text, beside an amendment, has said nothing: it is not amended', async () => {
    const { lines, logger } = logged();
    const bad = plugin({
      beforeSubmit: () => ({ veto: 7, input: 'amended' }) as never,
      beforeStart: () => ({ veto: { why: 'no' }, input: 'amended' }) as never,
    });
    const engine = await lab.start([echo], { plugins: [bad], logger });
    const handle = await engine.submitJob({ ...one('mine'), input: 'mine' });
    await handle.result();

    expect((await engine.reader.jobInput(handle.id, 100))?.value).toBe('mine');
    expect(await outputOf(engine, handle.id, 't')).toBe('mine');
    for (const hook of ['beforeSubmit', 'beforeStart'])
      expect(lines.join('\n')).toContain(`"hook":"${hook}","error":"what it returned is not what the hook may return"`);
  });

  it('and is required refuses what it was asked about, or fails the start (P2)', async () => {
    const broken = (): never => {
      throw new Error('broken');
    };
    const refusing = await lab.start([echo], { plugins: [plugin({ required: true, beforeSubmit: broken })] });
    await expect(refusing.submitJob(one())).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringMatching(/^The hook `beforeSubmit` of the plugin ".+" failed: broken\.$/),
    });

    // Another attempt would meet the same plugin.
    const failing = await lab.start([agent('echo', () => 1, { retry: 3 })], {
      file: 'two.db',
      plugins: [plugin({ required: true, beforeStart: broken })],
    });
    const handle = await failing.submitJob(one());
    await expect(handle.result()).rejects.toMatchObject({ code: 'JOB_FAILED' });
    expect(await taskOf(failing, handle.id, 't')).toMatchObject({ attempt: 1, error: { code: 'PLUGIN_FAILED' } });

    await expect(lab.start([echo], { file: 'three.db', plugins: [plugin({ required: true, started: broken })] })).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
    });
  });

  it('by changing what it is given changes nothing (P3)', async () => {
    const input = { list: [1] };
    const engine = await lab.start([echo], {
      plugins: [
        plugin({
          beforeStart: (_, given) => void (given as unknown as { list: number[] }).list.push(2),
          beforeComplete: (_, given) => void Object.assign(given as object, { more: true }),
          onEvent: (event) => void Object.assign(event, { seq: 0 }),
        }),
      ],
    });
    const handle = await engine.submitJob(one(input));
    await handle.result();

    expect(await outputOf(engine, handle.id, 't')).toEqual({ list: [1] });
  });

  it('by calling the engine out of a hook holds nothing up (P4)', async () => {
    const more: Promise<unknown>[] = [];
    const engine = await lab.start([echo], {
      plugins: [
        plugin({
          beforeStart: async ({ jobId }) => void (await engine.job(jobId).status()),
          afterSubmit: ({ jobId }) => {
            if (more.length < 3) more.push(engine.submitJob({ ...one(), name: `after ${jobId}` }).then((handle) => handle.result()));
          },
        }),
      ],
    });
    await (await engine.submitJob(one())).result();
    await until(() => more.length === 3);
    await Promise.all(more);

    expect(await engine.reader.countJobs({ status: ['COMPLETED'] })).toBe(4);
  });
});

describe('a required plugin that fails at an event', () => {
  const logged = (lines: string[]): never => {
    const note = (message: string, data?: object): void => void lines.push(`${message} ${JSON.stringify(data)}`);
    return { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: note } as never;
  };

  it('is told it again until it can do its work, and misses nothing', async () => {
    const clock = new VirtualClock();
    const events: EventView[] = [];
    let failures = 3;
    const picky = plugin({
      required: true,
      onEvent: (event) => {
        if (event.type === 'TASK_STARTED' && (failures -= 1) >= 0) throw new Error('the disk is full');
        events.push(event);
      },
    });
    const engine = await lab.start([echo], { plugins: [picky], clock });
    const handle = await engine.submitJob(one());
    await clock.advanceUntil(handle.result());
    const last = (await handle.status()).lastSeq;
    expect(seqs(events, handle.id)).not.toContain(3);
    await clock.advance(1_000 + 2_000 + 4_000);

    expect(seqs(events, handle.id)).toEqual(upTo(last));
  });

  it('for good is told nothing more, loudly, and goes on there with the next start', async () => {
    const clock = new VirtualClock();
    const lines: string[] = [];
    const seen: EventView[] = [];
    const broken = plugin({
      required: true,
      onEvent: (event) => {
        seen.push(event);
        if (event.type === 'TASK_STARTED') throw new Error('the disk is full');
      },
    });
    const engine = await lab.start([echo], { plugins: [broken], clock, logger: logged(lines) });
    const handle = await engine.submitJob(one());
    await clock.advanceUntil(handle.result());
    const last = (await handle.status()).lastSeq;
    await clock.advance(60_000);
    const { length } = seen;
    await clock.advanceUntil((await engine.submitJob(one())).result());
    await clock.advance(60_000);

    expect(seen).toHaveLength(length);
    expect(seen.filter(({ type }) => type === 'TASK_STARTED')).toHaveLength(6);
    expect(lines.filter((line) => line.startsWith('A required plugin is told nothing more'))).toHaveLength(1);
    await lab.stop(engine);
    const events: EventView[] = [];
    await lab.stop(await lab.start([echo], { plugins: [follower(events, { required: true })], clock }));
    expect(seqs(events, handle.id)).toEqual(upTo(last).slice(2));
  });

  it('does not hold up a stop while it waits to be told again', async () => {
    const clock = new VirtualClock();
    const broken = plugin({
      required: true,
      onEvent: () => {
        throw new Error('no');
      },
    });
    const engine = await lab.start([echo], { plugins: [broken], clock });
    await clock.advanceUntil((await engine.submitJob(one())).result());
    const before = clock.now();
    await clock.runUntil(engine.stop());

    expect(clock.now() - before).toBeLessThanOrEqual(5_000);
  });
});

describe('the life of plugins', () => {
  it('begins with `started`: no event comes before it, not even of jobs that are recovered', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', (_, ctx) => (ctx.attempt.reason === 'FIRST' ? gate.pass() : null));
    const watching = (calls: string[], hold: Promise<unknown>): EnginePlugin =>
      plugin({
        started: async () => {
          await hold;
          calls.push('started');
        },
        onEvent: ({ type }) => void calls.push(type),
      });
    const engine = await lab.start([waits], { plugins: [watching([], Promise.resolve())] });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
    await gate.reached();
    await lab.stop(engine);
    const calls: string[] = [];
    const turns = new Promise((resolve) => setTimeout(resolve, 50));
    const again = await lab.start([waits], { plugins: [watching(calls, turns)] });
    await again.job(id).result();
    await lab.stop(again);

    expect(calls[0]).toBe('started');
    expect(calls).toContain('JOB_COMPLETED');
  });

  it('ends for all of them together: those that lag are waited for once', async () => {
    const clock = new VirtualClock();
    const hangs = (name: string): EnginePlugin => definePlugin({ name, timeout: '1h', onEvent: () => new Promise(() => undefined) });
    const engine = await lab.start([echo], { plugins: ['a', 'b', 'c'].map(hangs), clock });
    await clock.advanceUntil((await engine.submitJob(one())).result());
    const before = clock.now();
    await clock.runUntil(engine.stop());

    expect(clock.now() - before).toBe(5_000);
  });
});

describe('an attempt whose time is up', () => {
  it('is asked about before its failure is reported', async () => {
    const clock = new VirtualClock();
    const asked: unknown[] = [];
    const starts: number[] = [];
    const slow = agent(
      'slow',
      (_, ctx) => {
        starts.push(ctx.attempt.number);
        return new Promise(() => undefined);
      },
      { timeout: '1s', retry: 3 },
    );
    const engine = await lab.start([slow], {
      clock,
      plugins: [
        plugin({
          beforeFail: ({ number }, { error, retryable }) => {
            asked.push([number, error.code, retryable]);
            return { retryable: number < 2 };
          },
        }),
      ],
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'slow' }] });
    await clock.runUntil(handle.result().catch(() => undefined));

    expect(asked).toEqual([
      [1, 'TASK_TIMEOUT', true],
      [2, 'TASK_TIMEOUT', true],
    ]);
    expect(starts).toEqual([1, 2]);
    expect(await taskOf(engine, handle.id, 't')).toMatchObject({ status: 'FAILED', error: { code: 'TASK_TIMEOUT' } });
  });

  it('has failed all the same when the engine stops while plugins are asked', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<undefined>();
    const slow = agent('slow', () => new Promise(() => undefined), { timeout: '1s', retry: 3 });
    const engine = await lab.start([slow], { clock, plugins: [plugin({ timeout: '1h', beforeFail: () => gate.pass() })] });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 't', agent: 'slow', overrides: { retry: NO_RETRY } }],
    });
    await clock.advance(1_000);
    await gate.reached();
    await lab.stop(engine);
    const next = await lab.start([slow], { clock });

    expect(await taskOf(next, id, 't')).toMatchObject({ status: 'FAILED', attempt: 1, error: { code: 'TASK_TIMEOUT' } });
  });
});

describe('plugins at boot', () => {
  it.each([
    ['of another version', { ...plugin({}), api: PLUGIN_API + 1 }, `version ${PLUGIN_API + 1}`],
    ['that is a module', { default: plugin({}) }, 'a value of the type object'],
    ['that is missing', undefined, 'a value of the type undefined'],
    ['that was not called', (): EnginePlugin => plugin({}), 'a value of the type function'],
  ])('one %s is refused (P1)', (_, value, actual) => {
    expect(() => lab.create([echo], { plugins: [value as EnginePlugin] })).toThrow(
      expect.objectContaining({ code: 'PLUGIN_INCOMPATIBLE', message: expect.stringContaining(actual) }),
    );
  });

  it('two of one name (P1), and circles (P4), are refused', () => {
    expect(() => lab.create([], { plugins: [plugin({}), plugin({})] })).toThrow(expect.objectContaining({ code: 'PLUGIN_INCOMPATIBLE' }));
    const circle = [definePlugin({ name: 'a', after: ['b'] }), definePlugin({ name: 'b', after: ['a'] })];
    expect(() => lab.create([], { plugins: circle })).toThrow(
      expect.objectContaining({ code: 'PLUGIN_CYCLE', message: expect.stringContaining('a after b after a') }),
    );
  });

  it('tells everything that is wrong with a plugin at once', () => {
    expect(() => definePlugin({ name: 'a b', timeout: 'soon' as never, onEvents: 1 } as never)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        problems: [
          expect.stringContaining('did you mean `plugin.onEvent`'),
          expect.stringContaining('`name` of a plugin'),
          expect.stringContaining('`timeout` of the plugin'),
        ],
      }),
    );
  });

  it.each([
    ['required', { required: 'yes' }, '`required` of the plugin "rules" must be true or false'],
    ['after', { after: 'a' }, '`after` of the plugin "rules" must be a list of names'],
    ['after', { after: [5] }, '`after` of the plugin "rules" must be a list of names'],
    ['store', { contributes: { store: {} } }, '`contributes.store` of the plugin "rules" must be a store'],
    ['dispatcher', { contributes: { dispatcher: {} } }, '`contributes.dispatcher` of the plugin "rules" must be a function'],
    ['router', { contributes: { router: () => 'echo' } }, '`contributes.router` of the plugin "rules" must be an object'],
    ['summarizer', { contributes: { summarizer: () => '' } }, '`contributes.summarizer` of the plugin "rules" must be an object'],
    ['policies', { contributes: { policies: { retryy: () => true } } }, 'did you mean `plugin.contributes.policies.retry`'],
    ['policies', { contributes: { policies: { retry: true } } }, '`contributes.policies.retry` of the plugin "rules" must be a function'],
    ['definitions', { contributes: { definitions: echo } }, '`contributes.definitions` of the plugin "rules" must be a list'],
  ])('one whose `%s` is none is refused', (_, options, problem) => {
    expect(() => plugin(options as never)).toThrow(expect.objectContaining({ problems: [expect.stringContaining(problem)] }));
  });

  it('an agent that has the name of another one, or of one of the engine, is refused (P3)', () => {
    const twin = agent('echo', (input) => input);
    const engine = lab.create([], { plugins: [plugin({ contributes: { definitions: [twin] } })] });
    expect(() => agent('$map')).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));

    expect(() => engine.register(echo)).toThrow(expect.objectContaining({ code: 'DUPLICATE_AGENT' }));
  });
});

describe('a plugin that is gone', () => {
  it('leaves jobs that need its agents waiting, until their deadline ends them (P5)', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const own = agent('own', () => gate.pass());
    const brings = plugin({ contributes: { definitions: [own] } });
    const engine = await lab.start([], { plugins: [brings], clock });
    const submit = (name: string, options: JobOptions) =>
      engine.submitJob({ name, options, tasks: [{ key: 't', agent: 'own', failureStrategy: 'abort' }] });
    const [bounded, patient] = [await submit('bounded', { timeLimit: '1h' }), await submit('patient', {})];
    await gate.reached(2);
    await lab.stop(engine);
    const without = await lab.start([], { clock });
    await clock.advance(60_000);
    for (const { id } of [bounded, patient])
      expect(await taskOf(without, id, 't')).toMatchObject({ status: 'BLOCKED', statusReason: 'AGENT_UNAVAILABLE' });
    await clock.advance(3_600_000);
    expect(await without.job(bounded.id).status()).toMatchObject({ status: 'FAILED', error: { code: 'JOB_TIMEOUT' } });
    await lab.stop(without);

    gate.open('done');
    const again = await lab.start([], { plugins: [brings], clock });
    await clock.runUntil(again.job(patient.id).result());
    expect(await outputOf(again, patient.id, 't')).toBe('done');
  });
});

describe('what plugins bring', () => {
  it('is used: agents, a summarizer, a dispatcher', async () => {
    const offered: string[] = [];
    const brings = plugin({
      contributes: {
        definitions: [echo],
        summarizer: { summarize: ({ taskName }) => `By the plugin: ${taskName}.` },
        dispatcher: (services) => {
          const local = new LocalDispatcher(services);
          return new Proxy(local, {
            get: (target, name) => {
              if (name !== 'offer') return (target[name as keyof LocalDispatcher] as (...args: unknown[]) => unknown).bind(target);
              return (task: ReadyTask) => {
                offered.push(task.agent);
                target.offer(task);
              };
            },
          });
        },
      },
    });
    const engine = await lab.start([], { plugins: [brings] });
    const handle = await engine.submitJob(one());
    await handle.result();

    expect((await taskOf(engine, handle.id, 't')).summary).toBe('By the plugin: t.');
    expect(offered).toContain('echo');
  });

  it('is used: a store, which keeps what the jobs came to', async () => {
    const store = new SqliteStore({ path: lab.path(), synchronous: SYNCHRONOUS });
    const engine = createEngine({ plugins: [plugin({ contributes: { store } })] });
    engine.register(echo);
    await engine.start();
    try {
      const handle = await engine.submitJob(one());
      await handle.result();

      expect(await store.reader.job(handle.id)).toMatchObject({ status: 'COMPLETED' });
    } finally {
      await engine.stop();
    }
  });

  it('is followed: a rule that tells what is worth another attempt, unless the error itself says', async () => {
    const asked: string[] = [];
    const starts: string[] = [];
    const fails = agent(
      'fails',
      (kind) => {
        starts.push(kind);
        throw kind === 'fatal' ? new FatalError('no') : new Error(kind);
      },
      { retry: 2 },
    );
    const lines: string[] = [];
    const rule = (name: string, retry: RetryRule): EnginePlugin => definePlugin({ name, contributes: { policies: { retry } } });
    const engine = await lab.start([fails], {
      logger: {
        debug: jest.fn(),
        info: jest.fn(),
        warn: jest.fn(),
        error: (_: string, data?: object) => void lines.push(JSON.stringify(data)),
      },
      plugins: [
        rule('broken', ({ error }) => {
          if (error.message === 'odd') throw new Error('no idea');
          return error.message === 'even' ? ('maybe' as never) : undefined;
        }),
        rule('first', ({ attempt, error, retryable }) => {
          asked.push(`${attempt.taskKey} ${error.message} ${String(retryable)}`);
          return error.message === 'passing' ? undefined : false;
        }),
        rule('second', () => true),
      ],
    });
    for (const kind of ['passing', 'lasting', 'fatal', 'odd', 'even']) {
      const handle = await engine.submitJob({ name: kind, tasks: [{ key: 't', agent: 'fails', input: kind }] });
      await handle.result().catch(() => undefined);
    }

    expect(starts).toEqual(['passing', 'passing', 'lasting', 'fatal', 'odd', 'even']);
    expect(asked).toEqual(['t passing true', 't passing true', 't lasting true', 't odd true', 't even true']);
    expect(lines).toEqual([
      '{"plugin":"broken","policy":"retry","error":"no idea"}',
      '{"plugin":"broken","policy":"retry","error":"what it returned is neither true nor false"}',
    ]);
  });

  it('is used: a router, for tasks whose agent nobody has', async () => {
    const asked: unknown[] = [];
    const router: Router = {
      route: async ({ wanted, taskKey, input, agents }) => {
        asked.push([wanted, taskKey, input]);
        return agents.find(({ capabilities }) => capabilities.includes(wanted.replace('can:', '')))?.name;
      },
    };
    const loud = agent('loud', (text: string) => text.toUpperCase(), { capabilities: ['shout'] });
    const gate = new Gate<string>();
    const asks = agent('asks', async (_, ctx) => {
      await gate.pass();
      await ctx.spawn('can:shout', 'spawned', { name: 's' });
      return ctx.need('can:shout', 'needed');
    });
    const engine = await lab.start([echo, loud, asks], { plugins: [plugin({ contributes: { router } })] });
    const handle = await engine.submitJob({
      name: 'job',
      options: { allowedAgents: ['echo', 'loud', 'asks'] },
      tasks: [
        { key: 'a', agent: 'can:shout', input: 'hey' },
        { key: 'b', agent: 'asks' },
        { key: 'list', agent: 'echo', input: ['x', 'y'] },
        { key: 'm', map: { agent: 'can:shout', over: { task: 'list' }, input: { value: null, refs: [] }, items: [{ at: '', path: '' }] } },
      ],
    });
    const [added] = await engine.addTasks(handle.id, [{ key: 'c', agent: 'can:shout', input: 'late' }]);
    gate.open('go on');
    await handle.result();

    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({ agent: 'loud' });
    expect(added).toMatchObject({ agent: 'loud' });
    expect(await outputOf(engine, handle.id, 'a')).toBe('HEY');
    expect(await outputOf(engine, handle.id, 'b')).toBe('NEEDED');
    expect(await outputOf(engine, handle.id, 'm')).toEqual(['X', 'Y']);
    expect(asked).toEqual(
      expect.arrayContaining([
        ['can:shout', 'a', 'hey'],
        ['can:shout', 'c', 'late'],
        ['can:shout', null, 'spawned'],
        ['can:shout', null, 'needed'],
      ]),
    );
    expect((await refusal(engine.submitJob({ name: 'no', tasks: [{ key: 'a', agent: 'can:sing' }] }))).message).toContain('not registered');
  });

  it.each<[string, Router['route'], string]>([
    ['throws', () => Promise.reject(new Error('lost')), 'lost'],
    ['hangs', () => new Promise(() => undefined), 'it took longer than 1000 ms'],
    ['chooses nobody that is there', () => 'nobody', 'it chose "nobody", which is no registered agent'],
    ['gives garbage', () => ({ agent: 'echo' }) as never, 'it chose {"agent":"echo"}, which is no registered agent'],
  ])('a router that %s leaves the name as it was; where it is required, it refuses', async (_, route, error) => {
    const clock = new VirtualClock();
    const lines: string[] = [];
    const logger = {
      debug: jest.fn(),
      info: jest.fn(),
      warn: jest.fn(),
      error: (__: string, data?: object) => void lines.push(JSON.stringify(data)),
    };
    const brings = (required: boolean): EnginePlugin => plugin({ required, timeout: '1s', contributes: { router: { route } } });
    const job = { name: 'job', tasks: [{ key: 'a', agent: 'can:shout' }] };
    const engine = await lab.start([echo], { clock, logger, plugins: [brings(false)] });
    const lenient = await clock.runUntil(refusal(engine.submitJob(job)));
    expect(lines).toEqual([JSON.stringify({ plugin: 'rules', wanted: 'can:shout', error })]);
    expect(lenient.message).toContain('"can:shout", which is not registered');
    await lab.fresh();
    const strict = await lab.start([echo], { clock, plugins: [brings(true)] });
    expect(await clock.runUntil(refusal(strict.submitJob(job)))).toMatchObject({
      code: 'PLUGIN_FAILED',
      message: `The router of the plugin "rules" failed: ${error}.`,
    });
  });

  it('is used: named limits and pools, each name once', async () => {
    const limits = (name: string): EnginePlugin =>
      definePlugin({ name, contributes: { policies: { namedLimits: { models: { concurrency: 1 } }, pools: { gpus: 2 } } } });
    const calls = agent('calls', () => null, { limits: ['models'], resources: { gpus: 2 } });
    const engine = await lab.start([calls], { plugins: [limits('a')], pools: { cpus: 1 } });
    await (await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'calls' }] })).result();

    expect(engine.limitGauges().map(({ limit, capacity }) => `${limit} ${capacity}`)).toEqual(
      expect.arrayContaining(['limit:models 1', 'pool:gpus 2', 'pool:cpus 1']),
    );
    expect(() => lab.create([], { plugins: [limits('a'), limits('b')] })).toThrow(/"b" brings `pools.gpus`, and so does the plugin "a"/);
    expect(() => lab.create([], { plugins: [limits('a')], namedLimits: { models: { concurrency: 3 } } })).toThrow(
      /"a" brings `namedLimits.models`, and so does the option `namedLimits`/,
    );
  });

  it('is refused where something else brings the same', () => {
    const summarizer = { summarize: () => 'x' };
    const brings = (name: string): EnginePlugin => definePlugin({ name, contributes: { summarizer } });

    expect(() => lab.create([], { plugins: [brings('a'), brings('b')] })).toThrow(/"b" brings a summarizer, and so does the plugin "a"/);
    expect(() => lab.create([], { plugins: [brings('a')], summarizer })).toThrow(
      /"a" brings a summarizer, and so does the option `summarizer`/,
    );
  });
});
