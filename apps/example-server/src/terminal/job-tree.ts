import type { Engine, JobView, TaskView } from '@taskloom/core';
import { everyPage } from '../every-page.js';

const AT_ONCE = 500;

/** A job's tasks, kept up to date by reading again those that changed. */
export class JobTree {
  private readonly tasks = new Map<number, TaskView>();

  private constructor(
    private readonly engine: Engine,
    public job: JobView,
  ) {}

  static async read(engine: Engine, job: JobView): Promise<JobTree> {
    const tree = new JobTree(engine, job);
    for (const task of await everyPage((page) => engine.reader.tasks({ jobId: job.id }, page))) tree.tasks.set(task.no, task);
    return tree;
  }

  /** In the order of their numbers. */
  all(): TaskView[] {
    return [...this.tasks.values()].sort((a, b) => a.no - b.no);
  }

  async refresh(numbers: readonly number[]): Promise<void> {
    const jobId = this.job.id;
    for (let from = 0; from < numbers.length; from += AT_ONCE) {
      const found = await this.engine.reader.tasksAt(numbers.slice(from, from + AT_ONCE).map((no) => ({ jobId, no })));
      for (const task of found) if (task) this.tasks.set(task.no, task);
    }
    this.job = (await this.engine.reader.job(jobId)) ?? this.job;
  }
}
