import { describe, expect, it, jest } from '@jest/globals';

import { SqliteStore } from '../../src/store/sqlite-store.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventOf, refusal } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();
const one = (name: string, input: unknown = null) => ({
  name: 'job',
  tasks: [{ key: 'a', agent: name, type: 'OBJECTIVE' as const, input: input as never }],
});
const fails = agent('fails', () => {
  throw new Error('no');
});

describe('result()', () => {
  it('resolves with the output of the objective when the job has completed, for every caller', async () => {
    const gate = new Gate<string>();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob(one('waits'));
    const results = Promise.all(Array.from({ length: 20 }, () => handle.result()));
    await gate.reached();
    gate.open('done');
    expect(new Set(await results)).toEqual(new Set(['done']));
    expect(await handle.result()).toBe('done');
  });

  it('is null for a job without an output', async () => {
    const engine = await lab.start([echo]);
    expect(await (await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', input: 1 }] })).result()).toBeNull();
  });

  it('is made of refs where the submission names an output', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'a', agent: 'echo', input: { n: 1 } }],
      output: { value: { fixed: true, n: null }, refs: [{ at: '/n', task: 'a', path: '/n' }] },
    });
    expect(await handle.result()).toEqual({ fixed: true, n: 1 });
  });

  it('rejects with JOB_FAILED, the task and its reason (D23, M8)', async () => {
    const engine = await lab.start([fails]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'bad', agent: 'fails' }] });
    const error = await refusal(handle.result());
    expect(error).toMatchObject({ code: 'JOB_FAILED', details: { jobId: handle.id, taskKey: 'bad' } });
    expect(error.message).toContain('"bad"');
  });

  it('of a job that does not exist rejects with NOT_FOUND', async () => {
    const engine = await lab.start([]);
    expect((await refusal(engine.job('nowhere').result())).code).toBe('NOT_FOUND');
    expect((await refusal(engine.job('nowhere').status())).code).toBe('NOT_FOUND');
  });

  it('rejects with ENGINE_STOPPED when the engine stops before, and can be asked again after the next start', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const engine = await lab.start([waits]);
    const handle = await engine.submitJob(one('waits'));
    await gate.reached();
    const waiting = [refusal(handle.result()), refusal(engine.job(handle.id).result())];
    await eventLoopTurns();
    await lab.stop(engine);
    for (const error of waiting) expect((await error).code).toBe('ENGINE_STOPPED');
    const again = await lab.start([waits]);
    gate.open('later');
    expect(await again.job(handle.id).result()).toBe('later');
  });

  it('rejects with ENGINE_STOPPED after the engine has stopped, also of a job that was at work', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob(one('waits'));
    await gate.reached();
    await lab.stop(engine);
    expect((await refusal(handle.result())).code).toBe('ENGINE_STOPPED');
    gate.open();
  });

  it('of a small job asks the store once how it stands, and never for the names in its summary', async () => {
    let store: SqliteStore | undefined;
    const engine = await lab.start([echo], { storeAt: (path) => (store = new SqliteStore({ path, synchronous: 'NORMAL' })) });
    const looks = jest.spyOn(store!.reader, 'job');
    const names = jest.spyOn(store!, 'digests');
    const tasks = Array.from({ length: 8 }, (_, no) => ({ key: `t${no}`, name: `Task ${no}`, agent: 'echo', input: no }));
    const handle = await engine.submitJob({ name: 'job', tasks });
    await handle.result();
    expect([looks.mock.calls.length, names.mock.calls.length]).toEqual([1, 0]);
    expect((await engine.reader.task(`${handle.id}:0`))!.summary).toContain('Task 0, Task 1');

    // What is not in memory is read: of a job of more tasks than are remembered, the names of the last story.
    const stories = Array.from({ length: 5 }, (_, story) => [
      { key: `s${story}`, type: 'STORY' as const, ...(story === 0 ? undefined : { dependsOn: [`s${story - 1}`] }) },
      ...tasks.map((task) => ({ ...task, key: `${task.key}-${story}`, parent: `s${story}` })),
    ]).flat();
    const larger = await engine.submitJob({ name: 'larger', tasks: stories });
    await larger.result();
    expect(names).toHaveBeenCalled();
    const { items } = await engine.reader.tasks({ jobId: larger.id, type: ['STORY'] }, { first: 10 });
    expect(items).toHaveLength(5);
    for (const story of items) expect(story.summary).toContain('Task 0, Task 1');
  });

  it('of an earlier generation stays what it was', async () => {
    let calls = 0;
    const engine = await lab.start([agent('counts', () => (calls += 1))]);
    const handle = await engine.submitJob(one('counts'));
    const first = await handle.result();
    await engine.retryJob(handle.id, { tasks: [`${handle.id}:0`] });
    expect([first, await handle.result()]).toEqual([1, 2]);
  });
});

describe('status()', () => {
  it('shows where the job stands: counts, progress, times', async () => {
    const gate = new Gate();
    const engine = await lab.start([echo, agent('waits', () => gate.pass())], { maxParallel: 2 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo', priority: 10 },
        { key: 'b', agent: 'waits' },
        { key: 'c', agent: 'waits' },
        { key: 'd', agent: 'echo', dependsOn: ['b'] },
      ],
      options: { maxParallel: 1, priority: 3, metadata: { who: 'me' } },
    });
    await gate.reached();
    const running = await handle.status();
    expect(running).toMatchObject({
      id: handle.id,
      tenant: 'default',
      name: 'job',
      workflow: null,
      status: 'RUNNING',
      success: null,
      error: null,
      priority: 3,
      maxParallel: 1,
      generation: 1,
      progress: 25,
      finishedAt: null,
      metadata: { who: 'me' },
    });
    expect(running.counts).toMatchObject({ COMPLETED: 1, IN_PROGRESS: 1, READY: 1, PENDING: 1, BLOCKED: 1 });
    expect(running.startedAt).toBeGreaterThanOrEqual(running.createdAt);
    gate.open();
    await handle.result();
    const done = await handle.status();
    expect(done).toMatchObject({ status: 'COMPLETED', success: true, progress: 100 });
    expect(done.finishedAt).toBeGreaterThanOrEqual(done.startedAt!);
    expect(done.lastSeq).toBeGreaterThan(running.lastSeq);
  });
});

describe('job(id)', () => {
  it('gives a handle of any job, also of one that an earlier process started', async () => {
    const first = await lab.start([echo]);
    const { id } = await first.submitJob(one('echo', 'kept'));
    await first.job(id).result();
    const second = await lab.restart(first, [echo]);
    const handle = second.job(id);
    expect(handle.id).toBe(id);
    expect(await handle.result()).toBe('kept');
    expect((await handle.status()).status).toBe('COMPLETED');
  });

  it.each(['', ' ', 'x'.repeat(201), 'a\u0000b', '\ud800', '__proto__', 'constructor', "x'--", '🐙'])(
    'refuses what cannot be an id with ID_INVALID: %j',
    async (id) => {
      const engine = await lab.start([]);
      const error = await refusal((async () => engine.job(id))());
      expect(error.code).toBe('ID_INVALID');
      expect(error.message.length).toBeLessThan(400);
    },
  );
});

describe('registering', () => {
  it('two agents or workflows of one name is refused; the same one twice is fine', async () => {
    const engine = await lab.start([echo]);
    engine.register(echo);
    expect((await refusal((async () => engine.register(agent('echo')))())).code).toBe('DUPLICATE_AGENT');
    expect(engine.agents()).toHaveLength(1);
  });

  it('after the start is as good as before', async () => {
    const engine = await lab.start([]);
    engine.register(echo);
    expect(await (await engine.submitJob(one('echo', 1))).result()).toBe(1);
    expect(engine.agent('echo')).toMatchObject({
      name: 'echo',
      version: '1',
      inputSchema: expect.any(Object),
      outputSchema: expect.any(Object),
    });
    expect(engine.agent('nobody')).toBeNull();
  });

  it.each(['', 'a b', '__proto__', 'constructor', '$map', 'x'.repeat(201), 'a/b', '../x'])(
    'refuses a name that breaks the rule: %j',
    async (name) => {
      expect((await refusal((async () => agent(name))())).code).toBe('NAME_INVALID');
    },
  );
});

describe('jobGraph()', () => {
  it('draws the job while it runs and when it has ended', async () => {
    const gate = new Gate();
    const engine = await lab.start([echo, agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob({
      name: 'job "quoted"',
      tasks: [
        { key: 'a', agent: 'echo', name: 'A "name"\nwith 🐙' },
        { key: 'b', agent: 'waits', dependsOn: ['a'] },
      ],
    });
    await eventOf(engine, handle.id, 'TASK_STARTED', 'b');
    const running = JSON.parse(await engine.jobGraph(handle.id, { format: 'JSON' })) as {
      nodes: { key: string; status: string }[];
      edges: unknown[];
    };
    expect(running.nodes.map(({ key, status }) => [key, status])).toEqual([
      ['objective', 'BLOCKED'],
      ['a', 'COMPLETED'],
      ['b', 'IN_PROGRESS'],
    ]);
    expect(running.edges).toEqual([{ from: 1, to: 2, mode: 'completed' }]);
    gate.open();
    await handle.result();
    expect(await engine.jobGraph(handle.id, { format: 'DOT' })).toContain('COMPLETED');
    expect(await engine.jobGraph(handle.id, { format: 'MERMAID', detail: 'DETAILED' })).toContain('🐙');
    expect((await refusal(engine.jobGraph('nowhere', { format: 'DOT' }))).code).toBe('NOT_FOUND');
    expect((await refusal(engine.jobGraph(handle.id, { format: 'DOT', taskId: 'other:1' }))).code).toBe('NOT_FOUND');
  });
});
