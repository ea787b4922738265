import { DBOS } from '@dbos-inc/dbos-sdk';
import { freshDatabase } from './fresh-database.mjs';
import { levelsOf, limiter } from './graphs.mjs';

const silent = { info() {}, debug() {}, warn() {}, error: (...what) => console.error(...what) };

/**
 * One workflow a job, one step a task, one barrier a level: steps must begin in the same order whenever the workflow's code replays.
 *
 * @type {import('../../engines/index.mjs').Open}
 */
export async function open({ concurrency, postgres }) {
  let current = null;
  const workflow = DBOS.registerWorkflow(
    async (job) => {
      for (const level of levelsOf(current.graphs[job]))
        await Promise.all(level.map((task) => DBOS.runStep(() => current.limit(() => current.runTask(job, task)), { name: `t${task}` })));
    },
    { name: 'graph' },
  );
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: await freshDatabase(postgres), systemDatabasePoolSize: 20, logger: silent });
  await DBOS.launch();

  async function run(graphs, runTask) {
    current = { graphs, runTask, limit: limiter(concurrency) };
    const startedAt = performance.now();
    const handles = await Promise.all(graphs.map((_, job) => DBOS.startWorkflow(workflow)(job)));
    const submitMs = performance.now() - startedAt;
    await Promise.all(handles.map((handle) => handle.getResult()));
    return { submitMs };
  }

  return { run, close: () => DBOS.shutdown() };
}
