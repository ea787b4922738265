import { TaskloomError } from '../errors/taskloom-error.js';
import { freeKey } from '../kernel/free-key.js';
import type { NewTask, Spawn, Suspend } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { Dependency, TaskSpec } from '../model/task.js';
import { currentAttempt } from './current-attempt.js';
import type { GrowthLimits } from './growth-limits.js';
import type { JobState, TaskState } from './job-state.js';
import { refuseCircle } from './refuse-circle.js';
import { requireCurrent } from './require-current.js';
import { ancestorsOf } from './select-tasks.js';

/** The attempt ends to wait; the tasks and questions it waits for are added in the same step. */
export function decideSuspend(state: JobState, command: Suspend, limits: GrowthLimits, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  // A map repeats what its author laid out; the narrow limits are for what agents think up.
  checkGrowth(state, task, command.tasks.length, limits, command.waitFor === 'answers');
  const { no, generation } = task;
  const specs = numberTasks(state, task, command.tasks);
  const base = { at, actor: 'agent', task: no } as const;
  const { requests = [], sleeps = [], until = 0 } = command;
  const remembered = sleeps.map(({ name, until: end }): JobEvent => {
    const json = String(end);
    return { type: 'TASK_STEP_RECORDED', ...base, kind: 'sleep', name, value: { json, bytes: json.length }, generation };
  });
  const asked = requests.map((ask, index): JobEvent => ({
    type: 'HUMAN_REQUESTED',
    ...base,
    request: state.requestCount + index + 1,
    ask,
  }));
  const waitFor = [...command.alreadyAsked, ...specs.map((spec) => spec.no)];
  const reason =
    command.waitFor === 'children'
      ? 'WAITING_CHILDREN'
      : asked.length > 0 || hasOpenQuestion(state, no)
        ? 'WAITING_HUMAN'
        : waitFor.length > 0
          ? 'WAITING_DEPENDENCIES'
          : 'WAITING_TIMER';
  return [
    ...addition(task, specs, at),
    ...remembered,
    ...asked,
    { type: 'TASK_SUSPENDED', ...base, fence: command.fence, reason, waitFor, until },
  ];
}

/** The attempt adds tasks and goes on. @throws TaskloomError `DYNAMIC_LIMIT`; DependencyError */
export function decideSpawn(state: JobState, command: Spawn, limits: GrowthLimits, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  checkGrowth(state, task, command.tasks.length, limits, true);
  const specs = numberTasks(state, task, command.tasks);
  if (specs.some(({ dependencies }) => dependencies.length > 0)) refuseCircle(state, specs);
  return addition(task, specs, at);
}

function addition({ no }: TaskState, specs: readonly TaskSpec[], at: number): JobEvent[] {
  if (specs.length === 0) return [];
  return [{ type: 'TASKS_ADDED', at, actor: 'agent', from: specs[0]!.no, count: specs.length, by: no, specs }];
}

function hasOpenQuestion(state: JobState, task: number): boolean {
  for (const request of state.requests.values()) if (request.task === task) return true;
  return false;
}

function checkGrowth(state: JobState, task: TaskState, added: number, limits: GrowthLimits, isDynamic: boolean): void {
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
  if (ancestorsOf(state, task.no).length + 1 > limits.depth) refuse(`would nest tasks deeper than ${limits.depth} levels`, limits.depth);
}

function numberTasks(state: JobState, parent: TaskState, tasks: readonly NewTask[]): TaskSpec[] {
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
