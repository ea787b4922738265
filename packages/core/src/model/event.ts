import type { StoredError } from '../errors/serialize-error.js';
import type { JsonObject } from '../kernel/json.js';
import type { TaskCost } from './cost.js';
import type { EngineIdentity } from './engine-identity.js';
import type { NewRequest, TimeoutAction } from './human-request.js';
import type { DependencyMode, StatusReason, TaskCause, TaskSpec } from './task.js';

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
  'JOB_CONFIRMED',
  'JOB_STARTED',
  'JOB_RECOVERED',
  'TASK_RETURNED',
  'TASK_REVIEW_REQUESTED',
  'TASK_ACCEPTED',
  'TASK_REJECTED',
  'TASK_REROUTED',
  'TASKS_REOPENED',
  'DEPENDENCY_ADDED',
  'HUMAN_REQUESTED',
  'HUMAN_ANSWERED',
  'HUMAN_EXPIRED',
  'HUMAN_WITHDRAWN',
  'HOLD_PLACED',
  'HOLD_LIFTED',
  'TASK_OVERDUE',
  'TASK_STREAMED',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Who brought an event about: the engine itself, an agent's attempt, or a caller. */
export type Actor = 'engine' | 'agent' | `user:${string}` | 'user';

interface EventBase<Type extends EventType> {
  readonly type: Type;
  /** Milliseconds since the epoch. Order is by `seq`, never by time. */
  readonly at: number;
  readonly actor: Actor;
  /** What attempts have spent since the event about them before this one; absent where that is nothing. */
  readonly spent?: readonly TaskCost[];
}

interface TaskEventBase<Type extends EventType> extends EventBase<Type> {
  readonly task: number;
}

/** What is remembered by name for later runs of a task. */
export type MemoKind = 'step' | 'sleep' | 'ask' | 'publish';

/** A text that is stored apart from its event when it is long: outputs and step results, serialised once as JSON. */
export interface JsonText {
  readonly json: string;
  readonly bytes: number;
}

export interface JobSubmitted extends EventBase<'JOB_SUBMITTED'> {
  readonly name: string;
  readonly workflow: string | null;
  /** What the job waits for before anything in it may run. */
  readonly waitsFor: 'confirmation' | 'start-time' | null;
}
export interface JobConfirmed extends EventBase<'JOB_CONFIRMED'> {
  /** Whether its start time is still to come. */
  readonly waitsFor: 'start-time' | null;
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
}
/** The start time of a delayed job has come. */
export type JobStarted = EventBase<'JOB_STARTED'>;
/** What a start of the engine found of the job's unfinished attempts. */
export interface JobRecovered extends EventBase<'JOB_RECOVERED'> {
  readonly found: number;
  readonly requeued: number;
  readonly parked: number;
  readonly failed: number;
}
/** `specs` travel with the event in memory and are stored in rows of their own; the event names the range. */
export interface TasksAdded extends EventBase<'TASKS_ADDED'> {
  readonly from: number;
  readonly count: number;
  readonly by: number | null;
  readonly specs: readonly TaskSpec[];
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
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
  readonly kind: MemoKind;
  readonly name: string;
  readonly value: JsonText;
  /** The task's generation when it was recorded: the memo is kept by generation. */
  readonly generation: number;
}
/** The attempt ended to wait: for tasks that it asked for (`waitFor` are their numbers), a person, or a time. */
export interface TaskSuspended extends TaskEventBase<'TASK_SUSPENDED'> {
  readonly fence: number;
  readonly reason: Extract<StatusReason, 'WAITING_DEPENDENCIES' | 'WAITING_CHILDREN' | 'WAITING_HUMAN' | 'WAITING_TIMER'>;
  readonly waitFor: readonly number[];
  /** Not before then; 0 where no time is waited for. */
  readonly until: number;
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
  /** `children`: the list of the children's outputs; `kept`: what an earlier TASK_RETURNED holds; a number: that task's output. */
  readonly output: JsonText | 'children' | 'kept' | number | null;
  readonly summary: string | null;
  /** Tasks whose condition on this output is false. */
  readonly falseConditions: readonly number[];
  /** Id of the task whose result was used again, in place of a run of the agent. */
  readonly cachedFrom?: string;
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
  /** Why its own attempts failed, where something else stands in for their output. */
  readonly recovered?: StoredError;
}
/** The agent has returned, and what it returned is kept; the task ends when what it waits for has come. */
export interface TaskReturned extends TaskEventBase<'TASK_RETURNED'> {
  readonly attempt: number;
  readonly output: JsonText | null;
  readonly summary: string | null;
  readonly falseConditions: readonly number[];
  readonly reason: Extract<StatusReason, 'WAITING_CHILDREN' | 'WAITING_REVIEW'>;
}
/** The children of a task that has returned have ended; now it is judged. */
export type TaskReviewRequested = TaskEventBase<'TASK_REVIEW_REQUESTED'>;
export interface TaskAccepted extends TaskEventBase<'TASK_ACCEPTED'> {
  readonly message: string | null;
}
export interface TaskRejected extends TaskEventBase<'TASK_REJECTED'> {
  /** Feedback for the next attempt. */
  readonly message: string;
  /** Whether there is no next attempt. */
  readonly final: boolean;
  readonly rejections: number;
  /** Tasks that the rejected attempts had added. */
  readonly superseded: readonly number[];
}
/** The task failed for good, and another one runs in its stead. */
export interface TaskRerouted extends TaskEventBase<'TASK_REROUTED'> {
  readonly attempt: number;
  readonly error: StoredError;
  readonly timedOut: boolean;
  readonly to: number;
}
/** An attempt takes longer than its timeout and may go on. */
export interface TaskOverdue extends TaskEventBase<'TASK_OVERDUE'> {
  readonly attempt: number;
  readonly error: StoredError;
}
/** Text that the agent gives out while it works. */
export interface TaskStreamed extends TaskEventBase<'TASK_STREAMED'> {
  readonly text: string;
}
export interface DependencyAdded extends TaskEventBase<'DEPENDENCY_ADDED'> {
  readonly on: number;
  readonly mode: DependencyMode;
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
}
export interface HumanRequested extends TaskEventBase<'HUMAN_REQUESTED'> {
  /** Its number in the job, from 1. */
  readonly request: number;
  readonly ask: NewRequest;
}
export interface HumanAnswered extends TaskEventBase<'HUMAN_ANSWERED'> {
  readonly request: number;
  readonly name: string;
  readonly answer: JsonText;
  /** The task's generation. */
  readonly generation: number;
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
}
/** Nobody answered in time. */
export interface HumanExpired extends TaskEventBase<'HUMAN_EXPIRED'> {
  readonly request: number;
  readonly name: string;
  readonly action: TimeoutAction;
  readonly generation: number;
}
/** Nobody needs the answers any more. */
export interface HumanWithdrawn extends EventBase<'HUMAN_WITHDRAWN'> {
  readonly requests: readonly number[];
}
/** Nothing of the task and below it starts; task 0 means the whole job. */
export interface HoldPlaced extends TaskEventBase<'HOLD_PLACED'> {
  readonly reason: string | null;
  /** The question that nobody answered in time: its answer lifts the hold. */
  readonly request?: number;
}
export interface HoldLifted extends TaskEventBase<'HOLD_LIFTED'> {
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
}
/** In a job that has not ended: the tasks begin a new generation. */
export interface TasksReopened extends EventBase<'TASKS_REOPENED'> {
  readonly tasks: readonly number[];
  readonly superseded: readonly number[];
  readonly reason: string | null;
}
export interface TaskFailed extends TaskEventBase<'TASK_FAILED'> {
  readonly attempt: number;
  readonly error: StoredError;
  readonly timedOut: boolean;
  /** Default ATTEMPTS_EXHAUSTED. */
  readonly reason?: Extract<StatusReason, 'BY_PERSON' | 'DEADLINE_PASSED'>;
  /** In place of the task's own: the failure ends the job whatever the strategy. */
  readonly strategy?: 'abort';
  /** Numbers of the failures in a row that this one ends, where the job is given up because of them. */
  readonly cascade?: readonly number[];
}
export interface TaskSkipped extends TaskEventBase<'TASK_SKIPPED'> {
  readonly cause: TaskCause;
}
/** The task waits for a person or for code, see its reason. */
export interface TaskParked extends TaskEventBase<'TASK_PARKED'> {
  readonly cause: TaskCause;
}
/** What the tasks were parked for is there now, or the time they waited for has come. */
export interface TasksReleased extends EventBase<'TASKS_RELEASED'> {
  readonly tasks: readonly number[];
  /** Why, where a caller from outside said so. */
  readonly reason?: string;
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
  | JobReopened
  | JobConfirmed
  | JobStarted
  | JobRecovered
  | TaskReturned
  | TaskReviewRequested
  | TaskAccepted
  | TaskRejected
  | TaskRerouted
  | TasksReopened
  | DependencyAdded
  | HumanRequested
  | HumanAnswered
  | HumanExpired
  | HumanWithdrawn
  | HoldPlaced
  | HoldLifted
  | TaskOverdue
  | TaskStreamed;

/** An event as readers get it: numbered without gaps in its job, with public ids, large values left out. */
export interface EventView {
  readonly jobId: string;
  readonly seq: number;
  readonly type: EventType;
  readonly taskId: string | null;
  readonly taskKey: string | null;
  readonly at: number;
  readonly actor: string;
  /** The engine that decided and wrote it; `null` for an event from before events told. */
  readonly engine: EngineIdentity | null;
  readonly data: JsonObject;
}
