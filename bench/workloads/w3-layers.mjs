import { layeredGraph } from './layered-graph.mjs';
import { defineWorkload } from './workload.mjs';

const TASKS = 10_000;

/** The everyday shape: wide enough to keep every place busy, deep enough that what is released matters. */
export function layers() {
  return defineWorkload({ name: 'w3', title: 'layered random DAG of 10,000', graphs: [layeredGraph(TASKS)] });
}

/** The same, while somebody reads every event as it comes. */
export function layersWatched() {
  return defineWorkload({ name: 'w3-watched', title: 'w3 with a live subscriber', graphs: [layeredGraph(TASKS)], needs: 'watch' });
}
