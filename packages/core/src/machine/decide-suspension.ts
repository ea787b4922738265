import type { Spawn, Suspend } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { currentAttempt } from './current-attempt.js';
import type { GrowthLimits } from './growth-limits.js';
import type { JobState } from './job-state.js';
import { addition, checkGrowth, checkNewEdges, numberTasks } from './new-tasks.js';
import { refuseCircle } from './refuse-circle.js';

/** The attempt ends to wait; the tasks and questions it waits for are added in the same step. */
export function decideSuspend(state: JobState, command: Suspend, limits: GrowthLimits, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  // A map repeats what its author laid out; the narrow limits are for what agents think up.
  checkGrowth(state, task, task, command.tasks.length, limits, command.waitFor === 'answers');
  const { no, generation } = task;
  const specs = numberTasks(state, task, command.tasks);
  checkNewEdges(state, task, specs, limits);
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
  checkGrowth(state, task, task, command.tasks.length, limits, true);
  const specs = numberTasks(state, task, command.tasks);
  checkNewEdges(state, task, specs, limits);
  if (specs.some(({ dependencies }) => dependencies.length > 0)) refuseCircle(state, specs);
  return addition(task, specs, at);
}

function hasOpenQuestion(state: JobState, task: number): boolean {
  for (const request of state.requests.values()) if (request.task === task) return true;
  return false;
}
