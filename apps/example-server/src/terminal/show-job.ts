import type { Engine, JobView } from '@taskloom/core';
import { JobTree } from './job-tree.js';
import { LiveView } from './live-view.js';
import { PlainView } from './plain-view.js';
import type { View } from './view.js';

/** Changes that come faster than this are read together. */
const READ_MS = 80;

/** Shows a job live until it ends or `signal` aborts: a tree in a terminal, plain lines elsewhere. Returns the job as shown last. */
export async function showJob(engine: Engine, job: JobView, output: NodeJS.WriteStream, signal: AbortSignal): Promise<JobView> {
  const view = viewOn(output);
  const stop = new AbortController();
  const changes = engine.changes({ jobId: job.id, signal: AbortSignal.any([signal, stop.signal]) });
  const iterator = changes[Symbol.asyncIterator]();
  // Listening begins before the first reading, so that nothing falls between the two.
  let next = iterator.next();
  try {
    const tree = await JobTree.read(engine, job);
    view.show(tree);
    while (tree.job.finishedAt === null) {
      const { done, value } = await next;
      if (done) break;
      await new Promise((resolve) => setTimeout(resolve, READ_MS));
      next = iterator.next();
      await tree.refresh([...new Set(value.flatMap(({ tasks }) => tasks))]);
      view.show(tree);
    }
    // What changed between the last reading of the tasks and the end of the job.
    if (tree.job.finishedAt !== null) view.show(await JobTree.read(engine, tree.job));
    return tree.job;
  } finally {
    stop.abort();
    await next.catch(() => undefined);
    view.end();
  }
}

function viewOn(output: NodeJS.WriteStream): View {
  const canBeDrawnOver = output.isTTY && process.env['TERM'] !== 'dumb';
  return canBeDrawnOver ? new LiveView(output) : new PlainView(output);
}
