import type { EventView, JobReport, TaskReport, TaskRun, TaskView } from '@taskloom/core';
import { JobRuns } from '@taskloom/core/internal';

/**
 * The report as one caller may read it, of the tasks that it sees.
 *
 * @param seen the report's tasks, in its order; `null` where this caller may not see one
 * @param histories the events about each of them that this caller may see; `null` where it may see all
 */
export function visibleReport(
  report: JobReport,
  seen: readonly (TaskView | null)[],
  histories: readonly (readonly EventView[])[] | null,
): JobReport {
  const tasks = report.tasks
    .map((task, index) => (histories ? toldBy(histories[index]!, task, report) : task))
    .filter((_, index) => seen[index]);
  return { ...report, tasks, ranMs: tasks.reduce((sum, { ranMs }) => sum + ranMs, 0) };
}

function toldBy(history: readonly EventView[], task: TaskReport, { job, tookMs }: JobReport): TaskReport {
  const runs = new JobRuns();
  for (const event of history) runs.take(event);
  const now = (job.startedAt ?? 0) + (tookMs ?? 0);
  const seen = runs.of(task.id);
  const tookMsOf = ({ startedAt, endedAt }: TaskRun, isLast: boolean): number =>
    (endedAt ?? (isLast && task.status === 'IN_PROGRESS' ? now : startedAt)) - startedAt;
  return { ...task, runs: seen, ranMs: seen.reduce((sum, run, index) => sum + tookMsOf(run, index === seen.length - 1), 0) };
}
