import { inLog } from '../errors/in-log.js';
import { notFound } from '../errors/not-found.js';
import { Broadcast } from '../kernel/broadcast.js';
import type { Clock } from '../kernel/clock.js';
import { isName, newJobId, taskIdOf } from '../kernel/ids.js';
import { SlidingShare } from '../kernel/sliding-share.js';
import type { JobState } from '../machine/job-state.js';
import type { AlertFilter, AlertView } from '../model/alert.js';
import type { LimitGauge } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import type { RunningTask } from './activity.js';
import type { AlertEntries } from './alert-entries.js';
import { alertChanges, alertKey } from './alert-rules.js';
import { readingsOf, type Thresholds } from './readings.js';

export interface MonitorServices {
  readonly entries: AlertEntries;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Within each job oldest first. */
  readonly running: () => Iterable<RunningTask>;
  readonly isRunning: (taskId: string) => boolean;
  readonly open: () => readonly JobState[];
  readonly limits: () => readonly LimitGauge[];
  /** Tells other engines on the store that alerts have changed. */
  readonly announce: () => void;
}

export interface MonitorSettings extends Thresholds {
  readonly intervalMs: number;
}

/** What a failure brings about is looked at so soon; several together. */
const SOON_MS = 1_000;
const TRY_AGAIN_MS = 30_000;
const MOST_UNREAD = 1_000;
/** More than are kept in the store. */
const MOST_KNOWN = 2_000;

/**
 * Watches over durations, pools, waits and failures: at intervals, when a running task passes its threshold, and soon after a
 * failure. It raises one alert for each thing that is wrong and clears it when it is right again; every change is stored, told
 * to those who listen, and logged. Where another engine watches, it tells what that one has changed.
 */
export class Monitor {
  private readonly active = new Map<string, AlertView>();
  /** Alerts by id, as they were last told. */
  private readonly known = new Map<string, AlertView>();
  private readonly failures = new Map<string, SlidingShare>();
  private readonly changes = new Broadcast<AlertView>(MOST_UNREAD);
  private work: Promise<void> = Promise.resolve();
  private stopTimer: (() => void) | null = null;
  private dueAt = Number.POSITIVE_INFINITY;
  /** After a failure of the store it is not asked again at once. */
  private notBefore = 0;
  private isOn = false;

  constructor(
    private readonly services: MonitorServices,
    /** `null`: nothing is watched. */
    private readonly settings: MonitorSettings | null,
  ) {}

  /** Goes on with the alerts that an earlier process raised. */
  async start(): Promise<void> {
    for (const alert of await this.services.entries.all()) this.note(alert);
    if (!this.settings) return;
    this.isOn = true;
    this.lookAgain();
  }

  async stop(): Promise<void> {
    this.isOn = false;
    this.stopTimer?.();
    this.stopTimer = null;
    await this.work;
    this.changes.close();
  }

  /** Other engines have changed alerts: takes over what they did, and tells it. */
  refresh(): void {
    this.work = this.work.then(() => this.readAgain());
  }

  /** They may have, and nobody has said so. */
  refreshWhereHeard(): void {
    if (this.changes.isHeard) this.refresh();
  }

  private async readAgain(): Promise<void> {
    try {
      for (const alert of await this.services.entries.all()) {
        const known = this.known.get(alert.id);
        if (known && isSame(known, alert)) continue;
        this.note(alert);
        this.changes.send(alert);
      }
    } catch (error) {
      this.services.logger.debug('Alerts could not be read; they are looked at again.', inLog(error));
    }
  }

  /** A task has ended. */
  ended(agent: string, isFailure: boolean, at: number): void {
    if (!this.settings) return;
    let share = this.failures.get(agent);
    if (!share) this.failures.set(agent, (share = new SlidingShare(this.settings.failureWindowMs)));
    share.add(isFailure, at);
    if (isFailure && this.isOn) this.lookAt(this.services.clock.now() + SOON_MS);
  }

  /** Something was committed: tasks have started, or ended. */
  committed(): void {
    if (!this.isOn) return;
    const { isRunning, clock } = this.services;
    for (const { kind, taskId } of this.active.values())
      if (kind === 'TASK_DURATION' && !isRunning(taskId!)) return this.lookAt(clock.now());
    this.lookAgain();
  }

  // ── for people ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Newest first; those that are over for a week. Those that last are known without the store. */
  async alerts({ isActive, tenant }: AlertFilter): Promise<readonly AlertView[]> {
    const all = isActive === true && this.isOn ? [...this.active.values()] : await this.services.entries.all();
    const isWanted = (alert: AlertView): boolean =>
      (isActive === undefined || (alert.clearedAt === null) === isActive) && (tenant === undefined || alert.tenant === tenant);
    return all.filter(isWanted).sort((a, b) => b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1));
  }

  /** @throws TaskloomError `NOT_FOUND` */
  async acknowledge(id: string, by: string): Promise<AlertView> {
    if (!isName(id)) throw notFound('alert', id);
    const acknowledging = this.work.then(async () => {
      const acknowledgedAt = this.services.clock.now();
      return this.keep(id, (found) => {
        if (!found) throw notFound('alert', id);
        return found.acknowledgedAt === null ? { ...found, acknowledgedAt, acknowledgedBy: by } : found;
      });
    });
    this.work = acknowledging.then(
      () => undefined,
      () => undefined,
    );
    return acknowledging;
  }

  /** Every change from now on: raised, more urgent, acknowledged, over. */
  listen(signal?: AbortSignal): AsyncIterable<AlertView> {
    return this.changes.listen(signal);
  }

  // ── passes ──────────────────────────────────────────────────────────────────────────────────────────────────

  private lookAt(wanted: number): void {
    const at = Math.max(wanted, this.notBefore);
    if (!this.isOn || at >= this.dueAt) return;
    this.stopTimer?.();
    this.dueAt = at;
    const { clock } = this.services;
    this.stopTimer = clock.schedule(Math.max(0, at - clock.now()), () => {
      this.stopTimer = null;
      this.dueAt = Number.POSITIVE_INFINITY;
      this.work = this.work.then(() => this.pass());
    });
  }

  private async pass(): Promise<void> {
    const { clock, logger, running, open, limits } = this.services;
    const settings = this.settings!;
    const now = clock.now();
    try {
      const failures = Array.from(this.failures, ([agent, share]) => [agent, share.at(now)] as const);
      const readings = readingsOf({ running: running(), open: open(), limits: limits(), failures }, settings, now);
      for (const alert of alertChanges(this.active, readings, now, newJobId)) {
        // Who has seen to it may have said so to another engine.
        const kept = await this.keep(alert.id, (found) => ({
          ...alert,
          acknowledgedAt: found?.acknowledgedAt ?? alert.acknowledgedAt,
          acknowledgedBy: found?.acknowledgedBy ?? alert.acknowledgedBy,
        }));
        tell(logger, kept);
      }
    } catch (error) {
      this.notBefore = now + TRY_AGAIN_MS;
      logger.error('Alerts could not be kept; it is tried again in half a minute.', inLog(error));
    }
    this.lookAgain();
  }

  /** At the next interval while there is anything to watch over, or when the next running task passes its threshold. */
  private lookAgain(): void {
    const { intervalMs, taskDurationMs } = this.settings!;
    const now = this.services.clock.now();
    // What starts now passes its threshold later than this: most calls end here.
    if (this.dueAt <= now + intervalMs && (taskDurationMs === 0 || this.dueAt <= now + taskDurationMs)) return;
    const overdueAt = this.nextOverdue();
    if (overdueAt !== null) this.lookAt(overdueAt);
    if (now + intervalMs < this.dueAt && !this.isIdle) this.lookAt(now + intervalMs);
  }

  private get isIdle(): boolean {
    return this.active.size === 0 && this.services.open().length === 0;
  }

  private async keep(id: string, change: (kept: AlertView | null) => AlertView): Promise<AlertView> {
    const alert = await this.services.entries.change(id, change);
    const known = this.known.get(id);
    if (known && isSame(known, alert)) return alert;
    this.note(alert);
    this.changes.send(alert);
    this.services.announce();
    return alert;
  }

  private note(alert: AlertView): void {
    this.known.set(alert.id, alert);
    // One that was raised again is another one.
    const key = alertKey(alert);
    if (alert.clearedAt === null) this.active.set(key, alert);
    else if (this.active.get(key)?.id === alert.id) this.active.delete(key);
    if (this.known.size > MOST_KNOWN) for (const oldest of this.known.keys()) return void this.known.delete(oldest);
  }

  /** When the next running task passes its threshold that has not passed it yet. */
  private nextOverdue(): number | null {
    const { taskDurationMs } = this.settings!;
    if (taskDurationMs === 0) return null;
    let oldest = Number.POSITIVE_INFINITY;
    for (const { jobId, no, startedAt } of this.services.running()) {
      if (startedAt >= oldest || this.active.has(alertKey({ kind: 'TASK_DURATION', subject: taskIdOf(jobId, no) }))) continue;
      oldest = startedAt;
    }
    return oldest === Number.POSITIVE_INFINITY ? null : oldest + taskDurationMs;
  }
}

/** Of an alert only these change. */
function isSame(one: AlertView, other: AlertView): boolean {
  return one.level === other.level && one.clearedAt === other.clearedAt && one.acknowledgedAt === other.acknowledgedAt;
}

function tell(logger: Logger, { id, kind, level, message, jobId, taskId, value, threshold, clearedAt }: AlertView): void {
  const facts = {
    alertId: id,
    kind,
    level,
    value,
    threshold,
    ...(jobId === null ? {} : { jobId }),
    ...(taskId === null ? {} : { taskId }),
  };
  if (clearedAt === null) logger.warn(message, facts);
  else logger.info(`It is over: ${message}`, facts);
}
