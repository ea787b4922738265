import { notFound } from '../errors/not-found.js';
import { progressOf, wholePercent, type ProgressTask, type TaskProgress } from '../graph/progress.js';
import type { TaskView } from '../model/views.js';
import type { EngineReader, StoreReader } from '../ports/reader.js';
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
  if (!whole) throw notFound('job', jobId);
  return { ...whole, stories: stories.map(({ no, ...story }) => ({ ...story, ...all.get(no)! })) };
}

export async function readOverallProgress(reader: EngineReader): Promise<OverallProgress> {
  const { jobs, done, total } = await reader.openWork();
  if (jobs === 0) return { percent: 100, jobs };
  return { percent: total === 0 ? 0 : wholePercent(done / total), jobs };
}

/** A copy of what counts: the views of a large job are not kept. */
function toProgressTask({ no, parent, agent, status, statusReason, progress, weight }: TaskView): ProgressTask {
  return { no, parent, agent, status, statusReason, progress, weight };
}
