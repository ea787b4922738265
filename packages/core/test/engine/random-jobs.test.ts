import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  defineAgent,
  FatalError,
  GraphError,
  isTaskloomError,
  isTerminalJob,
  type AgentDefinition,
  type DependencyMode,
  type Engine,
  type FailureStrategy,
  type JobSubmission,
  type TaskSubmission,
  type TaskView,
} from '../../src/index.js';
import { auditDatabase } from '../helpers/audit.js';
import { eventsOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { seeded } from '../helpers/random.js';
import { SlowStore } from '../helpers/stores.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();
const SEED = Number(process.env['TASKLOOM_SEED'] ?? 4_711);
const ROUNDS = Number(process.env['TASKLOOM_ROUNDS'] ?? 6);
const JOBS = 12;
const PATIENCE_MS = 60_000;

/** What an agent does is a throw of the dice, and so is how long it takes. */
function agents(random: () => number): AgentDefinition[] {
  const Act: AgentDefinition = defineAgent({
    name: 'act',
    input: z.unknown(),
    output: z.unknown(),
    retry: { maxAttempts: 2, backoff: 'none' },
    execute: async (_, ctx): Promise<unknown> => {
      ctx.cost({ calls: 1, seconds: random() });
      for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      const dice = random();
      if (dice < 0.08) throw new Error('this time not');
      if (dice < 0.14) throw new FatalError('not at all');
      if (dice < 0.2) ctx.skip('not today');
      if (dice < 0.3) return (await ctx.step('one', () => random())) > 0.5;
      if (dice < 0.42) return ctx.need(Act, `asked ${Math.floor(random() * 3)}`, { key: 'question' }).catch(rethrowSuspension);
      if (dice < 0.5) return [random() > 0.5, random() > 0.5, random() > 0.5];
      return dice > 0.55;
    },
  });
  const List = defineAgent({
    name: 'list',
    input: z.unknown(),
    output: z.array(z.number()),
    execute: () => Array.from({ length: Math.floor(random() * 5) }, (_, n) => n),
  });
  return [Act, List];
}

/** An answer that did not come is as good as one; a suspension must pass. */
function rethrowSuspension(error: Error): string {
  if (error.name === 'SuspensionSignal') throw error;
  return error.name;
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/** A graph of stories, tasks, maps, conditions and dependencies of every mode; without a cycle, because all point backwards. */
function randomJob(random: () => number, name: string): JobSubmission {
  const tasks: TaskSubmission[] = [];
  const strategy = (): { failureStrategy?: FailureStrategy } =>
    random() < 0.4 ? { failureStrategy: pick(random, ['skip', 'continue', 'abort'] as const) } : {};
  const stories: string[] = [];
  const places: { key: string; parent: string | null }[] = [];
  for (let index = 0; index < 4 + random() * 22; index += 1) {
    const key = `t${index}`;
    const dice = random();
    const parent = dice > 0.15 && stories.length > 0 && random() < 0.5 ? pick(random, stories) : null;
    // Anything earlier that is not above it.
    const earlier = places.filter((place) => place.key !== parent).map((place) => place.key);
    const dependsOn =
      earlier.length > 0 && random() < 0.6
        ? [...new Set(Array.from({ length: 1 + Math.floor(random() * 2) }, () => pick(random, earlier)))].map((task) => ({
            task,
            mode: pick<DependencyMode>(random, ['completed', 'completed', 'settled', 'failed']),
          }))
        : [];
    const sources = places
      .filter((place) => place.key.startsWith('t') && !stories.includes(place.key) && place.key !== parent)
      .map((place) => place.key);
    const base = {
      key,
      ...strategy(),
      ...(parent === null ? {} : { parent }),
      ...(dependsOn.length > 0 ? { dependsOn } : {}),
      ...(sources.length > 0 && random() < 0.2 ? { when: { task: pick(random, sources) } } : {}),
    };
    if (dice < 0.15) {
      stories.push(key);
      tasks.push({ ...base, type: 'STORY', ...(parent === null ? {} : {}), ...(random() < 0.3 ? { agent: 'act' } : {}) });
    } else if (dice < 0.25) {
      tasks.push(
        { ...base, key, agent: 'list' },
        {
          key: `m${index}`,
          ...(parent === null ? {} : { parent }),
          map: { over: { task: key }, agent: 'act', input: { value: { n: null }, refs: [] }, items: [{ at: '/n', path: '' }] },
          ...strategy(),
        },
      );
      places.push({ key: `m${index}`, parent });
    } else if (sources.length > 0 && random() < 0.3) {
      tasks.push({
        ...base,
        agent: 'act',
        input: { from: null, list: [null, 1] },
        refs: [
          { at: '/from', task: pick(random, sources) },
          { at: '/list/0', task: pick(random, sources) },
        ],
      });
    } else {
      tasks.push({ ...base, agent: 'act', input: index });
    }
    places.push({ key, parent });
  }
  return {
    name,
    tasks,
    options: {
      failureStrategy: pick(random, ['abort', 'skip', 'continue'] as const),
      ...(random() < 0.3 ? { maxParallel: 1 + Math.floor(random() * 3) } : {}),
    },
  };
}

/** A story can wait for what waits for it: graphs with a circle are refused, and another one is tried. */
async function submitRandom(engine: Engine, random: () => number, name: string): Promise<string> {
  for (;;) {
    try {
      return (await engine.submitJob(randomJob(random, name))).id;
    } catch (error) {
      if (isTaskloomError(error) && error.code === 'STORE_UNAVAILABLE') continue;
      if (!(error instanceof GraphError) || error.problems.some(({ code }) => code !== 'GRAPH_CYCLE')) throw error;
    }
  }
}

/** Whether a task may stand where it stands in a job that has ended, by the ends of those around it. */
function explain(task: TaskView, tasks: readonly TaskView[]): string | null {
  const satisfied = task.dependencies.every(({ on, mode }) => {
    const { status } = tasks[on]!;
    return mode === 'settled' || status === (mode === 'failed' ? 'FAILED' : 'COMPLETED');
  });
  const above = task.parent === null ? null : tasks[task.parent]!;
  const below = tasks.filter(({ parent, statusReason }) => parent === task.no && statusReason !== 'SUPERSEDED');
  switch (task.status) {
    case 'COMPLETED':
      if (!satisfied) return 'completed although a dependency did not end as it must';
      if (above?.status === 'SKIPPED' && above.attempt === 0) return 'completed below a task that was skipped before it could start';
      return null;
    case 'SKIPPED':
      if (task.attempt > 0 && task.statusReason !== 'AGENT_SKIPPED' && above?.status !== 'SKIPPED')
        return 'skipped by others after it had started';
      if (task.statusReason === 'DEPENDENCY_FAILED' && satisfied) return 'skipped by a failure that is not there';
      if (task.statusReason === 'CHILDREN_SKIPPED' && (below.length === 0 || below.some(({ status }) => status !== 'SKIPPED')))
        return 'skipped with children that were not';
      return null;
    case 'FAILED':
    case 'CANCELLED':
      return null;
    default:
      return `left ${task.status}`;
  }
}

async function checkEnded(engine: Engine, jobId: string): Promise<string[]> {
  const view = await engine.job(jobId).status();
  const tasks = [...(await tasksOf(engine, jobId)).values()];
  const found = tasks.flatMap((task) => {
    const problem = explain(task, tasks);
    return problem === null ? [] : [`"${task.key}" (${task.status} ${task.statusReason}): ${problem}`];
  });
  if (view.error?.code === 'JOB_DEADLOCK') found.push(view.error.message);
  const lost = tasks.some(({ status, statusReason }) => status === 'FAILED' || statusReason === 'DEPENDENCY_FAILED');
  if (view.success !== (view.status === 'COMPLETED' && !lost)) found.push(`success is ${view.success} in a job that is ${view.status}`);
  if ((view.status === 'CANCELLED') !== (view.error?.code === 'JOB_CANCELLED'))
    found.push(`the error of a job that is ${view.status} is ${view.error?.code}`);
  if (tasks.some(({ error }) => error?.code === 'INTERNAL')) found.push('a task failed with INTERNAL');
  const events = await eventsOf(engine, jobId);
  if (events.some(({ seq }, index) => seq !== index + 1)) found.push('its events have a gap');
  return found;
}

describe('jobs of any shape', () => {
  it('come to an explained end, whatever their agents do, through cancellations, retries and restarts', async () => {
    const seen = { completed: 0, failed: 0, cancelled: 0, retried: 0, restarted: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = SEED + round;
      const random = seeded(seed);
      const file = `round-${round}.db`;
      // The plain store, one that writes as a server does (slowly, while the engine goes on), and one that fails now and then.
      const kind = round % 3;
      const storeAt = (path: string): SlowStore =>
        new SlowStore(
          path,
          () => (kind === 0 ? 0 : Math.floor(random() * 4)),
          () => kind === 2 && random() < 0.005,
        );
      const options = { file, storeAt, maxParallel: 4, grace: 0 };
      let engine = await lab.start(agents(random), options);
      const ids: string[] = [];
      for (let job = 0; job < JOBS; job += 1) ids.push(await submitRandom(engine, random, `job-${job}`));
      const began = performance.now();
      for (let turn = 0; ; turn += 1) {
        if (performance.now() - began > PATIENCE_MS)
          throw new Error(`seed ${seed}: some jobs do not come to an end: ${JSON.stringify(await open(engine, ids))}`);
        await new Promise((resolve) => setImmediate(resolve));
        const dice = random();
        if (dice < 0.004) {
          // Sometimes the code comes a moment after the start, as in a process that loads it by and by.
          const isLate = random() < 0.3;
          engine = await lab.restart(engine, isLate ? [] : agents(random), options);
          if (isLate) {
            await eventLoopTurns(Math.floor(random() * 10));
            engine.register(...agents(random));
          }
          seen.restarted += 1;
        } else if (dice < 0.03) {
          await engine.cancelJob(pick(random, ids)).then(() => (seen.cancelled += 1), expected);
        } else if (dice < 0.06) {
          const id = pick(random, ids);
          const tasks = [...(await tasksOf(engine, id)).values()];
          await engine
            .retryJob(id, random() < 0.5 ? {} : { tasks: [pick(random, tasks).id, pick(random, tasks).id] })
            .then(() => (seen.retried += 1), expected);
        } else if (turn % 50 === 49 && turn > 400 && (await open(engine, ids)).length === 0) break;
      }
      await auditDatabase(lab.path(file));
      for (const id of ids) {
        const problems = await checkEnded(engine, id);
        if (problems.length > 0) throw new Error(`seed ${seed}, job ${ids.indexOf(id)}: ${problems.join('; ')}`);
        const { status } = await engine.job(id).status();
        if (status === 'COMPLETED') seen.completed += 1;
        else if (status === 'FAILED') seen.failed += 1;
      }
      await lab.stop(engine);
    }
    // It has met what it is about.
    for (const [what, count] of Object.entries(seen)) expect([what, count > 0]).toEqual([what, true]);
    expect(seen.completed).toBeGreaterThan((ROUNDS * JOBS) / 10);
  }, 120_000);
});

async function open(engine: Engine, ids: readonly string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const id of ids) {
    const { status } = await engine.job(id).status();
    if (!isTerminalJob(status))
      found.push({
        id,
        status,
        tasks: [...(await tasksOf(engine, id)).values()].flatMap((task) =>
          ['COMPLETED', 'SKIPPED', 'FAILED', 'CANCELLED'].includes(task.status) ? [] : [`${task.key} ${task.status} ${task.statusReason}`],
        ),
      });
  }
  return found;
}

/** What a state does not permit is refused with a code. */
function expected(error: { readonly code?: string }): void {
  if (!['JOB_ALREADY_TERMINAL', 'ILLEGAL_MOVE', 'NOT_FOUND', 'STORE_UNAVAILABLE'].includes(error.code ?? '')) throw error;
}
