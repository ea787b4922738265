import { join } from 'node:path';
import { z } from 'zod';

const MOST_TASKS = 200_000;

/**
 * The engine as an application uses it: its public API alone, agents with schemas on both sides, every write durable.
 *
 * @type {import('./index.mjs').Open}
 */
export async function open({
  folder,
  concurrency,
  core = '@taskloom/core',
  store = { path: join(folder, 'taskloom.db'), synchronous: 'FULL' },
}) {
  const { createEngine, defineAgent } = await import(core);
  let body = null;
  const agent = defineAgent({
    name: 'work',
    input: z.object({ job: z.number().int(), task: z.number().int() }),
    output: z.object({ task: z.number().int(), ok: z.boolean() }),
    execute: ({ job, task }) => body(job, task),
  });
  const engine = createEngine({
    store,
    maxParallel: concurrency,
    limits: { tasksPerJob: MOST_TASKS },
  });
  engine.register(agent);
  await engine.start();

  async function run(graphs, runTask, { isWatched = false } = {}) {
    body = runTask;
    const startedAt = performance.now();
    const handles = await Promise.all(graphs.map((graph, job) => engine.submitJob({ name: `job-${job}`, tasks: tasksOf(graph, job) })));
    const submitMs = performance.now() - startedAt;
    const watchers = isWatched ? handles.map((handle) => watch(handle)) : [];
    await Promise.all(handles.map((handle) => handle.result()));
    await Promise.all(watchers);
    return { submitMs };
  }

  async function cancel(graph, runTask) {
    let begin;
    const begun = new Promise((resolve) => (begin = resolve));
    body = (job, task) => {
      begin();
      return runTask(job, task);
    };
    const startedAt = performance.now();
    const handle = await engine.submitJob({ name: 'job', tasks: tasksOf(graph, 0) });
    const submitMs = performance.now() - startedAt;
    await begun;
    const from = performance.now();
    await handle.cancel();
    return { submitMs, cancelMs: performance.now() - from };
  }

  return { run, cancel, close: () => engine.stop() };
}

/** Reads every event of a job, first to last. */
async function watch(handle) {
  let last = 0;
  for await (const { seq } of handle.events()) {
    if (seq !== last + 1) throw new Error(`event ${seq} came after ${last}`);
    last = seq;
  }
}

function tasksOf(graph, job) {
  return graph.map((dependencies, task) => ({
    key: `t${task}`,
    agent: 'work',
    input: { job, task },
    dependsOn: dependencies.map((no) => `t${no}`),
  }));
}
