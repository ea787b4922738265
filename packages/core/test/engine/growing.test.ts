import { describe, expect, it } from '@jest/globals';

import type { DependencyError, Engine, EngineOptions, TaskContext, TaskloomError } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

const idOf = async (engine: Engine, jobId: string, key: string): Promise<string> => (await taskOf(engine, jobId, key)).id;
const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);

describe('ctx.spawn', () => {
  it('adds a task and goes on; the output is kept until the task below has ended, and then counts', async () => {
    const gate = new Gate();
    const below = agent('below', () => gate.pass());
    const parent = agent('parent', async (_: unknown, ctx) => {
      const { key } = await ctx.spawn('below', 1);
      return { spawned: key };
    });
    const engine = await lab.start([below, parent, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'p', agent: 'parent' },
        { key: 'after', agent: 'echo', input: null, refs: [{ at: '', task: 'p' }] },
      ],
    });
    await eventOf(engine, id, 'TASK_RETURNED', 'p');
    await gate.reached();
    expect(await taskOf(engine, id, 'p')).toMatchObject({ status: 'BLOCKED', statusReason: 'WAITING_CHILDREN' });
    expect((await taskOf(engine, id, 'after')).status).toBe('PENDING');
    gate.open();

    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await outputOf(engine, id, 'after')).toEqual({ spawned: 'p.below' });
    expect(await taskOf(engine, id, 'p.below')).toMatchObject({ status: 'COMPLETED', type: 'SUBTASK' });
  });

  it('does not double what it has added when the agent runs again, whatever for', async () => {
    const below = counted('below');
    const needed = counted('needed');
    let failures = 1;
    const parent = counted(
      'parent',
      async (_: unknown, ctx: TaskContext) => {
        await ctx.spawn('below', 'x');
        await ctx.spawn('below', 'y', { key: 'named' });
        if (failures-- > 0) throw new Error('not yet');
        await ctx.need('needed', 1);
        return 'done';
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([below.agent, needed.agent, parent.agent]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'parent' }] });

    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(parent.starts).toHaveLength(3);
    expect(below.starts.sort()).toEqual(['p.below', 'p.below-2']);
  });

  it('adds one task for the same question, also when it is asked at the same time', async () => {
    const below = counted('below');
    const keys: unknown[] = [];
    const parent = agent('parent', async (_: unknown, ctx) => {
      const both = await Promise.all([ctx.spawn('below', { n: 1 }), ctx.spawn('below', { n: 1 })]);
      keys.push(...both.map(({ key }) => key), (await ctx.spawn('below', { n: 1 })).key);
      return null;
    });
    const engine = await lab.start([below.agent, parent]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'parent' }] });
    await ended(engine, id);

    expect(keys).toEqual(['p.below', 'p.below', 'p.below']);
    expect(below.starts).toEqual(['p.below']);
  });

  it('survives a stop of the engine: the parent waits on, and is not run again', async () => {
    const gate = new Gate();
    const parent = counted('parent', async (_: unknown, ctx: TaskContext) => {
      await ctx.spawn('below', null);
      return 'kept';
    });
    const first = await lab.start([parent.agent, agent('below', () => gate.pass())]);
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'parent' }] });
    await eventOf(first, id, 'TASK_RETURNED', 'p');
    const engine = await lab.restart(first, [parent.agent, agent('below')]);

    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(parent.starts).toEqual(['p']);
    expect(await outputOf(engine, id, 'p')).toBe('kept');
  });

  it('lets the new task wait for others, and gives it its priority and failure strategy', async () => {
    const order: string[] = [];
    const notes = agent('notes', (_: unknown, ctx) => void order.push(ctx.task.key));
    const parent = agent('parent', async (_: unknown, ctx) => {
      await ctx.spawn('notes', 1, { key: 'late', after: ['other'], priority: 9, failureStrategy: 'continue', name: 'Late' });
      return null;
    });
    const gate = new Gate();
    const engine = await lab.start([notes, parent, agent('other', () => gate.pass().then(() => void order.push('other')))]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'p', agent: 'parent' },
        { key: 'other', agent: 'other' },
      ],
    });
    await eventOf(engine, id, 'TASK_RETURNED', 'p');
    expect(await taskOf(engine, id, 'p.notes')).toMatchObject({
      status: 'PENDING',
      priority: 9,
      failureStrategy: 'continue',
      name: 'Late',
    });
    gate.open();
    await ended(engine, id);
    expect(order).toEqual(['other', 'p.notes']);
  });

  it('takes what is still open below with it when the parent fails for good', async () => {
    const gate = new Gate();
    const parent = agent('parent', async (_: unknown, ctx) => {
      await ctx.spawn('below', null);
      await gate.reached();
      throw new Error('no');
    });
    const engine = await lab.start([parent, agent('below', () => gate.pass())], { grace: 0 });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'parent', failureStrategy: 'continue' }] });

    expect(await ended(engine, id)).toMatchObject({ success: false });
    expect(await statusesOf(engine, id)).toEqual({ p: 'FAILED ATTEMPTS_EXHAUSTED', 'p.below': 'CANCELLED PARENT_ENDED' });
    gate.open();
  });

  it.each([
    ['an agent that the job does not allow (A12, D1)', 'AGENT_NOT_ALLOWED', (ctx: TaskContext) => ctx.spawn('other', 1)],
    ['an agent that there is not', 'UNKNOWN_AGENT', (ctx: TaskContext) => ctx.spawn('nobody', 1)],
    [
      'a task to wait for that is not in the job, or not yet (bad input F3)',
      'UNKNOWN_DEPENDENCY',
      (ctx: TaskContext) => ctx.spawn('echo', 1, { after: ['nowhere'] }),
    ],
    [
      'more tasks than an attempt may add (bad input A9)',
      'DYNAMIC_LIMIT',
      async (ctx: TaskContext) => {
        for (let n = 0; n < 4; n += 1) await ctx.spawn('echo', n);
      },
    ],
  ])('refuses %s at the line of the call, and nothing of it runs', async (_, code, act) => {
    const refused: string[] = [];
    const other = counted('other');
    const parent = agent('parent', async (__: unknown, ctx) => {
      await act(ctx).catch((error: unknown) => refused.push(codeOf(error)));
      return null;
    });
    const engine = await lab.start([parent, other.agent, echo], { limits: { dynamicTasksPerJob: 3 } });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'p', agent: 'parent' }],
      options: { allowedAgents: ['parent', 'echo'] },
    });
    await ended(engine, id);

    expect(refused).toEqual([code]);
    expect(other.starts).toEqual([]);
    expect((await tasksOf(engine, id)).size).toBeLessThanOrEqual(5);
  });

  it('adds no more dependencies than a job may have: the limit passes, one more is refused with both numbers (bad input F4)', async () => {
    const refused: TaskloomError[] = [];
    const parent = agent('parent', async (_: unknown, ctx) => {
      const { key: one } = await ctx.spawn('echo', 1);
      const { key: two } = await ctx.spawn('echo', 2, { after: [one] });
      await ctx.spawn('echo', 3, { after: [one, two], name: 'Third' }).catch((error: TaskloomError) => refused.push(error));
      await ctx.spawn('echo', 4, { after: [one] });
    });
    const engine = await lab.start([parent, echo], { limits: { edgesPerJob: 2 } });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'parent' }] });
    expect((await ended(engine, id)).status).toBe('COMPLETED');

    expect(refused.map(({ code, details }) => ({ code, ...details }))).toMatchObject([{ code: 'DYNAMIC_LIMIT', edges: 3, limit: 2 }]);
    expect([...(await tasksOf(engine, id)).values()].map(({ name }) => name)).not.toContain('Third');
  });

  it('does not nest deeper than the limit, and the one that goes on for ever fails (bad input A9)', async () => {
    const endless = agent('endless', async (depth: number, ctx) => {
      await ctx.spawn('endless', depth + 1);
      return depth;
    });
    const engine = await lab.start([endless], { limits: { depth: 5 } });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'endless', input: 1 }] });

    expect((await ended(engine, id)).status).toBe('FAILED');
    const tasks = [...(await tasksOf(engine, id)).values()];
    expect(tasks.filter(({ agent: name }) => name === 'endless')).toHaveLength(5);
    expect(tasks.find(({ status, error }) => status === 'FAILED' && error?.code === 'DYNAMIC_LIMIT')).toBeDefined();
  });

  it('adds nothing once the attempt has ended (bad input A8)', async () => {
    let context: TaskContext | undefined;
    const parent = agent('parent', (_: unknown, ctx) => void (context = ctx));
    const engine = await lab.start([parent, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'p', agent: 'parent' }] });
    await ended(engine, id);

    expect((await refusal(context!.spawn('echo', 1))).code).toBe('ATTEMPT_ENDED');
    expect((await refusal(context!.sleep('late', '1s'))).code).toBe('ATTEMPT_ENDED');
    expect((await tasksOf(engine, id)).size).toBe(2);
  });
});

describe('a circle that is asked for while the job runs (A6)', () => {
  /** `a` runs and wants a task of its own to wait for `b`, which waits for `a`. */
  async function circle(options: Pick<EngineOptions, 'onDependencyConflict'> = {}) {
    const thrown: unknown[] = [];
    const a = agent('a', async (_: unknown, ctx) => {
      await ctx.spawn('echo', 1, { after: ['b'] }).catch((error: unknown) => {
        if (codeOf(error) !== 'GRAPH_CYCLE') throw error;
        thrown.push(error);
      });
      return null;
    });
    const engine = await lab.start([a, echo], options);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'a' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    return { engine, id, thrown };
  }

  it('is thrown into the agent as DependencyError with the circle, and the graph is as it was (D20)', async () => {
    const { engine, id, thrown } = await circle();
    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(thrown).toHaveLength(1);
    expect([...(thrown[0] as DependencyError).cycle].sort()).toEqual(['a', 'a.echo', 'b']);
    expect((await tasksOf(engine, id)).size).toBe(3);
  });

  it('is added without the dependency where the hook says `drop`', async () => {
    const asked: unknown[] = [];
    const { engine, id, thrown } = await circle({ onDependencyConflict: (conflict) => (asked.push(conflict), 'drop') });
    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(thrown).toEqual([]);
    expect(asked).toMatchObject([{ jobId: id, taskKey: 'a', newTask: 'a.echo', after: ['b'] }]);
    expect(await taskOf(engine, id, 'a.echo')).toMatchObject({ status: 'COMPLETED', dependencies: [] });
  });

  it('is thrown where the hook says `fail`', async () => {
    const { engine, id, thrown } = await circle({ onDependencyConflict: () => 'fail' });
    await ended(engine, id);
    expect(thrown).toHaveLength(1);
  });

  it.each([
    ['drop', 0, 4],
    ['fail', 1, 3],
  ])('is decided by a person where the hook says `ask`: %s', async (decision, refusals, tasks) => {
    const { engine, id, thrown } = await circle({ onDependencyConflict: () => 'ask' });
    await eventOf(engine, id, 'HUMAN_REQUESTED', 'a');
    const { items } = await engine.reader.humanRequests({ jobId: id }, { first: 5 });
    await engine.answerHumanRequest(items[0]!.id, { decision });
    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(thrown).toHaveLength(refusals);
    expect((await tasksOf(engine, id)).size).toBe(tasks);
  });
});

describe('engine.addTasks', () => {
  it('adds tasks to an open job, which wait for those that are there, and are waited for', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass().then(() => 'done')), echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits' }] });
    await gate.reached();
    const late = { key: 'late', agent: 'echo', input: null, refs: [{ at: '', task: 'w' }] };
    const added = await engine.addTasks(id, [late], { actor: 'anna' });
    expect(added).toMatchObject([{ key: 'late', status: 'PENDING' }]);
    gate.open();

    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(await outputOf(engine, id, 'late')).toBe('done');
    const event = (await eventsOf(engine, id)).filter(({ type }) => type === 'TASKS_ADDED').at(-1);
    expect(event).toMatchObject({ actor: 'user:anna' });
  });

  it('is refused with everything that is wrong, and nothing is added', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass()), echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits' }] });
    await gate.reached();
    const refused = await refusal(
      engine.addTasks(id, [
        { key: 'W', agent: 'echo' },
        { key: 'x', agent: 'ecko' },
        { key: 'y', agent: 'echo', dependsOn: ['nowhere'] },
        { key: 'z', agent: 'echo', deadline: 'soon' },
      ]),
    );
    expect(refused.code).toBe('GRAPH_INVALID');
    for (const part of ['"w" and "W" differ only by case', 'did you mean echo', '"nowhere"', '`deadline` of "z" is "soon"'])
      expect(refused.message).toContain(part);
    const circle = [
      { key: 'x', agent: 'echo', dependsOn: ['y'] },
      { key: 'y', agent: 'echo', dependsOn: ['x'] },
    ];
    expect((await refusal(engine.addTasks(id, circle))).code).toBe('GRAPH_CYCLE');
    expect((await tasksOf(engine, id)).size).toBe(2);
    gate.open();
    await ended(engine, id);
    expect((await refusal(engine.addTasks(id, [{ key: 'x', agent: 'echo' }]))).code).toBe('JOB_CLOSED');
    expect((await refusal(engine.addTasks('no-such-job', [{ key: 'x', agent: 'echo' }]))).code).toBe('NOT_FOUND');
  });
});

describe('engine.addDependency', () => {
  it('lets a task wait for one more, also across a restart; a circle is refused, and the graph is as it was', async () => {
    const gates = [new Gate(), new Gate()];
    const order: string[] = [];
    const definitions = [
      agent('one', () => gates[0]!.pass()),
      agent('two', () => gates[1]!.pass()),
      agent('notes', (_: unknown, ctx) => void order.push(...Object.keys(ctx.dependencies))),
    ];
    const first = await lab.start(definitions);
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'one', agent: 'one' },
        { key: 'two', agent: 'two' },
        { key: 'last', agent: 'notes', dependsOn: ['one'] },
      ],
    });
    const last = await idOf(first, id, 'last');
    const two = await idOf(first, id, 'two');
    await gates[1]!.reached();
    await first.addDependency(last, two, { actor: 'anna' });
    const refused = await refusal(first.addDependency(last, last));
    expect(refused.code).toBe('GRAPH_CYCLE');
    expect((await refusal(first.addDependency(two, last))).code).toBe('ILLEGAL_MOVE');
    const engine = await lab.restart(first, definitions);
    await gates[0]!.reached(2);
    gates[0]!.open();
    await eventOf(engine, id, 'TASK_COMPLETED', 'one');
    expect((await taskOf(engine, id, 'last')).status).toBe('PENDING');
    gates[1]!.open();
    await ended(engine, id);

    expect(order).toEqual(['one', 'two']);
    expect((await eventsOf(engine, id)).filter(({ type }) => type === 'DEPENDENCY_ADDED')).toMatchObject([{ actor: 'user:anna' }]);
    expect((await refusal(engine.addDependency(last, two))).code).toBe('JOB_CLOSED');
  });

  it.each([
    ['drop', false],
    ['fail', true],
    ['ask', true],
  ] as const)('that would close a circle is shown to the hook, which says %s; the graph stays as it was', async (decision, isRefused) => {
    const gate = new Gate();
    const asked: unknown[] = [];
    const engine = await lab.start([agent('waits', () => gate.pass()), echo], {
      onDependencyConflict: (conflict) => (asked.push(conflict), decision),
    });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'waits' },
        { key: 'a', agent: 'echo', dependsOn: ['w'] },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    await gate.reached();
    const [a, b] = [await taskOf(engine, id, 'a'), await taskOf(engine, id, 'b')];
    const { lastSeq } = await engine.job(id).status();
    const added = engine.addDependency(a.id, b.id);

    // From outside, nobody is asked: no run could wait for the answer.
    const circle = { code: 'GRAPH_CYCLE', message: 'Tasks would wait for each other in a circle: a → b → a.', cycle: ['a', 'b'] };
    if (isRefused) expect(await refusal(added)).toMatchObject(circle);
    else expect(await added).toMatchObject({ key: 'a', status: 'PENDING', dependencies: a.dependencies });
    expect(asked).toHaveLength(1);
    expect(asked).toMatchObject([{ jobId: id, taskKey: 'a', newTask: null, after: ['b'] }]);
    expect([...(asked[0] as DependencyError).cycle].sort()).toEqual(['a', 'b']);
    expect((await engine.job(id).status()).lastSeq).toBe(lastSeq);
    expect((await engine.reader.humanRequests({ jobId: id }, { first: 5 })).items).toEqual([]);
    gate.open();
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect((await taskOf(engine, id, 'a')).dependencies).toEqual(a.dependencies);
  });

  it('and engine.addTasks add no more than a job may have, after a restart as before it (bad input F4)', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const options = { limits: { edgesPerJob: 2 } };
    const first = await lab.start([waits, echo], options);
    const task = (key: string, ...dependsOn: string[]) => ({ key, agent: 'echo', dependsOn });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [{ key: 'w', agent: 'waits' }, task('a', 'w'), task('b'), task('c')],
    });
    await gate.reached();
    const engine = await lab.restart(first, [waits, echo], options);
    await gate.reached(2);
    const tooMany = await refusal(engine.addTasks(id, [task('d', 'w', 'a')]));
    expect(tooMany.code).toBe('GRAPH_LIMIT');
    expect(tooMany.details).toMatchObject({ edges: 3, limit: 2 });
    await engine.addTasks(id, [task('d', 'w')]);
    await engine.addTasks(id, [task('e')]);
    const [a, d] = [await idOf(engine, id, 'a'), await idOf(engine, id, 'd')];
    const refused = await refusal(engine.addDependency(d, a));
    expect(refused.code).toBe('GRAPH_LIMIT');
    expect(refused.details).toMatchObject({ edges: 3, limit: 2 });
    gate.open();
    expect((await ended(engine, id)).status).toBe('COMPLETED');
  });

  it('is refused for tasks of another job, tasks that there are not, and modes that there are not', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const jobs = [];
    for (const name of ['one', 'two']) jobs.push(await engine.submitJob({ name, tasks: [{ key: 'w', agent: 'waits' }] }));
    const [one, two] = [await idOf(engine, jobs[0]!.id, 'w'), await idOf(engine, jobs[1]!.id, 'w')];

    expect((await refusal(engine.addDependency(one, two))).code).toBe('UNKNOWN_DEPENDENCY');
    expect((await refusal(engine.addDependency('nonsense', two))).code).toBe('NOT_FOUND');
    expect(await refusal(engine.addDependency(one.replace(/.$/, '9'), one))).toMatchObject({
      code: 'NOT_FOUND',
      message: `There is no task 9 in job ${jobs[0]!.id}.`,
      details: { jobId: jobs[0]!.id, task: 9 },
    });
    expect((await refusal(engine.addDependency(one, one, { mode: 'sometimes' as never }))).code).toBe('OPTIONS_INVALID');
    gate.open();
    for (const { id } of jobs) await ended(engine, id);
  });
});
