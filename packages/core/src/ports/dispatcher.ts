/** A task that may start now. */
export interface ReadyTask {
  readonly jobId: string;
  readonly no: number;
  readonly agent: string;
  /** 1–10, 10 most urgent. */
  readonly priority: number;
  readonly readyAt: number;
  readonly maxParallelInJob: number | null;
}

/**
 * Carries ready tasks to where they run. The ledger offers them; in each flush it takes as many as there is room for,
 * and each taken task holds its places until `release`.
 */
export interface Dispatcher {
  offer(task: ReadyTask): void;
  /**
   * The next task to start, its places taken; `null` when there is no room or nothing to do. An offer may be out of date
   * (the task was cancelled, or offered twice): the ledger checks, and gives the places back.
   */
  take(): ReadyTask | null;
  /** Gives back what `take` took: the attempt has really stopped, or was never started. */
  release(task: ReadyTask): void;
}
