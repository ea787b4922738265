/** How far a job may grow while it runs. */
export interface GrowthLimits {
  readonly tasksPerJob: number;
  readonly dynamicTasksPerCall: number;
  readonly dynamicTasksPerJob: number;
  /** Most levels of tasks below the objective. */
  readonly depth: number;
}

/** What bounds a job while it runs. */
export interface MachineLimits extends GrowthLimits {
  /** The job is given up after so many failures in a row, each depending on the one before; 0: never. */
  readonly cascadeAfter: number;
}
