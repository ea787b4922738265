import { notFound } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { EventView } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { JobView } from '../model/views.js';
import type { EventHub, HubWatcher } from '../runtime/event-hub.js';
import type { ControlOptions, Engine, JobHandle } from './contract.js';

const WHOLE = Number.MAX_SAFE_INTEGER;

/** A job by its id: nothing is kept here but the id, so a handle is as good after a restart as before. */
export class StoredJobHandle implements JobHandle {
  constructor(
    readonly id: string,
    private readonly engine: Engine,
    private readonly hub: EventHub,
    /** Whether the job is in memory and at work, so that its end is yet to be told. */
    private readonly isAtWork: () => boolean,
  ) {}

  async status(): Promise<JobView> {
    const job = await this.engine.reader.job(this.id);
    if (!job) throw notFound('job', this.id);
    return job;
  }

  cancel(options?: ControlOptions): Promise<JobView> {
    return this.engine.cancelJob(this.id, options);
  }

  async result(): Promise<unknown> {
    const job = await this.end();
    if (job.status === 'COMPLETED') return (await this.engine.reader.jobOutput(this.id, WHOLE))?.value ?? null;
    const code = job.status === 'CANCELLED' ? 'JOB_CANCELLED' : 'JOB_FAILED';
    throw new TaskloomError(code, `Job ${this.id} (${job.name}) is ${job.status}: ${job.error?.message ?? 'no reason was given'}`, {
      details: { jobId: this.id, ...job.error?.details },
    });
  }

  events(options?: { readonly afterSeq?: number; readonly signal?: AbortSignal }): AsyncIterable<EventView> {
    return this.engine.events(this.id, options);
  }

  private async end(): Promise<JobView> {
    const watcher = this.hub.watch(this.id);
    try {
      // Nothing that could be read of it would be the end.
      if (this.isAtWork()) await this.untilTold(watcher);
      for (;;) {
        const job = await this.status();
        if (isTerminalJob(job.status)) return job;
        await this.untilTold(watcher);
      }
    } finally {
      watcher.close();
    }
  }

  /** Waits until the watched job has ended. @throws TaskloomError `ENGINE_STOPPED` when the engine stops before */
  private async untilTold(watcher: HubWatcher): Promise<void> {
    for (;;) {
      const changes = await watcher.next();
      if (changes.length === 0)
        throw new TaskloomError('ENGINE_STOPPED', `The engine stopped before job ${this.id} had ended; it goes on at the next start.`);
      if (changes.some(({ ended }) => ended)) return;
    }
  }
}
