import type { LimitGauge } from '../ports/dispatcher.js';
import type { JobStatus } from './job.js';
import type { TaskStatus } from './task.js';

/** How long something took, in milliseconds. Quantiles are within a tenth of the truth; `null` where nothing was measured. */
export interface DistributionView {
  readonly count: number;
  readonly sum: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What became of tasks since the engine's start. Tasks without an agent, and the engine's own, are left out. */
export interface TaskMetrics {
  /** Attempts started. */
  readonly started: number;
  readonly completed: number;
  /** Failed for good, also where another task stands in. */
  readonly failed: number;
  /** Attempts after which another one was scheduled. */
  readonly retried: number;
  /** Attempts that ran out of time. */
  readonly timedOut: number;
  readonly skipped: number;
  readonly cancelled: number;
  /** `completed` of `completed` and `failed`, 0–1; `null` while there are none. */
  readonly successRate: number | null;
  /** Of attempts, from their start to their end or suspension. */
  readonly durationMs: DistributionView;
  /** From READY to the start of the attempt. */
  readonly waitMs: DistributionView;
}

export interface NamedTaskMetrics extends TaskMetrics {
  readonly name: string;
}

/** What this engine has done since its start, and what it has before it now. */
export interface EngineMetrics {
  /** When the engine was started; counts begin with 0 there. */
  readonly since: number;
  readonly at: number;
  readonly jobs: { readonly submitted: number; readonly completed: number; readonly failed: number; readonly cancelled: number };
  readonly tasks: TaskMetrics;
  /** By the name of the agent. */
  readonly agents: readonly NamedTaskMetrics[];
  /** By the label `kind`, of tasks that have one; after 1,000 of them the others are `(others)`. */
  readonly kinds: readonly NamedTaskMetrics[];
  readonly open: {
    readonly jobs: Readonly<Partial<Record<JobStatus, number>>>;
    readonly tasks: Readonly<Record<TaskStatus, number>>;
    /** Tasks on the longest chain of dependencies in a job that has not ended; 0 without one. */
    readonly dependencyDepth: number;
  };
  /** Places and units in use: the process, agents, named limits, pools. `waiting` of them together is the depth of the queue. */
  readonly limits: readonly LimitGauge[];
}
