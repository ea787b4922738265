import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { createEngine, defineAgent, defineWorkflow, type EngineOptions } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const refused = (options: unknown) => refusal((async () => createEngine(options as EngineOptions))());

describe('an option of the engine', () => {
  it.each<[string, unknown, string]>([
    ['that does not exist, with the nearest that does', { maxParalel: 3 }, '`maxParallel`'],
    ['that does not exist inside another one', { limits: { tasksPerJobs: 3 } }, '`limits.tasksPerJob`'],
    ['of the store that does not exist', { store: { path: 'x', sync: 'FULL' } }, '`store.sync`'],
    ['a timeout in words', { timeout: '5 minutes' }, '`timeout`'],
    ['a negative timeout', { timeout: -1 }, '`timeout`'],
    ['a grace time that is no number', { grace: Number.NaN }, '`grace`'],
    ['ageing for ever', { ageing: Number.POSITIVE_INFINITY }, '`ageing`'],
    ['a limit of 0', { limits: { outputBytes: 0 } }, '`limits.outputBytes`'],
    ['a limit of 1.5', { limits: { depth: 1.5 } }, '`limits.depth`'],
    ['an empty path', { store: { path: '' } }, '`store.path`'],
    ['synchronous OFF', { store: { path: 'x', synchronous: 'OFF' } }, '`store.synchronous`'],
  ])('is refused when it is wrong, by name: %s', async (_, options, named) => {
    const error = await refused(options);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain(named);
    expect(error.remedy).not.toBe('');
  });

  it('is refused together with all others that are wrong, in one error', async () => {
    const error = await refused({ maxParallel: 0, timeout: 'x', limits: { depth: 0, nonsense: 1 }, stor: {} });
    expect(error.details['problems']).toHaveLength(5);
  });

  it('may be left out: a private database, and nothing is left of it', async () => {
    const engine = createEngine({ store: { path: ':memory:' } });
    engine.register(echo);
    await engine.start();
    await (await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    await engine.stop();
  });
});

describe('a database that cannot be opened', () => {
  it.each<[string, (path: string) => void]>([
    ['because the path is a folder', (path) => mkdirSync(path)],
    ['because the file is something else', (path) => writeFileSync(path, 'not a database, but long enough to look at '.repeat(100))],
    ['because its folder is a file', (path) => writeFileSync(path.replace(/\/[^/]*$/, ''), 'a file')],
  ])('is said with STORE_UNAVAILABLE and the path: %s', async (reason, spoil) => {
    const path = `${lab.path('notes.txt').replace('notes.txt', '')}${reason.includes('folder is') ? 'file/jobs.db' : 'odd.db'}`;
    spoil(path);
    const engine = createEngine({ store: { path } });
    const error = await refusal(engine.start());
    expect(error.code).toBe('STORE_UNAVAILABLE');
    expect(error.message).toContain(path);
  });
});

describe('a default', () => {
  it('lets twice the cores run at the same time, at least 4', async () => {
    const places = Math.max(4, 2 * availableParallelism());
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const job = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: places + 3 }, (_, n) => ({ key: `t${n}`, agent: 'waits' })),
    });
    await eventLoopTurns();
    expect(Object.values(await statusesOf(engine, job.id)).filter((status) => status === 'IN_PROGRESS')).toHaveLength(places);
    gate.open();
    await job.result();
  });

  it('leaves the place of an agent that does not stop taken for 5 s', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([agent('ignores', () => new Promise(() => undefined), { timeout: 10 }), echo], {
      clock,
      maxParallel: 1,
    });
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'ignores', priority: 10 },
        { key: 'b', agent: 'echo' },
      ],
      options: { failureStrategy: 'skip' },
    });
    await clock.advance(10 + 4_999);
    expect((await taskOf(engine, job.id, 'b')).status).toBe('READY');
    await clock.advance(1);
    await job.result();
  });

  it('waits 10 s for what runs when the engine stops', async () => {
    const clock = new VirtualClock();
    let aborted = false;
    const engine = await lab.start(
      [agent('waits', (_, ctx) => new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve((aborted = true)))))],
      { clock },
    );
    await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'waits' }] });
    await clock.advance(1);
    const stopping = engine.stop();
    await clock.advance(9_999);
    expect(aborted).toBe(false);
    await clock.advance(1);
    await stopping;
    expect(aborted).toBe(true);
  });

  it('allows 100,000 tasks in a job and not one more', async () => {
    const engine = await lab.start([echo]);
    const tasks = Array.from({ length: 100_001 }, (_, n) => ({ key: `t${n}`, agent: 'echo' }));
    const error = await refusal(engine.submitJob({ name: 'job', tasks }));
    expect(error).toMatchObject({ code: 'GRAPH_LIMIT', details: { tasks: 100_001, limit: 100_000 } });
  });

  it('allows an agent to ask for 1,000 tasks at once and not one more', async () => {
    const asks = agent(
      'asks',
      async (count: number, ctx) => (await Promise.all(Array.from({ length: count }, (_, n) => ctx.need(echo, n)))).length,
    );
    const engine = await lab.start([asks, echo]);
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'fits', agent: 'asks', input: 1_000 },
        { key: 'more', agent: 'asks', input: 1_001 },
      ],
      options: { failureStrategy: 'skip' },
    });
    await job.result();
    expect((await taskOf(engine, job.id, 'fits')).status).toBe('COMPLETED');
    expect(await taskOf(engine, job.id, 'more')).toMatchObject({
      status: 'FAILED',
      error: { code: 'DYNAMIC_LIMIT', details: { added: 1_001, limit: 1_000 } },
    });
  });

  it('allows agents to nest tasks 32 levels deep and not one more', async () => {
    const nests = agent('nests', async (level: number, ctx): Promise<number> =>
      level === 0 ? 0 : 1 + Number(await ctx.need('nests', level - 1)),
    );
    const engine = await lab.start([nests]);
    const nest = async (levels: number): Promise<unknown> => {
      const job = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'nests', type: 'OBJECTIVE', input: levels }] });
      if ((await ended(engine, job.id)).status === 'COMPLETED') return job.result();
      return [...(await tasksOf(engine, job.id)).values()].at(-1)?.error?.code;
    };
    expect([await nest(32), await nest(33)]).toEqual([32, 'DYNAMIC_LIMIT']);
  });
});

describe('the registry of the engine', () => {
  const Reader = defineAgent({
    name: 'reader',
    description: 'Reads',
    version: '2',
    capabilities: ['read', 'net'],
    input: z.object({ url: z.string() }),
    output: z.string(),
    execute: () => '',
  });
  const Counter = defineAgent({
    name: 'counter',
    capabilities: ['count'],
    input: z.object({ n: z.number().optional() }),
    output: z.number(),
    execute: () => 1,
  });
  const Wf = defineWorkflow({
    name: 'wf',
    description: 'Does',
    version: '3',
    input: z.object({ a: z.string() }),
    output: z.object({ b: z.number() }),
    plan: (flow) => ({ b: flow.add(Counter, {}).out }),
  });

  it('lists agents, by capability, by name and by what they accept', async () => {
    const engine = lab.create([Reader, Counter, Wf]);
    expect(engine.agents().map(({ name }) => name)).toEqual(['reader', 'counter']);
    expect(engine.agents({ capability: 'net' }).map(({ name }) => name)).toEqual(['reader']);
    expect(engine.agents({ capability: 'none' })).toEqual([]);
    expect((await engine.agentsAccepting({ url: 'x' })).map(({ name }) => name)).toEqual(['reader', 'counter']);
    expect((await engine.agentsAccepting({ n: 1 })).map(({ name }) => name)).toEqual(['counter']);
    expect(await engine.agentsAccepting(7)).toEqual([]);
    expect(engine.agent('reader')).toMatchObject({
      name: 'reader',
      description: 'Reads',
      version: '2',
      capabilities: ['read', 'net'],
      inputSchema: { required: ['url'] },
      outputSchema: { type: 'string' },
    });
    expect(engine.nameOf(Reader)).toBe('reader');
  });

  it('lists workflows with their schemas', () => {
    const engine = lab.create([Reader, Counter, Wf]);
    expect(engine.workflows()).toHaveLength(1);
    expect(engine.workflow('wf')).toMatchObject({
      name: 'wf',
      description: 'Does',
      version: '3',
      inputSchema: { required: ['a'] },
      outputSchema: { required: ['b'] },
    });
    expect(engine.workflow('other')).toBeNull();
  });

  it('refuses a schema that JSON cannot hold when the agent is defined', async () => {
    for (const schema of [z.object({ at: z.date() }), z.bigint(), z.map(z.string(), z.number()), z.object({ x: z.undefined() })]) {
      const error = await refusal(
        (async () => defineAgent({ name: 'x', input: z.unknown(), output: schema as z.ZodType, execute: () => null }))(),
      );
      expect(error.code).toBe('SCHEMA_NOT_JSON');
      expect(error.message).toContain('agent "x"');
    }
  });
});
