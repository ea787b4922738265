import type { EventView, JobView } from '@taskloom/core';

import { AppendOnlyFile } from './append-only-file.js';
import { entryOf, lineOf, type AuditEntry } from './audit-entry.js';
import { fullFilesOf, nextFullFile, type FullFile } from './audit-files.js';
import type { ParsedAuditOptions } from './options.js';
import { readEntries } from './read-entries.js';

/** Where events that were missed can be read again. */
export interface EventSource {
  job(id: string): Promise<JobView | null>;
  events(jobId: string, afterSeq: number, first: number): Promise<readonly EventView[]>;
}

/** How far a job is in the files. */
interface Written {
  readonly seq: number;
  /** Whether it has ended there; it may be reopened. */
  readonly ended: boolean;
}

const PAGE = 500;
const ENDS: ReadonlySet<string> = new Set(['JOB_COMPLETED', 'JOB_FAILED', 'JOB_CANCELLED']);

/**
 * The audit files: each event of a job once and in order, whatever is told twice or left out. It knows the jobs of the
 * newest file and of the one before; full files before these are read when an event is so old that it may be there.
 */
export class AuditTrail {
  private readonly file: AppendOnlyFile;
  /** Jobs of the file that is written to. */
  private current = new Map<string, Written>();
  /** Jobs of the file before it, as far as it was written by this process, and open ones of all before. */
  private previous = new Map<string, Written>();
  /** Oldest first. */
  private full: FullFile[] = [];
  /** The first so many full files are not read: their jobs may be unknown. */
  private unread = 0;
  /** The latest time of an event in the file that is written to. */
  private latest = 0;

  private constructor(
    private readonly options: ParsedAuditOptions,
    private readonly source: EventSource,
  ) {
    const { file: path, fsync, onProblem } = options;
    this.file = new AppendOnlyFile({ path, fsync, onProblem });
  }

  /**
   * Opens the files where they end, and writes what happened since then in the jobs that had not ended there.
   *
   * @throws Error when they cannot be read or written, or are not what this class writes
   */
  static async open(options: ParsedAuditOptions, source: EventSource): Promise<AuditTrail> {
    const trail = new AuditTrail(options, source);
    try {
      await trail.begin();
      return trail;
    } catch (error) {
      await trail.close().catch(() => undefined);
      throw error;
    }
  }

  /** Writes an event, and before it those of its job that are missing; nothing if it is there. */
  async record(event: EventView): Promise<void> {
    const written = await this.writtenOf(event);
    if (written && written.seq >= event.seq) return;
    if (written && written.seq < event.seq - 1) await this.catchUp(event.jobId, written.seq, event.seq);
    await this.write(event);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async begin(): Promise<void> {
    const { file: path } = this.options;
    await this.file.open();
    this.full = await fullFilesOf(path);
    this.unread = this.full.length;
    for await (const entry of readEntries(path)) this.take(entry);
    for (const [jobId, { seq, ended }] of this.current) if (!ended) await this.catchUp(jobId, seq, Number.POSITIVE_INFINITY);
  }

  // ── what is written ─────────────────────────────────────────────────────────────────────────────────────────

  private async writtenOf({ jobId, at }: EventView): Promise<Written | undefined> {
    for (;;) {
      const known = this.current.get(jobId) ?? this.previous.get(jobId);
      const before = this.full[this.unread - 1];
      // No file holds an event of a later time than its name says.
      if (known || !before || at > before.latest) return known;
      await this.readBack(before);
      this.unread -= 1;
    }
  }

  private async readBack({ path }: FullFile): Promise<void> {
    const older = new Map<string, Written>();
    for await (const entry of readEntries(path)) note(older, entry);
    for (const [jobId, written] of older) if (!this.previous.has(jobId)) this.previous.set(jobId, written);
  }

  private take(entry: AuditEntry): void {
    this.latest = Math.max(this.latest, Date.parse(entry.at));
    note(this.current, entry);
  }

  // ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Writes the events of a job with numbers between two, as its log has them. */
  private async catchUp(jobId: string, after: number, before: number): Promise<void> {
    for (let seq = after; seq < before - 1;) {
      const events = await this.source.events(jobId, seq, PAGE);
      const missing = events.filter((event) => event.seq < before);
      for (const event of missing) await this.write(event);
      if (missing.length < PAGE) return;
      seq = missing.at(-1)!.seq;
    }
  }

  private async write(event: EventView): Promise<void> {
    await this.append(entryOf(event, event.type === 'JOB_SUBMITTED' ? await this.source.job(event.jobId) : null));
  }

  /** Writes an entry that is no event. */
  async append(entry: AuditEntry): Promise<void> {
    const line = lineOf(entry);
    if (this.file.size > 0 && this.file.size + Buffer.byteLength(line) > this.options.maxBytes) await this.beginNext();
    await this.file.append(line);
    this.take(entry);
  }

  private async beginNext(): Promise<void> {
    const full = nextFullFile(this.options.file, this.full.at(-1), this.latest);
    await this.file.moveTo(full.path);
    // Ended jobs of all files before it are forgotten; they can be read again.
    this.unread = this.full.length;
    this.full.push(full);
    this.latest = 0;
    for (const [jobId, written] of this.previous) if (!written.ended && !this.current.has(jobId)) this.current.set(jobId, written);
    this.previous = this.current;
    this.current = new Map();
  }
}

/** Refusals say nothing of how far a job is. */
function note(jobs: Map<string, Written>, { job, seq, what }: AuditEntry): void {
  if (job !== undefined && seq !== undefined) jobs.set(job, { seq, ended: ENDS.has(what) });
}
