import type { ReadyTask } from '../ports/dispatcher.js';
import type { JobShare } from './job-share.js';
import { NO_NEEDS, type Limit, type Need } from './limit.js';

/** What only a task has that found a limit full. */
export interface Stop {
  /** The limit in whose line it waits; `null` once it was called from there, to the line of the process. */
  at: Limit | null;
  /** The limit from whose line it was called: it was first there, and there was room. */
  calledBy: Limit | null;
  /** How much of that limit it needs. */
  demand: number;
  /** How often it was called by one limit while another one was full. */
  missedTurns: number;
  /** What is kept for it until it has everything else. */
  keeps: readonly Need[];
}

/**
 * An offered task: first it waits, then it runs. Lean on purpose, there may be 100,000: times are whole milliseconds on the
 * monotonic clock, and what few tasks have is apart.
 */
export class WaitingTask {
  heapIndex = -1;
  stop: Stop | null = null;
  /** Tasks of the same job that were offered just before and after it and still wait. */
  older: WaitingTask | null = null;
  newer: WaitingTask | null = null;
  /** What it has taken, once it runs. */
  needs: readonly Need[] = NO_NEEDS;
  /** How many places of the process, once it runs. */
  places = 1;
  /** Of the time its job has used, what was put down for it when it started. */
  chargedMs = 0;
  startedAt = 0;

  constructor(
    readonly task: ReadyTask,
    readonly job: JobShare,
    /** Since when it is ready. */
    readonly since: number,
    /** `since` in levels of priority, less its priority: the smaller, the more urgent. */
    readonly rank: number,
    readonly order: number,
  ) {}

  get deadline(): number {
    return this.task.deadline ?? Number.POSITIVE_INFINITY;
  }
}

/**
 * Which of two tasks of one job goes first. Ageing raises all that wait at the same pace, so this never changes and the
 * rank needs to be computed only once. Equals go in the order in which they stand in the job: which of them became ready
 * first is chance, and what stands together in the job stands together in the store.
 */
export function goesFirstInJob(a: WaitingTask, b: WaitingTask): boolean {
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.deadline !== b.deadline) return a.deadline < b.deadline;
  if (a.task.criticalPath !== b.task.criticalPath) return a.task.criticalPath > b.task.criticalPath;
  return a.task.no < b.task.no;
}
