import type { CommittedJob } from '../ledger/committed.js';
import type { JobSpec } from '../model/job.js';
import type { Store, StoredJobContext } from '../ports/store.js';

/** Of all jobs together; most are a few characters long, one may be a megabyte. */
const MAX_CHARACTERS = 16_777_216;

interface KeptContext {
  readonly context: StoredJobContext;
  readonly characters: number;
}

/**
 * What attempts see of their job: every attempt of a job sees the same. Known of jobs that were submitted here from the moment
 * they are durable, read once of others, and forgotten when the job has ended or too much is kept, the oldest first.
 */
export class JobContexts {
  private readonly kept = new Map<string, KeptContext>();
  private readonly reading = new Map<string, Promise<StoredJobContext>>();
  private characters = 0;

  constructor(private readonly store: Store) {}

  committed(jobs: readonly CommittedJob[]): void {
    for (const { jobId, created, ended } of jobs) {
      if (ended) this.forget(jobId);
      else if (created !== null) this.keep(jobId, contextOf(created));
    }
  }

  /** At once where it is known. */
  get(jobId: string): StoredJobContext | Promise<StoredJobContext> {
    const known = this.kept.get(jobId);
    if (known !== undefined) return known.context;
    let reading = this.reading.get(jobId);
    if (!reading) this.reading.set(jobId, (reading = this.read(jobId)));
    return reading;
  }

  private async read(jobId: string): Promise<StoredJobContext> {
    try {
      const context = await this.store.jobContext(jobId);
      // It may have ended meanwhile.
      if (this.reading.has(jobId)) this.keep(jobId, context);
      return context;
    } finally {
      this.reading.delete(jobId);
    }
  }

  private keep(jobId: string, context: StoredJobContext): void {
    const characters = jobId.length + context.input.length + (context.metadata?.length ?? 0) + (context.carried?.length ?? 0);
    this.drop(jobId);
    if (characters > MAX_CHARACTERS) return;
    this.kept.set(jobId, { context, characters });
    this.characters += characters;
    for (const oldest of this.kept.keys()) {
      if (this.characters <= MAX_CHARACTERS) return;
      this.drop(oldest);
    }
  }

  private forget(jobId: string): void {
    this.drop(jobId);
    this.reading.delete(jobId);
  }

  private drop(jobId: string): void {
    this.characters -= this.kept.get(jobId)?.characters ?? 0;
    this.kept.delete(jobId);
  }
}

/** As the store would give it back. */
function contextOf({ input, metadata, carried }: JobSpec): StoredJobContext {
  return {
    input: JSON.stringify(input),
    metadata: metadata && JSON.stringify(metadata),
    carried: carried && JSON.stringify(carried),
  };
}
