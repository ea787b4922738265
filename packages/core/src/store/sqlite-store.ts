import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import type { TaskSpec } from '../model/task.js';
import type { KeyValueStore } from '../ports/key-value-store.js';
import type { StoreReader } from '../ports/reader.js';
import type { JobWrite, Store, StoredDigest, StoredHistory, StoredJob, StoredMemo } from '../ports/store.js';
import { JobLoader } from './operations/load-jobs.js';
import { AttemptReader } from './operations/read-attempt.js';
import { ViewReader } from './operations/read-views.js';
import { JobWriter } from './operations/write-jobs.js';
import { openReader, openWriter, type OpenDatabase, type Synchronous } from './sqlite/open-database.js';
import { ProcessLock } from './sqlite/process-lock.js';
import { loadSqliteDriver, type SqliteDriver } from './sqlite/sqlite-driver.js';
import { SqliteKeyValueStore } from './sqlite/sqlite-key-value-store.js';
import { WriteLane } from './sqlite/write-lane.js';

export interface SqliteStoreOptions {
  /** The database file; its folder is made when absent. `':memory:'` is a private file that is removed at `close`. */
  readonly path: string;
  /** `FULL` (default) keeps every acknowledged write through a power loss; `NORMAL` may lose the last ones then, never on the death of the process. */
  readonly synchronous?: Synchronous;
}

const REMEMBERED_JOBS = 10_000;

/** Everything that exists while the store is open. */
interface Opened {
  readonly lock: ProcessLock;
  readonly writer: OpenDatabase;
  readonly readerDatabase: OpenDatabase;
  readonly lane: WriteLane;
  readonly jobWriter: JobWriter;
  readonly loader: JobLoader;
  readonly attempts: AttemptReader;
  readonly views: ViewReader;
  readonly entries: SqliteKeyValueStore;
}

/**
 * State in one SQLite file, used by one process: one connection that writes, in synchronous transactions, and one that
 * reads what is committed.
 */
export class SqliteStore implements Store {
  private readonly path: string;
  private readonly temporaryFolder: string | null;
  private opened: Opened | null = null;
  /** The database's own numbers of jobs, by id; the ids are for the outside. */
  private readonly jobNos = new Map<string, number>();

  constructor(private readonly options: SqliteStoreOptions) {
    this.temporaryFolder = options.path === ':memory:' ? mkdtempSync(join(tmpdir(), 'taskloom-')) : null;
    this.path = this.temporaryFolder === null ? resolve(options.path) : join(this.temporaryFolder, 'taskloom.db');
  }

  async open(): Promise<void> {
    const driver = await loadSqliteDriver();
    let lock: ProcessLock | null = null;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      lock = ProcessLock.acquire(driver, this.path);
      this.opened = await this.openDatabases(driver, lock);
    } catch (error) {
      lock?.release();
      if (isTaskloomError(error)) throw error;
      throw new TaskloomError('STORE_UNAVAILABLE', `The database ${this.path} cannot be opened: ${(error as Error).message}`, {
        cause: error,
        details: { path: this.path },
      });
    }
  }

  private async openDatabases(driver: SqliteDriver, lock: ProcessLock): Promise<Opened> {
    const writer = await openWriter(driver, this.path, this.options.synchronous ?? 'FULL');
    const readerDatabase = await openReader(driver, this.path);
    const attempts = new AttemptReader(readerDatabase.handle);
    const lane = new WriteLane(writer.handle);
    return {
      lock,
      writer,
      readerDatabase,
      lane,
      jobWriter: new JobWriter(writer.handle),
      loader: new JobLoader(writer.handle),
      attempts,
      views: new ViewReader(readerDatabase.dataSource, readerDatabase.handle, attempts),
      entries: new SqliteKeyValueStore(lane, writer.handle, readerDatabase.handle),
    };
  }

  async close(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    opened.entries.flush();
    this.opened = null;
    this.jobNos.clear();
    await opened.readerDatabase.dataSource.destroy();
    await opened.writer.dataSource.destroy();
    opened.lock.release();
    if (this.temporaryFolder !== null) rmSync(this.temporaryFolder, { recursive: true, force: true });
  }

  async commit(writes: readonly JobWrite[]): Promise<void> {
    const { lane, jobWriter } = this.get();
    const created = lane.transact(() => {
      const numbers: [string, number][] = [];
      for (const write of writes) {
        const jobNo = write.created ? null : this.jobNo(write.jobId);
        const no = jobWriter.write(write, jobNo);
        if (jobNo === null) numbers.push([write.jobId, no]);
      }
      return numbers;
    });
    for (const [id, no] of created) this.remember(id, no);
  }

  async loadJob(jobId: string): Promise<StoredJob | null> {
    const found = this.get().loader.load(jobId);
    if (!found) return null;
    this.remember(jobId, found.no);
    return found.job;
  }

  async history(jobId: string): Promise<StoredHistory | null> {
    return this.get().loader.history(jobId);
  }

  async openJobs(): Promise<readonly string[]> {
    return this.get().loader.openJobs();
  }

  async idempotency(tenant: string, key: string): Promise<{ jobId: string; bodyHash: string } | null> {
    return this.get().loader.idempotency(tenant, key);
  }

  async taskSpec(jobId: string, no: number): Promise<TaskSpec | null> {
    return this.get().attempts.spec(this.jobNo(jobId), no);
  }

  async outputs(jobId: string, nos: readonly number[]): Promise<readonly (string | null)[]> {
    const { attempts } = this.get();
    const jobNo = this.jobNo(jobId);
    return nos.map((no) => attempts.output(jobNo, no));
  }

  async memo(jobId: string, no: number, generation: number): Promise<StoredMemo> {
    return this.get().attempts.memo(this.jobNo(jobId), no, generation);
  }

  async children(jobId: string, no: number): Promise<readonly StoredDigest[]> {
    return this.get().attempts.children(this.jobNo(jobId), no);
  }

  async digests(jobId: string, nos: readonly number[]): Promise<readonly StoredDigest[]> {
    return this.get().attempts.digests(this.jobNo(jobId), nos);
  }

  async feedback(jobId: string, seq: number): Promise<string | null> {
    return this.get().attempts.feedback(this.jobNo(jobId), seq);
  }

  async jobInput(jobId: string): Promise<string> {
    return this.get().loader.jobInput(this.jobNo(jobId));
  }

  get entries(): KeyValueStore {
    return this.get().entries;
  }

  get reader(): StoreReader {
    return this.get().views;
  }

  private jobNo(jobId: string): number {
    const known = this.jobNos.get(jobId);
    if (known !== undefined) return known;
    const found = this.get().loader.numberOf(jobId);
    if (found === null) throw new TaskloomError('NOT_FOUND', `There is no job ${jobId}.`, { details: { jobId } });
    this.remember(jobId, found);
    return found;
  }

  private remember(jobId: string, no: number): void {
    if (this.jobNos.size >= REMEMBERED_JOBS) this.jobNos.clear();
    this.jobNos.set(jobId, no);
  }

  private get(): Opened {
    if (!this.opened) throw new TaskloomError('ENGINE_STOPPED', 'The store is not open.');
    return this.opened;
  }
}
