import { inLog } from '../errors/in-log.js';
import { isTaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { isTerminalJob, type JobOptions } from '../model/job.js';
import type { Logger } from '../ports/logger.js';
import type { StoreReader } from '../ports/reader.js';
import { nextTick } from './next-tick.js';
import type { KeptSchedule, ScheduleEntries, StoredSchedule } from './schedule-entries.js';

export interface SchedulerOptions {
  readonly entries: ScheduleEntries;
  readonly reader: () => StoreReader;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether other engines may make schedules. */
  readonly isShared: boolean;
  /** Starts a job, or finds the one that has the key already. */
  start(workflow: string, input: Json, options: JobOptions): Promise<{ readonly id: string }>;
}

/** A backstop: a clock that was set, or a schedule that another process has made, is noticed after this long. */
const SWEEP_MS = 60_000;
/** A tick that comes so much later than it should was missed. */
const MISSED_AFTER_MS = 30_000;
const HOUR_MS = 3_600_000;
/** What keeps any job from being started here, now. */
const NOT_ITS_OWN: ReadonlySet<string> = new Set(['ENGINE_SUPERSEDED', 'ENGINE_STOPPED', 'STORE_UNAVAILABLE']);

/**
 * Starts the jobs of schedules. A tick is its time: the job it starts has an idempotency key made of the schedule and that
 * time, so that a tick that is repeated (after a death, by another engine) is the same job.
 */
export class Scheduler {
  private stopTimer: (() => void) | null = null;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = true;

  constructor(private readonly options: SchedulerOptions) {}

  start(): void {
    this.stopped = false;
    this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopTimer?.();
    this.stopTimer = null;
    await this.running;
  }

  /** Looks again at every schedule: one was made or changed, or its time has come. */
  look(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.pass().finally(() => {
      this.running = null;
      if (!this.again) return;
      this.again = false;
      this.look();
    });
  }

  private async pass(): Promise<void> {
    const { entries, clock, logger, isShared } = this.options;
    let earliest = Number.POSITIVE_INFINITY;
    let number = 0;
    try {
      for (const kept of await entries.all()) {
        number += 1;
        const nextAt = await this.tick(kept);
        if (nextAt !== null) earliest = Math.min(earliest, nextAt);
      }
    } catch (error) {
      logger.error('Schedules could not be looked at; it is tried again.', inLog(error));
      earliest = clock.now() + SWEEP_MS;
    }
    if (this.stopped) return;
    this.stopTimer?.();
    // Where there is no schedule, and nobody else makes one, none can be missed.
    this.stopTimer =
      number === 0 && !isShared ? null : clock.schedule(Math.max(0, Math.min(earliest - clock.now(), SWEEP_MS)), () => this.look());
  }

  /** Does what is due. Resolves to when the schedule is next due. */
  private async tick({ schedule, version }: KeptSchedule): Promise<number | null> {
    const { entries, clock } = this.options;
    const now = clock.now();
    const { nextAt } = schedule;
    if (schedule.paused || nextAt === null || nextAt > now || this.stopped) return schedule.paused ? null : nextAt;
    const due = lastDue(schedule, nextAt, now);
    const isLeftOut = schedule.missed === 'skip' && now - due > MISSED_AFTER_MS;
    const told = isLeftOut ? { lastProblem: `Nobody was there at ${new Date(due).toISOString()}.` } : await this.fire(schedule, due);
    const changed = { ...schedule, ...told, lastAt: due, nextAt: nextTick(schedule, now) };
    if (await entries.put(changed, version)) return changed.nextAt;
    // Somebody else has changed it meanwhile: what was started has its key, and is found again.
    return now;
  }

  private async fire(schedule: StoredSchedule, at: number): Promise<Pick<StoredSchedule, 'lastJobId' | 'lastProblem'>> {
    const { id, tenant, workflow, input, options, lastJobId } = schedule;
    const { logger } = this.options;
    try {
      if (schedule.overlap === 'skip' && lastJobId !== null && (await this.isOpen(lastJobId))) {
        logger.warn('A tick was left out: the job of the last one has not ended.', { schedule: id, jobId: lastJobId });
        return { lastJobId, lastProblem: `The job ${lastJobId} of the last tick has not ended.` };
      }
      const metadata = { ...options.metadata, schedule: id, scheduledFor: new Date(at).toISOString() };
      const job = await this.options.start(workflow, input, {
        ...options,
        tenant,
        metadata,
        actor: options.actor ?? `schedule:${id}`,
        idempotencyKey: `schedule:${id}:${at}`,
      });
      return { lastJobId: job.id, lastProblem: null };
    } catch (error) {
      // The tick is not over: whoever has taken over starts its job, or this engine when the store is back.
      if (isTaskloomError(error) && NOT_ITS_OWN.has(error.code)) throw error;
      // The tick has its job: what the schedule starts was changed after it.
      if (isTaskloomError(error) && error.code === 'IDEMPOTENCY_CONFLICT')
        return { lastJobId: error.details['jobId'] as string, lastProblem: null };
      const message = (error as Error).message;
      logger.error('A schedule could not start its job.', { schedule: id, workflow, ...inLog(error) });
      return { lastJobId, lastProblem: message };
    }
  }

  private async isOpen(jobId: string): Promise<boolean> {
    const job = await this.options.reader().job(jobId);
    return job !== null && !isTerminalJob(job.status);
  }
}

/** Of the ticks that have come since `first`, the last. */
function lastDue(schedule: StoredSchedule, first: number, now: number): number {
  let due = first;
  let from = first;
  for (let next = nextTick(schedule, from); next !== null && next <= now; next = nextTick(schedule, from)) {
    // One that ticks each second is not followed second by second through a year in which nobody was there.
    from = next - due < HOUR_MS ? Math.max(next, now - HOUR_MS) : next;
    due = next;
  }
  return due;
}
