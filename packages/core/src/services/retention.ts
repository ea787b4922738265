import { inLog } from '../errors/in-log.js';
import type { Clock } from '../kernel/clock.js';
import type { Logger } from '../ports/logger.js';
import type { Store } from '../ports/store.js';
import { scopesOfJob } from '../runtime/entry-scopes.js';

export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long jobs are kept after their end; 0: for ever. */
  readonly keepMs: number;
}

const EVERY_MS = 3_600_000;
const MAX_JOBS = 100;

/**
 * Deletes jobs that ended long ago, with everything that belongs to them: at the start, and once an hour. At most 100 in one
 * go, so that nothing else waits for long. A clock that is set forward while the engine runs makes nothing older: what counts
 * from the start on is how long it has run.
 */
export class Retention {
  private stopTimer: (() => void) | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;
  /** What the wall clock was ahead of the one that does not jump, at the start. */
  private aheadMs = 0;

  constructor(private readonly options: RetentionOptions) {}

  start(): void {
    if (this.options.keepMs === 0) return;
    this.stopped = false;
    const { clock } = this.options;
    this.aheadMs = clock.now() - clock.monotonic();
    this.begin();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopTimer?.();
    this.stopTimer = null;
    await this.running;
  }

  private begin(): void {
    this.running = this.pass();
  }

  private async pass(): Promise<void> {
    const { store, clock, logger, keepMs } = this.options;
    let deleted = 0;
    try {
      for (let found = MAX_JOBS; found === MAX_JOBS && !this.stopped;) {
        const now = Math.min(clock.now(), this.aheadMs + clock.monotonic());
        const jobs = await store.deleteEndedJobs({ endedBefore: now - keepMs, max: MAX_JOBS, now });
        // What agents kept for a job goes with it.
        for (const { id, tenant } of jobs) for (const scope of scopesOfJob(id)) await store.entries.deleteScope(tenant, scope);
        found = jobs.length;
        deleted += found;
      }
      if (deleted > 0)
        logger.info(`${deleted} job${deleted === 1 ? '' : 's'} that ended long ago ${deleted === 1 ? 'was' : 'were'} deleted.`, {
          deleted,
        });
    } catch (error) {
      logger.error('Jobs that ended long ago could not be deleted; it is tried again in an hour.', inLog(error));
    }
    if (!this.stopped) this.stopTimer = clock.schedule(EVERY_MS, () => this.begin());
  }
}
