import { DependencyError } from '../errors/job-errors.js';
import { findCycle, type WaitingTask } from '../graph/cycle.js';
import type { TaskSpec } from '../model/task.js';
import type { JobState } from './job-state.js';

/** @throws DependencyError where the new tasks, or the new edge, would make tasks wait for each other in a circle */
export function refuseCircle(
  state: JobState,
  specs: readonly TaskSpec[],
  edge: { readonly task: number; readonly on: number } | null = null,
): void {
  const waiting: WaitingTask[] = state.tasks.map(({ no, parent, dependencies, fallbackOf }) => ({
    parent,
    fallbackOf,
    dependencies: (edge?.task === no ? [...dependencies, edge.on] : dependencies).map((on) => ({ on })),
  }));
  const cycle = findCycle([...waiting, ...specs]);
  if (!cycle) return;
  const keys = cycle.map((no) => state.tasks[no]?.key ?? specs.find((spec) => spec.no === no)!.key);
  throw new DependencyError(keys);
}
