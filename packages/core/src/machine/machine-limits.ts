import type { GrowthLimits } from './growth-limits.js';

/** What bounds a job while it runs. */
export interface MachineLimits extends GrowthLimits {
  /** The job is given up after so many failures in a row, each depending on the one before; 0: never. */
  readonly cascadeAfter: number;
}
