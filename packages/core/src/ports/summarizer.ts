import type { Json } from '../kernel/json.js';
import type { TaskStatus } from '../model/task.js';

/** What a summarizer is told of a finished task: a copy that it may keep and change. */
export interface SummaryRequest {
  readonly taskName: string;
  readonly agent: string | null;
  readonly output: Json;
  /** Size of the output as JSON. */
  readonly outputBytes: number;
  /** The tasks below it, in order. Of one that did not complete, `summary` says how it ended and why. */
  readonly children: readonly { readonly name: string; readonly status: TaskStatus; readonly summary: string | null }[];
}

/**
 * Says in a few sentences what a finished task came to: of every task whose agent did not call `ctx.summarize`, at every
 * level from subtasks to the objective.
 */
export interface Summarizer {
  /**
   * At most 600 characters are kept. When it throws, takes longer than 30 s or returns no text, the default summary is used
   * and a line is logged; the task completes in any case.
   *
   * @param signal aborted after 30 s, and when the task is cancelled
   */
  summarize(request: SummaryRequest, signal: AbortSignal): string | Promise<string>;
}
