import type { EventView, StoreReader } from '@taskloom/core';

import { JobRecord } from './job-record.js';
import type { Observation } from './observation.js';

const PAGE = 1_000;

/**
 * Makes observations of the events of all jobs, one event after the other. Each job's events come in order; some may come
 * again, and are passed over.
 */
export class JobObserver {
  private readonly records = new Map<string, JobRecord>();
  private reader: StoreReader | null = null;
  private opened: (reader: StoreReader) => void = () => undefined;
  private last: Promise<unknown>;

  constructor(private readonly tell: (observation: Observation) => void) {
    this.last = new Promise<StoreReader>((resolve) => (this.opened = resolve));
  }

  /** What was taken before is looked at now. */
  begin(reader: StoreReader): void {
    this.reader = reader;
    this.opened(reader);
  }

  /** Resolves when the event was looked at, at once where that has to wait for the beginning. */
  async take(event: EventView): Promise<void> {
    const taken = this.last.then(() => this.look(event));
    this.last = taken.catch(() => undefined);
    if (this.reader) await taken;
  }

  private async look(event: EventView): Promise<void> {
    const record = this.records.get(event.jobId) ?? (await this.open(event));
    if (!record || event.seq <= record.lastSeq) return;
    await record.take(event, this.tell);
    if (record.hasEnded) this.records.delete(event.jobId);
  }

  /** A record that stands before the event: what came earlier, in another process perhaps, is read again, quietly. */
  private async open({ jobId, seq }: EventView): Promise<JobRecord | null> {
    const job = await this.reader!.job(jobId);
    if (!job) return null;
    const { id, name, workflow, tenant, metadata, createdAt } = job;
    const record = new JobRecord({ id, name, workflow, tenant, metadata, generation: 0, openedAt: createdAt }, this.reader!);
    while (record.lastSeq < seq - 1) {
      const earlier = await this.reader!.events(jobId, record.lastSeq, Math.min(PAGE, seq - 1 - record.lastSeq));
      if (earlier.length === 0) break;
      for (const one of earlier) await record.take(one, () => undefined);
    }
    this.records.set(jobId, record);
    return record;
  }
}
