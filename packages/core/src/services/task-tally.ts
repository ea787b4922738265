import type { TaskMetrics } from '../model/metrics.js';
import { Distribution } from './distribution.js';

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
