import { isTerminalTask } from '../model/task.js';
import type { JobState, TaskState } from './job-state.js';

const NOTHING = -1;

/**
 * How far a job is, kept up with its tasks: the same sums that `progressOf` makes of all of them. Each task that counts
 * anything counts its weight.
 */
export class Work {
  /** Weights of all tasks, each times how far it is in percent. */
  done = 0;
  /** Weights of all tasks. */
  total = 0;
  /** How far each task was when it was last looked at; `NOTHING` where it counts nothing. */
  private readonly percents: number[] = [];
  /** Weights other than 1; `null` where there are none. */
  private weights: Map<number, number> | null = null;

  weigh(no: number, weight: number): void {
    if (weight !== 1) (this.weights ??= new Map()).set(no, weight);
  }

  /** Takes note of where a task stands now. Returns whether it is new here. */
  note(task: TaskState): boolean {
    const { no } = task;
    const before = this.percents[no];
    const percent = percentOf(task);
    if (before === percent) return false;
    this.percents[no] = percent;
    const was = before ?? NOTHING;
    const weight = this.weights?.get(no) ?? 1;
    if (was !== NOTHING) this.count(-weight, was);
    if (percent !== NOTHING) this.count(weight, percent);
    return before === undefined;
  }

  private count(weight: number, percent: number): void {
    this.total += weight;
    this.done += weight * percent;
  }
}

/** Takes note of where a task stands now. Its parent may count nothing from its first child on. */
export function noteWork({ work, tasks }: JobState, task: TaskState): void {
  if (work.note(task) && task.parent !== null) work.note(tasks[task.parent]!);
}

function percentOf({ status, reason, agent, children, progress }: TaskState): number {
  if (status === 'DORMANT' || reason === 'SUPERSEDED') return NOTHING;
  if (children.length > 0 && (agent === null || agent.startsWith('$'))) return NOTHING;
  return isTerminalTask(status) ? 100 : progress;
}
