import type { Engine, JobView } from '@taskloom/core';
import { createLogUpdate } from 'log-update';
import { drawTree } from './draw-tree.js';
import { JobTree } from './job-tree.js';
import { PlainLines } from './plain-lines.js';
import { treeLines } from './tree-lines.js';

/** Where a job is shown: a screen that can be drawn over, or a stream of lines. */
interface View {
  show(tree: JobTree): void;
  end(): void;
}

const FRAME_MS = 80;

/**
 * Shows a job live until it ends or `signal` aborts: a tree in a terminal, plain lines elsewhere. Changes that come faster
 * than a frame are drawn together.
 */
export async function showJob(engine: Engine, job: JobView, output: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const view = output.isTTY ? liveView(output) : plainView(output);
  const stop = new AbortController();
  const changes = engine.changes({ jobId: job.id, signal: AbortSignal.any([signal, stop.signal]) });
  const iterator = changes[Symbol.asyncIterator]();
  // Listening begins before the first reading, so that nothing falls between the two.
  let next = iterator.next();
  const tree = await JobTree.read(engine, job);
  try {
    view.show(tree);
    while (tree.job.finishedAt === null) {
      const { done, value } = await next;
      if (done) break;
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
      next = iterator.next();
      await tree.refresh([...new Set(value.flatMap(({ tasks }) => tasks))]);
      view.show(tree);
    }
    // What changed between the last reading of the tasks and the end of the job.
    view.show(await JobTree.read(engine, tree.job));
  } finally {
    stop.abort();
    await next.catch(() => undefined);
    view.end();
  }
}

function liveView(output: NodeJS.WriteStream): View {
  const update = createLogUpdate(output, { showCursor: true });
  return {
    show: (tree) => update(drawTree(fit(treeLines(tree.all()), output.rows), output.columns)),
    end: () => update.done(),
  };
}

/** A tree higher than the screen cannot be drawn over: its finished inner lines go first. */
function fit<Line extends { readonly state: string; readonly branch: string }>(lines: Line[], rows: number | undefined): Line[] {
  const most = (rows ?? 40) - 2;
  if (lines.length <= most) return lines;
  const open = lines.filter(({ state, branch }) => branch.length <= 3 || state === 'running' || state === 'failed');
  return open.slice(0, Math.max(1, most));
}

function plainView(output: NodeJS.WriteStream): View {
  const lines = new PlainLines();
  return {
    show: (tree) => {
      for (const line of lines.next(tree.all())) output.write(`${line}\n`);
    },
    end: () => undefined,
  };
}
