import { IndexedHeap } from './indexed-heap.js';
import type { JobShare } from './job-share.js';
import type { Limit } from './limit.js';
import { goesFirstInJob, type WaitingTask } from './waiting-task.js';

/** The tasks of one job in a line. */
class Lane {
  heapIndex = -1;
  readonly tasks = new IndexedHeap<WaitingTask>(goesFirstInJob);
  /** The task that is next when it is the job's turn, and what decides about that, as they were last looked at. */
  next: WaitingTask | null = null;
  level = 0;
  usedMs = 0;

  constructor(
    readonly job: JobShare,
    private readonly ageingMs: number,
  ) {}

  /** Looks anew. Returns whether something had changed. */
  look(isIn: (waiting: WaitingTask) => boolean): boolean {
    const { job } = this;
    let next = this.tasks.peek()!;
    let level = levelOf(next, this.ageingMs);
    const { oldest } = job;
    // What waits longest goes on ageing while other tasks of its job have their turns.
    if (oldest && oldest !== next && isIn(oldest)) {
      const levelOfOldest = levelOf(oldest, this.ageingMs);
      if (levelOfOldest < level) {
        next = oldest;
        level = levelOfOldest;
      }
    }
    if (next === this.next && level === this.level && job.usedMs === this.usedMs) return false;
    this.next = next;
    this.level = level;
    this.usedMs = job.usedMs;
    return true;
  }
}

/**
 * Tasks that wait for the same thing, in the order in which they get it: by priority, raised one level for each ageing
 * interval; then the earlier deadline; then the job that has used less; then the longer critical path; then the place in the
 * job, and between jobs age.
 *
 * Beside other jobs a task ages from when it became ready or its job last had a turn, whichever is later, so that a job
 * with a long queue does not outrank the others by the age of its own queue. The task of a job that has waited longest is
 * the exception: it goes on ageing, so that everything has its turn in the end.
 *
 * A job's place gets worse by itself (it has a turn, it uses time) and better only when a task is added. So a place is
 * looked at anew only when it comes to the front: each act takes O(log n).
 */
export class Line {
  size = 0;
  private readonly lanes = new Map<JobShare, Lane>();
  private readonly queue = new IndexedHeap<Lane>(goesFirst);
  private readonly isIn: (waiting: WaitingTask) => boolean;
  /** Nearly every task passes through the line of the process: making a lane for each would cost more than keeping it. */
  private readonly keepsLanes: boolean;

  /** `limit` is what the tasks wait for; `null`: a place in the process. */
  constructor(
    private readonly ageingMs: number,
    limit: Limit | null,
  ) {
    this.isIn = (waiting) => waiting.heapIndex >= 0 && (waiting.stop === null ? null : waiting.stop.at) === limit;
    this.keepsLanes = limit === null;
  }

  push(waiting: WaitingTask): void {
    const { job } = waiting;
    let lane = this.lanes.get(job);
    if (!lane) this.lanes.set(job, (lane = new Lane(job, this.ageingMs)));
    lane.tasks.push(waiting);
    this.size += 1;
    lane.look(this.isIn);
    if (lane.heapIndex < 0) this.queue.push(lane);
    else this.queue.moved(lane);
  }

  peek(): WaitingTask | null {
    for (let lane = this.queue.peek(); lane; lane = this.queue.peek()) {
      if (!lane.look(this.isIn)) return lane.next;
      this.queue.moved(lane);
    }
    return null;
  }

  pop(): WaitingTask | null {
    const waiting = this.peek();
    if (waiting) this.remove(waiting);
    return waiting;
  }

  /** Whether a task that is not in this line would be the first in it. */
  wouldBeFirst(waiting: WaitingTask): boolean {
    const first = this.peek();
    if (!first) return true;
    if (first.job === waiting.job) return goesFirstInJob(waiting, first);
    return isBefore(waiting, levelOf(waiting, this.ageingMs), first, levelOf(first, this.ageingMs));
  }

  remove(waiting: WaitingTask): void {
    const lane = this.lanes.get(waiting.job)!;
    lane.tasks.remove(waiting);
    this.size -= 1;
    if (lane.tasks.size === 0) {
      this.queue.remove(lane);
      if (!this.keepsLanes) this.lanes.delete(waiting.job);
      return;
    }
    lane.look(this.isIn);
    this.queue.moved(lane);
  }

  /** The job is over: its lane is not needed any more. */
  forget(job: JobShare): void {
    this.lanes.delete(job);
  }
}

/** A task's priority, the other way round: each ageing interval that it has waited counts as one level. */
function levelOf(waiting: WaitingTask, ageingMs: number): number {
  return Math.floor(waiting.job.waitsSince(waiting) / ageingMs) - waiting.task.priority;
}

function goesFirst(a: Lane, b: Lane): boolean {
  return isBefore(a.next!, a.level, b.next!, b.level, a.usedMs, b.usedMs);
}

function isBefore(
  a: WaitingTask,
  levelOfA: number,
  b: WaitingTask,
  levelOfB: number,
  usedByA = a.job.usedMs,
  usedByB = b.job.usedMs,
): boolean {
  if (levelOfA !== levelOfB) return levelOfA < levelOfB;
  if (a.deadline !== b.deadline) return a.deadline < b.deadline;
  if (usedByA !== usedByB) return usedByA < usedByB;
  if (a.task.criticalPath !== b.task.criticalPath) return a.task.criticalPath > b.task.criticalPath;
  return a.order < b.order;
}
