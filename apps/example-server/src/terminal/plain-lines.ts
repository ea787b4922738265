import { isTerminalTask, type TaskView } from '@taskloom/core';
import { oneLine } from './draw-tree.js';

const PROGRESS_STEP = 25;

interface Line {
  /** When it came about; lines are said in that order. */
  readonly at: number;
  readonly text: string;
}

/** Says what changed since the last time, one line each: for logs and pipes. */
export class PlainLines {
  private readonly said = new Map<number, string>();
  private readonly quarters = new Map<number, number>();

  next(tasks: readonly TaskView[]): string[] {
    const byNo = new Map(tasks.map((task) => [task.no, task]));
    return tasks
      .filter(({ origin }) => origin === 'plan')
      .flatMap((task) => [...this.progress(task, tasks), ...this.change(task, byNo)])
      .sort((a, b) => a.at - b.at)
      .map(({ text }) => text);
  }

  private change(task: TaskView, byNo: ReadonlyMap<number, TaskView>): Line[] {
    // A story or objective is told when it ends; its tasks tell when they begin.
    const state = isTerminalTask(task.status)
      ? task.status
      : task.status === 'IN_PROGRESS' && task.agent !== null && task.attempt <= 1
        ? 'STARTED'
        : null;
    if (state === null || this.said.get(task.no) === state) return [];
    this.said.set(task.no, state);
    const note = task.error?.message ?? task.statusMessage ?? (state === 'COMPLETED' ? task.summary : null);
    const text = `${state.toLowerCase().padEnd(9)} ${nameOf(task, byNo)}${note === null || state === 'STARTED' ? '' : `: ${oneLine(note)}`}`;
    return [{ at: task.finishedAt ?? task.updatedAt, text }];
  }

  /** A task that was repeated for a list tells each quarter of it. */
  private progress(task: TaskView, tasks: readonly TaskView[]): Line[] {
    const repeated = tasks.filter((child) => child.parent === task.no && child.origin === 'map');
    if (repeated.length === 0) return [];
    const done = repeated.filter(({ status }) => isTerminalTask(status)).length;
    const quarter = Math.floor(((done / repeated.length) * 100) / PROGRESS_STEP);
    if (quarter <= (this.quarters.get(task.no) ?? 0)) return [];
    this.quarters.set(task.no, quarter);
    return [{ at: task.finishedAt ?? task.updatedAt, text: `progress  ${oneLine(task.name)}: ${done} of ${repeated.length}` }];
  }
}

function nameOf(task: TaskView, byNo: ReadonlyMap<number, TaskView>): string {
  const parent = task.parent === null ? undefined : byNo.get(task.parent);
  return parent && parent.no !== 0 ? `${oneLine(parent.name)} › ${oneLine(task.name)}` : oneLine(task.name);
}
