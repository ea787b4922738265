import { join } from 'node:path';
import { entrypoint, task as defineTask } from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { levelsOf, limiter } from './graphs.mjs';

/**
 * The functional interface on SQLite: one entry point a job, one task a task, one barrier a level.
 *
 * @type {import('../../engines/index.mjs').Open}
 */
export async function open({ folder, concurrency }) {
  const checkpointer = SqliteSaver.fromConnString(join(folder, 'langgraph.db'));
  let current = null;
  const work = defineTask('work', ({ job, task }) => current.limit(() => current.runTask(job, task)));
  const graph = entrypoint({ name: 'graph', checkpointer }, async ({ job }) => {
    for (const level of levelsOf(current.graphs[job])) await Promise.all(level.map((task) => work({ job, task })));
    return 'done';
  });

  async function run(graphs, runTask) {
    current = { graphs, runTask, limit: limiter(concurrency) };
    await Promise.all(
      graphs.map((_, job) => graph.invoke({ job }, { configurable: { thread_id: `job-${job}` }, recursionLimit: 1_000_000 })),
    );
    // Submitting is not apart from running.
    return { submitMs: 0 };
  }

  return { run, close: async () => void checkpointer.db.close() };
}
