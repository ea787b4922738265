import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type Flow, type Ref } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { forever } from '../helpers/gate.js';
import { ended, eventOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const START = Date.UTC(2026, 0, 1);
const N = defineAgent({
  name: 'n',
  input: z.number(),
  output: z.number(),
  execute: (n) => {
    if (n < 0) throw new Error('negative');
    return n;
  },
});
const slow = agent('slow', forever);
/** What code without types takes for a list of numbers. */
const list = (flow: Flow, value: unknown): Ref<number[]> => flow.add(echo, value).out as Ref<number[]>;
const judge = agent('judge', () => ({ accepted: true }));

async function run(plan: (flow: Flow) => unknown) {
  const clock = new VirtualClock();
  const wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => plan(flow) as never });
  const engine = await lab.start([N, slow, judge, echo, wf], { clock, grace: 0 });
  const { id } = await engine.startWorkflow(wf, {});
  await clock.advance(50);
  return { clock, engine, id };
}

describe('a task in a flow', () => {
  it('.useValue gives what stands in for it', async () => {
    const { engine, id } = await run((flow) => flow.add(echo, flow.add(task(N, -1).useValue(7)).out).out);
    expect(await engine.job(id).result()).toBe(7);
  });

  it('.routeTo runs another one instead', async () => {
    const { engine, id } = await run((flow) => flow.add(echo, flow.add(N, -1).routeTo(flow.add(N, 2).named('plan-b')).out).out);
    expect(await engine.job(id).result()).toBe(2);
    expect(await statusesOf(engine, id)).toMatchObject({ n: 'COMPLETED RECOVERED', 'plan-b': 'COMPLETED' });
  });

  it('.review holds it until it is judged, by a person or by an agent', async () => {
    const { clock, engine, id } = await run((flow) => {
      flow.add(N, 1).named('person').review('manual');
      flow.add(N, 2).named('agent').review({ by: 'agent', agent: judge });
    });
    expect(await statusesOf(engine, id)).toMatchObject({ person: 'BLOCKED WAITING_REVIEW', agent: 'ACCEPTED' });
    await engine.acceptTask((await taskOf(engine, id, 'person')).id);
    await clock.advance(10);
    expect((await ended(engine, id)).success).toBe(true);
  });

  it('.runAt keeps it from starting before, .deadline ends it', async () => {
    const { clock, engine, id } = await run((flow) => {
      flow
        .add(N, 1)
        .named('later')
        .runAt(START + 1_000);
      flow
        .add(slow, 1)
        .named('late')
        .deadline(new Date(START + 2_000))
        .onFailure('continue');
    });
    expect(await statusesOf(engine, id)).toEqual({ later: 'READY', late: 'IN_PROGRESS' });
    await clock.advance(1_000);
    expect(await statusesOf(engine, id)).toEqual({ later: 'COMPLETED', late: 'IN_PROGRESS' });
    await clock.advance(1_000);
    expect((await taskOf(engine, id, 'late')).error?.code).toBe('DEADLINE_EXCEEDED');
  });

  it('.idleTimeout ends an attempt without a sign of life, .atMostOnce then waits for a person', async () => {
    const { clock, engine, id } = await run((flow) => void flow.add(slow, 1).idleTimeout(200).atMostOnce());
    await clock.advance(200);
    expect(await taskOf(engine, id, 'slow')).toMatchObject({ statusReason: 'MANUAL', error: { code: 'TASK_IDLE' } });
  });

  it.each<[string, (flow: Flow) => unknown]>([
    ['an idle timeout that is none', (flow) => flow.add(N, 1).idleTimeout('soon' as never)],
    ['a review of the parts of a map', (flow) => flow.map(list(flow, [1]), (n) => task(N, n).review('manual'))],
    ['at-most-once of the parts of a map', (flow) => flow.map(list(flow, [1]), (n) => task(N, n).atMostOnce())],
  ])('refuses %s', async (_, plan) => {
    expect((await refusal(run((flow) => void plan(flow)))).code).toBe('CONFIG_INVALID');
  });

  it.each<[string, (flow: Flow) => unknown]>([
    ['a value that is no output', (flow) => flow.add(task(N, 1).useValue('x' as never))],
    ['a deadline that is no moment', (flow) => flow.add(N, 1).deadline('soon')],
    ['one value for a whole map', (flow) => flow.map(list(flow, [1]), (n) => task(N, n).useValue(1))],
  ])('refuses %s at submit', async (_, plan) => {
    expect((await refusal(run((flow) => void plan(flow)))).code).toMatch(/OUTPUT_SCHEMA|GRAPH_INVALID/);
  });
});

describe('a map in a flow', () => {
  it('.useValue gives the list that stands in where there is none to repeat', async () => {
    const { engine, id } = await run((flow) => flow.map(list(flow, 'no list'), (n) => task(N, n)).useValue([1, 2]).out);
    expect(await engine.job(id).result()).toEqual([1, 2]);
  });
});

describe('a story in a flow', () => {
  it('.deadline fails it and ends what is open in it', async () => {
    const { clock, engine, id } = await run((flow) => {
      const story = flow
        .story('Late')
        .onFailure('skip')
        .deadline(START + 1_000);
      story.add(slow, 1);
      flow.add(N, 3);
    });
    await eventOf(engine, id, 'TASK_STARTED', 'slow');
    await clock.advance(1_000);
    expect(await statusesOf(engine, id)).toEqual({ late: 'FAILED DEADLINE_PASSED', slow: 'CANCELLED PARENT_ENDED', n: 'COMPLETED' });
    expect(await outputOf(engine, id, 'n')).toBe(3);
  });
});
