/** A dependency that an agent, or a caller of `addDependency`, asked for and that would make tasks wait for each other in a circle. */
export interface DependencyConflict {
  readonly jobId: string;
  /** The task that asked, or the one that was to wait. */
  readonly taskKey: string;
  /** The task that it wanted to add; `null` where the dependency was one between tasks that are there. */
  readonly newTask: string | null;
  /** Keys of the tasks to be waited for. */
  readonly after: readonly string[];
  readonly cycle: readonly string[];
}

/**
 * `drop` goes on without the dependency, `fail` refuses it with the error, `ask` lets a person decide while the agent's task
 * waits. For a caller of `addDependency`, where no run could wait for the answer, `ask` refuses like `fail`.
 */
export type DependencyConflictHook = (conflict: DependencyConflict) => ConflictDecision | Promise<ConflictDecision>;
export type ConflictDecision = 'drop' | 'fail' | 'ask';
