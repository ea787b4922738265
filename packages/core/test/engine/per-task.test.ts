import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  defineAgent,
  FatalError,
  silentLogger,
  type AgentDefinition,
  type AgentInstance,
  type AgentOptions,
  type Schema,
  type TaskContext,
} from '../../src/index.js';
import { echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventOf, outputOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

type Made = AgentInstance<Schema, Schema>;
type Settings = Partial<Omit<AgentOptions<Schema, Schema>, 'name' | 'input' | 'output'>>;

const perTask = (create: () => Made | Promise<Made>, settings: Settings = {}): AgentDefinition =>
  defineAgent({ name: 'own', input: z.unknown(), output: z.unknown(), ...settings, scope: 'per-task', create });

/** Instances that note what becomes of them. */
class Notes {
  readonly lines: string[] = [];
  private made = 0;

  create(execute: (input: unknown, ctx: TaskContext) => unknown): Made {
    const no = (this.made += 1);
    this.lines.push(`${no} made`);
    return {
      execute: (input, ctx) => {
        this.lines.push(`${no} runs`);
        return execute(input, ctx);
      },
      [Symbol.asyncDispose]: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        this.lines.push(`${no} disposed of`);
      },
    };
  }
}

const untilStopped = (_: unknown, { signal }: TaskContext): Promise<never> =>
  new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));

describe('an agent with an instance for each task', () => {
  it('shares none between tasks that run at the same time', async () => {
    const gates = [new Gate<string>(), new Gate<string>()];
    const own = perTask(() => {
      let seen: unknown = null;
      return {
        execute: async (input) => {
          seen = input;
          await gates[input as number]!.pass();
          return seen;
        },
      };
    });
    const engine = await lab.start([own]);
    const tasks = [0, 1].map((input) => ({ key: `t${input}`, agent: 'own', input }));
    const { id } = await engine.submitJob({ name: 'job', tasks });
    await Promise.all(tasks.map(({ key }) => eventOf(engine, id, 'TASK_STARTED', key)));
    for (const gate of gates) gate.open('');
    await ended(engine, id);
    expect([await outputOf(engine, id, 't0'), await outputOf(engine, id, 't1')]).toEqual([0, 1]);
  });

  it('has another one made for each attempt, and disposed of before the next', async () => {
    const notes = new Notes();
    const own = perTask(
      () =>
        notes.create((_, ctx) => {
          if (ctx.attempt.number === 1) throw new Error('again');
          return 'done';
        }),
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([own]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await handle.result();
    expect(notes.lines).toEqual(['1 made', '1 runs', '1 disposed of', '2 made', '2 runs', '2 disposed of']);
    expect(await outputOf(engine, handle.id, 't')).toBe('done');
  });

  it('disposes of one that goes on to wait', async () => {
    const notes = new Notes();
    const own = perTask(() => notes.create((_, ctx) => ctx.need('echo', 'x')));
    const handle = await (await lab.start([own, echo])).submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await handle.result();
    expect(notes.lines).toEqual(['1 made', '1 runs', '1 disposed of', '2 made', '2 runs', '2 disposed of']);
  });

  it('disposes of one that is cancelled, and waits for that when the engine stops', async () => {
    const notes = new Notes();
    const engine = await lab.start([perTask(() => notes.create(untilStopped))]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await eventOf(engine, id, 'TASK_STARTED', 't');
    await engine.cancelJob(id);
    await engine.stop();
    expect(notes.lines.at(-1)).toBe('1 disposed of');
  });

  it('disposes of one whose time is up', async () => {
    const clock = new VirtualClock();
    const notes = new Notes();
    const engine = await lab.start([perTask(() => notes.create(untilStopped), { timeout: '1m' })], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await clock.advance(61_000);
    expect((await taskOf(engine, id, 't')).error?.code).toBe('TASK_TIMEOUT');
    expect(notes.lines).toEqual(['1 made', '1 runs', '1 disposed of']);
  });

  it('does not begin with one that is there too late', async () => {
    const clock = new VirtualClock();
    const notes = new Notes();
    const gate = new Gate<string>();
    const own = perTask(async () => (await gate.pass(), notes.create(() => 'late')), { timeout: '1m' });
    const engine = await lab.start([own], { clock });
    await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await clock.advance(61_000);
    gate.open('');
    await clock.advance(0);
    expect(notes.lines).toEqual(['1 made', '1 disposed of']);
  });

  it('keeps what came of it where it cannot be disposed of, and says so', async () => {
    const warnings: unknown[] = [];
    const own = perTask(() => ({
      execute: () => 'kept',
      [Symbol.dispose]: () => {
        throw new Error('stuck');
      },
    }));
    const logger = { ...silentLogger, warn: (_: string, data?: object) => void warnings.push(data) };
    const engine = await lab.start([own], { logger });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await handle.result();
    expect(await outputOf(engine, handle.id, 't')).toBe('kept');
    expect(warnings).toEqual([expect.objectContaining({ task: 't', error: 'stuck' })]);
  });

  it.each<[string, () => unknown, number, object]>([
    [
      'fails',
      () => {
        throw new Error('no connection');
      },
      3,
      { code: 'AGENT_FACTORY_FAILED', message: '`create` of agent "own" failed: no connection' },
    ],
    [
      'makes nothing that runs',
      () => ({}),
      3,
      { code: 'AGENT_FACTORY_FAILED', message: 'What `create` of agent "own" made has no method `execute`.' },
    ],
    [
      'says that it never will',
      () => {
        throw new FatalError('wrong password');
      },
      1,
      { message: 'wrong password' },
    ],
  ])('fails under its retry policy when its factory %s', async (_, create, attempts, error) => {
    let calls = 0;
    const own = perTask(() => ((calls += 1), create()) as Made, { retry: { maxAttempts: 3, backoff: 'none' } });
    const engine = await lab.start([own]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'own' }] });
    await ended(engine, id);
    expect(calls).toBe(attempts);
    expect((await taskOf(engine, id, 't')).error).toMatchObject(error);
  });
});

describe('the scope of an agent', () => {
  const given = { name: 'a', input: z.null(), output: z.null() };
  const execute = (): null => null;
  const create = (): { execute: () => null } => ({ execute });

  it.each<[string, object, string]>([
    ['is no scope', { scope: 'per-job', create }, '`scope` of agent "a" is "per-job"; it must be shared or per-task.'],
    ['has no factory', { scope: 'per-task' }, 'has the scope per-task and nothing to run'],
    ['has a function of all tasks', { scope: 'per-task', execute }, 'has the scope per-task and execute'],
    ['has both', { scope: 'per-task', create, execute }, 'has the scope per-task and create, execute'],
    ['has no function as its factory', { scope: 'per-task', create: create() }, 'and a function `create`'],
    ['is shared, with a factory', { scope: 'shared', create }, 'has the scope shared and create'],
    ['is not said, with a factory', { create }, "needs `scope: 'per-task'`"],
  ])('that %s is refused', (_, more, message) => {
    expect(() => defineAgent({ ...given, ...more } as never)).toThrow(message);
  });

  it('is shared unless it says otherwise', () => {
    expect(defineAgent({ ...given, scope: 'shared', execute })).toMatchObject({ kind: 'agent', execute });
  });
});
