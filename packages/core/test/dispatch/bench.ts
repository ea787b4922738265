import { LocalDispatcher, type LocalDispatcherOptions } from '../../src/dispatch/local-dispatcher.js';
import type { AgentDemands } from '../../src/model/demands.js';
import type { ReadyTask } from '../../src/ports/dispatcher.js';
import { ManualClock } from '../helpers/manual-clock.js';

export const AGEING_MS = 30_000;

export const NO_DEMANDS: AgentDemands = {
  concurrency: null,
  rate: null,
  resources: null,
  limits: [],
  concurrencyKey: null,
  concurrencyPerKey: 1,
  exclusive: false,
};

/** A dispatcher on a clock that stands still, and tasks for it. */
export class Bench {
  readonly clock = new ManualClock();
  /** How often it said that there may be room. */
  calls = 0;
  readonly local: LocalDispatcher;
  private count = 0;

  constructor(options: Partial<LocalDispatcherOptions> = {}, agents: { readonly [name: string]: Partial<AgentDemands> } = {}) {
    const onRoom = (): void => void (this.calls += 1);
    this.local = new LocalDispatcher({ maxParallel: 100, ageingMs: AGEING_MS, clock: this.clock, onRoom, ...options });
    for (const [name, demands] of Object.entries(agents)) this.setAgent(name, demands);
  }

  setAgent(name: string, demands: Partial<AgentDemands>): void {
    this.local.setAgent(name, { ...NO_DEMANDS, ...demands });
  }

  /** A task that became ready now. */
  task(fields: Partial<ReadyTask> = {}): ReadyTask {
    this.count += 1;
    return {
      jobId: 'job',
      no: this.count,
      agent: 'work',
      priority: 5,
      readyAt: this.clock.now(),
      maxParallelInJob: null,
      deadline: null,
      criticalPath: 1,
      alone: false,
      demands: null,
      ...fields,
    };
  }

  offer(fields: Partial<ReadyTask> = {}): ReadyTask {
    const task = this.task(fields);
    this.local.offer(task);
    return task;
  }

  /** Takes as long as there is something to take; it may have stopped only to let the event loop turn. */
  takeAll(): ReadyTask[] {
    const taken: ReadyTask[] = [];
    let calls: number;
    do {
      calls = this.calls;
      for (let next = this.local.take(); next !== null; next = this.local.take()) taken.push(next);
    } while (this.calls > calls);
    return taken;
  }

  release(...tasks: readonly ReadyTask[]): void {
    for (const task of tasks) this.local.release(task);
  }

  gauge(limit: string): { taken: number; capacity: number; waiting: number } | null {
    const found = this.local.gauges().find((gauge) => gauge.limit === limit);
    return found ? { taken: found.taken, capacity: found.capacity, waiting: found.waiting } : null;
  }
}
