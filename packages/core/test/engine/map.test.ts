import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type Ref, type TaskContext } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventsOf, outputOf, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

const List = defineAgent({
  name: 'list',
  input: z.object({ n: z.number() }),
  output: z.array(z.object({ id: z.number() })),
  execute: ({ n }) => Array.from({ length: n }, (_, id) => ({ id })),
});
const Double = defineAgent({
  name: 'double',
  input: z.object({ id: z.number(), plus: z.number().optional() }),
  output: z.object({ twice: z.number() }),
  execute: ({ id, plus = 0 }) => ({ twice: id * 2 + plus }),
});
const SumBatch = defineAgent({
  name: 'sum-batch',
  input: z.object({ items: z.array(z.object({ id: z.number() })) }),
  output: z.number(),
  execute: ({ items }) => items.reduce((sum, { id }) => sum + id, 0),
});

function perItem(n: number) {
  return defineWorkflow({
    name: 'per-item',
    input: z.object({}),
    output: z.unknown(),
    plan: (flow) => flow.map(flow.add(List, { n }).out, (item) => task(Double, { id: item.id })).out,
  });
}

describe('flow.map', () => {
  it('runs one task for each item and gives their outputs in order', async () => {
    const Wf = perItem(5);
    const engine = await lab.start([List, Double, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([0, 2, 4, 6, 8].map((twice) => ({ twice })));
    const tasks = await tasksOf(engine, job.id);
    expect([...tasks.keys()]).toEqual([
      'objective',
      'list',
      'map-double',
      'map-double.1',
      'map-double.2',
      'map-double.3',
      'map-double.4',
      'map-double.5',
    ]);
    expect(tasks.get('map-double.3')).toMatchObject({
      agent: 'double',
      type: 'SUBTASK',
      origin: 'map',
      parent: tasks.get('map-double')?.no,
      name: 'map-double 3 of 5',
    });
  });

  it('runs one task for each batch; the last one may be smaller', async () => {
    const Wf = defineWorkflow({
      name: 'batches',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.map(flow.add(List, { n: 7 }).out, { batch: 3 }, (items) => task(SumBatch, { items })).out,
    });
    const engine = await lab.start([List, SumBatch, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([0 + 1 + 2, 3 + 4 + 5, 6]);
    expect((await tasksOf(engine, job.id)).size).toBe(3 + 3);
  });

  it('over an empty list completes with an empty list', async () => {
    const Wf = perItem(0);
    const engine = await lab.start([List, Double, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([]);
    expect(await statusesOf(engine, job.id)).toEqual({ list: 'COMPLETED', 'map-double': 'COMPLETED' });
  });

  it.each([
    ['an object', { a: 1 }],
    ['a text', 'abc'],
    ['null', null],
    ['a number', 3],
  ])('over %s fails with a reason, and the engine lives', async (_, value) => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => void flow.map(flow.add(echo, value).out as Ref<{ id: number }[]>, (item) => task(Double, { id: item.id })),
    });
    const engine = await lab.start([echo, Double, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect((await ended(engine, job.id)).status).toBe('FAILED');
    const map = await taskOf(engine, job.id, 'map-double');
    expect(map).toMatchObject({ status: 'FAILED', error: { code: 'INPUT_SCHEMA' } });
    expect(map.error?.message).toContain('"map-double"');
    await (await engine.submitJob({ name: 'next', tasks: [{ key: 'a', agent: 'echo' }] })).result();
  });

  it('puts the item, parts of it, other tasks outputs and literals where they stand in the input', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const base = flow.add(echo, { plus: 100 }).out as Ref<{ plus: number }>;
        const items = flow.add(echo, [{ id: 1, deep: { tags: ['a', 'b'] } }, { id: 2 }]).out as Ref<
          { id: number; deep?: { tags: string[] } }[]
        >;
        return flow.map(items, (item) =>
          task(echo, {
            whole: item,
            id: item.id,
            tag: (item as never as Ref<{ deep: { tags: string[] } }>).deep.tags[1],
            plus: base.plus,
            fixed: [item.id, 'x'],
          }),
        ).out;
      },
    });
    const engine = await lab.start([echo, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([
      { whole: { id: 1, deep: { tags: ['a', 'b'] } }, id: 1, tag: 'b', plus: 100, fixed: [1, 'x'] },
      { whole: { id: 2 }, id: 2, plus: 100, fixed: [2, 'x'] },
    ]);
  });

  it('passes items that are null, false, lists and texts as they are', async () => {
    const values = [null, false, [1, [2]], '', 'text', 0];
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.map(flow.add(echo, values).out as Ref<unknown[]>, (item) => task(echo, item)).out,
    });
    const engine = await lab.start([echo, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual(values);
  });

  it('runs 3,000 items, never more at once than there are places', async () => {
    let running = 0;
    let most = 0;
    const Work = defineAgent({
      name: 'double',
      input: z.object({ id: z.number() }),
      output: z.object({ twice: z.number() }),
      execute: async ({ id }) => {
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        running -= 1;
        return { twice: id * 2 };
      },
    });
    const Wf = perItem(3_000);
    const engine = await lab.start([List, Work, Wf], { maxParallel: 8 });
    const job = await engine.startWorkflow(Wf, {});
    const result = (await job.result()) as { twice: number }[];
    expect(result).toHaveLength(3_000);
    expect(result.every(({ twice }, index) => twice === index * 2)).toBe(true);
    expect(most).toBe(8);
    expect((await job.status()).counts.COMPLETED).toBe(3_003);
  });

  it('checks each item against the schema when its task starts, and names the place', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) =>
        void flow.map(flow.add(echo, [{ id: 1 }, { id: 'two' }]).out as never as Ref<{ id: number }[]>, (item) =>
          task(Double, { id: item.id }).onFailure('skip'),
        ),
    });
    const engine = await lab.start([echo, Double, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await ended(engine, job.id);
    const failed = await taskOf(engine, job.id, 'map-double.2');
    expect(failed).toMatchObject({ status: 'FAILED', error: { code: 'INPUT_SCHEMA' } });
    expect(JSON.stringify(failed.error?.details)).toContain('/id');
    expect((await taskOf(engine, job.id, 'map-double.1')).status).toBe('COMPLETED');
  });
});

describe('an item that fails', () => {
  const Fussy = defineAgent({
    name: 'fussy',
    input: z.object({ id: z.number() }),
    output: z.number(),
    execute: ({ id }) => {
      if (id === 1) throw new Error('not this one');
      return id;
    },
  });

  function workflow(strategy: 'abort' | 'skip' | 'continue', seen: (ctx: TaskContext) => void) {
    const Reader = defineAgent({
      name: 'reader',
      input: z.object({ numbers: z.array(z.number()) }),
      output: z.array(z.number()),
      execute: ({ numbers }, ctx) => (seen(ctx), numbers),
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.array(z.number()),
      plan: (flow) => {
        const numbers = flow.map(flow.add(List, { n: 3 }).out, (item) => task(Fussy, { id: item.id }).onFailure(strategy));
        // By `continue` the map itself may end without a list, so its reader must say what stands in.
        return flow.add(Reader, { numbers: strategy === 'continue' ? numbers.out.or([]) : numbers.out }).out;
      },
    });
    return [List, Fussy, Reader, Wf] as const;
  }

  it.each(['skip', 'continue'] as const)('by strategy %s is left out of the list and named in ctx.missing', async (strategy) => {
    let missing: readonly string[] = [];
    const definitions = workflow(strategy, (ctx) => (missing = ctx.missing));
    const engine = await lab.start(definitions);
    const job = await engine.startWorkflow(definitions[3], {});
    expect(await job.result()).toEqual([0, 2]);
    expect(await job.status()).toMatchObject({ status: 'COMPLETED', success: false });
    expect(missing).toEqual(['map-fussy.2']);
  });

  it('by strategy abort fails the map and the job', async () => {
    const definitions = workflow('abort', () => undefined);
    const engine = await lab.start(definitions);
    const job = await engine.startWorkflow(definitions[3], {});
    expect((await ended(engine, job.id)).status).toBe('FAILED');
    const statuses = await statusesOf(engine, job.id);
    expect(statuses).toMatchObject({ 'map-fussy': 'FAILED CHILD_FAILED', 'map-fussy.2': 'FAILED ATTEMPTS_EXHAUSTED' });
  });

  it('is retried by itself, by the settings of the draft', async () => {
    let tries = 0;
    const Flaky = defineAgent({
      name: 'flaky',
      input: z.object({ id: z.number() }),
      output: z.number(),
      execute: ({ id }) => {
        if (id === 1 && (tries += 1) < 3) throw new Error('again');
        return id;
      },
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) =>
        flow.map(flow.add(List, { n: 3 }).out, (item) => task(Flaky, { id: item.id }).retry({ maxAttempts: 3, backoff: 'none' })).out,
    });
    const engine = await lab.start([List, Flaky, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([0, 1, 2]);
    const tasks = await tasksOf(engine, job.id);
    expect(['map-flaky.1', 'map-flaky.2', 'map-flaky.3'].map((key) => tasks.get(key)?.attempt)).toEqual([1, 3, 1]);
  });

  it('when all of them do, and are skipped, leaves an empty list', async () => {
    const fails = agent('fails', () => {
      throw new Error('no');
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.map(flow.add(echo, [1, 2]).out as Ref<number[]>, (item) => task(fails, item).onFailure('skip')).out,
    });
    const engine = await lab.start([echo, fails, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([]);
    expect((await job.status()).success).toBe(false);
  });
});

describe('a map', () => {
  it('in a story belongs to the story, and the story waits for its items', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        const list = flow.add(echo, [1, 2]).out as Ref<number[]>;
        flow.story('Story').map(list, (n) => task(waits, n));
      },
    });
    const engine = await lab.start([echo, waits, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await gate.reached(2);
    expect(await statusesOf(engine, job.id)).toMatchObject({
      story: 'BLOCKED WAITING_CHILDREN',
      'map-waits': 'BLOCKED WAITING_CHILDREN',
      'map-waits.1': 'IN_PROGRESS',
    });
    gate.open();
    await job.result();
    const tasks = await tasksOf(engine, job.id);
    expect(tasks.get('map-waits')?.parent).toBe(tasks.get('story')?.no);
  });

  it('over the items of another map, and inside a chain of maps, keeps order', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const first = flow.map(flow.add(List, { n: 4 }).out, (item) => task(Double, { id: item.id }));
        return flow.map(first.out, (item) => task(Double, { id: item.twice, plus: 1 })).out;
      },
    });
    const engine = await lab.start([List, Double, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual([1, 5, 9, 13].map((twice) => ({ twice })));
  });

  it('whose items ask for more (ctx.need) gives the same list, each item with a task of its own below it', async () => {
    const Deeper = defineAgent({
      name: 'deeper',
      input: z.object({ id: z.number() }),
      output: z.number(),
      execute: async ({ id }, ctx) => (id % 2 === 0 ? id : (await ctx.need(Double, { id })).twice + 100),
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.map(flow.add(List, { n: 6 }).out, (item) => task(Deeper, { id: item.id })).out,
    });
    const engine = await lab.start([List, Double, Deeper, Wf], { maxParallel: 1 });
    const job = await engine.startWorkflow(Wf, {});
    expect(await job.result()).toEqual([0, 102, 2, 106, 4, 110]);
    const tasks = await tasksOf(engine, job.id);
    expect(tasks.get('map-deeper.2.double')?.parent).toBe(tasks.get('map-deeper.2')?.no);
    expect(tasks.size).toBe(3 + 6 + 3);
  });

  it('gathers an output of many megabytes from items that are each within the limit', async () => {
    const big = agent('big', (n: number) => String(n).padEnd(500_000, '.'));
    const length = agent('length', (list: string[]) => list.map((text) => text.length));
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.add(length, flow.map(flow.add(echo, [1, 2, 3, 4, 5, 6]).out as Ref<number[]>, (n) => task(big, n)).out).out,
    });
    const engine = await lab.start([echo, big, length, Wf]);
    expect(await (await engine.startWorkflow(Wf, {})).result()).toEqual([500_000, 500_000, 500_000, 500_000, 500_000, 500_000]);
  });

  it('that would bring the job over its limit of tasks fails with DYNAMIC_LIMIT', async () => {
    const Wf = perItem(20);
    const engine = await lab.start([List, Double, Wf], { limits: { tasksPerJob: 10 } });
    const job = await engine.startWorkflow(Wf, {});
    await ended(engine, job.id);
    expect(await taskOf(engine, job.id, 'map-double')).toMatchObject({ status: 'FAILED', error: { code: 'DYNAMIC_LIMIT' } });
  });

  it('is laid out in one event, and its own waiting costs no failure and no extra attempt', async () => {
    const Wf = perItem(50);
    const engine = await lab.start([List, Double, Wf]);
    const job = await engine.startWorkflow(Wf, {});
    await job.result();
    const events = await eventsOf(engine, job.id);
    expect(events.filter(({ type }) => type === 'TASKS_ADDED')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'TASK_FAILED' || type === 'TASK_RETRY_SCHEDULED')).toEqual([]);
    expect((await taskOf(engine, job.id, 'map-double')).attempt).toBe(1);
    expect(await outputOf(engine, job.id, 'map-double')).toHaveLength(50);
  });
});
