import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { type ConfigError, defineAgent, type AgentDefinition, type AgentOptions, type Schema, type TaskContext } from '../../src/index.js';
import type { Store } from '../../src/ports/store.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventsOf, outputOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { FailingStore } from '../helpers/stores.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const cache = { ttl: '1h' } as const;

type Lab = Awaited<ReturnType<typeof lab.start>>;

/** Runs one task after the other, each in a job of its own, and tells their outputs. */
async function inTurn(engine: Lab, name: string, inputs: readonly unknown[]): Promise<unknown[]> {
  const outputs: unknown[] = [];
  for (const input of inputs) {
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: name, input: input as never }] });
    await handle.result();
    outputs.push(await outputOf(engine, handle.id, 't'));
  }
  return outputs;
}

describe('an agent with a result cache', () => {
  it('runs once for one input, whatever the order of its keys', async () => {
    const adds = counted('adds', ({ a, b }: { a: number; b: number }) => ({ sum: a + b }), { cache });
    const engine = await lab.start([adds.agent]);

    expect(
      await inTurn(engine, 'adds', [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
        { a: 2, b: 1 },
      ]),
    ).toEqual([{ sum: 3 }, { sum: 3 }, { sum: 3 }]);
    expect(adds.starts).toHaveLength(2);
  });

  it('finds its results after a restart', async () => {
    const works = counted('works', (n: number) => n * 2, { cache });
    const engine = await lab.start([works.agent]);
    await inTurn(engine, 'works', [1]);
    const again = await lab.restart(engine, [works.agent]);

    expect(await inTurn(again, 'works', [1])).toEqual([2]);
    expect(works.starts).toHaveLength(1);
  });

  it('says of a reused result where it is from, in the event and in the task, and tells a summary of its own', async () => {
    const works = counted('works', () => 7, { cache });
    const engine = await lab.start([works.agent]);
    const first = await engine.submitJob({ name: 'job', tasks: [{ key: 'first', agent: 'works', name: 'First' }] });
    await first.result();
    const second = await engine.submitJob({ name: 'job', tasks: [{ key: 'second', agent: 'works', name: 'Second' }] });
    await second.result();
    const from = `${first.id}:1`;

    expect(await taskOf(engine, first.id, 'first')).toMatchObject({ cachedFrom: null });
    expect(await taskOf(engine, second.id, 'second')).toMatchObject({
      status: 'COMPLETED',
      cachedFrom: from,
      summary: 'Second completed. Its output is 7.',
    });
    const completed = (await eventsOf(engine, second.id)).find(({ type, taskKey }) => type === 'TASK_COMPLETED' && taskKey === 'second')!;
    expect(completed.data).toMatchObject({ cachedFrom: from });
  });

  it('keeps the summary that the agent wrote', async () => {
    const works = agent('works', (_, ctx) => ctx.summarize('Seven of seven.'), { cache });
    const engine = await lab.start([works]);
    await inTurn(engine, 'works', [1]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'works', input: 1 }] });
    await handle.result();

    expect((await taskOf(engine, handle.id, 't')).summary).toBe('Seven of seven.');
  });

  it('feeds conditions and refs of other tasks with a reused result', async () => {
    const works = counted('works', () => ({ go: true, list: [1] }), { cache });
    const engine = await lab.start([works.agent, echo]);
    await inTurn(engine, 'works', [0]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'works', input: 0 },
        { key: 'if', agent: 'echo', when: { task: 'w', path: '/go' }, input: null, refs: [{ at: '', task: 'w', path: '/list' }] },
        { key: 'not', agent: 'echo', when: { task: 'w', path: '/stop' } },
      ],
    });
    await handle.result();

    expect(works.starts).toHaveLength(1);
    expect(await outputOf(engine, handle.id, 'if')).toEqual([1]);
    expect((await taskOf(engine, handle.id, 'not')).status).toBe('SKIPPED');
  });

  it('runs again when the time of the result is over', async () => {
    const clock = new VirtualClock();
    const works = counted('works', () => clock.now(), { cache: { ttl: '10s' } });
    const engine = await lab.start([works.agent], { clock });
    const run = (): Promise<void> => clock.advanceUntil(inTurn(engine, 'works', [1]));
    await run();
    await clock.advance(9_000);
    await run();
    expect(works.starts).toHaveLength(1);

    await clock.advance(1_000);
    await run();
    expect(works.starts).toHaveLength(2);
  });

  it('runs again in another version, and beside an agent of another name', async () => {
    const one = counted('works', () => 'one', { cache, version: '1' });
    const two = counted('works', () => 'two', { cache, version: '2' });
    const other = counted('other', () => 'other', { cache });
    const engine = await lab.start([one.agent, other.agent]);
    await inTurn(engine, 'works', [1]);

    expect(await inTurn(engine, 'other', [1])).toEqual(['other']);
    const again = await lab.restart(engine, [two.agent]);
    expect(await inTurn(again, 'works', [1])).toEqual(['two']);
  });

  it('with a key takes inputs with the same key for the same', async () => {
    const works = counted('works', (input: { id: number }) => input.id, {
      cache: { ttl: '1h', key: (input) => (input as { id: number }).id % 10 },
    });
    const engine = await lab.start([works.agent]);

    expect(await inTurn(engine, 'works', [{ id: 1 }, { id: 11 }, { id: 2 }])).toEqual([1, 1, 2]);
  });

  it.each<[string, (input: unknown) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no key');
      },
    ],
    ['gives nothing', () => undefined],
    ['gives no JSON', () => new Map()],
    ['gives a promise', () => Promise.resolve('k')],
  ])('runs every time where its key %s, with a line in the log', async (_, key) => {
    const lines: string[] = [];
    const ignore = (): void => undefined;
    const works = counted('works', () => 1, { cache: { ttl: '1h', key: key as () => null } });
    const engine = await lab.start([works.agent], {
      logger: { debug: ignore, info: ignore, warn: (message) => void lines.push(message), error: ignore },
    });
    await inTurn(engine, 'works', [1, 1]);

    expect(works.starts).toHaveLength(2);
    expect(lines[0]).toContain('`cache.key` of "works"');
  });

  it('does not let its key change the input', async () => {
    const works = agent('works', (input: unknown) => input, {
      cache: { ttl: '1h', key: (input) => ((input as { changed?: boolean }).changed = true) },
    });
    const engine = await lab.start([works]);

    expect(await inTurn(engine, 'works', [{ a: 1 }])).toEqual([{ a: 1 }]);
  });

  it('with the scope of a job shares results within the job only', async () => {
    const works = counted('works', () => 1, { cache: { ttl: '1h', scope: 'job' }, concurrency: 1 });
    const engine = await lab.start([works.agent]);
    for (let no = 0; no < 2; no += 1) {
      const handle = await engine.submitJob({ name: 'job', tasks: ['a', 'b', 'c'].map((key) => ({ key, agent: 'works', input: 1 })) });
      await handle.result();
    }

    expect(works.starts).toHaveLength(2);
  });

  it('gives up the results used longest ago when there are more than the engine keeps', async () => {
    const works = counted('works', (n: number) => n, { cache });
    const engine = await lab.start([works.agent], { cache: { entries: 2 } });
    await inTurn(engine, 'works', [1, 2, 3, 3, 1]);

    expect(works.starts).toHaveLength(4);
  });

  it('keeps a result that was reused since, and gives up one that is younger but was not', async () => {
    const clock = new VirtualClock();
    const works = counted('works', (n: number) => n, { cache });
    const engine = await lab.start([works.agent], { clock, cache: { entries: 2 } });
    for (const input of [1, 2, 1, 3, 1]) {
      await clock.advanceUntil(inTurn(engine, 'works', [input]));
      await clock.advance(1_000);
    }
    // 3 took the place of 2, not of 1, which was there first.
    expect(works.starts).toHaveLength(3);
    await clock.advanceUntil(inTurn(engine, 'works', [2]));
    expect(works.starts).toHaveLength(4);
  });

  it('keeps nothing of a run that failed, was skipped or gave what its schema refuses (A2)', async () => {
    let runs = 0;
    const works = defineAgent({
      name: 'works',
      input: z.unknown(),
      output: z.object({ content: z.string() }),
      cache,
      execute: (input, ctx) => {
        runs += 1;
        if (input === 'fail') throw new Error('no');
        if (input === 'skip') ctx.skip('no');
        return {} as { content: string };
      },
    });
    const engine = await lab.start([works]);
    for (const input of ['fail', 'skip', 'refused', 'fail', 'skip', 'refused']) {
      const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'works', input }] });
      await handle.result().catch(() => undefined);
    }

    expect(runs).toBe(6);
  });

  it('runs where it sees more than its input: tasks below it, or a hole that nothing fills', async () => {
    const works = counted('works', (_: unknown, ctx: TaskContext) => ctx.children.length, { cache });
    const fails = agent('fails', () => {
      throw new Error('no');
    });
    const engine = await lab.start([works.agent, echo, fails]);
    for (let no = 0; no < 2; no += 1) {
      const handle = await engine.submitJob({
        name: 'job',
        tasks: [
          { key: 'a', agent: 'works', input: 1 },
          { key: 'below', agent: 'echo', parent: 'a' },
          { key: 'bad', agent: 'fails', failureStrategy: 'continue' },
          { key: 'b', agent: 'works', input: 1, dependsOn: ['bad'] },
        ],
      });
      await handle.result();
    }

    expect(works.starts).toEqual(expect.arrayContaining(['a', 'a', 'b', 'b']));
  });

  it('runs where somebody judges what it gives, and keeps nothing of it', async () => {
    const judged: unknown[] = [];
    const works = counted('works', (n: number) => n, { cache, review: (output: unknown) => judged.push(output) > 0 });
    const engine = await lab.start([works.agent]);

    expect(await inTurn(engine, 'works', [1, 1])).toEqual([1, 1]);
    expect(works.starts).toHaveLength(2);
    expect(judged).toEqual([1, 1]);
  });

  it('runs once for each of ten inputs that many tasks have at the same time, also where runs fail and are repeated', async () => {
    const failed = new Set<number>();
    const done: number[] = [];
    const works = agent(
      'works',
      async (n: number) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (n % 3 === 0 && !failed.has(n)) {
          failed.add(n);
          throw new Error('the first time fails');
        }
        done.push(n);
        return n * n;
      },
      { cache, retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([works], { maxParallel: 16 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 200 }, (_, no) => ({ key: `t${no}`, agent: 'works', input: no % 10 })),
    });
    await handle.result();

    expect(done.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const outputs = await engine.reader.taskOutputs(
      Array.from({ length: 200 }, (_, no) => ({ jobId: handle.id, no: no + 1 })),
      100,
    );
    expect(outputs.map((output) => output?.value)).toEqual(Array.from({ length: 200 }, (_, no) => (no % 10) ** 2));
  });

  it('does without when the cache cannot be used', async () => {
    let hasEntries = true;
    class NoEntries extends FailingStore {
      override get entries(): Store['entries'] {
        if (!hasEntries) throw new Error('no entries');
        return super.entries;
      }
    }
    const lines: string[] = [];
    const ignore = (): void => undefined;
    const works = counted('works', () => 1, { cache });
    const engine = await lab.start([works.agent], {
      storeAt: (path) => new NoEntries({ path }),
      logger: { debug: ignore, info: ignore, warn: (message) => void lines.push(message), error: ignore },
    });
    hasEntries = false;

    expect(await inTurn(engine, 'works', [1, 1])).toEqual([1, 1]);
    expect(lines).toContain('The result cache could not be used.');
  });
});

describe('an operator’s retry', () => {
  it('never gets an earlier result, and makes a new one for everybody else', async () => {
    let result = 'first';
    const works = counted('works', () => result, { cache });
    const engine = await lab.start([works.agent]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'works', input: 1 }] });
    await handle.result();
    result = 'second';
    await engine.retryJob(handle.id, { tasks: [`${handle.id}:1`] });
    await engine.job(handle.id).result();

    expect(await outputOf(engine, handle.id, 't')).toBe('second');
    expect(await inTurn(engine, 'works', [1])).toEqual(['second']);
    expect(works.starts).toHaveLength(2);
  });

  it('takes the doubtful result away before it has a new one', async () => {
    const gate = new Gate();
    let runs = 0;
    const works = agent('works', async () => ((runs += 1) === 2 ? gate.pass().then(() => 2) : runs), { cache });
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'works', input: 1 }] });
    await handle.result();
    await engine.retryJob(handle.id, { tasks: [`${handle.id}:1`] });
    await gate.reached();
    const other = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'works', input: 1 }] });
    gate.open();
    await other.result();

    expect(await outputOf(engine, other.id, 't')).toBe(2);
  });
});

describe('two tasks with the same agent and input at the same time', () => {
  /** An agent whose runs wait at gates: the first at the first, and so on. */
  function gated(settings: Partial<AgentOptions<Schema, Schema>> = {}): {
    works: AgentDefinition;
    gates: Gate<unknown>[];
    runs: () => number;
  } {
    const gates = [new Gate<unknown>(), new Gate<unknown>(), new Gate<unknown>()];
    let runs = 0;
    const works = agent(
      'works',
      async () => {
        const result = await gates[runs++]!.pass();
        if (result instanceof Error) throw result;
        return result;
      },
      { cache, ...settings },
    );
    return { works, gates, runs: () => runs };
  }
  const twice = [
    { key: 'a', agent: 'works', input: 1 },
    { key: 'b', agent: 'works', input: 1 },
  ];

  it('run once: the other one waits for the result', async () => {
    const { works, gates, runs } = gated();
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: twice });
    await gates[0]!.reached();
    gates[0]!.open('shared');
    await handle.result();
    const tasks = await tasksOf(engine, handle.id);

    expect(runs()).toBe(1);
    expect([await outputOf(engine, handle.id, 'a'), await outputOf(engine, handle.id, 'b')]).toEqual(['shared', 'shared']);
    expect([tasks.get('a')!.cachedFrom, tasks.get('b')!.cachedFrom].sort()).toEqual([`${handle.id}:1`, null].sort());
  });

  it('both run when the first fails: the second does not wait for its retry', async () => {
    const { works, gates } = gated({ retry: { maxAttempts: 2, delay: '1h' } });
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: twice });
    await gates[0]!.reached();
    gates[0]!.open(new Error('not now'));
    await gates[1]!.reached();
    gates[1]!.open('second');
    for await (const event of handle.events()) if (event.type === 'TASK_COMPLETED') break;

    expect([(await taskOf(engine, handle.id, 'a')).status, await outputOf(engine, handle.id, 'b')]).toEqual(['READY', 'second']);
    await handle.cancel();
  });

  it('both run when the first is suspended: nobody keeps a place for what does not go on', async () => {
    const asked: string[] = [];
    const works = agent(
      'works',
      async (_, ctx) => {
        asked.push(ctx.task.key);
        return ctx.need('echo', ctx.task.key);
      },
      { cache },
    );
    const engine = await lab.start([works, echo], { maxParallel: 2 });
    const handle = await engine.submitJob({ name: 'job', tasks: twice });
    await handle.result();

    expect(new Set(asked)).toEqual(new Set(['a', 'b']));
    for (const key of ['a', 'b']) expect((await taskOf(engine, handle.id, key)).status).toBe('COMPLETED');
  });

  it('the second goes on when the first is cancelled, though its agent does not stop', async () => {
    const { works, gates } = gated();
    const engine = await lab.start([works]);
    const first = await engine.submitJob({ name: 'first', tasks: [twice[0]!] });
    await gates[0]!.reached();
    const second = await engine.submitJob({ name: 'second', tasks: [twice[1]!] });
    await first.cancel();
    await gates[1]!.reached();
    gates[1]!.open('own');
    await second.result();

    expect(await outputOf(engine, second.id, 'b')).toBe('own');
    gates[0]!.open('too late');
  });

  it('the second can be cancelled while it waits', async () => {
    const { works, gates, runs } = gated();
    const engine = await lab.start([works]);
    const first = await engine.submitJob({ name: 'first', tasks: [twice[0]!] });
    await gates[0]!.reached();
    const second = await engine.submitJob({ name: 'second', tasks: [twice[1]!] });
    for await (const event of second.events()) if (event.type === 'TASK_STARTED' && event.taskKey === 'b') break;
    await second.cancel();
    gates[0]!.open('done');
    await first.result();

    expect((await taskOf(engine, second.id, 'b')).status).toBe('CANCELLED');
    expect(runs()).toBe(1);
  });

  it('the second waits no longer than it may run itself', async () => {
    const clock = new VirtualClock();
    const { works, gates, runs } = gated({ timeout: '5m' });
    const engine = await lab.start([works], { clock });
    const first = await engine.submitJob({ name: 'first', tasks: [twice[0]!] });
    await clock.advance(0);
    await gates[0]!.reached();
    await clock.advance(1_000);
    const second = await engine.submitJob({ name: 'second', tasks: [{ ...twice[1]!, overrides: { timeoutMs: 10_000 } }] });
    await clock.advance(9_999);
    expect(runs()).toBe(1);
    await clock.advance(1);
    expect(runs()).toBe(2);

    gates[1]!.open('own');
    await clock.advanceUntil(second.result());
    gates[0]!.open('first');
    await clock.advanceUntil(first.result());
    expect(await outputOf(engine, second.id, 'b')).toBe('own');
  });

  it('the second waits 300 s at most where the agent may run for ever', async () => {
    const clock = new VirtualClock();
    const { works, gates, runs } = gated({ timeout: 0 });
    const engine = await lab.start([works], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: twice });
    await clock.advance(299_999);
    expect(runs()).toBe(1);
    await clock.advance(1);
    expect(runs()).toBe(2);

    for (const gate of gates) gate.open('done');
    await clock.advanceUntil(handle.result());
  });

  it('the time that the second waits does not count as its own', async () => {
    const clock = new VirtualClock();
    const { works, gates } = gated({ timeout: '10s' });
    const engine = await lab.start([works], { clock });
    const handle = await engine.submitJob({ name: 'job', options: { failureStrategy: 'continue' }, tasks: twice });
    await clock.advance(0);
    await gates[0]!.reached();
    // The first one's time is up; the second begins to run.
    await clock.advance(9_999);
    await clock.advance(1);
    await gates[1]!.reached();
    await clock.advance(9_000);
    gates[1]!.open('in time');
    await clock.advanceUntil(handle.result());

    expect((await taskOf(engine, handle.id, 'a')).error).toMatchObject({ code: 'TASK_TIMEOUT' });
    expect(await outputOf(engine, handle.id, 'b')).toBe('in time');
    gates[0]!.open('too late');
  });

  it('go on after a stop in the middle', async () => {
    const { works, gates } = gated();
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: twice });
    await gates[0]!.reached();
    const plain = counted('works', () => 'anew', { cache });
    const again = await lab.restart(engine, [plain.agent]);
    await again.job(handle.id).result();

    expect(plain.starts).toHaveLength(1);
    expect([await outputOf(again, handle.id, 'a'), await outputOf(again, handle.id, 'b')]).toEqual(['anew', 'anew']);
    gates[0]!.open('too late');
  });
});

describe('the options of a result cache', () => {
  const problemsOf = (options: unknown): readonly string[] => {
    try {
      agent('x', () => null, { cache: options as { ttl: '1h' } });
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };

  it.each<[unknown, string]>([
    [{}, '`cache.ttl` of agent "x" is missing'],
    [{ ttl: 0 }, '`cache.ttl` of agent "x" is 0'],
    [{ ttl: 'long' }, '`cache.ttl` of agent "x" is "long"'],
    [{ ttl: '1h', scope: 'tenant' }, '`cache.scope` of agent "x" is "tenant"; it must be one of global, job.'],
    [{ ttl: '1h', key: 'id' }, '`cache.key` of agent "x" must be a function'],
    [{ ttl: '1h', size: 3 }, '`cache` of agent "x" has an unknown option "size"'],
    ['1h', '`cache` of agent "x" must be an object'],
  ])('%j are refused', (options, problem) => {
    expect(problemsOf(options).join('\n')).toContain(problem);
  });

  it('are good with a time to live alone', () => {
    expect(problemsOf({ ttl: '1h' })).toEqual([]);
  });
});
