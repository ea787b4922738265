import type { Dispatcher, ReadyTask } from '../ports/dispatcher.js';
import { Heap } from './heap.js';
import { Limits } from './limits.js';

export interface LocalDispatcherOptions {
  /** Most attempts at the same time in this process. */
  readonly maxParallel: number;
  /** Waiting this long counts as much as one level of priority. */
  readonly ageingMs: number;
}

interface Waiting {
  readonly task: ReadyTask;
  /**
   * Its place in line. Ageing raises every waiting task at the same pace, so which of two is more urgent never changes
   * and the rank needs to be computed only once: when it became ready, less the head start of its priority.
   */
  readonly rank: number;
  readonly order: number;
  /** The limit whose freed place brought it back into line. */
  wokenBy: string | null;
}

/**
 * Runs tasks in this process: the most urgent first, each only when all its limits have room. A task that finds a limit
 * full waits with that limit, and is looked at again when a place of it is given back.
 */
export class LocalDispatcher implements Dispatcher {
  private readonly ready = new Heap<Waiting>(goesFirst);
  private readonly waitingFor = new Map<string, Heap<Waiting>>();
  private readonly limits = new Limits();
  private readonly agentCapacity = new Map<string, number>();
  /** What each running task took: by the time it gives it back, other limits may be set. */
  private readonly taken = new WeakMap<ReadyTask, readonly string[]>();
  private offers = 0;

  constructor(private readonly options: LocalDispatcherOptions) {
    this.limits.set('process', options.maxParallel);
  }

  /** How many attempts of one agent may run at the same time. */
  setAgentCapacity(agent: string, capacity: number | null): void {
    if (capacity === null) return;
    this.agentCapacity.set(agent, capacity);
    this.limits.set(`agent:${agent}`, capacity);
  }

  offer(task: ReadyTask): void {
    this.offers += 1;
    this.ready.push({
      task,
      rank: task.readyAt - task.priority * this.options.ageingMs,
      order: this.offers,
      wokenBy: null,
    });
  }

  take(): ReadyTask | null {
    for (let next = this.ready.pop(); next !== undefined; next = this.ready.pop()) {
      // Named anew: the job's own limit goes when nothing of it runs.
      const names = this.limitsOf(next.task);
      const full = this.limits.take(names);
      if (full === null) {
        this.taken.set(next.task, names);
        return next.task;
      }
      // It did not use the place that woke it: that place is for the next in line.
      if (next.wokenBy !== null && next.wokenBy !== full) this.wake(next.wokenBy);
      this.wait(full, next);
    }
    return null;
  }

  release(task: ReadyTask): void {
    const names = this.taken.get(task) ?? NO_LIMITS;
    this.taken.delete(task);
    this.limits.give(names);
    for (const name of names) this.wake(name);
    const job = `job:${task.jobId}`;
    if (this.limits.has(job) && this.limits.takenOf(job) === 0 && (this.waitingFor.get(job)?.size ?? 0) === 0) {
      this.limits.delete(job);
      this.waitingFor.delete(job);
    }
  }

  private wake(limit: string): void {
    const next = this.waitingFor.get(limit)?.pop();
    if (!next) return;
    next.wokenBy = limit;
    this.ready.push(next);
  }

  private wait(limit: string, waiting: Waiting): void {
    let queue = this.waitingFor.get(limit);
    if (!queue) this.waitingFor.set(limit, (queue = new Heap<Waiting>(goesFirst)));
    queue.push(waiting);
  }

  private limitsOf(task: ReadyTask): readonly string[] {
    // The engine's own agents do a moment's work; waiting for a place could only hold others up.
    if (task.agent.startsWith('$')) return NO_LIMITS;
    const hasAgentLimit = this.agentCapacity.has(task.agent);
    if (!hasAgentLimit && task.maxParallelInJob === null) return PROCESS_ONLY;
    const names: string[] = [];
    if (task.maxParallelInJob !== null) {
      const job = `job:${task.jobId}`;
      if (!this.limits.has(job)) this.limits.set(job, task.maxParallelInJob);
      names.push(job);
    }
    if (hasAgentLimit) names.push(`agent:${task.agent}`);
    names.push('process');
    return names;
  }
}

const NO_LIMITS: readonly string[] = [];
const PROCESS_ONLY: readonly string[] = ['process'];

function goesFirst(a: Waiting, b: Waiting): boolean {
  return a.rank === b.rank ? a.order < b.order : a.rank < b.rank;
}
