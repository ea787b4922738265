import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, task as draft } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, refusal, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

describe('the order of a submission', () => {
  it('is that of the dependencies, however it is written, and a result comes with its dependency (B1)', async () => {
    const order = counted('research', () => ({ facts: 3 }));
    const analysis = agent('analysis', (_: unknown, ctx) => ctx.dependencies['research'] ?? 'nothing');
    const engine = await lab.start([order.agent, analysis]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'analysis', agent: 'analysis', dependsOn: ['research'] },
        { key: 'research', agent: 'research' },
      ],
      output: { value: null, refs: [{ at: '', task: 'analysis' }] },
    });

    expect(await handle.result()).toEqual({ facts: 3 });
  });

  it('is that of ordered steps: parallel ones overlap, and the others wait (B2, M2)', async () => {
    const met = new Gate();
    const events: string[] = [];
    const collect = agent('collect', async (_: unknown, ctx) => {
      events.push(`${ctx.task.key} began`);
      await met.pass();
      events.push(`${ctx.task.key} ended`);
      return ctx.task.key;
    });
    const work = agent('work', (_: unknown, ctx) => {
      events.push(ctx.task.key);
      return Object.keys(ctx.dependencies);
    });
    const engine = await lab.start([collect, work]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [],
      steps: [
        { key: 'collect', agent: 'collect' },
        { key: 'collect-more', agent: 'collect', parallel: true },
        { key: 'preprocess', agent: 'work', dependsOn: ['collect', 'collect-more'] },
        { key: 'analyse', agent: 'work' },
      ],
      output: { value: [null, null], refs: ['preprocess', 'analyse'].map((task, index) => ({ at: `/${index}`, task })) },
    });
    await met.reached(2);
    expect(events).toEqual(['collect began', 'collect-more began']);
    met.open();

    expect(await handle.result()).toEqual([['collect', 'collect-more'], ['preprocess']]);
    expect(events.slice(-2)).toEqual(['preprocess', 'analyse']);
  });

  it('is that of `flow.steps` in a plan: the same graph, and the same course', async () => {
    const met = new Gate();
    const order: string[] = [];
    const collect = agent('collect', async (_: unknown, ctx) => {
      await met.pass();
      order.push(ctx.task.key);
      return ctx.task.key;
    });
    const work = agent('work', (input: unknown, ctx) => {
      order.push(ctx.task.key);
      return [input, ...Object.keys(ctx.dependencies)];
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        const [[first], , last] = flow.steps(
          [draft(collect, null), draft(collect, null).named('collect-more')],
          draft(work, 'clean').named('preprocess'),
          draft(work, 'read').named('analyse'),
        );
        return { first: first.out, last: last.out };
      },
    });
    const engine = await lab.start([collect, work, Wf]);
    const handle = await engine.startWorkflow(Wf, {});
    await met.reached(2);
    expect(order).toEqual([]);
    met.open();

    expect(await handle.result()).toEqual({ first: 'collect', last: ['read', 'preprocess'] });
    expect(order.slice(2)).toEqual(['preprocess', 'analyse']);
    const { dependencies } = await taskOf(engine, handle.id, 'preprocess');
    expect(dependencies.map(({ mode }) => mode)).toEqual(['completed', 'completed']);
  });

  it('stands beside tasks without an order, which steps may name', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'aside', agent: 'echo' }],
      steps: [
        { key: 'one', agent: 'echo', dependsOn: ['aside'] },
        { key: 'two', agent: 'echo' },
      ],
    });
    await ended(engine, handle.id);
    const tasks = await tasksOf(engine, handle.id);

    expect([...tasks.values()].map(({ key, dependencies }) => [key, dependencies.map(({ on }) => on)])).toEqual([
      ['objective', []],
      ['aside', []],
      ['one', [1]],
      ['two', [2]],
    ]);
  });

  it('is refused with everything that is wrong with the steps and the tasks', async () => {
    const engine = await lab.start([echo]);
    const refused = await refusal(
      engine.submitJob({
        name: 'job',
        tasks: [{ key: 'twin', agent: 'echo' }],
        steps: [
          { key: 'twin', agent: 'echo' },
          { key: 'two', agent: 'ecko', parallel: 1 as never },
        ],
      }),
    );

    expect(refused.code).toBe('GRAPH_INVALID');
    expect(refused.message).toMatch(/`parallel` of "two" is 1/);
    expect(refused.message).toMatch(/DUPLICATE_TASK: The key "twin" is used twice/);
    expect(refused.message).toMatch(/UNKNOWN_AGENT.*did you mean echo/);
    expect((await engine.reader.jobs({}, { first: 1 })).items).toEqual([]);
  });

  it('is part of what an idempotency key stands for', async () => {
    const engine = await lab.start([echo]);
    const submit = (parallel: boolean) =>
      engine.submitJob({
        name: 'job',
        tasks: [],
        steps: [
          { key: 'one', agent: 'echo' },
          { key: 'two', agent: 'echo', parallel },
        ],
        options: { idempotencyKey: 'once' },
      });
    const first = await submit(true);

    expect((await submit(true)).id).toBe(first.id);
    expect((await refusal(submit(false))).code).toBe('IDEMPOTENCY_CONFLICT');
    await ended(engine, first.id);
  });
});
