import type { TaskContext } from '@taskloom/core';
import { z } from 'zod';
import { RepositoryIdentity } from '../git/identify-repository.js';
import type { HistoryRange } from '../git/read-commits.js';
import { Since } from '../git/since.js';

export const HistoryRangeInput = z.object({ identity: RepositoryIdentity, since: Since.nullable() });

/** The history to read. Where there is none, the task is skipped with the reason. */
export function rangeOf({ identity, since }: z.output<typeof HistoryRangeInput>, ctx: TaskContext): HistoryRange {
  if (identity.commit === null) return ctx.skip(`There is no history to read: ${identity.noHistoryReason ?? 'no commit'}.`);
  return { root: identity.root, commit: identity.commit, since };
}
