import { notFound } from '../errors/not-found.js';
import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import { Gathered } from '../kernel/gathered.js';
import type { EngineIdentity } from '../model/engine-identity.js';
import type { TaskSpec } from '../model/task.js';
import type { KeyValueStore } from '../ports/key-value-store.js';
import type { EngineReader } from '../ports/reader.js';
import type {
  DeletedJob,
  DeleteEndedJobs,
  JobWrite,
  Store,
  StoredDigest,
  StoredHistory,
  StoredJob,
  StoredJobContext,
  StoredMemo,
} from '../ports/store.js';
import { expireJobs, sweepRows } from './operations/delete-jobs.js';
import { enterEngine } from './operations/engines.js';
import { idempotencyOf, jobContext, jobNumber, loadHistory, loadJob, openJobs } from './operations/load-jobs.js';
import { readChildren, readDigests, readFeedback, readMemo, readOutputs, readSpecs, type TaskPlace } from './operations/read-attempt.js';
import { ViewReader } from './operations/read-views.js';
import { SqlKeyValueStore } from './sql-key-value-store.js';
import type { Database, NumberedWrite } from './sql/database.js';
import type { Operation } from './sql/operation.js';

const REMEMBERED_JOBS = 10_000;

/** Everything that exists while the store is open. */
interface Opened {
  readonly database: Database;
  readonly views: ViewReader;
  readonly entries: SqlKeyValueStore;
}

/** Whether no question would be answered; what is wrong with a row is `INTERNAL`, or no error of ours. */
function isAway(error: unknown): boolean {
  return isTaskloomError(error) && error.code !== 'INTERNAL';
}

/** State in a database that speaks SQL: what a store does, on whatever connections the database has for it. */
export abstract class SqlStore implements Store {
  private opened: Opened | null = null;
  /** The database's own numbers of jobs, by id; the ids are for the outside. */
  private readonly jobNos = new Map<string, number>();
  /** Tasks start many at a time, and each wants its definition. A store that is away is away for all of them. */
  private readonly specs = new Gathered(
    async (places: readonly TaskPlace[]) => this.get().database.forAttempts.read(() => readSpecs(places)),
    isAway,
  );

  protected abstract openDatabase(): Promise<Database>;

  async open(): Promise<void> {
    const database = await this.openDatabase();
    const views = new ViewReader(database);
    this.opened = { database, views, entries: new SqlKeyValueStore(database) };
  }

  async close(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    await opened.entries.flush();
    this.opened = null;
    this.jobNos.clear();
    await opened.database.close();
  }

  async sign(engine: EngineIdentity, now: number): Promise<void> {
    const { database, views } = this.get();
    const no = await database.transact(() => enterEngine(engine, now));
    views.engines.add(no, engine);
    database.sign(no);
  }

  async commit(writes: readonly JobWrite[]): Promise<void> {
    const { database } = this.get();
    const numbered: NumberedWrite[] = [];
    for (const write of writes) {
      // Known without a question almost always; what is not waited for stays in the order of the calls.
      const jobNo = write.created ? null : (this.jobNos.get(write.jobId) ?? (await this.jobNo(write.jobId)));
      numbered.push({ write, jobNo });
    }
    const numbers = await database.commit(numbered);
    numbered.forEach(({ write, jobNo }, index) => {
      if (jobNo === null) this.remember(write.jobId, numbers[index]!);
    });
  }

  async loadJob(jobId: string): Promise<StoredJob | null> {
    const found = await this.get().database.atOneMoment.read(() => loadJob(jobId));
    if (!found) {
      this.jobNos.delete(jobId);
      return null;
    }
    this.remember(jobId, found.no);
    return found.job;
  }

  async history(jobId: string): Promise<StoredHistory | null> {
    return this.get().database.atOneMoment.read(() => loadHistory(jobId));
  }

  async openJobs(): Promise<readonly string[]> {
    return this.get().database.atOneMoment.read(() => openJobs());
  }

  async idempotency(tenant: string, key: string): Promise<{ jobId: string; bodyHash: string } | null> {
    return this.get().database.atOneMoment.read(() => idempotencyOf(tenant, key));
  }

  async deleteEndedJobs({ endedBefore, max, now, tenant }: DeleteEndedJobs): Promise<readonly DeletedJob[]> {
    const { database } = this.get();
    const expired = await database.transact(() => expireJobs({ endedBefore, max, now, tenant: tenant ?? null }));
    for (const { id } of expired) this.jobNos.delete(id);
    // What an earlier call has left when its process died goes with it.
    while (await database.transact(sweepRows)) await new Promise((resolve) => setImmediate(resolve));
    return expired;
  }

  async taskSpec(jobId: string, no: number): Promise<TaskSpec | null> {
    return this.specs.ask([this.jobNos.get(jobId) ?? (await this.jobNo(jobId)), no]);
  }

  async outputs(jobId: string, nos: readonly number[]): Promise<readonly (string | null)[]> {
    return this.read(jobId, (jobNo) => readOutputs(nos.map((no): TaskPlace => [jobNo, no])));
  }

  async memo(jobId: string, no: number, generation: number): Promise<StoredMemo> {
    return this.read(jobId, (jobNo) => readMemo(jobNo, no, generation));
  }

  async children(jobId: string, no: number): Promise<readonly StoredDigest[]> {
    return this.read(jobId, (jobNo) => readChildren(jobNo, no));
  }

  async digests(jobId: string, nos: readonly number[]): Promise<readonly StoredDigest[]> {
    return this.read(jobId, (jobNo) => readDigests(jobNo, nos));
  }

  async feedback(jobId: string, seq: number): Promise<string | null> {
    return this.read(jobId, (jobNo) => readFeedback(jobNo, seq));
  }

  async jobContext(jobId: string): Promise<StoredJobContext> {
    return this.read(jobId, jobContext);
  }

  get entries(): KeyValueStore {
    return this.get().entries;
  }

  get reader(): EngineReader {
    return this.get().views;
  }

  private async read<T>(jobId: string, operation: (jobNo: number) => Operation<T>): Promise<T> {
    const { forAttempts } = this.get().database;
    const jobNo = this.jobNos.get(jobId) ?? (await this.jobNo(jobId));
    return forAttempts.read(() => operation(jobNo));
  }

  protected async jobNo(jobId: string): Promise<number> {
    const known = this.jobNos.get(jobId);
    if (known !== undefined) return known;
    const found = await this.get().database.forAttempts.read(() => jobNumber(jobId));
    if (found === null) throw notFound('job', jobId);
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
