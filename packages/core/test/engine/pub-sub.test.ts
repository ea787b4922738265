import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  createEngine,
  defineAgent,
  definePubSubAgent,
  defineTopic,
  type AgentDefinition,
  type Json,
  type TaskContext,
  type TopicDefinition,
  type TopicMessage,
} from '../../src/index.js';
import { CrashingStore } from '../../src/testing.js';
import { agent, counted } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { SYNCHRONOUS, useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const Ordered = defineTopic({ name: 'ordered', payload: z.object({ item: z.string(), count: z.number().default(1) }) });
const Said = defineTopic({ name: 'said', payload: z.unknown() });

type Said = TopicMessage<typeof Said>;

/** A publisher of what `execute` says, on `Said` unless told otherwise. */
const says = (execute: (ctx: TaskContext) => unknown, publishes: readonly TopicDefinition[] = [Said]): AgentDefinition =>
  agent(
    'says',
    async (_, ctx) => {
      await execute(ctx);
    },
    { publishes, retry: 3 },
  );

/** A listener to `Said` that notes the payloads it gets, in order. */
function listener(
  name = 'hears',
  act: (message: Said, ctx: TaskContext) => unknown = () => undefined,
  settings: object = {},
): { readonly agent: AgentDefinition; readonly heard: unknown[] } {
  const heard: unknown[] = [];
  const definition = definePubSubAgent({
    name,
    subscribes: [Said],
    ...settings,
    execute: (message, ctx) => {
      heard.push(message.payload);
      return act(message, ctx);
    },
  });
  return { agent: definition, heard };
}
const job = { name: 'job', tasks: [{ key: 'p', agent: 'says' }] };

describe('a message', () => {
  it('runs every agent that subscribes its topic, with who sent it, when, and the payload as the schema parses it', async () => {
    const clock = new VirtualClock();
    const got: unknown[] = [];
    const ship = definePubSubAgent({ name: 'ship', subscribes: [Ordered], execute: (message) => void got.push(message) });
    const bill = definePubSubAgent({ name: 'bill', subscribes: [Said, Ordered], execute: ({ topic }) => ({ billed: topic }) });
    const other = listener();
    const engine = await lab.start([says((ctx) => ctx.publish(Ordered, { item: 'tea' }), [Ordered]), ship, bill, other.agent], { clock });
    const handle = await engine.submitJob(job);
    await clock.runUntil(handle.result());

    const { id } = await taskOf(engine, handle.id, 'p');
    const { id: messageId, ...message } = got[0] as TopicMessage<typeof Ordered>;
    expect(message).toEqual({
      topic: 'ordered',
      payload: { item: 'tea', count: 1 },
      publishedBy: id,
      publishedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(messageId).toMatch(/^.+:1:1:[\w-]{16}$/);
    expect(got).toHaveLength(1);
    expect(engine.agent('bill')).toMatchObject({ subscribes: ['said', 'ordered'], publishes: [] });
    expect(engine.agent('says')).toMatchObject({ subscribes: [], publishes: ['ordered'] });
    expect(other.heard).toEqual([]);
    expect(await outputOf(engine, handle.id, 'ordered.bill.1')).toEqual({ billed: 'ordered' });
    expect(await outputOf(engine, handle.id, 'ordered.ship.1')).toBeNull();
    expect(await taskOf(engine, handle.id, 'ordered.ship.1')).toMatchObject({ type: 'SUBTASK', agent: 'ship', name: 'ordered to ship' });
  });

  it('is not waited for by its publisher, only by the job', async () => {
    const gate = new Gate<string>();
    const { agent: hears } = listener('hears', () => gate.pass());
    const after = agent('after', () => 'went on');
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 1)), hears, after]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [...job.tasks, { key: 'a', agent: 'after', dependsOn: ['p'] }] });
    await gate.reached();
    for await (const { type, taskKey } of engine.events(id)) if (type === 'TASK_COMPLETED' && taskKey === 'a') break;

    expect((await engine.job(id).status()).status).toBe('RUNNING');
    gate.open('heard');
    await engine.job(id).result();
    expect(await outputOf(engine, id, 'said.hears.1')).toBe('heard');
  });

  it('of the objective itself, of a task below it, of one that was needed: all hold the job open', async () => {
    const { agent: hears, heard } = listener();
    const asks = agent(
      'asks',
      async (_, ctx) => {
        await ctx.publish(Said, 'before');
        await ctx.need('says', null);
        await ctx.publish(Said, 'after');
        return 'done';
      },
      { publishes: [Said] },
    );
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 'needed')), asks, hears]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'top', type: 'OBJECTIVE', agent: 'asks' },
        { key: 'p', agent: 'says', parent: 'top' },
      ],
    });
    expect(await handle.result()).toBe('done');

    // What is below the objective runs before it; the same words of two tasks are two messages.
    expect(heard).toEqual(['needed', 'before', 'needed', 'after']);
  });

  it('to nobody is remembered, and harms nobody', async () => {
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 1))]);
    const handle = await engine.submitJob(job);
    await handle.result();

    const events = await eventsOf(engine, handle.id);
    expect(events.filter(({ type }) => type === 'TASK_STEP_RECORDED').map(({ data }) => data['kind'])).toEqual(['publish']);
    expect(events.filter(({ type }) => type === 'TASKS_ADDED')).toHaveLength(1);
  });

  it('does not show among what its neighbours see: not in the work of the objective, not before the next delivery', async () => {
    const seen: unknown[] = [];
    const { agent: hears } = listener('hears', (_, ctx) => {
      seen.push(Object.keys(ctx.dependencies), ctx.missing, ctx.children);
      throw new Error('deaf');
    });
    const top = agent('top', (_, ctx) => ctx.children.map(({ key }) => key));
    const engine = await lab.start([says(async (ctx) => [await ctx.publish(Said, 1), await ctx.publish(Said, 2)]), top, hears]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'top', type: 'OBJECTIVE', agent: 'top' },
        { key: 'p', agent: 'says', parent: 'top' },
      ],
    });

    expect(await handle.result()).toEqual(['p']);
    expect(seen).toEqual([[], [], [], [], [], []]);
  });
});

describe('a run that is repeated', () => {
  it('publishes nothing twice: after a failure, a suspension, an answer', async () => {
    const clock = new VirtualClock();
    const { agent: hears, heard } = listener();
    const { agent: publisher, starts } = counted(
      'says',
      async (_, ctx) => {
        await ctx.publish(Said, 'a');
        await Promise.all([ctx.publish(Said, 'b'), ctx.publish(Said, 'b')]);
        if (ctx.attempt.number === 1) throw new Error('again');
        await ctx.sleep('nap', '1h');
        await ctx.publish(Said, 'c');
        await ctx.publish(Said, { words: ctx.attempt.reason }, { key: 'named' });
        if (ctx.attempt.number === 2) throw new Error('again');
      },
      { publishes: [Said], retry: 3 },
    );
    const engine = await lab.start([publisher, hears], { clock });
    const { id } = await engine.submitJob(job);
    await clock.runUntil(ended(engine, id));

    expect(starts).toHaveLength(4);
    expect(heard).toEqual(['a', 'b', 'b', 'c', { words: 'SLEPT' }]);
  });

  it('does not take what it says outside a step for what it said in one', async () => {
    const { agent: hears, heard } = listener();
    let run = 0;
    const publisher = says(async (ctx) => {
      run += 1;
      await ctx.step('first', () => ctx.publish(Said, 'hello'));
      if (run === 1) throw new Error('again');
      await ctx.publish(Said, 'hello');
    });
    const engine = await lab.start([publisher, hears]);
    await (await engine.submitJob(job)).result();

    expect(heard).toEqual(['hello', 'hello']);
  });

  it('in a new generation publishes again, and what was published before stays', async () => {
    const { agent: hears, heard } = listener();
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 'x')), hears]);
    const handle = await engine.submitJob(job);
    await handle.result();
    await engine.retryTask((await taskOf(engine, handle.id, 'p')).id);
    await handle.result();

    expect(heard).toEqual(['x', 'x']);
    expect(await statusesOf(engine, handle.id)).toEqual({ p: 'COMPLETED', 'said.hears.1': 'COMPLETED', 'said.hears.2': 'COMPLETED' });
  });
});

describe('an objective that is rejected', () => {
  it('takes nothing back that was published, by itself or by others, also where nobody has heard it yet', async () => {
    const gate = new Gate<string>();
    const hears = listener('hears', ({ payload }) => (payload === 'top null' ? gate.pass() : null));
    let judged = 0;
    const top = agent('top', (_, ctx) => ctx.publish(Said, `top ${String(ctx.attempt.feedback)}`), {
      publishes: [Said],
      review: () => ((judged += 1) > 1 ? true : 'again'),
    });
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 'p')), top, hears.agent]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'top', type: 'OBJECTIVE', agent: 'top' },
        { key: 'p', agent: 'says', parent: 'top' },
      ],
    });
    await eventOf(engine, handle.id, 'TASK_REJECTED');
    gate.open('heard');
    await handle.result();

    expect(hears.heard).toEqual(['p', 'top null', 'top again']);
  });
});

describe('messages of one topic', () => {
  it('reach each subscriber one at a time and in order, however long each takes', async () => {
    const clock = new VirtualClock();
    const open: number[] = [];
    let most = 0;
    const slow = listener('slow', async ({ payload }) => {
      open.push(payload as number);
      most = Math.max(most, open.length);
      await new Promise<void>((resolve) => clock.schedule(100 - (payload as number) * 10, resolve));
      open.pop();
    });
    const quick = listener('quick');
    const publisher = says((ctx) => Promise.all([1, 2, 3, 4, 5].map((no) => ctx.publish(Said, no))));
    const engine = await lab.start([publisher, slow.agent, quick.agent], { clock, maxParallel: 20 });
    await clock.runUntil((await engine.submitJob(job)).result());

    expect(slow.heard).toEqual([1, 2, 3, 4, 5]);
    expect(quick.heard).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(1);
  });

  it('go on after one whose delivery failed, and the job completes', async () => {
    const hears = listener('hears', ({ payload }) => {
      if (payload === 2) throw new Error('not this one');
    });
    const publisher = says((ctx) => Promise.all([1, 2, 3].map((no) => ctx.publish(Said, no))));
    const engine = await lab.start([publisher, hears.agent]);
    const handle = await engine.submitJob(job);
    await handle.result();

    expect(hears.heard).toEqual([1, 2, 3]);
    expect(await handle.status()).toMatchObject({ status: 'COMPLETED', success: false });
    expect(await statusesOf(engine, handle.id)).toMatchObject({ 'said.hears.2': 'FAILED ATTEMPTS_EXHAUSTED', 'said.hears.3': 'COMPLETED' });
  });

  it('are delivered by the policy of their subscriber: a failed delivery is tried again before the next one', async () => {
    const clock = new VirtualClock();
    const hears = listener(
      'hears',
      ({ payload }, ctx) => {
        if (payload === 1 && ctx.attempt.number < 3) throw new Error('again');
      },
      { retry: { maxAttempts: 3, delay: '1s' } },
    );
    const publisher = says((ctx) => Promise.all([1, 2].map((no) => ctx.publish(Said, no))));
    const engine = await lab.start([publisher, hears.agent], { clock });
    await clock.runUntil((await engine.submitJob(job)).result());

    expect(hears.heard).toEqual([1, 1, 1, 2]);
  });

  it('are all heard by listeners that have been idle for five minutes, again and again (D19)', async () => {
    const clock = new VirtualClock();
    const [one, two] = [listener('one'), listener('two')];
    const publisher = says(async (ctx) => {
      for (let no = 1; no <= 4; no += 1) {
        await ctx.sleep(`idle ${no}`, '5m');
        await ctx.publish(Said, no);
      }
    });
    const engine = await lab.start([publisher, one.agent, two.agent], { clock });
    await clock.runUntil((await engine.submitJob(job)).result());

    expect(clock.monotonic()).toBeGreaterThanOrEqual(20 * 60_000);
    expect(one.heard).toEqual([1, 2, 3, 4]);
    expect(two.heard).toEqual([1, 2, 3, 4]);
  });

  it('that wait when the engine stops are delivered by the next one', async () => {
    const gate = new Gate<string>();
    const hears = listener('hears', ({ payload }) => (payload === 1 ? gate.pass() : null));
    const publisher = says((ctx) => Promise.all([1, 2, 3].map((no) => ctx.publish(Said, no))));
    const engine = await lab.start([publisher, hears.agent]);
    const { id } = await engine.submitJob(job);
    await gate.reached();
    for await (const { type, taskKey } of engine.events(id)) if (type === 'TASK_COMPLETED' && taskKey === 'p') break;
    await lab.stop(engine);
    gate.open('late');
    const again = listener();
    const next = await lab.start([publisher, again.agent]);
    await next.job(id).result();

    expect(hears.heard).toEqual([1]);
    expect(again.heard).toEqual([1, 2, 3]);
  });

  it('of a job that failed are delivered when it is retried', async () => {
    let broken = true;
    const gate = new Gate<string>();
    const hears = listener('hears', ({ payload }) => (payload === 1 && broken ? gate.pass() : null));
    const publisher = says(async (ctx) => {
      await Promise.all([1, 2].map((no) => ctx.publish(Said, no)));
    });
    const breaks = agent('breaks', async () => {
      await gate.reached();
      if (broken) throw new Error('broken');
    });
    const engine = await lab.start([publisher, hears.agent, breaks]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [...job.tasks, { key: 'b', agent: 'breaks', dependsOn: ['p'] }] });
    expect((await ended(engine, id)).status).toBe('FAILED');
    expect(await statusesOf(engine, id)).toMatchObject({ 'said.hears.2': 'CANCELLED JOB_FAILED' });
    broken = false;
    await engine.retryJob(id);
    await engine.job(id).result();

    expect(hears.heard).toEqual([1, 1, 2]);
  });
});

describe('a process that dies', () => {
  const wanted = ['a', 'b', 'c', 'd'];
  const publisher = says(async (ctx) => {
    await Promise.all([ctx.publish(Said, 'a'), ctx.publish(Said, 'b')]);
    await ctx.sleep('nap', '1m');
    await ctx.publish(Said, 'c');
    await ctx.publish(Said, { now: ctx.attempt.number }, { key: 'd' });
  });
  const unique = { ...job, options: { idempotencyKey: 'job' } };
  const once = (heard: readonly unknown[]): unknown[] => [...new Set(heard.map((said) => (typeof said === 'string' ? said : 'd')))];

  it.each(['before', 'after'] as const)('at any write, %s it is durable, loses no message and no order', async (when) => {
    for (let crashAt = 1; ; crashAt += 1) {
      const clock = new VirtualClock();
      const [one, two] = [listener('one'), listener('two')];
      const definitions = [publisher, one.agent, two.agent];
      const store = new CrashingStore({ path: lab.path(), synchronous: SYNCHRONOUS, crashAt, when });
      // Of a process that has died nobody stops the engine.
      const doomed = createEngine({ clock, store });
      doomed.register(...definitions);
      await doomed.start();
      const first = doomed.submitJob(unique).then((handle) => handle.result());
      const isDone = await clock.runUntil(Promise.race([first.then(() => true), store.crashed.then(() => false)]));
      if (isDone) {
        expect(crashAt).toBeGreaterThan(8);
        return clock.runUntil(doomed.stop());
      }
      const later = new VirtualClock();
      later.jump(clock.monotonic());
      const next = await lab.start(definitions, { clock: later });
      const handle = await next.submitJob(unique);
      await later.runUntil(handle.result());

      const said = (await eventsOf(next, handle.id)).filter(
        ({ type, data }) => type === 'TASK_STEP_RECORDED' && data['kind'] === 'publish',
      );
      expect(said).toHaveLength(4);
      expect([once(one.heard), once(two.heard)]).toEqual([wanted, wanted]);
      await lab.fresh();
    }
  });
});

describe('who gets a message', () => {
  it('is not its publisher, whatever it subscribes', async () => {
    const heard: Json[] = [];
    const chatty = definePubSubAgent({
      name: 'chatty',
      subscribes: [Said],
      publishes: [Said],
      execute: async ({ payload }, ctx) => {
        heard.push(payload as Json);
        await ctx.publish(Said, `${String(payload)}!`);
      },
    });
    const hears = listener();
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 'hey')), chatty, hears.agent]);
    await (await engine.submitJob(job)).result();

    expect(heard).toEqual(['hey']);
    expect(hears.heard).toEqual(['hey', 'hey!']);
  });

  it('is no agent that the job does not allow', async () => {
    const [one, two] = [listener('one'), listener('two')];
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 1)), one.agent, two.agent]);
    await (await engine.submitJob({ ...job, options: { allowedAgents: ['says', 'two'] } })).result();

    expect([one.heard, two.heard]).toEqual([[], [1]]);
  });

  it('has it in the same job only', async () => {
    const hears = listener();
    const engine = await lab.start([says((ctx) => ctx.publish(Said, 1)), agent('still'), hears.agent]);
    const other = await engine.submitJob({ name: 'other', tasks: [{ key: 's', agent: 'still' }] });
    await Promise.all([other.result(), (await engine.submitJob(job)).result()]);

    expect([...(await tasksOf(engine, other.id)).keys()]).toEqual(['objective', 's']);
  });
});

describe('a message that is refused', () => {
  it('on a topic that its agent does not declare, with what it may have meant', async () => {
    const errors: unknown[] = [];
    const publisher = says(async (ctx) => {
      errors.push(await refusal(ctx.publish(Ordered, { item: 'tea' })));
      errors.push(await refusal(ctx.publish('sad' as never, 1 as never)));
      await ctx.publish(Ordered, { item: 'tea' });
    });
    const hears = definePubSubAgent({ name: 'ship', subscribes: [Ordered], execute: () => null });
    const engine = await lab.start([publisher, hears]);
    const { id } = await engine.submitJob(job);
    await ended(engine, id);

    expect(errors).toMatchObject([
      { code: 'TOPIC_UNDECLARED', details: { agent: 'says', topic: 'ordered', nearest: [] } },
      { code: 'TOPIC_UNDECLARED' },
    ]);
    // Another attempt would do the same.
    expect(await taskOf(engine, id, 'p')).toMatchObject({ status: 'FAILED', attempt: 1, error: { code: 'TOPIC_UNDECLARED' } });
    expect([...(await tasksOf(engine, id)).keys()]).toEqual(['objective', 'p']);

    const Sayd = defineTopic({ name: 'sayd', payload: z.unknown() });
    await lab.fresh();
    const typo = await lab.start([says((ctx) => ctx.publish(Sayd, 1))]);
    const view = await ended(typo, (await typo.submitJob(job)).id);
    expect((await taskOf(typo, view.id, 'p')).error?.message).toContain('did you mean said?');
  });

  it('for its payload, for its size, for a key that came twice; and what comes after is told', async () => {
    const errors: unknown[] = [];
    const ship = listener();
    const publisher = says(
      async (ctx) => {
        errors.push(await refusal(ctx.publish(Ordered, { item: 5 } as never)));
        errors.push(await refusal(ctx.publish(Said, () => 1)));
        errors.push(await refusal(ctx.publish(Said, 'x'.repeat(2_000))));
        await ctx.publish(Said, 1, { key: 'one' });
        errors.push(await refusal(ctx.publish(Said, 2, { key: 'one' })));
        errors.push(await refusal(ctx.publish(Said, 3, { key: 'one' })));
        await ctx.publish(Said, 'fine');
      },
      [Said, Ordered],
    );
    const engine = await lab.start([publisher, ship.agent], { limits: { inputBytes: 1_000 } });
    await (await engine.submitJob(job)).result();

    expect(errors).toMatchObject(
      ['INPUT_SCHEMA', 'INPUT_NOT_JSON', 'INPUT_TOO_LARGE', 'STEP_NAME_REUSED', 'STEP_NAME_REUSED'].map((code) => ({ code })),
    );
    expect(ship.heard).toEqual([1, 'fine']);
  });

  it('when it would bring more tasks than agents may add: all of it, and it may be tried again', async () => {
    const [one, two] = [listener('one'), listener('two')];
    const errors: unknown[] = [];
    const publisher = says(async (ctx) => {
      await ctx.publish(Said, 1);
      errors.push(await refusal(ctx.publish(Said, 2)), await refusal(ctx.publish(Said, 2)));
    });
    const engine = await lab.start([publisher, one.agent, two.agent], { limits: { dynamicTasksPerJob: 3 } });
    await (await engine.submitJob(job)).result();

    expect(errors).toMatchObject([{ code: 'DYNAMIC_LIMIT' }, { code: 'DYNAMIC_LIMIT' }]);
    expect([one.heard, two.heard]).toEqual([[1], [1]]);
  });

  it('after the attempt has ended', async () => {
    let kept: TaskContext | null = null;
    const engine = await lab.start([says((ctx) => void (kept = ctx))]);
    await (await engine.submitJob(job)).result();

    expect(await refusal(kept!.publish(Said, 1))).toMatchObject({ code: 'ATTEMPT_ENDED' });
  });
});

describe('an application', () => {
  it('has one topic of a name', async () => {
    const Twin = defineTopic({ name: 'said', payload: z.number() });
    const engine = lab.create([listener().agent]);
    const twin = definePubSubAgent({ name: 'twin', subscribes: [Twin], execute: () => null });
    const says2 = defineAgent({ name: 'says2', input: z.null(), output: z.null(), publishes: [Twin], execute: () => null });

    expect(() => engine.register(twin)).toThrow(expect.objectContaining({ code: 'DUPLICATE_TOPIC' }));
    expect(() => engine.register(says2)).toThrow(expect.objectContaining({ code: 'DUPLICATE_TOPIC' }));
    expect(engine.agent('twin')).toBeNull();
  });
});
