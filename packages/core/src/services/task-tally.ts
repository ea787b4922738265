import type { TaskMetrics } from '../model/metrics.js';
import { Distribution } from './distribution.js';

/** What became of a task, or of an attempt after which another follows. */
export type TaskOutcome = 'completed' | 'failed' | 'retried' | 'skipped' | 'cancelled';

/** Counts of what became of some tasks. */
export class TaskTally {
  started = 0;
  completed = 0;
  failed = 0;
  retried = 0;
  timedOut = 0;
  skipped = 0;
  cancelled = 0;
  readonly duration = new Distribution();
  readonly wait = new Distribution();

  start(waitMs: number): void {
    this.started += 1;
    this.wait.add(waitMs);
  }

  /** @param ranMs -1 where no attempt ran */
  end(outcome: TaskOutcome | null, timedOut: boolean, ranMs: number): void {
    if (outcome !== null) this[outcome] += 1;
    if (timedOut) this.timedOut += 1;
    if (ranMs >= 0) this.duration.add(ranMs);
  }

  view(): TaskMetrics {
    const { started, completed, failed, retried, timedOut, skipped, cancelled } = this;
    return {
      started,
      completed,
      failed,
      retried,
      timedOut,
      skipped,
      cancelled,
      successRate: completed + failed === 0 ? null : completed / (completed + failed),
      durationMs: this.duration.view(),
      waitMs: this.wait.view(),
    };
  }
}
