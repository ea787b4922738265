import { TaskloomError } from '../errors/taskloom-error.js';
import type { NewTask, Suspend } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { TaskSpec } from '../model/task.js';
import { currentAttempt } from './current-attempt.js';
import type { JobState, TaskState } from './job-state.js';
import { ancestorsOf } from './select-tasks.js';

/** How far a job may grow while it runs. */
export interface GrowthLimits {
  readonly tasksPerJob: number;
  readonly dynamicTasksPerCall: number;
  readonly dynamicTasksPerJob: number;
  /** Most levels of tasks below the objective. */
  readonly depth: number;
}

/** The attempt ends to wait for tasks below it; the new ones among them are added in the same step. */
export function decideSuspend(state: JobState, command: Suspend, limits: GrowthLimits, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  checkGrowth(state, task, command, limits);
  const specs = numberTasks(state, task, command.tasks);
  const waitFor = [...command.alreadyAsked, ...specs.map((spec) => spec.no)];
  const suspended: JobEvent = {
    type: 'TASK_SUSPENDED',
    at,
    actor: 'agent',
    task: task.no,
    fence: command.fence,
    reason: command.waitFor === 'needs' ? 'WAITING_DEPENDENCIES' : 'WAITING_CHILDREN',
    waitFor,
  };
  if (specs.length === 0) return [suspended];
  return [{ type: 'TASKS_ADDED', at, actor: 'agent', from: specs[0]!.no, count: specs.length, by: task.no, specs }, suspended];
}

function checkGrowth(state: JobState, task: TaskState, command: Suspend, limits: GrowthLimits): void {
  const added = command.tasks.length;
  const refuse = (what: string, limit: number): never => {
    throw new TaskloomError('DYNAMIC_LIMIT', `Task "${task.key}" ${what}; at most ${limit} are allowed.`, {
      details: { task: task.key, added, limit },
    });
  };
  if (state.tasks.length + added > limits.tasksPerJob)
    refuse(`would bring its job to ${state.tasks.length + added} tasks`, limits.tasksPerJob);
  // A map repeats what its author laid out; the other limits are for what agents think up.
  if (command.waitFor === 'children') return;
  if (added > limits.dynamicTasksPerCall) refuse(`asked for ${added} tasks at once`, limits.dynamicTasksPerCall);
  if (state.addedTasks + added > limits.dynamicTasksPerJob)
    refuse(`would bring its job to ${state.addedTasks + added} tasks added by agents`, limits.dynamicTasksPerJob);
  if (ancestorsOf(state, task.no).length + 1 > limits.depth) refuse(`would nest tasks deeper than ${limits.depth} levels`, limits.depth);
}

function numberTasks(state: JobState, parent: TaskState, tasks: readonly NewTask[]): TaskSpec[] {
  const taken = new Set<string>();
  return tasks.map(({ key: wanted, spec }, index) => {
    const key = freeKey(wanted, (candidate) => state.numberOf.has(candidate) || taken.has(candidate));
    taken.add(key);
    return { ...spec, no: state.tasks.length + index, key, parent: parent.no };
  });
}

function freeKey(wanted: string, isTaken: (key: string) => boolean): string {
  let key = wanted;
  for (let count = 2; isTaken(key); count += 1) key = `${wanted}-${count}`;
  return key;
}
