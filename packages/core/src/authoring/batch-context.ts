import type { Cost } from '../model/cost.js';
import type { TaskLogger } from './task-context.js';

/** One task of a batch: an attempt of its own, with its own fence, signal and run timeout. */
export interface BatchItem {
  readonly jobId: string;
  readonly taskId: string;
  readonly taskKey: string;
  /** Counts attempts of this generation of the task, from 1. */
  readonly attempt: number;
  /** Grows with every start of the task: an outside system can refuse what comes with a lower one. */
  readonly fence: number;
  /** Aborted when this task is cancelled or times out, or the engine stops; the others go on. Its reason is an error with a code. */
  readonly signal: AbortSignal;
  /** The same for every attempt of this task and generation: hand it to outside systems that can recognise a repeat. */
  readonly idempotencyKey: string;
}

/** What `executeBatch` knows of its call. Nothing in it waits: a batch cannot be suspended. */
export interface BatchContext {
  /** In the order of `inputs`. */
  readonly items: readonly BatchItem[];
  /** Aborted when nobody waits for the result any more: the signals of all items have. */
  readonly signal: AbortSignal;
  /** The agent's name and the number of items are added to each line. */
  readonly logger: TaskLogger;
  /** A sign of life of all items, for the idle timeout. */
  heartbeat(): void;
  /**
   * Says what was spent for one of `items`, as `TaskContext.cost` does. What is said of an item whose attempt has ended is not
   * counted.
   *
   * @throws TaskloomError `OPTIONS_INVALID`
   */
  cost(item: BatchItem, amounts: Cost): void;
}
