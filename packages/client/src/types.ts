/** JSON as the API takes and gives it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JobStatus = 'AWAITING_CONFIRMATION' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

/** Why a job or task failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** One fact about a job. */
export interface JobEvent {
  readonly jobId: string;
  /** 1, 2, 3 … without gaps in a job. */
  readonly seq: number;
  /** For example `TASK_COMPLETED`. */
  readonly type: string;
  readonly taskId: string | null;
  readonly taskKey: string | null;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, Json>>;
}

export interface JobState {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly status: JobStatus;
  /** Null until it has ended. */
  readonly success: boolean | null;
  /** 0 to 100. */
  readonly progress: number;
  readonly error: Failure | null;
  readonly lastSeq: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface TaskState {
  readonly id: string;
  readonly jobId: string;
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly agent: string | null;
  readonly status: string;
  readonly statusReason: string | null;
  readonly statusMessage: string | null;
  readonly progress: number;
  readonly progressMessage: string | null;
  readonly summary: string | null;
  readonly error: Failure | null;
  readonly parent: { readonly id: string } | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** `JobOptionsInput` of the schema. */
export interface StartOptions {
  readonly idempotencyKey?: string;
  readonly priority?: number;
  readonly maxParallel?: number;
  readonly failureStrategy?: string;
  readonly allowedAgents?: readonly string[];
  readonly metadata?: Readonly<Record<string, Json>>;
}

export interface StreamOptions {
  /** Ends the stream without an error. */
  readonly signal?: AbortSignal;
}

export interface TaskScope {
  /** Only what concerns this task. */
  readonly taskId?: string;
  /** With `taskId`: also what concerns a task below it. */
  readonly subtree?: boolean;
}

export interface JobEventsOptions extends StreamOptions, TaskScope {
  /** The last event already seen. Default 0: from the beginning. */
  readonly afterSeq?: number;
  /** Only events of these types. */
  readonly types?: readonly string[];
}
