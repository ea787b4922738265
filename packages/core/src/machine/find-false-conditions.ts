import { parsePointer, readPointer, type Json } from '../kernel/json.js';
import { dependentOf, type JobState, type TaskState } from './job-state.js';

const NONE: readonly number[] = [];

/** Tasks whose condition on an output is false: on the task's own, and on that of the task it stands in for. */
export function findFalseConditions(state: JobState, source: TaskState, output: Json | undefined): readonly number[] {
  if (!state.hasConditions) return NONE;
  const own = source.dependents
    .map((edge) => state.tasks[dependentOf(edge)]!)
    .filter((dependent) => dependent.conditionOn === source.no && !conditionOf(dependent, output))
    .map(({ no }) => no);
  return source.fallbackOf < 0 ? own : [...own, ...findFalseConditions(state, state.tasks[source.fallbackOf]!, output)];
}

function conditionOf({ conditionPath, conditionOr }: TaskState, output: Json | undefined): boolean {
  const value = readPointer(output, parsePointer(conditionPath) ?? []);
  return value === undefined ? conditionOr : Boolean(value);
}
