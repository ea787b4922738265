/** What is told of a job. */
export interface JobFacts {
  readonly id: string;
  readonly name: string;
  /** `null` for an explicit graph. */
  readonly workflow: string | null;
  readonly tenant: string;
  readonly metadata: { readonly [key: string]: unknown } | null;
  /** How often it was reopened. */
  readonly generation: number;
  /** When it was submitted, or reopened. */
  readonly openedAt: number;
}

/** What is told of a task. */
export interface TaskFacts {
  readonly id: string;
  readonly key: string;
  readonly agent: string;
  readonly type: string;
  /** Its free label; empty where it has none. */
  readonly kind: string;
  /** Id of the task above it. */
  readonly parent: string | null;
  /** Tasks on the longest way of dependencies that leads to it, itself included. */
  readonly depth: number;
}

/** One run of an agent: from its start to its end, or to where it begins to wait. An attempt that waits has several. */
export interface Run {
  readonly job: JobFacts;
  readonly task: TaskFacts;
  readonly fence: number;
  /** Counts attempts from 1. */
  readonly attempt: number;
  readonly startedAt: number;
  /** How long it was ready to start and did not, as far as its events tell. */
  readonly waitedMs: number;
}

export const RUN_OUTCOMES = ['completed', 'failed', 'retried', 'suspended', 'skipped', 'parked', 'cancelled', 'abandoned'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What happens, as telemetry tells it. Times are milliseconds since the epoch. */
export type Observation =
  | { readonly kind: 'job-opened'; readonly job: JobFacts }
  | {
      readonly kind: 'job-ended';
      readonly job: JobFacts;
      readonly at: number;
      readonly status: 'completed' | 'failed' | 'cancelled';
      readonly error: Failure | null;
    }
  | { readonly kind: 'run-started'; readonly run: Run }
  | { readonly kind: 'run-ended'; readonly run: Run; readonly at: number; readonly outcome: RunOutcome; readonly error: Failure | null };
