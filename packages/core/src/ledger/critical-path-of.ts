import { criticalPaths } from '../graph/critical-path.js';
import { dependentOf, type JobState } from '../machine/job-state.js';

/** How much a job may have grown before its paths are worked out anew. */
const GROWTH = 1.25;

const known = new WeakMap<JobState, Int32Array>();

/**
 * The number of tasks on the longest way from a task to the end of its job. Worked out once, and again when the job has grown
 * by a quarter: tasks added since then count 1, so that a job which grows step by step costs no more than one that is laid out.
 */
export function criticalPathOf(state: JobState, no: number): number {
  let paths = known.get(state);
  if (paths === undefined || state.tasks.length > paths.length * GROWTH) {
    paths = criticalPaths(state.tasks, dependentOf);
    known.set(state, paths);
  }
  return paths[no] ?? 1;
}
