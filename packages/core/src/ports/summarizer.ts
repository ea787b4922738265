import type { Json } from '../kernel/json.js';
import type { TaskStatus } from '../model/task.js';

export interface SummaryRequest {
  readonly taskName: string;
  readonly agent: string | null;
  readonly output: Json;
  readonly outputBytes: number;
  /** The tasks below it. */
  readonly children: readonly { readonly name: string; readonly status: TaskStatus; readonly summary: string | null }[];
}

/** Says in a few sentences what a finished task came to. */
export interface Summarizer {
  /** At most 600 characters are kept. When it throws or takes longer than 30 s, the default summary is used. */
  summarize(request: SummaryRequest, signal: AbortSignal): string | Promise<string>;
}
