import { isTerminalTask, type StatusReason, type TaskStatus } from '../model/task.js';

/** What progress reads of a task. */
export interface ProgressTask {
  readonly no: number;
  readonly parent: number | null;
  /** `null`, or a name that begins with `$`: it stands for the tasks below it. */
  readonly agent: string | null;
  readonly status: TaskStatus;
  readonly statusReason: StatusReason | null;
  /** What its agent has reported, 0–100. */
  readonly progress: number;
  /** What it counts for; 0: nothing. */
  readonly weight: number;
}

export interface TaskProgress {
  /** 0–100, whole, rounded down; 100 means that all of it has ended. */
  readonly percent: number;
  /** Of everything that it counts. */
  readonly weight: number;
}

interface Sum {
  done: number;
  weight: number;
}

/**
 * How far each task of a job is, by number; that of the objective is the job's. A task that has ended counts as done,
 * however it ended, one that runs by what its agent reports. A task with others below it is the weighted mean of those,
 * and of its own run where it has an agent. What is superseded or stands in for a failure that has not happened counts
 * nothing.
 */
export function progressOf(tasks: readonly ProgressTask[]): ReadonlyMap<number, TaskProgress> {
  const sums = sumsOf(tasks);
  return new Map(tasks.map((task) => [task.no, { percent: percentOf(task, sums.get(task.no)!), weight: sums.get(task.no)!.weight }]));
}

function sumsOf(tasks: readonly ProgressTask[]): Map<number, Sum> {
  const byNo = new Map(tasks.map((task) => [task.no, task]));
  const openChildren = new Map<number, number>(tasks.map(({ no }) => [no, 0]));
  for (const { parent } of tasks) if (parent !== null && byNo.has(parent)) openChildren.set(parent, openChildren.get(parent)! + 1);
  const hasChildren = new Set([...openChildren].filter(([, count]) => count > 0).map(([no]) => no));

  const sums = new Map<number, Sum>(tasks.map((task) => [task.no, ownPart(task, hasChildren.has(task.no))]));
  // From the bottom up: a task is passed on when all below it have been.
  const ready = tasks.filter(({ no }) => !hasChildren.has(no));
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    const parent = task.parent === null ? undefined : byNo.get(task.parent);
    if (!parent) continue;
    const { done, weight } = sums.get(task.no)!;
    const sum = sums.get(parent.no)!;
    sum.done += done;
    sum.weight += weight;
    const left = openChildren.get(parent.no)! - 1;
    openChildren.set(parent.no, left);
    if (left === 0) ready.push(parent);
  }
  return sums;
}

function ownPart(task: ProgressTask, hasChildren: boolean): Sum {
  const { status, statusReason, agent } = task;
  if (status === 'DORMANT' || statusReason === 'SUPERSEDED') return { done: 0, weight: 0 };
  if (hasChildren && (agent === null || agent.startsWith('$'))) return { done: 0, weight: 0 };
  return { done: task.weight * (isTerminalTask(status) ? 100 : task.progress), weight: task.weight };
}

function percentOf({ status }: ProgressTask, { done, weight }: Sum): number {
  if (isTerminalTask(status)) return 100;
  return weight === 0 ? 0 : wholePercent(done / weight);
}

/** Sums of weights with decimals are not exact. */
export function wholePercent(percent: number): number {
  return Math.min(100, Math.floor(percent + 1e-9));
}
