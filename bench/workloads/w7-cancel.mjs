import { layeredGraph } from './layered-graph.mjs';
import { defineWorkload } from './workload.mjs';

const TASKS = 100_000;

/** How long it takes to accept a very large job, and to end it when it has just begun. */
export function cancelLarge() {
  return defineWorkload({
    name: 'w7',
    title: 'a job of 100,000, cancelled when it has begun',
    graphs: [layeredGraph(TASKS)],
    needs: 'cancel',
  });
}
