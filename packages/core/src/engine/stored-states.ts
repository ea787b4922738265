import { runInSlices } from '../kernel/slices.js';
import { restoreJob } from '../ledger/job-cache.js';
import { explain } from '../machine/explain.js';
import type { JobState } from '../machine/job-state.js';
import type { Why } from '../model/why.js';
import type { Store } from '../ports/store.js';

/** Jobs as the store has them, for questions about those that another engine has in memory. Asked for many tasks of a job at once, it is read once. */
export class StoredStates {
  private readonly reading = new Map<string, Promise<JobState | null>>();

  constructor(private readonly store: Store) {}

  /** Why a task stands where it stands, but for the limits that it waits for: those are known where it runs. `null` when it is not there. */
  async explain(jobId: string, no: number): Promise<Why | null> {
    const state = await this.read(jobId);
    return state?.tasks[no] ? explain(state, no, () => null) : null;
  }

  /** Whom a job lets run its tasks; `null`: everybody, or it is not there. */
  async allowedAgents(jobId: string): Promise<ReadonlySet<string> | null> {
    return (await this.read(jobId))?.allowedAgents ?? null;
  }

  private read(jobId: string): Promise<JobState | null> {
    let reading = this.reading.get(jobId);
    if (!reading) {
      reading = this.store
        .loadJob(jobId)
        .then((job) => job && runInSlices(restoreJob(job)))
        .finally(() => this.reading.delete(jobId));
      this.reading.set(jobId, reading);
    }
    return reading;
  }
}
