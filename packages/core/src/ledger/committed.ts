import type { JobEvent } from '../model/event.js';
import type { JobSpec } from '../model/job.js';
import type { AttemptReason, StatusReason, TaskStatus } from '../model/task.js';
import type { ReadyTask } from '../ports/dispatcher.js';

/** A task whose attempt has been started durably: the executor runs it now. */
export interface Grant {
  readonly place: ReadyTask;
  readonly tenant: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly workflow: string | null;
  readonly no: number;
  readonly key: string;
  readonly agent: string;
  readonly attempt: number;
  readonly fence: number;
  /** When it started by the time of its job, which never goes back: where the clock was set back, later than the clock says. */
  readonly startedAt: number;
  readonly generation: number;
  readonly rounds: number;
  readonly reason: AttemptReason;
  readonly dependencies: readonly number[];
  /** Numbers of dependencies, and of tasks of a list among them, that ended without completing. */
  readonly missing: readonly number[];
  /** The key of a task of the same job. */
  readonly keyOf: (no: number) => string;
  /** What stands below it, what was superseded and deliveries left out, in order. */
  readonly children: () => readonly StandingTask[];
  readonly allowedAgents: ReadonlySet<string> | null;
  /** `seq` of the rejection whose feedback this attempt gets, 0 for none. */
  readonly feedbackSeq: number;
}

export interface StandingTask {
  readonly no: number;
  readonly status: TaskStatus;
}

/** Where a task stands, and what it is. */
export interface CommittedTask {
  readonly key: string;
  readonly agent: string | null;
  readonly kind: string | null;
  readonly status: TaskStatus;
  readonly reason: StatusReason | null;
  readonly fence: number;
  readonly readyAt: number;
}

/** What a commit has made true of one job. */
export interface CommittedJob {
  readonly jobId: string;
  readonly tenant: string;
  /** The definition of a job that this commit has made; else `null`. */
  readonly created: JobSpec | null;
  readonly events: readonly JobEvent[];
  /** `seq` of the first of `events`. */
  readonly firstSeq: number;
  /** Numbers of the tasks whose rows changed. */
  readonly tasks: readonly number[];
  readonly ended: boolean;
  readonly wakeAt: number | null;
  /** A task, by now. */
  readonly standing: (no: number) => CommittedTask | undefined;
  /** Key of a task, for showing events. */
  readonly keyOf: (no: number) => string | null;
}
