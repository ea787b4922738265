import { NAMED_CHILDREN, type SummarisedChild } from '../context/default-summary.js';
import type { StandingTask } from '../ledger/committed.js';
import type { TaskStatus } from '../model/task.js';
import type { RecentTasks } from './recent-tasks.js';

/** The tasks below one as its default summary needs them: of 10,000 that have completed nobody reads the names. */
export async function summarisedChildren(
  recent: RecentTasks,
  jobId: string,
  children: readonly StandingTask[],
): Promise<readonly SummarisedChild[]> {
  const numbers = new Map<TaskStatus, number>();
  for (const { status } of children) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  const named = children.filter(({ status }) => numbers.get(status)! <= NAMED_CHILDREN).map(({ no }) => no);
  const names = named.length === 0 ? null : await recent.names(jobId, named);
  return children.map(({ no, status }) => ({ name: names?.get(no) ?? '', status }));
}
