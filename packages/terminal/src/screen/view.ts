import type { TreeTask } from '../tree/tree-task.js';

/** Where a job is shown: a screen that can be drawn over, or a stream of lines. */
export interface View {
  /** @param tasks the job's, its root first, in the order they came into it */
  show(tasks: readonly TreeTask[]): void;
  /** Says something about the whole, such as that the connection is lost; `null`: nothing any more. */
  say(text: string | null): void;
  /** Leaves what is shown and lets go of the terminal. */
  end(): void;
}
