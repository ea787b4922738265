import { core, z } from './core.mjs';

const { defineAgent, defineWorkflow, task } = core;

const ITEMS = 14;
const WIDTH = 6;
const LAYERS = 4;
const LARGE_BYTES = 9_000;
const MOST_WORK_MS = 6;
const SLOW_MS = 25;
const LATER_MS = 60;

/** Attempts that an agent's tasks may have; one where it is not named. */
export const MOST_ATTEMPTS = { flaky: 3, doomed: 2, later: 2 };

/** Agents whose attempts end and begin again without a failure, because they ask for more. */
export const SUSPENDING = new Set(['look']);

/** The shapes of jobs: what starts one, and what it must come to. */
export const SHAPES = {
  tiny: { workflow: 'tiny', status: ['COMPLETED'], output: (base) => ({ value: base }) },
  dag: { workflow: 'dag', status: ['COMPLETED'], output: dagOutput },
  large: { workflow: 'large', status: ['COMPLETED'], output: () => ({ length: LARGE_BYTES }) },
  later: { workflow: 'later', status: ['COMPLETED'], output: (base) => ({ value: base }) },
  doomed: { workflow: 'doomed', status: ['FAILED'], output: null },
  slow: { workflow: 'slow', status: ['CANCELLED', 'COMPLETED'], output: (base) => ({ value: base }) },
};

function dagOutput(base) {
  let layer = Array.from({ length: WIDTH }, (_, n) => base + n);
  for (let depth = 1; depth < LAYERS; depth += 1) layer = layer.map((value, n) => value + layer[(n + 1) % WIDTH]);
  return {
    layers: layer.reduce((sum, value) => sum + value, 0),
    looked: Array.from({ length: ITEMS }, (_, n) => (n % 3 === 0 ? n * n + (n + 1) ** 2 + 1 : n)),
    flaky: base,
    stepped: 9,
  };
}

/**
 * The agents and workflows of the campaign. Every agent notes when it starts, when it is about to give its result, and when it
 * leaves, however it leaves.
 *
 * @param {{ note: ReturnType<typeof import('./witness.mjs').openWitness>, random: () => number }} world
 */
export function defineWork({ note, random }) {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const agent = (name, input, output, act, options = {}) =>
    defineAgent({
      name,
      input,
      output,
      ...options,
      execute: async (value, ctx) => {
        const { id } = ctx.job;
        const { key } = ctx.task;
        note('start', id, key, `${ctx.attempt.number} ${ctx.attempt.reason} ${name}`);
        try {
          if (random() < 0.8) await pause(random() * MOST_WORK_MS);
          const result = await act(value, ctx);
          note('gives', id, key);
          return result;
        } finally {
          note('leaves', id, key, ctx.attempt.number);
        }
      },
    });
  const number = z.object({ value: z.number() });

  const Echo = agent('echo', number, z.number(), ({ value }) => value);
  const Add = agent('add', z.object({ values: z.array(z.number()) }), z.number(), ({ values }) =>
    values.reduce((sum, value) => sum + value, 0),
  );
  const Items = agent('items', z.object({ n: z.number() }), z.array(z.number()), ({ n }) => Array.from({ length: n }, (_, item) => item));
  const Square = agent('square', z.object({ n: z.number() }), z.number(), ({ n }) => n * n);
  // Every third item asks for more, two at a time and then one.
  const Look = agent('look', z.object({ n: z.number() }), z.number(), async ({ n }, ctx) => {
    if (n % 3 !== 0) return n;
    const [a, b] = await Promise.all([ctx.need(Square, { n }), ctx.need(Square, { n: n + 1 })]);
    return a + b + (await ctx.need(Square, { n: -1 }));
  });
  const failsUntil = (attempt) => (value, ctx) => {
    if (ctx.attempt.number < attempt) throw new Error(`attempt ${ctx.attempt.number}`);
    return value;
  };
  const Flaky = agent('flaky', number, z.number(), ({ value }, ctx) => failsUntil(MOST_ATTEMPTS.flaky)(value, ctx), {
    retry: { maxAttempts: MOST_ATTEMPTS.flaky, backoff: 'fixed', delay: 5 },
  });
  const Later = agent('later', number, z.number(), ({ value }, ctx) => failsUntil(MOST_ATTEMPTS.later)(value, ctx), {
    retry: { maxAttempts: MOST_ATTEMPTS.later, backoff: 'fixed', delay: LATER_MS },
  });
  const Doomed = agent('doomed', number, z.number(), (value, ctx) => failsUntil(Infinity)(value, ctx), {
    retry: { maxAttempts: MOST_ATTEMPTS.doomed, backoff: 'fixed', delay: 5 },
  });
  const Stepped = agent('stepped', number, z.number(), async ({ value }, ctx) => {
    let sum = 0;
    for (const name of ['one', 'two', 'three']) {
      sum += await ctx.step(name, async () => {
        note('step', ctx.job.id, ctx.task.key, name);
        if (random() < 0.5) await pause(random() * MOST_WORK_MS);
        return value;
      });
      note('step-kept', ctx.job.id, ctx.task.key, name);
    }
    return sum;
  });
  const Absent = agent('absent', z.unknown(), z.null(), (_, ctx) => ctx.skip('not here'));
  const Slow = agent('slow', number, z.number(), async ({ value }) => {
    await pause(SLOW_MS);
    return value;
  });
  const Large = agent('large', number, z.object({ text: z.string() }), ({ value }) => ({ text: String(value % 10).repeat(LARGE_BYTES) }));
  const Measure = agent('measure', z.object({ text: z.string() }), z.number(), ({ text }) => text.length);

  const workflow = (name, output, plan) => defineWorkflow({ name, input: z.object({ base: z.number() }), output, plan });
  const one = (name, Agent) => workflow(name, number, (flow, { base }) => ({ value: flow.add(Agent, { value: base }).named('only').out }));
  const workflows = [
    one('tiny', Echo),
    one('later', Later),
    one('doomed', Doomed),
    workflow('slow', number, (flow, { base }) => {
      let last = flow.add(Slow, { value: base }).named('slow-0');
      for (let n = 1; n < LAYERS; n += 1) last = flow.add(Slow, { value: last.out }).named(`slow-${n}`);
      return { value: last.out };
    }),
    workflow('large', z.object({ length: z.number() }), (flow, { base }) => {
      const large = flow.add(Large, { value: base }).named('large');
      return { length: flow.add(Measure, { text: large.out.text }).named('measure').out };
    }),
    workflow(
      'dag',
      z.object({ layers: z.number(), looked: z.array(z.number()), flaky: z.number(), stepped: z.number() }),
      (flow, { base }) => {
        const layered = flow.story('Layers');
        let previous = Array.from({ length: WIDTH }, (_, n) => layered.add(Add, { values: [base, n] }).named(`l0-${n}`));
        for (let layer = 1; layer < LAYERS; layer += 1) {
          const before = previous;
          previous = before.map((each, n) => layered.add(Add, { values: [each.out, before[(n + 1) % WIDTH].out] }).named(`l${layer}-${n}`));
        }
        const layers = layered.add(Add, { values: previous.map(({ out }) => out) }).named('layers-sum');
        const inventory = flow.story('Inventory');
        const items = inventory.add(Items, { n: ITEMS });
        const looked = inventory.map(items.out, (n) => task(Look, { n }));
        const flaky = flow.add(Flaky, { value: base }).named('flaky').after(layers);
        const stepped = flow.add(Stepped, { value: 3 }).named('stepped').after(inventory);
        flow.add(Absent, {}).named('absent').after(items);
        return { layers: layers.out, looked: looked.out, flaky: flaky.out, stepped: stepped.out };
      },
    ),
  ];
  return {
    workflows: Object.fromEntries(workflows.map((each) => [each.name, each])),
    definitions: [Echo, Add, Items, Square, Look, Flaky, Later, Doomed, Stepped, Absent, Slow, Large, Measure, ...workflows],
  };
}
