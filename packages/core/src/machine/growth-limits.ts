/** How far a job may grow while it runs. */
export interface GrowthLimits {
  readonly tasksPerJob: number;
  readonly dynamicTasksPerCall: number;
  readonly dynamicTasksPerJob: number;
  /** Most levels of tasks below the objective. */
  readonly depth: number;
}
