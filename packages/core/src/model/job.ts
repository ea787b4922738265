import type { Duration, Moment } from '../kernel/duration.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { FailureStrategy, TaskStatus } from './task.js';

/** Where a job stands. Stored as the index in this list: append only. */
export const JOB_STATUSES = ['AWAITING_CONFIRMATION', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

const TERMINAL: ReadonlySet<JobStatus> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

export function isTerminalJob(status: JobStatus): boolean {
  return TERMINAL.has(status);
}

/** Settings of a job that callers give at start. */
export interface JobOptions {
  /** The same key with the same body gives the same job; with another body it is refused. Unique for each tenant. */
  readonly idempotencyKey?: string;
  /** 1–10 for every task that names none, 10 most urgent. Default 5. */
  readonly priority?: number;
  /** Most tasks of this job that run at the same time. Default: no limit of its own. */
  readonly maxParallel?: number;
  /** What a final failure does where neither the task nor a task above it says. Default `abort`. */
  readonly failureStrategy?: FailureStrategy;
  /** Agents that the job may use, also for tasks added while it runs. Default: all. */
  readonly allowedAgents?: readonly string[];
  /** Wait for `confirmJob` before anything runs. Default false. */
  readonly confirm?: boolean;
  /** Nothing runs before then. A date, an ISO text or milliseconds since the epoch. */
  readonly runAt?: Moment;
  /** The job fails with `JOB_TIMEOUT` when it has not ended by then. */
  readonly deadline?: Moment;
  /** The job fails with `JOB_TIMEOUT` this long after its submission. The earlier of this and `deadline` counts. */
  readonly timeLimit?: Duration;
  readonly metadata?: JsonObject;
  /**
   * What the application wants back around each attempt, for example who asked: stored with the job, given to agents as
   * `ctx.job.carried`, shown by no view and in no event. At most 16 KiB as JSON.
   */
  readonly carried?: JsonObject;
  /** Who submits it, for the first event. Default `user`. */
  readonly actor?: string;
  /** Whose job it is, for applications with several customers. Idempotency keys are unique for each. Default `default`. */
  readonly tenant?: string;
}

/** A job's definition: written once, never changed. */
export interface JobSpec {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly workflowVersion: string | null;
  readonly input: Json;
  readonly priority: number;
  readonly maxParallel: number | null;
  readonly strategy: FailureStrategy;
  readonly allowedAgents: readonly string[] | null;
  readonly confirm: boolean;
  readonly runAt: number | null;
  readonly deadline: number | null;
  readonly metadata: JsonObject | null;
  readonly carried: JsonObject | null;
  readonly createdAt: number;
}

/** How many tasks of a job stand where. */
export type TaskCounts = Readonly<Record<TaskStatus, number>>;
