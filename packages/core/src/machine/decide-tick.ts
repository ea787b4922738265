import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import { isTerminalTask } from '../model/task.js';
import { failEvents } from './fail-events.js';
import { dueBy, jobDueBy, type JobState } from './job-state.js';
import { openRequests, withdraw } from './requests.js';
import { openTasks } from './select-tasks.js';

/**
 * What has come due by itself. One thing at a time: what it brings about may make the next one superfluous, so the caller
 * asks again until nothing is due.
 */
export function decideTick(state: JobState, at: number): JobEvent[] {
  if (isTerminalJob(state.status)) return [];
  return (
    jobDeadline(state, at) ?? startTime(state, at) ?? sleepers(state, at) ?? requestDeadline(state, at) ?? taskDeadline(state, at) ?? []
  );
}

/** Whether a tick would do anything. */
export function isDue(state: JobState, at: number): boolean {
  return decideTick(state, at).length > 0;
}

function jobDeadline(state: JobState, at: number): JobEvent[] | null {
  if (jobDueBy(state) > at) return null;
  const open = openTasks(state);
  return [
    ...withdraw(state, openRequests(state, null), at),
    ...(open.length > 0
      ? [{ type: 'TASKS_CANCELLED', at, actor: 'engine', tasks: open, cause: { reason: 'JOB_TIMED_OUT' } } as const]
      : []),
    {
      type: 'JOB_FAILED',
      at,
      actor: 'engine',
      task: null,
      error: {
        code: 'JOB_TIMEOUT',
        message: `The job had not ended by its deadline, ${new Date(state.deadline).toISOString()}; ${open.length} tasks were open.`,
        details: { deadline: state.deadline, openTasks: open.length },
      },
    },
  ];
}

function startTime(state: JobState, at: number): JobEvent[] | null {
  return !state.begun && state.status === 'RUNNING' && state.runAt <= at ? [{ type: 'JOB_STARTED', at, actor: 'engine' }] : null;
}

function sleepers(state: JobState, at: number): JobEvent[] | null {
  const tasks = [...state.delayed].filter((no) => {
    const { reason, availableAt } = state.tasks[no]!;
    return reason === 'WAITING_TIMER' && availableAt <= at;
  });
  return tasks.length === 0 ? null : [{ type: 'TASKS_RELEASED', at, actor: 'engine', tasks: tasks.sort((a, b) => a - b) }];
}

function requestDeadline(state: JobState, at: number): JobEvent[] | null {
  for (const { request, task, name, deadline, onTimeout: action } of state.requests.values()) {
    if (deadline === null || deadline > at) continue;
    const { generation } = state.tasks[task]!;
    const expired: JobEvent = { type: 'HUMAN_EXPIRED', at, actor: 'engine', task, request, name, action, generation };
    if (action !== 'pause' || state.holds.has(0)) return [expired];
    return [expired, { type: 'HOLD_PLACED', at, actor: 'engine', task: 0, reason: `Nobody answered "${name}" in time.`, request }];
  }
  return null;
}

function taskDeadline(state: JobState, at: number): JobEvent[] | null {
  for (const no of state.withDeadline) {
    const task = state.tasks[no]!;
    const deadline = dueBy(task);
    if (deadline > at || isTerminalTask(task.status)) continue;
    const message = `"${task.key}" had not ended by its deadline, ${new Date(deadline).toISOString()}.`;
    const error = { code: 'DEADLINE_EXCEEDED', message, details: { deadline } } as const;
    return failEvents(state, task, { error, timedOut: true, actor: 'engine', reason: 'DEADLINE_PASSED' }, at);
  }
  return null;
}
