import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  AGENT_CHOICES,
  defineAgent,
  definePlugin,
  definePubSubAgent,
  defineTopic,
  defineWorkflow,
  GraphError,
  routeByRules,
  task,
  type AgentChoice,
  type AgentDefinition,
  type Engine,
  type RouteAnswer,
  type Schema,
  type TaskSubmission,
} from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { outputOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

/** An agent that says who it is, and takes only what the schema does. */
const saysName = (name: string, input: Schema, ...capabilities: string[]): AgentDefinition =>
  defineAgent({ name, input, output: z.string(), capabilities, execute: () => name });

const lines = saysName('lines', z.object({ text: z.string() }), 'count');
const words = saysName('words', z.object({ words: z.array(z.string()) }), 'count');
const pages = saysName('pages', z.object({ pages: z.int() }), 'print');
const COUNTERS = [lines, words, pages];

const rules = { plugins: [routeByRules()] };
const submit = (engine: Engine, ...tasks: TaskSubmission[]) => engine.submitJob({ name: 'job', tasks });
async function whoRan(engine: Engine, asked: Omit<TaskSubmission, 'key'>): Promise<unknown> {
  const handle = await submit(engine, { key: 't', ...asked });
  await handle.result();
  return outputOf(engine, handle.id, 't');
}
/** What is said of a task whose agent cannot be found. */
async function problemOf(submitted: Promise<unknown>): Promise<{ code: string; message: string; candidates: unknown }> {
  const error = await refusal(submitted);
  const { code, message, details } = error instanceof GraphError ? error.problems[0]! : error;
  return { code, message, candidates: details?.['candidates'] };
}

describe('an agent chosen by rules', () => {
  it('is the one with its own name, whatever capabilities others have', async () => {
    const named = saysName('count', z.unknown());
    expect(await whoRan(await lab.start([...COUNTERS, named], rules), { agent: 'count', input: { text: 'x' } })).toBe('count');
  });

  it('is the only one with a capability', async () => {
    expect(await whoRan(await lab.start(COUNTERS, rules), { agent: 'print', input: { pages: 3 } })).toBe('pages');
  });

  it('is, of several with a capability, the only one that accepts the input', async () => {
    const engine = await lab.start(COUNTERS, rules);
    expect(await whoRan(engine, { agent: 'count', input: { words: ['a'] } })).toBe('words');
    expect(await whoRan(engine, { agent: 'count', input: { text: 'a' } })).toBe('lines');
  });

  it('is, where any is wanted, the only one that accepts the input', async () => {
    expect(await whoRan(await lab.start(COUNTERS, rules), { agent: '*', input: { pages: 1 } })).toBe('pages');
  });

  it('is asked for in the same way by agents, in maps, in workflows and in jobs that run', async () => {
    const numbers = defineAgent({ name: 'numbers', input: z.array(z.int()), output: z.array(z.int()), execute: (list) => list });
    const gather = agent('gather', async (_: never, ctx) => {
      const { key } = await ctx.spawn('count', { text: 'spawned' });
      return [key, await ctx.need('count', { words: [] }), await ctx.need('print', { pages: 1 })];
    });
    const workflow = defineWorkflow({
      name: 'flow',
      input: z.null(),
      plan: (flow) => {
        const list = flow.add(numbers, [1, 2]);
        flow.map(list.out, (page) => task('print', { pages: page }));
        return flow.add('gather', null).out;
      },
    });
    const engine = await lab.start([...COUNTERS, gather, numbers, workflow], rules);
    const handle = await engine.startWorkflow(workflow, null, { confirm: true });
    const [late] = await engine.addTasks(handle.id, [{ key: 'late', agent: 'count', input: { text: 'x' } }]);
    await engine.confirmJob(handle.id);

    expect(await handle.result()).toEqual(['gather.lines', 'words', 'pages']);
    expect(late).toMatchObject({ agent: 'lines', routed: { wanted: 'count', by: 'CAPABILITY' } });
    const { items } = await engine.reader.tasks({ jobId: handle.id, agent: 'pages' }, { first: 10 });
    expect(items.map(({ origin, routed }) => [origin, routed?.wanted, routed?.by])).toEqual(
      expect.arrayContaining([
        ['map', 'print', 'CAPABILITY'],
        ['map', 'print', 'CAPABILITY'],
        ['need', 'print', 'CAPABILITY'],
      ]),
    );
  });

  it('is one that the job allows', async () => {
    const engine = await lab.start([...COUNTERS, agent('asks', (_: never, ctx) => ctx.need('count', { text: 'x' }))], rules);
    const options = { allowedAgents: ['words', 'asks'] };
    const handle = await engine.submitJob({
      name: 'job',
      options: { ...options, confirm: true },
      tasks: [{ key: 't', agent: 'count', input: { words: [] } }],
    });
    const [added] = await engine.addTasks(handle.id, [{ key: 'u', agent: 'count', input: { words: [] } }]);
    expect([(await taskOf(engine, handle.id, 't')).agent, added!.agent]).toEqual(['words', 'words']);

    const asking = await engine.submitJob({ name: 'job', options, tasks: [{ key: 'a', agent: 'asks' }] });
    await asking.result().catch(() => undefined);
    // `lines` would accept it.
    expect((await taskOf(engine, asking.id, 'a')).error).toMatchObject({ code: 'INPUT_SCHEMA' });
  });

  it('is none where several fit: the error names them', async () => {
    const greedy = saysName('greedy', z.looseObject({ text: z.string() }), 'count');
    const asks = agent('asks', (_: never, ctx) => ctx.need('count', { text: 'x' }));
    const engine = await lab.start([...COUNTERS, greedy, asks], rules);

    const twice = await problemOf(submit(engine, { key: 't', agent: 'count', input: { text: 'x' } }));
    expect(twice).toEqual({
      code: 'UNKNOWN_AGENT',
      message:
        '"t" names the agent "count", which is not registered: 3 agents have that capability (greedy, lines, words), and 2 of them accept its input (greedy, lines).',
      candidates: ['greedy', 'lines'],
    });
    expect(await problemOf(submit(engine, { key: 't', agent: '*', input: { text: 'x' } }))).toMatchObject({
      code: 'UNKNOWN_AGENT',
      candidates: ['asks', 'greedy', 'lines'],
    });
    const handle = await submit(engine, { key: 'a', agent: 'asks' });
    await handle.result().catch(() => undefined);
    expect((await taskOf(engine, handle.id, 'a')).error).toMatchObject({
      code: 'UNKNOWN_AGENT',
      message: expect.stringContaining('There is no agent "count": 3 agents have that capability'),
      details: { candidates: ['greedy', 'lines'] },
    });
  });

  it('is none where none fits', async () => {
    const engine = await lab.start(COUNTERS, rules);
    expect(await problemOf(submit(engine, { key: 't', agent: 'count', input: { pages: 1 } }))).toMatchObject({
      code: 'UNKNOWN_AGENT',
      message: expect.stringContaining('but none of them accepts its input'),
      candidates: ['lines', 'words'],
    });
    // The name of an agent that nobody has is not taken for what accepts its input.
    expect(await problemOf(submit(engine, { key: 't', agent: 'pagse', input: { pages: 1 } }))).toMatchObject({
      code: 'UNKNOWN_AGENT',
      message: expect.stringContaining('did you mean pages?'),
      candidates: undefined,
    });
    expect((await problemOf(submit(engine, { key: 't', agent: 'print', input: { text: '' } }))).code).toBe('INPUT_SCHEMA');
  });

  it('is not told by an input that others will fill', async () => {
    const engine = await lab.start([...COUNTERS, echo], rules);
    const first: TaskSubmission = { key: 'first', agent: 'echo', input: 'x' };
    const refs = [{ at: '/text', task: 'first' }];
    expect(await problemOf(submit(engine, first, { key: 't', agent: 'count', input: { text: null }, refs }))).toEqual({
      code: 'UNKNOWN_AGENT',
      message: expect.stringContaining('its input, which could tell, is complete only when it starts'),
      candidates: ['lines', 'words'],
    });
    // By its capability alone it is found.
    expect(await whoRan(engine, { agent: 'print', input: { pages: 1 } })).toBe('pages');
    const handle = await submit(engine, first, {
      key: 'm',
      map: { over: { task: 'first' }, agent: '*', input: { value: { text: null }, refs: [] }, items: [{ at: '/text', path: '' }] },
    }).catch((error: unknown) => error);
    expect(handle).toMatchObject({ problems: [{ code: 'UNKNOWN_AGENT', taskKey: 'm' }] });
  });

  it('is not one whose schema fails', async () => {
    const broken: Schema = {
      '~standard': {
        ...(z.unknown() as unknown as Schema)['~standard'],
        validate: () => {
          throw new Error('broken');
        },
      },
    };
    expect(await whoRan(await lab.start([...COUNTERS, saysName('broken', broken)], rules), { agent: '*', input: { pages: 1 } })).toBe(
      'pages',
    );
  });

  it('is found by the rules that are switched on', async () => {
    const byCapability = await lab.start(COUNTERS, { plugins: [routeByRules({ by: ['capability'] })] });
    expect((await problemOf(submit(byCapability, { key: 't', agent: 'count', input: { text: '' } }))).message).toContain(
      '2 agents have that capability (lines, words), and only one may',
    );
    expect((await problemOf(submit(byCapability, { key: 't', agent: '*', input: { pages: 1 } }))).candidates).toBeUndefined();
    await lab.fresh();
    const byInput = await lab.start(COUNTERS, { plugins: [routeByRules({ by: ['input'] })] });
    expect((await problemOf(submit(byInput, { key: 't', agent: 'print', input: { pages: 1 } }))).candidates).toBeUndefined();
    expect(await whoRan(byInput, { agent: '*', input: { pages: 1 } })).toBe('pages');
  });

  it.each([
    [{ by: [] }, 'it must be a list of at least one of capability, input'],
    [{ by: ['name'] }, '["name"]; it must be'],
    [{ bi: ['input'] }, 'did you mean `routeByRules.by`?'],
  ])('refuses %j', (options, message) => {
    expect(() => routeByRules(options as never)).toThrow(message);
  });

  it('is not found without the plugin', async () => {
    const engine = await lab.start(COUNTERS);
    expect((await problemOf(submit(engine, { key: 't', agent: 'print', input: { pages: 1 } }))).code).toBe('UNKNOWN_AGENT');
  });
});

describe('a router of a plugin', () => {
  it.each<[string, RouteAnswer, unknown]>([
    ['a name', 'lines', { wanted: 'other', by: 'ROUTER' }],
    ['a name and how it was found', { agent: 'lines', by: 'INPUT' }, { wanted: 'other', by: 'INPUT' }],
  ])('may answer %s', async (_, answer, routed) => {
    const plugin = definePlugin({ name: 'routes', contributes: { router: { route: () => answer } } });
    const engine = await lab.start(COUNTERS, { plugins: [plugin] });
    const handle = await submit(engine, { key: 't', agent: 'other', input: { text: '' } });
    expect((await taskOf(engine, handle.id, 't')).routed).toEqual(routed);
  });

  it('may say who came into question, and what is wanted is cut and redacted before it is stored', async () => {
    const doubts = definePlugin({
      name: 'routes',
      contributes: { router: { route: ({ wanted }) => (wanted === 'who' ? { candidates: ['lines'], reason: 'ask again' } : 'lines') } },
    });
    const engine = await lab.start(COUNTERS, { plugins: [doubts], redactText: (text) => text.replaceAll('secret', '***') });
    expect(await problemOf(submit(engine, { key: 't', agent: 'who' }))).toMatchObject({
      message: expect.stringContaining('which is not registered: ask again.'),
      candidates: ['lines'],
    });
    const handle = await submit(engine, { key: 't', agent: `secret ${'x'.repeat(500)}`, input: { text: '' } });
    const { routed } = await taskOf(engine, handle.id, 't');
    expect(routed?.wanted).toMatch(/^\*\*\* x+…$/);
    expect(routed?.wanted).toHaveLength(200);
  });
});

describe('why this agent', () => {
  it('is told of every task, also by an engine that is started later', async () => {
    const topic = defineTopic({ name: 'news', payload: z.string() });
    const hears = definePubSubAgent({ name: 'hears', subscribes: [topic], execute: () => null });
    const tells = agent(
      'tells',
      async (_: never, ctx) => {
        await ctx.publish(topic, 'now');
        await ctx.spawn('count', { text: 'x' });
        return ctx.need('words', { words: [] });
      },
      { publishes: [topic] },
    );
    const asksAny = defineAgent({
      name: 'asks-any',
      input: z.null(),
      output: z.unknown(),
      execute: (_, ctx) => ctx.need('*', { pages: 1 }),
    });
    const fails = agent('fails', () => {
      throw new Error('broken');
    });
    const judge = agent('judge', () => ({ accepted: true }));
    const renamed = definePlugin({ name: 'old-names', contributes: { router: { route: () => 'echo' } } });
    const agents = [...COUNTERS, echo, hears, tells, fails, judge, asksAny];
    const engine = await lab.start(agents, rules);
    const handle = await submit(
      engine,
      { key: 'story', type: 'STORY' },
      { key: 'tells', agent: 'tells', parent: 'story' },
      { key: 'list', agent: 'echo', input: [1] },
      {
        key: 'm',
        map: { agent: 'print', over: { task: 'list' }, input: { value: { pages: null }, refs: [] }, items: [{ at: '/pages', path: '' }] },
      },
      { key: 'source', agent: 'fails', routeTo: 'fallback' },
      { key: 'fallback', agent: 'count', input: { text: 'x' } },
      { key: 'judged', agent: 'echo', input: 'x', review: { by: 'agent', agent: 'judge' } },
      { key: 'unneeded', agent: 'echo', routeTo: 'other', input: 'x' },
      { key: 'other', agent: 'lines', input: { text: 'x' } },
      { key: 'mourns', agent: 'echo', input: 'x', dependsOn: [{ task: 'source', mode: 'failed' }] },
    );
    await handle.result();
    const options = { allowedAgents: ['asks-any', 'pages'] };
    const any = await engine.submitJob({ name: 'any', options, tasks: [{ key: 'asks', agent: 'asks-any' }] });
    expect(await any.result()).toBeNull();
    const second = await lab.restart(engine, agents, { plugins: [renamed] });
    const late = await submit(second, { key: 'late', agent: 'yesterday', input: 'x' });
    await late.result();

    const { items } = await second.reader.tasks({ jobId: handle.id }, { first: 100 });
    const keyOf = new Map(items.map(({ id, key }) => [id, key]));
    const whys = await second.whys(items.map(({ id }) => id));
    const told = whys.map((why) => {
      const { name, by, wanted, standsInFor, message } = why!.agent;
      expect(message).toBe(AGENT_CHOICES[by]);
      return [name, by, wanted, ...(standsInFor === null ? [] : [keyOf.get(standsInFor)])] as const;
    });
    expect(Object.fromEntries(items.map(({ key }, index) => [key, told[index]]))).toEqual({
      objective: [null, 'NONE', null],
      story: [null, 'NONE', null],
      tells: ['tells', 'NAME', null],
      list: ['echo', 'NAME', null],
      m: ['$map', 'ENGINE', null],
      'm.1': ['pages', 'CAPABILITY', 'print'],
      source: ['fails', 'NAME', null],
      fallback: ['lines', 'CAPABILITY', 'count', 'source'],
      judged: ['echo', 'NAME', null],
      'judged.review': ['judge', 'REVIEWER', null],
      unneeded: ['echo', 'NAME', null],
      other: ['lines', 'NAME', null, 'unneeded'],
      mourns: ['echo', 'NAME', null],
      'news.hears.1': ['hears', 'SUBSCRIPTION', 'news'],
      'tells.lines': ['lines', 'CAPABILITY', 'count'],
      'tells.words': ['words', 'NAME', null],
    });
    const chosen = async (job: string, key: string) => (await second.why((await taskOf(second, job, key)).id)).agent;
    expect(await chosen(late.id, 'late')).toMatchObject({ name: 'echo', by: 'ROUTER', wanted: 'yesterday' });
    expect(await chosen(any.id, 'asks.pages')).toMatchObject({ name: 'pages', by: 'INPUT', wanted: '*' });
    const every = new Set<AgentChoice>([...told.map(([, by]) => by), 'ROUTER', 'INPUT']);
    expect([...every].sort()).toEqual(Object.keys(AGENT_CHOICES).sort());
  });

  it('is told of a task that waits', async () => {
    const engine = await lab.start(COUNTERS, rules);
    const handle = await engine.submitJob({
      name: 'job',
      options: { confirm: true },
      tasks: [{ key: 't', agent: 'print', input: { pages: 1 } }],
    });
    const { id } = await taskOf(engine, handle.id, 't');
    expect(await engine.why(id)).toMatchObject({ code: 'WAITING_CONFIRMATION', agent: { by: 'CAPABILITY', wanted: 'print' } });
  });
});
