import { TaskloomError } from '../errors/taskloom-error.js';
import { progressOf, togetherOf, type ProgressTask, type TaskProgress } from '../graph/progress.js';
import { JOB_STATUSES, isTerminalJob } from '../model/job.js';
import type { TaskView } from '../model/views.js';
import type { StoreReader } from '../ports/reader.js';
import { everyPage } from './every-page.js';

export interface StoryProgress extends TaskProgress {
  readonly taskId: string;
  readonly key: string;
  readonly name: string;
}

export interface JobProgress extends TaskProgress {
  /** In the order of their numbers. */
  readonly stories: readonly StoryProgress[];
}

export interface OverallProgress {
  /** 0–100 over the tasks of all jobs that have not ended; 100 when there are none. */
  readonly percent: number;
  /** Jobs that have not ended. */
  readonly jobs: number;
}

/** @throws TaskloomError `NOT_FOUND` */
export async function readJobProgress(reader: StoreReader, jobId: string): Promise<JobProgress> {
  const tasks: ProgressTask[] = [];
  const stories: { taskId: string; key: string; name: string; no: number }[] = [];
  for await (const page of everyPage((request) => reader.tasks({ jobId }, request))) {
    for (const task of page) {
      tasks.push(toProgressTask(task));
      if (task.type === 'STORY') stories.push({ taskId: task.id, key: task.key, name: task.name, no: task.no });
    }
  }
  const all = progressOf(tasks);
  const whole = all.get(0);
  if (!whole) throw new TaskloomError('NOT_FOUND', `There is no job ${jobId.slice(0, 80)}.`, { details: { jobId: jobId.slice(0, 80) } });
  return { ...whole, stories: stories.map(({ no, ...story }) => ({ ...story, ...all.get(no)! })) };
}

export async function readOverallProgress(reader: StoreReader): Promise<OverallProgress> {
  const parts: TaskProgress[] = [];
  const open = JOB_STATUSES.filter((status) => !isTerminalJob(status));
  for await (const page of everyPage((request) => reader.jobs({ status: open }, request))) {
    for (const { progress, counts } of page) {
      const tasks = Object.values(counts).reduce((sum, count) => sum + count, 0);
      parts.push({ percent: progress, weight: Math.max(1, tasks - 1) });
    }
  }
  return { percent: togetherOf(parts).percent, jobs: parts.length };
}

/** A copy of what counts: the views of a large job are not kept. */
function toProgressTask({ no, parent, agent, status, statusReason, progress, weight }: TaskView): ProgressTask {
  return { no, parent, agent, status, statusReason, progress, weight };
}
