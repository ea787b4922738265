import type { GraphProblem } from '../errors/graph-error.js';
import { inMessage } from '../kernel/in-message.js';
import type { StepSubmission, TaskSubmission } from '../model/submission.js';
import { show } from './graph-problems.js';
import { waitsInOrder } from './waits-in-order.js';

/** Tasks as a graph knows them, made of ordered steps. */
export interface CompiledSteps {
  readonly tasks: readonly TaskSubmission[];
  readonly problems: readonly GraphProblem[];
}

type Wait = NonNullable<TaskSubmission['dependsOn']>[number];

/** Says of each step what it waits for, and leaves nothing of its being a step. Whether the parts of a step are of their kind is checked later. */
export function compileSteps(steps: readonly StepSubmission[]): CompiledSteps {
  const problems: GraphProblem[] = [];
  for (const { key, parallel = false } of steps) {
    if (typeof parallel !== 'boolean')
      problems.push({
        code: 'GRAPH_INVALID',
        taskKey: show(textOf(key)),
        message: `\`parallel\` of ${inMessage(key)} is ${inMessage(parallel)}; it must be true or false.`,
      });
  }
  const waits = waitsInOrder<Wait>(steps.map(({ key, dependsOn, parallel = false }) => ({ self: textOf(key), own: dependsOn, parallel })));
  const tasks = steps.map(({ parallel: _parallel, ...task }, place): TaskSubmission => {
    const dependsOn = waits[place]!;
    return dependsOn.length === 0 ? task : { ...task, dependsOn };
  });
  return { tasks, problems };
}

/** A key that is no text is called so from here on. */
function textOf(key: unknown): string {
  return typeof key === 'string' ? key : inMessage(key);
}
