import { layeredGraph } from './layered-graph.mjs';
import { defineWorkload } from './workload.mjs';

/** The everyday shape: wide enough to keep every place busy, deep enough that what is released matters. */
export function layers() {
  return defineWorkload({ name: 'w3', title: 'layered random DAG of 10,000', graphs: [layeredGraph(10_000)] });
}
