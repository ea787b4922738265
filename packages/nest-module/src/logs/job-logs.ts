import type { EventView } from '@taskloom/core';

import { JobLog, type LogSource } from './job-log.js';

/** The logs that are followed now, each shared by its followers. */
export class JobLogs {
  private readonly logs = new Map<string, JobLog>();

  constructor(private readonly source: LogSource) {}

  /** {@link JobLog.follow} */
  async *follow(
    jobId: string,
    { afterSeq, signal }: { readonly afterSeq: number; readonly signal: AbortSignal },
  ): AsyncGenerator<readonly EventView[], void> {
    yield* this.of(jobId).follow(afterSeq, signal);
  }

  private of(jobId: string): JobLog {
    const known = this.logs.get(jobId);
    if (known) return known;
    const log = new JobLog(this.source, jobId, () => this.logs.delete(jobId));
    this.logs.set(jobId, log);
    return log;
  }
}
