import { join } from 'node:path';
import { Mastra } from '@mastra/core';
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { LibSQLStore } from '@mastra/libsql';
import { z } from 'zod';
import { levelsOf, limiter } from './graphs.mjs';

const anything = z.any();

/**
 * One workflow for each shape, one step a task, one `.parallel` a level: there is no free graph.
 *
 * @type {import('../../engines/index.mjs').Open}
 */
export async function open({ folder, concurrency }) {
  const storage = new LibSQLStore({ id: 'bench', url: `file:${join(folder, 'mastra.db')}` });
  let current = null;

  function workflowOf(graph, no) {
    const step = (task) =>
      createStep({
        id: `t${task}`,
        inputSchema: anything,
        outputSchema: anything,
        execute: ({ requestContext }) => current.limit(() => current.runTask(requestContext.get('job'), task)),
      });
    let workflow = createWorkflow({ id: `graph-${no}`, inputSchema: anything, outputSchema: anything });
    for (const level of levelsOf(graph)) workflow = level.length === 1 ? workflow.then(step(level[0])) : workflow.parallel(level.map(step));
    return workflow.commit();
  }

  async function run(graphs, runTask) {
    const { RequestContext } = await import('@mastra/core/request-context');
    current = { runTask, limit: limiter(concurrency) };
    const startedAt = performance.now();
    const shapes = [...new Set(graphs)];
    const workflows = Object.fromEntries(shapes.map((graph, no) => [`graph-${no}`, workflowOf(graph, no)]));
    const mastra = new Mastra({ storage, workflows, logger: false });
    const runs = await Promise.all(graphs.map((graph) => mastra.getWorkflow(`graph-${shapes.indexOf(graph)}`).createRun()));
    const submitMs = performance.now() - startedAt;
    await Promise.all(
      runs.map(async (each, job) => {
        const requestContext = new RequestContext();
        requestContext.set('job', job);
        const result = await each.start({ inputData: {}, requestContext });
        if (result.status !== 'success') throw result.error ?? new Error(`the workflow ended ${result.status}`);
      }),
    );
    return { submitMs };
  }

  return { run, close: () => storage.close() };
}
