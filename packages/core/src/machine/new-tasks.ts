import { TaskloomError } from '../errors/taskloom-error.js';
import { freeKey } from '../kernel/free-key.js';
import type { NewTask } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { Dependency, TaskSpec } from '../model/task.js';
import type { GrowthLimits } from './growth-limits.js';
import type { JobState, TaskState } from './job-state.js';
import { requireCurrent } from './require-current.js';
import { ancestorsOf } from './select-tasks.js';

/** @throws TaskloomError `DYNAMIC_LIMIT` where `task` may not add so many tasks below `parent` */
export function checkGrowth(
  state: JobState,
  task: TaskState,
  parent: TaskState,
  added: number,
  limits: GrowthLimits,
  isDynamic: boolean,
): void {
  const refuse = (what: string, limit: number): never => {
    throw new TaskloomError('DYNAMIC_LIMIT', `Task "${task.key}" ${what}; at most ${limit} are allowed.`, {
      details: { task: task.key, added, limit },
    });
  };
  if (state.tasks.length + added > limits.tasksPerJob)
    refuse(`would bring its job to ${state.tasks.length + added} tasks`, limits.tasksPerJob);
  if (!isDynamic || added === 0) return;
  if (added > limits.dynamicTasksPerCall) refuse(`asked for ${added} tasks at once`, limits.dynamicTasksPerCall);
  if (state.addedTasks + added > limits.dynamicTasksPerJob)
    refuse(`would bring its job to ${state.addedTasks + added} tasks added by agents`, limits.dynamicTasksPerJob);
  if (ancestorsOf(state, parent.no).length + 1 > limits.depth) refuse(`would nest tasks deeper than ${limits.depth} levels`, limits.depth);
}

/**
 * A job that has more already, because the limit was another one, may go on to grow without.
 *
 * @throws TaskloomError `DYNAMIC_LIMIT` where the new tasks wait for more than a job may hold
 */
export function checkNewEdges(state: JobState, task: TaskState, specs: readonly TaskSpec[], { edgesPerJob: limit }: GrowthLimits): void {
  const edges = specs.reduce((sum, { dependencies }) => sum + dependencies.length, state.edges);
  if (edges <= limit || edges === state.edges) return;
  throw new TaskloomError(
    'DYNAMIC_LIMIT',
    `Task "${task.key}" would bring its job to ${edges} dependencies; at most ${limit} are allowed.`,
    { details: { task: task.key, edges, limit } },
  );
}

/** New tasks as part of the job: with numbers, keys that are free, and what they wait for. @throws TaskloomError `UNKNOWN_DEPENDENCY` */
export function numberTasks(state: JobState, parent: TaskState, tasks: readonly NewTask[]): TaskSpec[] {
  const taken = new Map<string, number>();
  return tasks.map(({ key: wanted, spec, after = [] }, index) => {
    const no = state.tasks.length + index;
    const key = freeKey(wanted, (candidate) => state.numberOf.has(candidate) || taken.has(candidate));
    taken.set(key, no);
    const dependencies = after.map(({ task, mode }): Dependency => {
      const on = state.numberOf.get(task) ?? taken.get(task);
      if (on === undefined || on === no)
        throw new TaskloomError('UNKNOWN_DEPENDENCY', `"${key}" is to wait for "${task}", which is not in the job.`, {
          details: { task: key, dependency: task },
        });
      if (state.tasks[on]) requireCurrent(key, state.tasks[on]);
      return { on, mode };
    });
    return { ...spec, no, key, parent: parent.no, dependencies };
  });
}

/** The event that adds what `asker` asked for; none where that is nothing. */
export function addition({ no }: TaskState, specs: readonly TaskSpec[], at: number): JobEvent[] {
  if (specs.length === 0) return [];
  return [{ type: 'TASKS_ADDED', at, actor: 'agent', from: specs[0]!.no, count: specs.length, by: no, specs }];
}
