import { isTerminalTask, type TaskView } from '@taskloom/core';
import { oneLine } from './one-line.js';
import { saysSomething } from './tree-lines.js';

const PROGRESS_STEP = 25;

interface Line {
  /** When it came about; lines are said in that order. */
  readonly at: number;
  /** Of what came about together the innermost is said first. */
  readonly depth: number;
  readonly text: string;
}

type Tasks = ReadonlyMap<number, TaskView>;

/** Says what changed since the last time, one line each: for logs and pipes. */
export class PlainLines {
  private readonly said = new Map<number, string>();
  private readonly quarters = new Map<number, number>();

  next(tasks: readonly TaskView[]): string[] {
    const byNo = new Map(tasks.map((task) => [task.no, task]));
    return tasks
      .filter(({ origin }) => origin === 'plan')
      .flatMap((task) => [...this.progress(task, tasks, byNo), ...this.change(task, byNo)])
      .sort((a, b) => a.at - b.at || b.depth - a.depth)
      .map(({ text }) => text);
  }

  private change(task: TaskView, byNo: Tasks): Line[] {
    const state = tellingState(task);
    if (state === null || this.said.get(task.no) === state) return [];
    this.said.set(task.no, state);
    const note = state === 'STARTED' ? null : noteOf(task);
    const text = `${state.toLowerCase().padEnd(9)} ${nameOf(task, byNo)}${note === null ? '' : `: ${oneLine(note)}`}`;
    return [{ at: whenOf(task), depth: depthOf(task, byNo), text }];
  }

  /** A task that was repeated for a list tells each quarter of it. */
  private progress(task: TaskView, tasks: readonly TaskView[], byNo: Tasks): Line[] {
    const repeated = tasks.filter((child) => child.parent === task.no && child.origin === 'map');
    if (repeated.length === 0) return [];
    const done = repeated.filter(({ status }) => isTerminalTask(status)).length;
    const quarter = Math.floor(((done / repeated.length) * 100) / PROGRESS_STEP);
    if (quarter <= (this.quarters.get(task.no) ?? 0)) return [];
    this.quarters.set(task.no, quarter);
    return [{ at: whenOf(task), depth: depthOf(task, byNo), text: `progress  ${nameOf(task, byNo)}: ${done} of ${repeated.length}` }];
  }
}

/** A story or objective is told when it ends; its tasks tell when they begin. */
function tellingState(task: TaskView): string | null {
  if (isTerminalTask(task.status)) return task.status;
  return task.status === 'IN_PROGRESS' && task.agent !== null && task.attempt <= 1 ? 'STARTED' : null;
}

function noteOf(task: TaskView): string | null {
  const fallback = task.status === 'COMPLETED' && saysSomething(task) ? task.summary : null;
  return task.error?.message ?? task.statusMessage ?? fallback;
}

function whenOf({ finishedAt, updatedAt }: TaskView): number {
  return finishedAt ?? updatedAt;
}

function depthOf(task: TaskView, byNo: Tasks): number {
  const parent = task.parent === null ? undefined : byNo.get(task.parent);
  return parent === undefined ? 0 : 1 + depthOf(parent, byNo);
}

function nameOf(task: TaskView, byNo: Tasks): string {
  const parent = task.parent === null ? undefined : byNo.get(task.parent);
  return parent && parent.no !== 0 ? `${oneLine(parent.name)} › ${oneLine(task.name)}` : oneLine(task.name);
}
