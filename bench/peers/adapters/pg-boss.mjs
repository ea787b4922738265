import { PgBoss } from 'pg-boss';
import { freshDatabase } from './fresh-database.mjs';

const QUEUE = 'tasks';
const FETCH = 100;
const IDLE_MS = 1;

/**
 * The durable graph of `flow()`, driven by `fetch`, `complete` and `resolveFlow` in loops of our own: out of the box a dependent job
 * waits for a resolver that runs once a second.
 *
 * @type {import('../../engines/index.mjs').Open}
 */
export async function open({ concurrency, postgres }) {
  const boss = new PgBoss({ connectionString: await freshDatabase(postgres), max: 10, supervise: false, schedule: false });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  await boss.createQueue(QUEUE);

  async function run(graphs, runTask) {
    const startedAt = performance.now();
    await Promise.all(graphs.map((graph, job) => submit(graph, job)));
    const submitMs = performance.now() - startedAt;
    let left = graphs.reduce((sum, { length }) => sum + length, 0);
    let free = concurrency;
    let resolving = null;
    // One at a time, and once more for what has ended meanwhile.
    const resolve = () => (resolving ??= boss.resolveFlow().finally(() => (resolving = null)));

    async function batch(jobs) {
      await Promise.all(jobs.map(({ data }) => runTask(data.job, data.task)));
      await boss.complete(
        QUEUE,
        jobs.map(({ id }) => id),
        { ok: true },
      );
      free += jobs.length;
      left -= jobs.length;
      if (left === 0) return;
      await resolving;
      await resolve();
    }

    const running = new Set();
    while (left > 0) {
      const jobs = free > 0 ? ((await boss.fetch(QUEUE, { batchSize: Math.min(FETCH, free) })) ?? []) : [];
      if (jobs.length > 0) {
        free -= jobs.length;
        const act = batch(jobs).finally(() => running.delete(act));
        running.add(act);
      } else if (running.size > 0) await Promise.race(running);
      else await new Promise((wake) => setTimeout(wake, IDLE_MS));
    }
    await Promise.all(running);
    return { submitMs };
  }

  function submit(graph, job) {
    // A flow must have a dependency.
    if (graph.every(({ length }) => length === 0))
      return boss.insert(
        QUEUE,
        graph.map((_, task) => ({ data: { job, task }, retryLimit: 0 })),
      );
    return boss.flow(
      graph.map((dependencies, task) => ({
        ref: `t${task}`,
        name: QUEUE,
        data: { job, task },
        dependsOn: dependencies.map((no) => `t${no}`),
        options: { retryLimit: 0 },
      })),
    );
  }

  return { run, close: () => boss.stop({ graceful: false }) };
}
