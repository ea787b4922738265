import { describe, expect, it } from '@jest/globals';

import { EVENT_TYPES, type Engine, type EventView } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventsOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();

async function collect(
  engine: Engine,
  jobId: string,
  options: Parameters<Engine['events']>[1] = {},
  each: (event: EventView, count: number) => unknown = () => undefined,
): Promise<EventView[]> {
  const found: EventView[] = [];
  for await (const event of engine.events(jobId, options)) {
    found.push(event);
    await each(event, found.length);
  }
  return found;
}

const numbers = (events: readonly EventView[]): number[] => events.map(({ seq }) => seq);
const upTo = (count: number, from = 1): number[] => Array.from({ length: count - from + 1 }, (_, n) => from + n);

const layers = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    key: `t${n}`,
    agent: 'echo',
    input: n,
    ...(n >= 5 ? { dependsOn: [`t${n - 5}`] } : undefined),
  }));

describe('the events of a job', () => {
  it('are numbered 1, 2, 3 … without a gap, and end with the event that ended the job', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: layers(40) });
    await handle.result();
    const events = await eventsOf(engine, handle.id);
    expect(numbers(events)).toEqual(upTo(events.length));
    expect(events.at(-1)!.type).toBe('JOB_COMPLETED');
    expect((await handle.status()).lastSeq).toBe(events.length);
    for (const event of events) {
      expect(EVENT_TYPES).toContain(event.type);
      expect(event).toMatchObject({ jobId: handle.id, at: expect.any(Number), actor: expect.any(String), data: expect.any(Object) });
      if (event.taskId !== null)
        expect(event.taskId).toBe(`${handle.id}:${event.taskKey === 'objective' ? 0 : Number(event.taskKey!.slice(1)) + 1}`);
    }
  });

  it('name the engine that wrote them, before a restart and after it, in the log, live and in histories', async () => {
    const gate = new Gate();
    const definitions = [echo, agent('waits', () => gate.pass())];
    const first = await lab.start(definitions, { name: 'before' });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 't0', agent: 'echo' },
        { key: 'w', agent: 'waits', dependsOn: ['t0'] },
      ],
    });
    await gate.reached();
    const seen = await eventsOf(first, id);
    const second = await lab.restart(first, definitions, { name: 'after' });
    gate.open();
    const live = await collect(second, id);
    const [before, after] = [first, second].map(({ id: engine, name }) => ({ id: engine, name }));

    expect([before!.name, after!.name, before!.id === after!.id]).toEqual(['before', 'after', false]);
    expect(live.slice(0, seen.length).map(({ engine }) => engine)).toEqual(seen.map(() => before));
    expect(live.at(-1)!.engine).toEqual(after);
    const histories = await Promise.all(['t0', 'w'].map(async (key) => second.reader.taskHistory(await taskOf(second, id, key))));
    const ends = histories.map((history) => history.find(({ type }) => type === 'TASK_COMPLETED')!.engine);
    expect(ends).toEqual([before, after]);
    expect(await eventsOf(second, id)).toEqual(live);
  });

  it('go to a subscriber that comes late and asks from 0: every one, in order, once (A15)', async () => {
    const gate = new Gate();
    const engine = await lab.start([echo, agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [...layers(20), { key: 'w', agent: 'waits', dependsOn: ['t19'] }, { key: 'z', agent: 'echo', dependsOn: ['w'] }],
    });
    await gate.reached();
    const before = (await handle.status()).lastSeq;
    const live = collect(engine, handle.id, { afterSeq: 0 }, ({ seq }) => {
      if (seq === before) gate.open();
    });
    const events = await live;
    expect(before).toBeGreaterThan(20);
    expect(numbers(events)).toEqual(upTo((await handle.status()).lastSeq));
  });

  it('go to a subscriber of a job that has ended', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: layers(3) });
    await handle.result();
    expect(await collect(engine, handle.id)).toEqual(await eventsOf(engine, handle.id));
  });

  it('go on from a cursor: nothing lost, nothing twice, wherever a subscriber broke off', async () => {
    const engine = await lab.start([echo], { maxParallel: 2 });
    const handle = await engine.submitJob({ name: 'job', tasks: layers(30) });
    const found: number[] = [];
    for (let piece = 1; ; piece += 1) {
      let taken = 0;
      let isOver = true;
      for await (const event of handle.events({ afterSeq: found.at(-1) ?? 0 })) {
        found.push(event.seq);
        taken += 1;
        if (taken < (piece % 4) + 1) continue;
        isOver = false;
        break;
      }
      if (isOver) break;
    }
    expect(found).toEqual(upTo((await handle.status()).lastSeq));
  });

  it('go on from a cursor after a restart', async () => {
    const gate = new Gate();
    const definitions = [echo, agent('waits', () => gate.pass())];
    const first = await lab.start(definitions);
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 't0', agent: 'echo' },
        { key: 'w', agent: 'waits', dependsOn: ['t0'] },
      ],
    });
    await gate.reached();
    const seen = await eventsOf(first, id);
    gate.open();
    const second = await lab.restart(first, definitions);
    const rest = await collect(second, id, { afterSeq: seen.at(-1)!.seq });
    expect(numbers([...seen, ...rest])).toEqual(upTo(seen.length + rest.length));
    expect(rest.at(-1)!.type).toBe('JOB_COMPLETED');
  });

  it('of more than one page arrive whole: 3,000 of them, to a fast and to a slow subscriber', async () => {
    const engine = await lab.start([agent('note')]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 1_500 }, (_, n) => ({ key: `t${n}`, agent: 'note' })),
    });
    const [fast, slow] = await Promise.all([
      collect(engine, handle.id),
      collect(engine, handle.id, {}, (_, count) => (count % 100 === 0 ? eventLoopTurns(3) : undefined)),
    ]);
    expect(fast.length).toBeGreaterThan(3_000);
    expect(numbers(fast)).toEqual(upTo(fast.length));
    expect(numbers(slow)).toEqual(numbers(fast));
  });

  it.each([499, 500, 501])('that end a job with number %s are all given, whatever the size of a page', async (count) => {
    const engine = await lab.start([
      agent(
        'works',
        async (progress: number, ctx) => {
          for (let n = 0; n < progress; n += 1) await ctx.step(`s${n}`, () => n);
        },
        { timeout: 0 },
      ),
    ]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works', type: 'OBJECTIVE', input: count - 5 }] });
    const live = await collect(engine, handle.id);
    expect(live).toHaveLength(count);
    expect(numbers(await collect(engine, handle.id))).toEqual(upTo(count));
  });

  it('are the same for 20 subscribers, who come at different moments', async () => {
    const engine = await lab.start([echo], { maxParallel: 2 });
    const handle = await engine.submitJob({ name: 'job', tasks: layers(60) });
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        await eventLoopTurns(n * 2);
        return collect(engine, handle.id);
      }),
    );
    const whole = await eventsOf(engine, handle.id);
    for (const events of all) expect(numbers(events)).toEqual(numbers(whole));
  });

  it('that the future brings can be waited for: a cursor beyond the last event', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits' }] });
    await gate.reached();
    const { lastSeq } = await handle.status();
    const later = collect(engine, handle.id, { afterSeq: lastSeq + 1 });
    await eventLoopTurns();
    gate.open();
    expect((await later)[0]?.seq).toBe(lastSeq + 2);
  });
});

describe('a subscription', () => {
  it('ends when its signal aborts: while it waits, between events, and before it began', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits' }] });
    await gate.reached();

    const waiting = new AbortController();
    const stopped = collect(engine, handle.id, { signal: waiting.signal });
    await eventLoopTurns();
    waiting.abort();
    expect((await stopped).length).toBeGreaterThan(0);

    const between = new AbortController();
    expect(await collect(engine, handle.id, { signal: between.signal }, () => between.abort())).toHaveLength(1);

    expect(await collect(engine, handle.id, { signal: AbortSignal.abort() })).toEqual([]);
    gate.open();
    await handle.result();
  });

  it('ends when its reader breaks off, and leaves nothing behind', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: layers(3) });
    for await (const event of handle.events()) if (event.seq === 2) break;
    await handle.result();
    const iterator = handle.events()[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ seq: 1 });
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect((await iterator.next()).done).toBe(true);
  });

  it('ends when the engine stops, without an error, for one that waits', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits' }] });
    await gate.reached();
    const events = collect(engine, handle.id);
    await eventLoopTurns();
    await lab.stop(engine);
    expect((await events).map(({ type }) => type)).toContain('TASK_STARTED');
  });

  it('of a job that does not exist is refused with NOT_FOUND', async () => {
    const engine = await lab.start([]);
    expect((await refusal(collect(engine, 'nowhere'))).code).toBe('NOT_FOUND');
  });

  it.each([-1, 1.5, Number.NaN, 1e308, Number.POSITIVE_INFINITY])('from the cursor %s is refused with CURSOR_INVALID', async (afterSeq) => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: layers(1) });
    expect((await refusal(collect(engine, handle.id, { afterSeq }))).code).toBe('CURSOR_INVALID');
    await handle.result();
  });

  it('of a job that is reopened ends with each end, and goes on by cursor; a late one gets both lives', async () => {
    let broken = true;
    const engine = await lab.start([
      echo,
      agent('flaky', () => {
        if (broken) throw new Error('no');
      }),
    ]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky' }] });
    const first = await collect(engine, handle.id);
    expect(first.at(-1)!.type).toBe('JOB_FAILED');
    broken = false;
    await engine.retryJob(handle.id);
    const second = await collect(engine, handle.id, { afterSeq: first.at(-1)!.seq });
    expect([second[0]!.type, second.at(-1)!.type]).toEqual(['JOB_REOPENED', 'JOB_COMPLETED']);
    expect(numbers(await collect(engine, handle.id))).toEqual(upTo(first.length + second.length));
  });
});

describe('what an event tells', () => {
  it('names tasks by id and key, causes by id, and holds no output', async () => {
    const engine = await lab.start([
      agent('big', () => 'x'.repeat(100_000)),
      agent('fails', () => {
        throw new TypeError('no');
      }),
      echo,
    ]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'big', agent: 'big' },
        { key: 'bad', agent: 'fails', failureStrategy: 'skip' },
        { key: 'after', agent: 'echo', dependsOn: ['bad'] },
      ],
    });
    await ended(engine, handle.id);
    const events = await eventsOf(engine, handle.id);
    const of = (type: string, key: string | null = null): EventView =>
      events.find((event) => event.type === type && (key === null || event.taskKey === key))!;
    expect(of('JOB_SUBMITTED').data).toEqual({ name: 'job', workflow: null, waitsFor: null });
    expect(of('TASK_STARTED', 'big').data).toMatchObject({ attempt: 1 });
    expect(of('TASK_COMPLETED', 'big').data).toMatchObject({ attempt: 1, bytes: 100_002, summary: expect.any(String) });
    expect(of('TASK_FAILED', 'bad').data).toMatchObject({
      error: { code: 'AGENT_FAILED', name: 'TypeError', message: 'no' },
      timedOut: false,
    });
    expect(of('TASKS_SKIPPED').data).toMatchObject({ tasks: [`${handle.id}:3`], reason: 'DEPENDENCY_FAILED', by: `${handle.id}:2` });
    expect(of('JOB_COMPLETED').data).toEqual({ success: false });
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(5_000);
  });

  it('is in the history of its task', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: layers(2) });
    await handle.result();
    const history = await engine.reader.taskHistory({ jobId: handle.id, no: 1 });
    expect(history.map(({ type, taskKey }) => [type, taskKey])).toEqual([
      ['TASK_STARTED', 't0'],
      ['TASK_COMPLETED', 't0'],
    ]);
  });
});

describe('changes()', () => {
  it('rings for every job, merges what comes faster than it is read, and tells which tasks changed', async () => {
    const engine = await lab.start([echo]);
    const stop = new AbortController();
    const seen = new Map<string, { lastSeq: number; tasks: Set<number> }>();
    let wakes = 0;
    const watching = (async () => {
      for await (const changes of engine.changes({ signal: stop.signal })) {
        wakes += 1;
        for (const { jobId, lastSeq, tasks } of changes) {
          const entry = seen.get(jobId) ?? { lastSeq: 0, tasks: new Set<number>() };
          expect(lastSeq).toBeGreaterThan(entry.lastSeq);
          seen.set(jobId, { lastSeq, tasks: new Set([...entry.tasks, ...tasks]) });
        }
        await eventLoopTurns(5);
      }
    })();
    const handles = await Promise.all([1, 2, 3].map(() => engine.submitJob({ name: 'job', tasks: layers(30) })));
    await Promise.all(handles.map((handle) => handle.result()));
    await eventLoopTurns();
    stop.abort();
    await watching;
    for (const handle of handles) {
      const { lastSeq } = await handle.status();
      expect(seen.get(handle.id)).toEqual({ lastSeq, tasks: new Set(upTo(30, 0)) });
    }
    expect(wakes).toBeLessThan(60);
  });

  it('of one job rings for it alone', async () => {
    const engine = await lab.start([echo]);
    const gate = new Gate();
    engine.register(agent('waits', () => gate.pass()));
    const mine = await engine.submitJob({ name: 'mine', tasks: [{ key: 'a', agent: 'waits' }] });
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const changes of engine.changes({ jobId: mine.id, signal: stop.signal })) seen.push(...changes.map(({ jobId }) => jobId));
    })();
    await eventLoopTurns();
    await (await engine.submitJob({ name: 'other', tasks: layers(3) })).result();
    expect(seen).toEqual([]);
    gate.open();
    await mine.result();
    await eventLoopTurns();
    stop.abort();
    await watching;
    expect(new Set(seen)).toEqual(new Set([mine.id]));
  });

  it('ends when the engine stops: for one that waits, and for one that is busy with the last change', async () => {
    const engine = await lab.start([echo]);
    const waiting = engine.changes()[Symbol.asyncIterator]();
    const next = waiting.next();
    const busy = engine.changes()[Symbol.asyncIterator]();
    const first = busy.next();
    await eventLoopTurns(1);
    await (await engine.submitJob({ name: 'job', tasks: layers(1) })).result();
    await Promise.all([first, next]);
    const last = waiting.next().then(async (result) => (result.done ? result : waiting.next()));
    await lab.stop(engine);
    expect((await last).done).toBe(true);
    // It may still be told of what changed before; then it ends.
    let rest = await busy.next();
    for (let more = 0; !rest.done && more < 5; more += 1) rest = await busy.next();
    expect(rest.done).toBe(true);
  });
});
