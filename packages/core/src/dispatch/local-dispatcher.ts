import type { Clock } from '../kernel/clock.js';
import type { AgentDemands } from '../model/demands.js';
import type { Dispatcher, LimitGauge, LimitWait, ReadyTask } from '../ports/dispatcher.js';
import { NO_BOUND, type BreakerRule, type BreakerState, type CircuitBreaker } from './circuit-breaker.js';
import { JobShare, type ShareClock } from './job-share.js';
import { NO_NEEDS, PlaceLimit, type Limit, type Need } from './limit.js';
import { Limits, type NamedLimit } from './limits.js';
import { Line } from './line.js';
import { WaitingTask, type Stop } from './waiting-task.js';

export interface LocalDispatcherOptions {
  /** Most attempts at the same time in this process. */
  readonly maxParallel: number;
  /** Waiting this long counts as much as one level of priority. */
  readonly ageingMs: number;
  readonly clock: Clock;
  /** Called when `take` may give something although nothing was offered or released: a rate allows the next start. */
  readonly onRoom: () => void;
  /** Capacity of each pool. Default: no pools. */
  readonly pools?: { readonly [name: string]: number };
  /** Limits that agents and tasks share by name. Default: none. */
  readonly namedLimits?: { readonly [name: string]: NamedLimit };
  /** Stops starting tasks of an agent whose attempts fail too often. Default: none. */
  readonly breaker?: BreakerRule | null;
  /** Told when a circuit breaker opens or closes. */
  readonly onBreaker?: (agent: string, state: BreakerState) => void;
}

/** After so many turns that were in vain, a task that needs several limits keeps what it gets until it has them all. */
const PATIENCE = 4;
/** A call of `take` puts at most so many tasks into the lines of full limits, so that it does not hold the event loop up. */
const MOST_LOOKED_AT = 1_000;
const FEWEST_SWEPT = 1_024;

/**
 * Runs tasks in this process, in the order that `Line` describes, each only when all its limits have room. A task that
 * finds a limit full waits in the line of that limit, holding nothing; when it is first there and there is room for it,
 * it is called back to the line of the process. Nobody who is less urgent passes those in the line of a limit, so one that
 * needs much of a pool is not starved by those that need little.
 *
 * An exclusive task that is next lets the process run empty first.
 */
export class LocalDispatcher implements Dispatcher {
  private readonly process: PlaceLimit;
  private readonly ready: Line;
  private readonly limits: Limits;
  private readonly jobs = new Map<string, JobShare>();
  private readonly shareClock: ShareClock = { usedMs: 0 };
  private readonly running = new Map<ReadyTask, WaitingTask>();
  /** Tasks of the engine's own agents: they do a moment's work; waiting for a place could only hold others up. */
  private engineTasks: ReadyTask[] = [];
  private engineTasksTaken = 0;
  /** The exclusive task for which the process runs empty. */
  private exclusive: WaitingTask | null = null;
  private offers = 0;
  private sweepAt = FEWEST_SWEPT;

  constructor(private readonly options: LocalDispatcherOptions) {
    const { maxParallel, ageingMs, clock, pools = {}, namedLimits = {}, breaker = null } = options;
    this.process = new PlaceLimit('process', 'process', maxParallel);
    this.ready = new Line(ageingMs, null);
    this.limits = new Limits({ clock, pools, namedLimits, breaker, breakerChanged: (changed) => this.breakerChanged(changed) });
  }

  /** Says what the tasks of an agent take, also of those that wait already. */
  setAgent(agent: string, demands: AgentDemands): void {
    this.limits.setAgent(agent, demands);
    for (const limit of this.limits.all()) if (limit.hasLine) this.serve(limit);
  }

  offer(task: ReadyTask): void {
    if (task.agent.startsWith('$')) {
      this.engineTasks.push(task);
      return;
    }
    const { clock, ageingMs } = this.options;
    const job = this.jobOf(task);
    const since = Math.round(clock.monotonic() - Math.max(0, clock.now() - task.readyAt));
    this.offers += 1;
    const waiting = new WaitingTask(task, job, since, Math.floor(since / ageingMs) - task.priority, this.offers);
    job.add(waiting);
    this.ready.push(waiting);
  }

  take(): ReadyTask | null {
    const own = this.nextEngineTask();
    if (own) return own;
    if (this.exclusive) {
      const started = this.tryStart(this.exclusive);
      if (started || this.exclusive) return started;
    }
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += 1) {
      if (!this.process.hasRoomFor(1)) return null;
      const next = this.ready.pop();
      if (!next) return null;
      const started = this.tryStart(next);
      if (started || this.exclusive) return started;
    }
    this.options.onRoom();
    return null;
  }

  release(task: ReadyTask, how: 'stopped' | 'never-started' = 'stopped'): void {
    const stopped = this.running.get(task);
    if (!stopped) return;
    this.running.delete(task);
    const started = how === 'stopped';
    if (started) stopped.job.stopped(stopped, this.now());
    else stopped.job.neverStarted(stopped);
    this.process.give(stopped.places);
    for (const { limit, amount } of stopped.needs) {
      limit.give(amount, started);
      this.serve(limit);
    }
    this.limits.forgetIdle(stopped.needs);
  }

  ended(agent: string, isFailure: boolean): void {
    this.limits.breakerOf(agent)?.ended(isFailure);
  }

  waitingFor(jobId: string, no: number): LimitWait | null {
    let waiting = this.jobs.get(jobId)?.oldest ?? null;
    while (waiting && waiting.task.no !== no) waiting = waiting.newer;
    if (!waiting) return null;
    if (waiting.stop?.at) return { ...this.fill(waiting.stop.at), demand: waiting.stop.demand, ...this.until(waiting.stop.at) };
    if (waiting === this.exclusive) return { ...this.fill(this.process), demand: this.process.capacity };
    if (this.exclusive || !this.process.hasRoomFor(1)) return { ...this.fill(this.process), demand: 1 };
    return null;
  }

  gauges(): readonly LimitGauge[] {
    const gauges = [this.gauge(this.process, this.ready.size + (this.exclusive ? 1 : 0))];
    // A closed breaker bounds nothing.
    for (const limit of this.limits.all()) if (limit.capacity < NO_BOUND) gauges.push(this.gauge(limit));
    for (const { limit } of this.jobs.values()) if (limit && !limit.isIdle) gauges.push(this.gauge(limit));
    return gauges;
  }

  // ── starting ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes what the task needs, all of it or nothing; then it waits where there was no room. */
  private tryStart(waiting: WaitingTask): ReadyTask | null {
    const { task, job, stop } = waiting;
    if (stop?.calledBy) stop.calledBy.called -= stop.demand;
    const needs = this.limits.needsOf(task, job);
    const full = needs.length === 0 ? -1 : needs.findIndex((need) => !hasRoom(waiting, need));
    if (full >= 0) {
      this.exclusive = null;
      this.waitAt(waiting, needs, full);
      return null;
    }
    if (stop) stop.calledBy = null;
    const isExclusive = this.limits.isExclusive(task);
    if (isExclusive && this.process.taken > 0) {
      this.exclusive = waiting;
      return null;
    }
    this.exclusive = null;
    if (stop) this.keep(stop, NO_NEEDS);
    waiting.needs = needs;
    waiting.places = isExclusive ? this.process.capacity : 1;
    this.process.take(waiting.places);
    for (const { limit, amount } of needs) {
      limit.take(amount);
      this.setAlarm(limit);
    }
    job.started(waiting, this.now());
    this.running.set(task, waiting);
    return task;
  }

  /** Puts a task into the line of the limit that has no room for it, and lets those go on for whom it was in the way. */
  private waitAt(waiting: WaitingTask, needs: readonly Need[], full: number): void {
    const { limit, amount } = needs[full]!;
    const stop = (waiting.stop ??= { at: null, calledBy: null, demand: 0, missedTurns: 0, keeps: NO_NEEDS });
    const { calledBy, keeps } = stop;
    if (calledBy !== null && calledBy !== limit) stop.missedTurns += 1;
    // Limits that are never free at the same time would pass it by for ever. All keep in one order, so nobody waits in a circle.
    this.keep(stop, stop.missedTurns >= PATIENCE ? needs.slice(0, full) : NO_NEEDS);
    stop.at = limit;
    stop.calledBy = null;
    stop.demand = amount;
    limit.line ??= new Line(this.options.ageingMs, limit);
    limit.line.push(waiting);
    this.serve(limit);
    if (calledBy) this.serve(calledBy);
    for (const need of keeps) this.serve(need.limit);
    this.limits.forgetIdle(needs);
  }

  private keep(stop: Stop, needs: readonly Need[]): void {
    for (const { limit, amount } of stop.keeps) limit.kept -= amount;
    for (const { limit, amount } of needs) limit.kept += amount;
    stop.keeps = needs;
  }

  /** Calls those who are first in the line of a limit, as far as there is room: they go back to the line of the process. */
  private serve(limit: Limit): void {
    const { line } = limit;
    if (!line) return;
    for (let first = line.peek(); first && limit.canCall(first.stop!.demand); first = line.peek()) {
      line.remove(first);
      first.stop!.at = null;
      first.stop!.calledBy = limit;
      limit.called += first.stop!.demand;
      this.ready.push(first);
    }
    this.setAlarm(limit);
  }

  /** Wakes the line of a limit when it has room by itself: a rate allows its next start, a breaker tries again. */
  private setAlarm(limit: Limit): void {
    if (!limit.hasLine || limit.stopAlarm) return;
    const delayMs = limit.opensInMs;
    // Of a rate: nothing has started lately, and the line waits for tasks that are about to start.
    if (delayMs === null) return;
    limit.stopAlarm = this.options.clock.schedule(delayMs, () => {
      limit.stopAlarm = null;
      this.serve(limit);
      this.options.onRoom();
    });
  }

  private breakerChanged(breaker: CircuitBreaker): void {
    this.options.onBreaker?.(breaker.name.slice(breaker.name.indexOf(':') + 1), breaker.state);
    this.serve(breaker);
    this.options.onRoom();
  }

  private now(): number {
    return Math.round(this.options.clock.monotonic());
  }

  private nextEngineTask(): ReadyTask | null {
    const task = this.engineTasks[this.engineTasksTaken];
    if (task) {
      this.engineTasksTaken += 1;
      return task;
    }
    if (this.engineTasksTaken > 0) {
      this.engineTasks = [];
      this.engineTasksTaken = 0;
    }
    return null;
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  private jobOf({ jobId, maxParallelInJob }: ReadyTask): JobShare {
    let job = this.jobs.get(jobId);
    if (!job) {
      if (this.jobs.size >= this.sweepAt) this.sweep();
      this.jobs.set(jobId, (job = new JobShare(jobId, this.shareClock)));
    }
    if (maxParallelInJob !== null && !job.limit) job.limit = new PlaceLimit(`job:${jobId}`, 'job', maxParallelInJob);
    return job;
  }

  /** Jobs are remembered beyond their last task, as a rule only for a moment until their next one. */
  private sweep(): void {
    for (const [jobId, job] of this.jobs) {
      if (!job.isIdle) continue;
      this.jobs.delete(jobId);
      this.ready.forget(job);
    }
    this.sweepAt = Math.max(FEWEST_SWEPT, 2 * this.jobs.size);
  }

  // ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────

  private gauge(limit: Limit, waiting = limit.line?.size ?? 0): LimitGauge {
    return { ...this.fill(limit), kind: limit.kind, waiting };
  }

  private fill({ name, taken, capacity }: Limit): Pick<LimitGauge, 'limit' | 'taken' | 'capacity'> {
    return { limit: name, taken, capacity };
  }

  private until(limit: Limit): { until?: number } {
    const delayMs = limit.opensInMs;
    return delayMs === null ? {} : { until: this.options.clock.now() + delayMs };
  }
}

/** Nobody passes those who wait in the line of a limit and are more urgent. */
function hasRoom(waiting: WaitingTask, { limit, amount }: Need): boolean {
  if (waiting.stop?.keeps.some((need) => need.limit === limit)) return true;
  return limit.hasRoomFor(amount) && (limit.line === null || limit.line.wouldBeFirst(waiting));
}
