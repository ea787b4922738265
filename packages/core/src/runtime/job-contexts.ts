import type { Store, StoredJobContext } from '../ports/store.js';

const KEPT = 32;

/** What attempts see of the jobs whose tasks ran last: every attempt of a job sees the same. */
export class JobContexts {
  private readonly contexts = new Map<string, StoredJobContext | Promise<StoredJobContext>>();

  constructor(private readonly store: Store) {}

  /** At once where it has been read. */
  get(jobId: string): StoredJobContext | Promise<StoredJobContext> {
    const known = this.contexts.get(jobId);
    if (known !== undefined) return known;
    const loading = this.read(jobId);
    this.contexts.set(jobId, loading);
    if (this.contexts.size > KEPT) this.contexts.delete(this.contexts.keys().next().value!);
    return loading;
  }

  private async read(jobId: string): Promise<StoredJobContext> {
    try {
      const context = await this.store.jobContext(jobId);
      this.contexts.set(jobId, context);
      return context;
    } catch (error) {
      this.contexts.delete(jobId);
      throw error;
    }
  }
}
