import { describe, expect, it } from '@jest/globals';

import { createEngine, type AgentDefinition, type Engine, type Logger } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventOf, refusal, statusesOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { FailingStore } from '../helpers/stores.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

interface Started {
  readonly engine: Engine;
  readonly store: FailingStore;
  readonly clock: VirtualClock;
}

async function start(definitions: readonly AgentDefinition[], logger?: Logger): Promise<Started> {
  const store = new FailingStore({ path: lab.path(), synchronous: 'NORMAL' });
  const clock = new VirtualClock();
  const engine = createEngine({ store, clock, maxParallel: 4, ...(logger ? { logger } : undefined) });
  engine.register(...definitions);
  await engine.start();
  return { engine, store, clock };
}

const chain = (name: string) => ({
  name,
  tasks: [
    { key: 'a', agent: 'echo', input: 1 },
    { key: 'b', agent: 'echo', input: null, refs: [{ at: '', task: 'a' }] },
  ],
});

describe('a store that fails for a moment', () => {
  it('makes a submission that stood alone fail with its code; nothing is half there, the next one works', async () => {
    const { engine, store } = await start([echo]);
    store.failures = 1;
    expect((await refusal(engine.submitJob(chain('lost')))).code).toBe('STORE_UNAVAILABLE');
    const handle = await engine.submitJob(chain('kept'));
    await handle.result();
    expect((await engine.reader.jobs({}, { first: 10 })).items.map(({ name }) => name)).toEqual(['kept']);
    await engine.stop();
  });

  it('does not keep submissions made together from starting, once they are written', async () => {
    const { engine, store } = await start([echo]);
    store.failures = 1;
    const handles = await Promise.all(['one', 'two', 'three'].map((name) => engine.submitJob(chain(name))));
    for (const handle of handles) await handle.result();
    await engine.stop();
  });

  it('does not lose what an agent has done: its result is written when the store is back, and its dependents run', async () => {
    const works = counted('works', () => 'precious');
    const { engine, store, clock } = await start([works.agent, echo]);
    const gate = new Gate();
    engine.register(agent('waits', () => gate.pass()));
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'waits' },
        { key: 'a', agent: 'works', dependsOn: ['w'] },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    await gate.reached();
    store.failures = 3;
    gate.open();
    await clock.advance(10_000);
    await handle.result();
    expect(works.starts).toEqual(['a']);
    expect(await statusesOf(engine, handle.id)).toEqual({ w: 'COMPLETED', a: 'COMPLETED', b: 'COMPLETED' });
    await engine.stop();
  });

  it('is told to the log with its code, where nobody waits for an answer', async () => {
    const lines: unknown[] = [];
    const note = (level: string) => (message: string, data?: object) => void lines.push([level, message, data]);
    const logger = { debug: () => undefined, info: () => undefined, warn: note('warn'), error: note('error') };
    const gate = new Gate();
    const { engine, store, clock } = await start([agent('waits', () => gate.pass())], logger);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'waits' }] });
    await gate.reached();
    store.failures = 2;
    gate.open();
    await clock.advance(10_000);
    await handle.result();

    const refused = { code: 'STORE_UNAVAILABLE', error: expect.any(String) };
    expect(lines).toContainEqual(['warn', expect.stringContaining('tried again'), { jobId: handle.id, ...refused }]);
    await engine.stop();
  });

  it('at every single write of a job in turn still lets the job end right, with no attempt twice at the same time', async () => {
    for (let failAt = 2; failAt <= 9; failAt += 1) {
      const { engine, store, clock } = await start([
        echo,
        agent('asks', async (_, ctx) => [await ctx.step('one', () => 1).catch(() => 1), await ctx.need(echo, 'x')]),
      ]);
      let writes = 0;
      const commit = store.commit.bind(store);
      store.commit = async (batch) => {
        writes += 1;
        if (writes === failAt) store.failures = 1;
        return commit(batch);
      };
      const handle = await engine.submitJob({
        name: `job-${failAt}`,
        tasks: [
          { key: 'a', agent: 'echo', input: 1 },
          { key: 'b', agent: 'asks', dependsOn: ['a'] },
          { key: 'c', agent: 'echo', dependsOn: ['b'] },
        ],
      });
      await clock.advance(10_000);
      await handle.result();
      expect((await handle.status()).success).toBe(true);
      await engine.stop();
    }
  });
});

describe('while the store is away', () => {
  it('an answer, a cancellation and new tasks are refused, change nothing, and count when they are repeated', async () => {
    const asks = agent('asks', async (_, ctx) => (await ctx.ask('sure', { question: 'Sure?' })).answer);
    const { engine, store, clock } = await start([asks, echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks' }] });
    await clock.advance(100);
    await eventOf(engine, handle.id, 'HUMAN_REQUESTED');
    const [request] = (await engine.reader.humanRequests({ jobId: handle.id }, { first: 1 })).items;
    const { lastSeq } = await handle.status();
    const other = await engine.submitJob({ name: 'other', tasks: [{ key: 'a', agent: 'asks' }] });
    await clock.advance(100);
    await eventOf(engine, other.id, 'HUMAN_REQUESTED');

    const acts = [
      () => engine.addTasks(handle.id, [{ key: 'late', agent: 'echo', input: 1 }]),
      () => engine.answerHumanRequest(request!.id, 'yes'),
      () => other.cancel(),
    ];
    for (const act of acts) {
      store.failures = Number.POSITIVE_INFINITY;
      expect((await refusal(act())).code).toBe('STORE_UNAVAILABLE');
      // What is there can be read all the while.
      expect(await engine.reader.humanRequest(request!.id)).toMatchObject({ status: 'OPEN', answer: null });
      store.failures = 0;
    }
    expect(await handle.status()).toMatchObject({ status: 'RUNNING', lastSeq });
    expect((await other.status()).status).toBe('RUNNING');

    for (const act of acts) await act();
    await handle.result();
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'COMPLETED', late: 'COMPLETED' });
    expect((await other.status()).status).toBe('CANCELLED');
    await engine.stop();
  });

  it('whoever follows events keeps waiting, and misses and repeats nothing when it is back', async () => {
    const gate = new Gate();
    const { engine, store, clock } = await start([agent('waits', () => gate.pass()), echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'waits' },
        { key: 'b', agent: 'echo', dependsOn: ['w'] },
      ],
    });
    const seqs: number[] = [];
    const read = (async () => {
      for await (const { seq } of handle.events()) seqs.push(seq);
    })();
    await gate.reached();
    store.failures = 5;
    gate.open();
    await clock.advance(60_000);
    await read;
    expect(store.failures).toBe(0);
    expect(seqs).toEqual(Array.from({ length: (await handle.status()).lastSeq }, (_, index) => index + 1));
    await engine.stop();
  });
});

describe('the word of an attempt that waits for the store', () => {
  it('counts for nothing when another attempt runs by the time it can be written', async () => {
    const gates = [new Gate<string>(), new Gate<string>()];
    let calls = 0;
    const works = agent('works', () => gates[calls++]!.pass());
    const { engine, store, clock } = await start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works', type: 'OBJECTIVE' }] });
    await gates[0]!.reached();
    let refusals = 0;
    store.refuses = (writes) => {
      const isCompletion = writes.some(({ events }) => events.some(({ type }) => type === 'TASK_COMPLETED'));
      if (isCompletion) refusals += 1;
      return isCompletion;
    };
    gates[0]!.open('old');
    await eventLoopTurns();
    expect(refusals).toBe(1);
    // The job is cancelled and reopened before what the first attempt has done can be written.
    await handle.cancel();
    await engine.retryJob(handle.id);
    await gates[1]!.reached();
    store.refuses = () => false;
    await clock.advance(10_000);
    expect((await handle.status()).status).toBe('RUNNING');
    gates[1]!.open('new');
    expect(await handle.result()).toBe('new');
    await engine.stop();
  });
});

describe('a command that can never be written', () => {
  it('fails alone: those of the same moment are written, and their tasks run', async () => {
    const { engine, store } = await start([echo]);
    store.poisoned = 'poison';
    const results = await Promise.allSettled(['one', 'poison', 'two', 'poison', 'three'].map((name) => engine.submitJob(chain(name))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    for (const result of results) if (result.status === 'fulfilled') await result.value.result();
    expect(await engine.reader.countJobs({ status: ['COMPLETED'] })).toBe(3);
    await engine.stop();
  });
});
