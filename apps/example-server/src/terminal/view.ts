import type { JobTree } from './job-tree.js';

/** Where a job is shown: a screen that can be drawn over, or a stream of lines. */
export interface View {
  show(tree: JobTree): void;
  /** Leaves what is shown and lets go of the terminal. */
  end(): void;
}
