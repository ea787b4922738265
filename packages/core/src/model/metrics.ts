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
