import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { FatalError, type Cost } from '../../src/index.js';
import { addCost, toCost } from '../../src/model/cost.js';
import { agent, echo } from '../helpers/agents.js';
import { eventsOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { seeded } from '../helpers/random.js';
import { SlowStore } from '../helpers/stores.js';

const lab = useLab();

/** Sums of these are exact, in whatever order. */
const amounts = fc.nat(1_000).map((eighths) => eighths / 8);
const costs = fc.dictionary(fc.constantFrom('tokens', 'usd', 'gpu-seconds', 'calls'), amounts, { maxKeys: 3, noNullPrototype: true });
const acts = fc.oneof(
  { weight: 5, arbitrary: costs.map((cost) => ({ do: 'cost' as const, cost })) },
  { weight: 2, arbitrary: fc.constant({ do: 'step' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'progress' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'need' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'fail' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'give-up' as const }) },
);
/** What a task's agent does at each of its runs, one list after another; in the runs after the last it does nothing. */
const scripts = fc.array(fc.array(acts, { maxLength: 6 }), { minLength: 1, maxLength: 4 });

describe('costs', () => {
  it('are what agents have said, whatever comes of their attempts, on a store that is slow and fails now and then', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(scripts, { minLength: 1, maxLength: 6 }), fc.nat(), async (tasks, seed) => {
        const random = seeded(seed);
        const said = new Map<string, Map<string, number>>();
        const runs = new Map<string, number>();
        const works = agent(
          'works',
          async (no: number, ctx) => {
            const { key } = ctx.task;
            const current = runs.get(key) ?? 0;
            runs.set(key, current + 1);
            for (const [index, act] of (tasks[no]![current] ?? []).entries()) {
              if (act.do === 'step') await ctx.step(`step-${current}-${index}`, () => null);
              else if (act.do === 'progress') ctx.progress(50);
              else if (act.do === 'need') await ctx.need(echo, `${current}-${index}`);
              else if (act.do === 'fail') throw new Error('this time not');
              else if (act.do === 'give-up') throw new FatalError('not at all');
              else {
                ctx.cost(act.cost);
                const sum = said.get(key) ?? new Map<string, number>();
                said.set(key, sum);
                addCost(sum, Object.fromEntries(Object.entries(act.cost).filter(([, amount]) => amount > 0)));
              }
            }
          },
          { retry: { maxAttempts: 5, backoff: 'none' } },
        );
        const storeAt = (path: string): SlowStore =>
          new SlowStore(
            path,
            () => Math.floor(random() * 3),
            () => random() < 0.03,
          );
        const engine = await lab.start([works, echo], { file: `run-${(run += 1)}.db`, storeAt });
        const submission = {
          name: 'job',
          options: { failureStrategy: 'continue' as const, idempotencyKey: 'job' },
          tasks: tasks.map((_, no) => ({ key: `t${no}`, agent: 'works', input: no })),
        };
        const submit = (): ReturnType<typeof engine.submitJob> => engine.submitJob(submission).catch(submit);
        const { id } = await submit();
        await engine.job(id).result();

        const views = [...(await tasksOf(engine, id)).values()];
        const kept = await engine.reader.taskCosts(views);
        const whole = new Map<string, number>();
        for (const [index, { key }] of views.entries()) {
          expect([key, kept[index]]).toEqual([key, toCost(said.get(key) ?? [])]);
          addCost(whole, kept[index]!);
        }
        const told = new Map<string, number>();
        for (const { data } of await eventsOf(engine, id)) addCost(told, (data['cost'] ?? {}) as Cost);
        const [total] = await engine.reader.jobCosts([id]);
        expect([toCost(whole), toCost(told)]).toEqual([total, total]);
        await lab.stop(engine);
      }),
      { numRuns: 25, seed: 4_711 },
    );
  });
});
