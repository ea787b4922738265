import type { GraphProblem } from '../errors/graph-error.js';
import type { StepSubmission, TaskSubmission } from '../model/submission.js';

/** Tasks as a graph knows them, made of ordered steps. */
export interface CompiledSteps {
  readonly tasks: readonly TaskSubmission[];
  readonly problems: readonly GraphProblem[];
}

/**
 * Says of each step what it waits for: of one that names it, that; of one that is `parallel`, what the step before waits
 * for; of any other, the step before and those that run beside it.
 */
export function compileSteps(steps: readonly StepSubmission[]): CompiledSteps {
  const tasks: TaskSubmission[] = [];
  const problems: GraphProblem[] = [];
  let beside: string[] = [];
  let waits: TaskSubmission['dependsOn'] = [];
  for (const { parallel = false, ...task } of steps) {
    if (typeof parallel !== 'boolean')
      problems.push({
        code: 'GRAPH_INVALID',
        taskKey: String(task.key),
        message: `\`parallel\` of "${String(task.key)}" is ${JSON.stringify(parallel)}; it must be true or false.`,
      });
    const isBeside = parallel && tasks.length > 0;
    waits = task.dependsOn ?? (isBeside ? waits : beside);
    beside = isBeside ? [...beside, task.key] : [task.key];
    tasks.push(waits.length === 0 ? task : { ...task, dependsOn: waits });
  }
  return { tasks, problems };
}
