import { Logger, makeWorkerUtils, run as runWorker } from 'graphile-worker';
import { Pool } from 'pg';
import { freshDatabase } from './fresh-database.mjs';
import { Counter } from './graphs.mjs';

const TASK = 'task';
const POOL = 10;

/**
 * A queue: the graph is counted in this process, and a finished job's row is deleted, its result with it.
 *
 * @type {import('../../engines/index.mjs').Open}
 */
export async function open({ concurrency, postgres }) {
  const pgPool = new Pool({ connectionString: await freshDatabase(postgres), max: POOL });
  pgPool.on('error', () => undefined);
  pgPool.on('connect', (client) => void client.on('error', () => undefined));
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  let current = null;
  const runner = await runWorker({
    pgPool,
    logger,
    noHandleSignals: true,
    taskList: { [TASK]: (payload) => current.work(payload) },
    preset: {
      worker: {
        concurrentJobs: concurrency,
        pollInterval: 1_000,
        maxPoolSize: POOL,
        localQueue: { size: 2 * concurrency, refetchDelay: { durationMs: 1 } },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });

  async function run(graphs, runTask) {
    const startedAt = performance.now();
    const counter = new Counter(graphs);
    let fail;
    const failed = new Promise((_, reject) => (fail = reject));
    const add = (jobs) => utils.addJobs(jobs.map((payload) => ({ identifier: TASK, payload, maxAttempts: 1 })));
    current = {
      async work({ job, task }) {
        await runTask(job, task);
        // The job's own end is durable a moment later: the queue has no way to wait for it and go on.
        const next = counter.ended(job, task);
        if (next.length > 0) await add(next).catch(fail);
      },
    };
    await add(counter.sources());
    const submitMs = performance.now() - startedAt;
    await Promise.race([counter.finished, failed]);
    return { submitMs };
  }

  async function close() {
    await runner.stop();
    await utils.release();
    await pgPool.end();
  }

  return { run, close };
}
