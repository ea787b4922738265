import { inMessage } from '../kernel/in-message.js';
import type { TaskSubmission } from '../model/submission.js';
import { FAILURE_STRATEGIES, TASK_TYPES } from '../model/task.js';
import { checkOverrides } from './check-overrides.js';
import { show, type GraphProblems } from './graph-problems.js';

const MAX_WEIGHT = 1_000_000;

/** Reports what is wrong with a task's options by themselves; see also `task-extras.ts`. */
export function checkTaskOptions(task: TaskSubmission, problems: GraphProblems): void {
  const { key } = task;
  if (task.priority !== undefined && !(Number.isInteger(task.priority) && task.priority >= 1 && task.priority <= 10))
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`priority\` of "${show(key)}" is ${inMessage(task.priority)}; it must be a whole number from 1 to 10.`,
    );
  if (task.weight !== undefined && !(typeof task.weight === 'number' && task.weight >= 0 && task.weight <= MAX_WEIGHT))
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`weight\` of "${show(key)}" is ${inMessage(task.weight)}; it must be a number from 0 to ${MAX_WEIGHT}.`,
    );
  if (task.type !== undefined && !TASK_TYPES.includes(task.type))
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`type\` of "${show(key)}" is ${inMessage(task.type)}; it must be one of ${TASK_TYPES.join(', ')}.`,
    );
  if (task.failureStrategy !== undefined && !FAILURE_STRATEGIES.includes(task.failureStrategy))
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`failureStrategy\` of "${show(key)}" is ${inMessage(task.failureStrategy)}; it must be one of ${FAILURE_STRATEGIES.join(', ')}.`,
    );
  checkOverrides(task, problems);
  if (task.map && task.agent !== undefined)
    problems.report('GRAPH_INVALID', key, `"${show(key)}" has both an agent and a map; the map names the agent of the tasks it makes.`);
  if (task.map?.batch !== undefined && !(Number.isInteger(task.map.batch) && task.map.batch >= 1))
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`map.batch\` of "${show(key)}" is ${inMessage(task.map.batch)}; it must be a whole number from 1.`,
    );
}
