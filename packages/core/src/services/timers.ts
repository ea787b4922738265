import type { Clock } from '../kernel/clock.js';
import type { CommittedJob } from '../ledger/committed.js';
import type { Ledger } from '../ledger/ledger.js';

/**
 * Wakes jobs when something in them comes due. `wake_at` is written with each commit and read again at start, so a timer
 * that is lost with its process is set anew: this service holds nothing that cannot be derived again.
 */
export class Timers {
  private readonly due = new Map<string, number>();
  private stopTimer: (() => void) | null = null;
  private armedFor = Number.POSITIVE_INFINITY;

  constructor(
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  committed(jobs: readonly CommittedJob[]): void {
    for (const { jobId, wakeAt, ended } of jobs) this.set(jobId, ended ? null : wakeAt);
  }

  /** Wakes a job at a time, or never. */
  set(jobId: string, wakeAt: number | null): void {
    if (wakeAt === null) {
      this.due.delete(jobId);
      return;
    }
    this.due.set(jobId, wakeAt);
    if (wakeAt < this.armedFor) this.arm(wakeAt);
  }

  stop(): void {
    this.due.clear();
    this.stopTimer?.();
    this.stopTimer = null;
    this.armedFor = Number.POSITIVE_INFINITY;
  }

  private arm(wakeAt: number): void {
    this.stopTimer?.();
    this.armedFor = wakeAt;
    this.stopTimer = this.clock.schedule(Math.max(0, wakeAt - this.clock.now()), () => this.pass());
  }

  /** Wakes everything that is due, and sets the timer for the next. */
  private pass(): void {
    this.stopTimer = null;
    this.armedFor = Number.POSITIVE_INFINITY;
    const now = this.clock.now();
    for (const [jobId, wakeAt] of Array.from(this.due)) {
      if (wakeAt > now) continue;
      this.ledger.nudge(jobId);
      const next = this.ledger.wakeAtOf(jobId);
      if (next === null) this.due.delete(jobId);
      else this.due.set(jobId, next);
    }
    let earliest = Number.POSITIVE_INFINITY;
    for (const wakeAt of this.due.values()) earliest = Math.min(earliest, wakeAt);
    if (earliest < Number.POSITIVE_INFINITY) this.arm(earliest);
  }
}
