/**
 * The tasks of one job: for each task the numbers of those it depends on, all of them smaller than its own.
 * @typedef {readonly (readonly number[])[]} Graph
 */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} title
 * @property {readonly Graph[]} graphs made at once, so that a run measures the engine and not the generator
 * @property {readonly Graph[]} warmUp run before the clock starts
 * @property {number} taskMs how long a task's body waits; 0 for a body that returns at once
 */

/** Most bodies that may run at the same time, for every engine and workload. */
export const CONCURRENCY = 100;

/** @param {{ name: string, title: string, graphs: readonly Graph[], warmUp?: readonly Graph[], taskMs?: number }} workload */
export function defineWorkload({ warmUp = [], taskMs = 0, ...workload }) {
  return { ...workload, warmUp, taskMs };
}

/** @param {readonly Graph[]} graphs */
export function countTasks(graphs) {
  return graphs.reduce((sum, { length }) => sum + length, 0);
}
