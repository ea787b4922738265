import { layeredGraph } from './layered-graph.mjs';
import { defineWorkload } from './workload.mjs';

const grown = (suffix, tasks) => () =>
  defineWorkload({ name: `w6-${suffix}`, title: `layered random DAG of ${tasks.toLocaleString('en')}`, graphs: [layeredGraph(tasks)] });

/** The layered graph in three sizes: whether a task costs more in a larger job, in time and in memory. */
export const growth = { 'w6-1k': grown('1k', 1_000), 'w6-10k': grown('10k', 10_000), 'w6-100k': grown('100k', 100_000) };
