import type { EventView, TaskAddress } from '@taskloom/core';
import { parseTaskId } from '@taskloom/core/internal';

import type { GuardedReader } from '../../access/guarded-reader.js';

const BATCH = 1_000;

/** One task, or a task with everything below it: what a subscription is narrowed to. A task's place in its job never changes. */
export class TaskScope {
  private readonly inside = new Map<number, boolean>();

  constructor(
    private readonly reader: GuardedReader,
    private readonly root: TaskAddress,
    private readonly isSubtree: boolean,
  ) {
    this.inside.set(root.no, true);
  }

  /** Which of the tasks belong to it. */
  async filter(numbers: readonly number[]): Promise<readonly number[]> {
    if (!this.isSubtree) return numbers.filter((no) => no === this.root.no);
    for (let from = 0; from < numbers.length; from += BATCH) await this.learn(numbers.slice(from, from + BATCH));
    return numbers.filter((no) => this.inside.get(no));
  }

  /** Whether an event concerns one of its tasks. Of an event about very many tasks, only the first are known: it passes. */
  async concerns({ taskId, data }: EventView): Promise<boolean> {
    if (taskId !== null) return (await this.filter(numbersOf([taskId]))).length > 0;
    const { tasks, from, count } = data;
    if (Array.isArray(tasks)) {
      const isCut = typeof count === 'number' && count > tasks.length;
      return isCut || (await this.filter(numbersOf(tasks as readonly string[]))).length > 0;
    }
    if (typeof from === 'number' && typeof count === 'number')
      return (await this.filter(Array.from({ length: count }, (_, index) => from + index))).length > 0;
    return false;
  }

  /** Asks for parents, level by level, until it is known of each task whether it is inside. */
  private async learn(numbers: readonly number[]): Promise<void> {
    const unknown = numbers.filter((no) => !this.inside.has(no));
    if (unknown.length === 0) return;
    const views = await this.reader.tasksAt(unknown.map((no) => ({ jobId: this.root.jobId, no })));
    const parents = views.map((view) => view?.parent ?? null);
    await this.learn([...new Set(parents.filter((parent) => parent !== null))]);
    unknown.forEach((no, index) => {
      const parent = parents[index] ?? null;
      this.inside.set(no, parent !== null && this.inside.get(parent) === true);
    });
  }
}

function numbersOf(ids: readonly string[]): readonly number[] {
  return ids.map((id) => parseTaskId(id)?.no).filter((no) => no !== undefined);
}
