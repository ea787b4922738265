import type { JobFilter as CoreJobFilter } from '@taskloom/core';

import { present } from '../present.js';
import type { JobFilter } from './job-filter.input.js';

/** A filter as the store takes it. */
export function toJobFilter({ open, createdAfter, createdBefore, ...rest }: JobFilter): CoreJobFilter {
  return {
    ...present(rest),
    ...present({ isOpen: open, createdAfter: createdAfter?.getTime(), createdBefore: createdBefore?.getTime() }),
  };
}
