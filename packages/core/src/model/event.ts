import type { StoredError } from '../errors/serialize-error.js';
import type { JsonObject } from '../kernel/json.js';
import type { StatusReason, TaskCause, TaskSpec } from './task.js';

/** Facts about a job. Stored as the index in this list: append only. */
export const EVENT_TYPES = [
  'JOB_SUBMITTED',
  'TASKS_ADDED',
  'TASK_STARTED',
  'TASK_PROGRESSED',
  'TASK_STEP_RECORDED',
  'TASK_SUSPENDED',
  'TASK_RETRY_SCHEDULED',
  'TASK_ABANDONED',
  'TASK_COMPLETED',
  'TASK_FAILED',
  'TASK_SKIPPED',
  'TASK_PARKED',
  'TASKS_RELEASED',
  'TASKS_FAILED',
  'TASKS_SKIPPED',
  'TASKS_CANCELLED',
  'JOB_COMPLETED',
  'JOB_FAILED',
  'JOB_CANCELLED',
  'JOB_REOPENED',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Who brought an event about: the engine itself, an agent's attempt, or a caller. */
export type Actor = 'engine' | 'agent' | `user:${string}` | 'user';

interface EventBase<Type extends EventType> {
  readonly type: Type;
  /** Milliseconds since the epoch. Order is by `seq`, never by time. */
  readonly at: number;
  readonly actor: Actor;
}

interface TaskEventBase<Type extends EventType> extends EventBase<Type> {
  readonly task: number;
}

/** A text that is stored apart from its event when it is long: outputs and step results, serialised once as JSON. */
export interface JsonText {
  readonly json: string;
  readonly bytes: number;
}

export interface JobSubmitted extends EventBase<'JOB_SUBMITTED'> {
  readonly name: string;
  readonly workflow: string | null;
}
/** `specs` travel with the event in memory and are stored in rows of their own; the event names the range. */
export interface TasksAdded extends EventBase<'TASKS_ADDED'> {
  readonly from: number;
  readonly count: number;
  readonly by: number | null;
  readonly specs: readonly TaskSpec[];
}
export interface TaskStarted extends TaskEventBase<'TASK_STARTED'> {
  readonly attempt: number;
  readonly fence: number;
}
export interface TaskProgressed extends TaskEventBase<'TASK_PROGRESSED'> {
  /** 0–100 */
  readonly percent: number;
  readonly message: string | null;
}
export interface TaskStepRecorded extends TaskEventBase<'TASK_STEP_RECORDED'> {
  readonly name: string;
  readonly value: JsonText;
  /** The task's generation when it was recorded: the memo is kept by generation. */
  readonly generation: number;
}
/** The attempt ended to wait for tasks that it asked for; `waitFor` are their numbers. */
export interface TaskSuspended extends TaskEventBase<'TASK_SUSPENDED'> {
  readonly fence: number;
  readonly reason: Extract<StatusReason, 'WAITING_DEPENDENCIES' | 'WAITING_CHILDREN'>;
  readonly waitFor: readonly number[];
}
export interface TaskRetryScheduled extends TaskEventBase<'TASK_RETRY_SCHEDULED'> {
  readonly attempt: number;
  readonly error: StoredError;
  readonly timedOut: boolean;
  readonly availableAt: number;
}
/** The process that ran the attempt died. */
export interface TaskAbandoned extends TaskEventBase<'TASK_ABANDONED'> {
  readonly attempt: number;
  readonly strikes: number;
}
export interface TaskCompleted extends TaskEventBase<'TASK_COMPLETED'> {
  readonly attempt: number;
  /** `children`: the output is the list of the children's outputs. */
  readonly output: JsonText | 'children' | null;
  readonly summary: string | null;
  /** Tasks whose condition on this output is false. */
  readonly falseConditions: readonly number[];
  /** Id of the task whose result was used again, in place of a run of the agent. */
  readonly cachedFrom?: string;
}
export interface TaskFailed extends TaskEventBase<'TASK_FAILED'> {
  readonly attempt: number;
  readonly error: StoredError;
  readonly timedOut: boolean;
}
export interface TaskSkipped extends TaskEventBase<'TASK_SKIPPED'> {
  readonly cause: TaskCause;
}
/** The task waits for a person or for code, see its reason. */
export interface TaskParked extends TaskEventBase<'TASK_PARKED'> {
  readonly cause: TaskCause;
}
/** What the tasks were parked for is there now. */
export interface TasksReleased extends EventBase<'TASKS_RELEASED'> {
  readonly tasks: readonly number[];
}
export interface TasksFailed extends EventBase<'TASKS_FAILED'> {
  readonly tasks: readonly number[];
  readonly cause: TaskCause;
}
export interface TasksSkipped extends EventBase<'TASKS_SKIPPED'> {
  readonly tasks: readonly number[];
  readonly cause: TaskCause;
}
export interface TasksCancelled extends EventBase<'TASKS_CANCELLED'> {
  readonly tasks: readonly number[];
  readonly cause: TaskCause;
}
export interface JobCompleted extends EventBase<'JOB_COMPLETED'> {
  /** No task FAILED, REJECTED or skipped because of a failure. */
  readonly success: boolean;
}
export interface JobFailed extends EventBase<'JOB_FAILED'> {
  readonly error: StoredError;
  readonly task: number | null;
}
export interface JobCancelled extends EventBase<'JOB_CANCELLED'> {
  readonly reason: string | null;
}
/** The listed tasks begin a new generation; tasks they had added are superseded. */
export interface JobReopened extends EventBase<'JOB_REOPENED'> {
  readonly tasks: readonly number[];
  readonly superseded: readonly number[];
  readonly reason: string | null;
}

export type JobEvent =
  | JobSubmitted
  | TasksAdded
  | TaskStarted
  | TaskProgressed
  | TaskStepRecorded
  | TaskSuspended
  | TaskRetryScheduled
  | TaskAbandoned
  | TaskCompleted
  | TaskFailed
  | TaskSkipped
  | TaskParked
  | TasksReleased
  | TasksFailed
  | TasksSkipped
  | TasksCancelled
  | JobCompleted
  | JobFailed
  | JobCancelled
  | JobReopened;

/** An event as readers get it: numbered without gaps in its job, with public ids, large values left out. */
export interface EventView {
  readonly jobId: string;
  readonly seq: number;
  readonly type: EventType;
  readonly taskId: string | null;
  readonly taskKey: string | null;
  readonly at: number;
  readonly actor: string;
  readonly data: JsonObject;
}
