import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, type DependencyMode, type JobSubmission, type Ref } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const fails = agent('fails', () => {
  throw new Error('no');
});
const skips = agent('skips', (_, ctx) => ctx.skip('not here'));

function job(tasks: JobSubmission['tasks'], options: JobSubmission['options'] = {}): JobSubmission {
  return { name: 'job', tasks, options };
}

describe('dependencies', () => {
  it('order tasks whatever the order they were given in, and bring the results (B1, M3, M4)', async () => {
    const seen: unknown[] = [];
    const analysis = agent('analysis', (_, ctx) => (seen.push(ctx.dependencies), 'analysed'));
    const engine = await lab.start([analysis, echo]);
    const handle = await engine.submitJob(
      job([
        { key: 'analysis', agent: 'analysis', dependsOn: ['research', 'notes'] },
        { key: 'notes', agent: 'echo', input: { found: 2 } },
        { key: 'research', agent: 'echo', input: { found: 1 }, dependsOn: ['notes'] },
      ]),
    );
    await handle.result();
    expect(seen).toEqual([{ research: { found: 1 }, notes: { found: 2 } }]);
    expect(Object.keys(seen[0] as object)).toEqual(['research', 'notes']);
    const started = (await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_STARTED').map(({ taskKey }) => taskKey);
    expect(started).toEqual(['notes', 'research', 'analysis', 'objective']);
  });

  it('let what does not wait overlap, and start a task as soon as the last of them ends, by no timer: a diamond (A7, D2)', async () => {
    const gates = { b: new Gate(), c: new Gate() };
    const order: string[] = [];
    const waits = agent('waits', async (which: 'b' | 'c') => {
      await gates[which].pass();
      order.push(which);
    });
    const notes = agent('notes', (key: string) => void order.push(key));
    // On a clock that stands still nothing that waits for a timer would ever happen.
    const engine = await lab.start([waits, notes], { maxParallel: 4, clock: new VirtualClock() });
    const handle = await engine.submitJob(
      job([
        { key: 'd', agent: 'notes', input: 'd', dependsOn: ['b', 'c'] },
        { key: 'b', agent: 'waits', input: 'b', dependsOn: ['a'] },
        { key: 'c', agent: 'waits', input: 'c', dependsOn: ['a'] },
        { key: 'a', agent: 'notes', input: 'a' },
      ]),
    );
    await Promise.all([gates.b.reached(), gates.c.reached()]); // both run at the same time, or this never comes
    gates.c.open();
    await eventOf(engine, handle.id, 'TASK_COMPLETED', 'c');
    expect((await taskOf(engine, handle.id, 'd')).status).toBe('PENDING');
    gates.b.open();
    await handle.result();
    expect(order).toEqual(['a', 'c', 'b', 'd']);
  });

  it('of a chain of 300 tasks are kept in order, and no step of it waits for a timer (D2)', async () => {
    const order: number[] = [];
    const note = agent('note', (n: number) => void order.push(n));
    const engine = await lab.start([note], { clock: new VirtualClock() });
    const tasks = Array.from({ length: 300 }, (_, n) => ({
      key: `t${n}`,
      agent: 'note',
      input: n,
      ...(n > 0 ? { dependsOn: [`t${n - 1}`] } : undefined),
    }));
    await (await engine.submitJob(job(tasks.reverse()))).result();
    expect(order).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });

  it('named twice, or named and referred to, count once', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob(
      job([
        { key: 'a', agent: 'echo', input: 1 },
        {
          key: 'b',
          agent: 'echo',
          input: { x: null, y: null },
          refs: [
            { at: '/x', task: 'a' },
            { at: '/y', task: 'a' },
          ],
          dependsOn: ['a', 'a'],
        },
      ]),
    );
    await handle.result();
    expect((await taskOf(engine, handle.id, 'b')).dependencies).toHaveLength(1);
    expect(await outputOf(engine, handle.id, 'b')).toEqual({ x: 1, y: 1 });
  });
});

describe('a dependency mode', () => {
  const ends = { completed: 'echo', failed: 'fails', skipped: 'skips' } as const;
  const RUNS: Record<DependencyMode, readonly (keyof typeof ends)[]> = {
    completed: ['completed'],
    settled: ['completed', 'failed', 'skipped'],
    failed: ['failed'],
  };

  const cases = (['completed', 'settled', 'failed'] as const).flatMap((mode) =>
    (Object.keys(ends) as (keyof typeof ends)[]).map((end) => [mode, end, RUNS[mode].includes(end)] as const),
  );
  it.each(cases)('`%s` on a task that ends %s: runs is %s', async (mode, end, runs) => {
    const dependent = counted('dependent');
    const engine = await lab.start([echo, fails, skips, dependent.agent]);
    const handle = await engine.submitJob(
      job(
        [
          { key: 'source', agent: ends[end] },
          { key: 'after', agent: 'dependent', dependsOn: [{ task: 'source', mode }] },
        ],
        { failureStrategy: 'skip' },
      ),
    );
    await ended(engine, handle.id);
    expect(dependent.starts).toEqual(runs ? ['after'] : []);
    expect((await taskOf(engine, handle.id, 'after')).status).toBe(runs ? 'COMPLETED' : 'SKIPPED');
  });

  it('`failed` on a task that completed says that the fallback was not needed, and the job is a success', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob(
      job([
        { key: 'a', agent: 'echo' },
        { key: 'fallback', agent: 'echo', dependsOn: [{ task: 'a', mode: 'failed' }] },
      ]),
    );
    await handle.result();
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'COMPLETED', fallback: 'SKIPPED NOT_NEEDED' });
    expect((await handle.status()).success).toBe(true);
  });

  it('`settled` given to a story holds for refs into it', async () => {
    const Strict = defineAgent({
      name: 'strict',
      input: z.object({ n: z.number().optional() }),
      output: z.string(),
      execute: ({ n }) => `n is ${n}`,
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.string(),
      plan: (flow) => {
        const story = flow.story('History').onFailure('skip');
        const inside = story.add(fails, {});
        return flow.add(Strict, { n: inside.out as Ref<number | undefined> }).after(story, 'settled').out;
      },
    });
    const engine = await lab.start([fails, Strict, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toBe('n is undefined');
  });

  it('`settled` with a ref that the schema needs a value for is refused at submit with MISSING_INPUT', async () => {
    const Strict = defineAgent({ name: 'strict', input: z.object({ n: z.number() }), output: z.unknown(), execute: () => 1 });
    const engine = await lab.start([echo, Strict]);
    const tasks = (or?: number): JobSubmission['tasks'] => [
      { key: 'a', agent: 'echo', input: 5 },
      {
        key: 'b',
        agent: 'strict',
        input: { n: null },
        refs: [{ at: '/n', task: 'a', ...(or === undefined ? undefined : { or }) }],
        dependsOn: [{ task: 'a', mode: 'settled' }],
      },
    ];
    const error = await refusal(engine.submitJob(job(tasks())));
    expect(error.code).toBe('MISSING_INPUT');
    expect(error.message).toContain('/n');
    expect(error.message).toContain('.or(value)');
    await (await engine.submitJob(job(tasks(0)))).result();
  });

  it('that does not exist is refused', async () => {
    const engine = await lab.start([echo]);
    const error = await refusal(
      engine.submitJob(
        job([
          { key: 'a', agent: 'echo' },
          { key: 'b', agent: 'echo', dependsOn: [{ task: 'a', mode: 'sometimes' as never }] },
        ]),
      ),
    );
    expect(error.code).toBe('GRAPH_INVALID');
  });
});

describe('a task that cannot run any more', () => {
  it('is skipped with all that needs it, at once, with the cause in words; other branches go on (D3)', async () => {
    const other = counted('other');
    const engine = await lab.start([echo, fails, other.agent]);
    const handle = await engine.submitJob(
      job(
        [
          { key: 'a', agent: 'fails' },
          { key: 'b', agent: 'echo', dependsOn: ['a'] },
          { key: 'c', agent: 'echo', dependsOn: ['b'] },
          { key: 'd', agent: 'other', dependsOn: [{ task: 'c', mode: 'settled' }] },
          { key: 'e', agent: 'other' },
        ],
        { failureStrategy: 'skip' },
      ),
    );
    const view = await ended(engine, handle.id);
    expect(view).toMatchObject({ status: 'COMPLETED', success: false });
    expect(await statusesOf(engine, handle.id)).toMatchObject({
      a: 'FAILED ATTEMPTS_EXHAUSTED',
      b: 'SKIPPED DEPENDENCY_FAILED',
      c: 'SKIPPED DEPENDENCY_FAILED',
      d: 'COMPLETED',
      e: 'COMPLETED',
    });
    expect((await taskOf(engine, handle.id, 'b')).statusMessage).toContain('"a"');
    expect(other.starts.sort()).toEqual(['d', 'e']);
    // Within one event: the log goes from the failure to the skip with nothing between.
    const types = (await eventsOf(engine, handle.id)).map(({ type }) => type);
    expect(types[types.indexOf('TASK_FAILED') + 1]).toBe('TASKS_SKIPPED');
  });

  it('takes the tasks below it along', async () => {
    const inside = counted('inside');
    const engine = await lab.start([fails, inside.agent]);
    const handle = await engine.submitJob(
      job(
        [
          { key: 'a', agent: 'fails' },
          { key: 's', type: 'STORY', dependsOn: ['a'] },
          { key: 'in', agent: 'inside', parent: 's' },
        ],
        { failureStrategy: 'skip' },
      ),
    );
    await ended(engine, handle.id);
    expect(inside.starts).toEqual([]);
    expect(Object.values(await statusesOf(engine, handle.id)).map((text) => text.split(' ')[0])).toEqual(['FAILED', 'SKIPPED', 'SKIPPED']);
  });
});

describe('ctx.skip', () => {
  it('ends the task as SKIPPED with its reason, skips what needs it, and does not spoil success', async () => {
    const engine = await lab.start([echo, skips]);
    const handle = await engine.submitJob(
      job([
        { key: 'a', agent: 'skips' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
        { key: 'c', agent: 'echo', dependsOn: [{ task: 'a', mode: 'settled' }] },
      ]),
    );
    await handle.result();
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'SKIPPED AGENT_SKIPPED', b: 'SKIPPED DEPENDENCY_SKIPPED', c: 'COMPLETED' });
    expect((await taskOf(engine, handle.id, 'a')).statusMessage).toBe('not here');
    expect(await handle.status()).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('is not retried, and works out of nested awaits', async () => {
    const late = counted(
      'late',
      async (_, ctx) => {
        await Promise.resolve();
        await (async () => ctx.skip('deep inside'))();
      },
      { retry: 5 },
    );
    const engine = await lab.start([late.agent]);
    const handle = await engine.submitJob(job([{ key: 'a', agent: 'late' }]));
    await handle.result();
    expect(late.starts).toEqual(['a']);
    expect((await taskOf(engine, handle.id, 'a')).statusMessage).toBe('deep inside');
  });
});

describe('.when', () => {
  const Wf = defineWorkflow({
    name: 'conditional',
    input: z.object({ flag: z.unknown() }),
    output: z.object({ task: z.unknown(), story: z.unknown() }),
    plan: (flow, { flag }) => {
      const source = flow.add(echo, { flag }).named('source');
      const condition = (source.out as Ref<{ flag: boolean }>).flag;
      const one = flow.add(echo, 'ran').named('task').when(condition);
      const story = flow.story('Story').when(condition);
      const inside = story.add(echo, 'ran').named('inside');
      flow.add(echo, 'after').named('after').after(one);
      return { task: (one.out as Ref<string>).or('-'), story: (inside.out as Ref<string>).or('-') };
    },
  });

  it.each([[true], [1], ['yes'], [{}], [[]]])('runs a task and a story when the value is %j', async (flag) => {
    const engine = await lab.start([echo, Wf]);
    const handle = await engine.startWorkflow(Wf, { flag });
    expect(await handle.result()).toEqual({ task: 'ran', story: 'ran' });
  });

  it.each([[false], [0], [''], [null], [undefined]])(
    'skips a task and a story, with all below and behind them, when the value is %j',
    async (flag) => {
      const engine = await lab.start([echo, Wf]);
      const handle = await engine.startWorkflow(Wf, { flag });
      const view = await ended(engine, handle.id);
      const statuses = await statusesOf(engine, handle.id);
      expect(statuses).toMatchObject({ source: 'COMPLETED', task: 'SKIPPED CONDITION_FALSE', story: 'SKIPPED CONDITION_FALSE' });
      expect([statuses['inside'], statuses['after']].map((text) => text?.split(' ')[0])).toEqual(['SKIPPED', 'SKIPPED']);
      expect((await taskOf(engine, handle.id, 'task')).statusMessage).toContain('"source"');
      expect(view.success).toBe(true);
    },
  );

  it('gives the job its output although parts of it were skipped, where fallbacks say what stands in', async () => {
    const engine = await lab.start([echo, Wf]);
    expect(await (await engine.startWorkflow(Wf, { flag: false })).result()).toEqual({ task: '-', story: '-' });
  });

  it('is decided by the fallback of the ref where the source has no value', async () => {
    const Fallback = defineWorkflow({
      name: 'fallback',
      input: z.object({}),
      plan: (flow) => {
        const source = flow.add(echo, { other: 1 }).named('source').out as Ref<{ flag?: boolean }>;
        flow.add(echo, 1).named('yes').when(source.flag.or(true));
        flow.add(echo, 1).named('no').when(source.flag.or(false));
      },
    });
    const engine = await lab.start([echo, Fallback]);
    const handle = await engine.startWorkflow(Fallback, {});
    await handle.result();
    expect(await statusesOf(engine, handle.id)).toMatchObject({ yes: 'COMPLETED', no: 'SKIPPED CONDITION_FALSE' });
  });

  it('can ask whether a map has ended well, by its whole list; a part of that list is refused', async () => {
    const map = { over: { task: 'list' }, agent: 'echo', input: { value: null, refs: [] }, items: [{ at: '', path: '' }] };
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob(
      job([
        { key: 'list', agent: 'echo', input: [1, 0] },
        { key: 'map', map },
        { key: 'whole', agent: 'echo', when: { task: 'map' } },
      ]),
    );
    await handle.result();
    expect(await statusesOf(engine, handle.id)).toMatchObject({ whole: 'COMPLETED' });
    const error = await refusal(
      engine.submitJob(
        job([
          { key: 'list', agent: 'echo', input: [1, 0] },
          { key: 'map', map },
          { key: 'first', agent: 'echo', when: { task: 'map', path: '/0' } },
        ]),
      ),
    );
    expect(error.code).toBe('GRAPH_INVALID');
    expect(error.message).toContain('"first"');
  });

  it('on a task that failed or was skipped counts as false: who reads it is skipped, never left waiting (bad input F5)', async () => {
    const engine = await lab.start([echo, fails, skips]);
    const handle = await engine.submitJob(
      job(
        [
          { key: 'f', agent: 'fails' },
          { key: 's', agent: 'skips' },
          { key: 'on-failed', agent: 'echo', when: { task: 'f' } },
          { key: 'on-skipped', agent: 'echo', when: { task: 's' } },
          { key: 'settled', agent: 'echo', when: { task: 'f' }, dependsOn: [{ task: 'f', mode: 'settled' }] },
        ],
        { failureStrategy: 'skip' },
      ),
    );
    await ended(engine, handle.id);
    const statuses = await statusesOf(engine, handle.id);
    for (const key of ['on-failed', 'on-skipped', 'settled']) expect(statuses[key]).toMatch(/^SKIPPED/);
  });

  it('that is false holds also when the story around the task begins in the same step, only later (the log tells the same)', async () => {
    const started = counted('started');
    const engine = await lab.start([skips, echo, started.agent]);
    const handle = await engine.submitJob(
      job([
        { key: 'source', agent: 'skips' },
        { key: 'x', agent: 'echo', dependsOn: ['source'] },
        { key: 'p', agent: 'echo', dependsOn: ['x'] },
        { key: 'q', agent: 'echo', dependsOn: ['x'] },
        { key: 'story', type: 'STORY', dependsOn: [{ task: 'p', mode: 'settled' }] },
        { key: 'inside', agent: 'started', parent: 'story', when: { task: 'q' }, dependsOn: [{ task: 'q', mode: 'settled' }] },
      ]),
    );
    await ended(engine, handle.id);
    expect(await statusesOf(engine, handle.id)).toMatchObject({ inside: 'SKIPPED CONDITION_FALSE', story: 'SKIPPED CHILDREN_SKIPPED' });
    expect(started.starts).toEqual([]);
    // The audit at the end folds the log and finds the same rows.
  });

  it('together with another dependency: the condition is kept until that one has ended', async () => {
    const gate = new Gate();
    const slow = agent('slow', () => gate.pass());
    const engine = await lab.start([echo, slow]);
    const handle = await engine.submitJob(
      job([
        { key: 'flag', agent: 'echo', input: true },
        { key: 'slow', agent: 'slow' },
        { key: 'both', agent: 'echo', when: { task: 'flag' }, dependsOn: ['slow'] },
      ]),
    );
    await gate.reached();
    expect((await taskOf(engine, handle.id, 'both')).status).toBe('PENDING');
    gate.open();
    await handle.result();
    expect((await taskOf(engine, handle.id, 'both')).status).toBe('COMPLETED');
  });
});
