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
 * @property {Need | null} needs what an engine must be able to do for it
 * @property {number} taskMs how long a task's body waits; 0 for a body that returns at once
 */

/** `cancel`: the job is cancelled when it has begun; `watch`: somebody reads every event as it comes. @typedef {'cancel' | 'watch'} Need */

/** Most bodies that may run at the same time, for every engine and workload. */
export const CONCURRENCY = 100;

/** @param {{ name: string, title: string, graphs: readonly Graph[], warmUp?: readonly Graph[], taskMs?: number, needs?: Need }} workload */
export function defineWorkload({ warmUp = [], taskMs = 0, needs = null, ...workload }) {
  return { ...workload, warmUp, taskMs, needs };
}

/** @param {readonly Graph[]} graphs */
export function countTasks(graphs) {
  return graphs.reduce((sum, { length }) => sum + length, 0);
}
