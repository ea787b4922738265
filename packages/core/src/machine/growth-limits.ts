/** How far a job may grow while it runs. */
export interface GrowthLimits {
  readonly tasksPerJob: number;
  /** Most dependencies of all tasks together. */
  readonly edgesPerJob: number;
  readonly dynamicTasksPerCall: number;
  readonly dynamicTasksPerJob: number;
  /** Most levels of tasks below the objective. */
  readonly depth: number;
}
