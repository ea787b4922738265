import type { Clock } from '../kernel/clock.js';
import type { JobState } from '../machine/job-state.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import { sharedStore, type JobNews, type SharedStore, type Store } from '../ports/store.js';
import type { CommittedJob } from './committed.js';
import { offerReady, type Entry } from './flush.js';
import { readAgain, sinceReopened, takeOver } from './foreign.js';
import { JobCache } from './job-cache.js';
import { RecentSeqs } from './recent-seqs.js';
import type { UnwrittenCosts } from './unwritten-costs.js';

/** Jobs that are read at the same time. */
const MAX_READS = 8;

const NONE: ReadonlyMap<string, unknown> = new Map();

export interface HeldJobsOptions {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly costs: UnwrittenCosts;
  /** Which jobs are kept where another engine runs the tasks; absent: every open job is. */
  readonly keeps: ((jobId: string) => boolean) | undefined;
  /** Tells those who follow what was found out about a job. */
  readonly tell: (job: CommittedJob) => void;
}

/**
 * The jobs in memory, in step with the store: read when a command needs them, read again where memory may be ahead of the
 * store, taken further by what other engines have written, and let go when they have ended. Between two flushes only: nothing
 * here may come in between a decision and its write.
 */
export class HeldJobs {
  /** `null`: nobody else writes the store. */
  readonly shared: SharedStore | null;
  private readonly cache: JobCache;
  /** Jobs whose state was dropped and must be read again before anything is decided for them. */
  private readonly unreadable = new Set<string>();
  /** Jobs that others have written. */
  private noticed = new Set<string>();
  /** Jobs that may leave the memory. */
  private leaving = new Set<string>();
  /** How far those who follow were told of jobs that are not in memory. */
  private readonly told = new RecentSeqs();

  constructor(private readonly options: HeldJobsOptions) {
    this.cache = new JobCache(options.store);
    this.shared = sharedStore(options.store);
  }

  get(jobId: string): JobState | undefined {
    return this.cache.get(jobId);
  }

  values(): Iterable<JobState> {
    return this.cache.values();
  }

  add(state: JobState): void {
    this.cache.add(state);
  }

  // ── what others write ───────────────────────────────────────────────────────────────────────────────────────

  /** Others have written jobs. */
  notice(news: readonly JobNews[]): void {
    for (const { jobId, lastSeq } of news) {
      const known = this.cache.get(jobId)?.lastSeq ?? this.told.get(jobId);
      if (known === undefined || known < lastSeq) this.noticed.add(jobId);
    }
  }

  /** Whether something was noticed that has not been read. */
  get hasNews(): boolean {
    return this.noticed.size > 0;
  }

  /** Everything in a job until now is known: the process that did it has told it. */
  takeUp(jobId: string): void {
    if (this.shared) this.told.set(jobId, Number.MAX_SAFE_INTEGER);
  }

  /** Somebody watches the tasks of a job, or does no longer; `false` where that changes nothing. */
  lookAt(jobId: string): boolean {
    const { keeps } = this.options;
    if (keeps === undefined) return false;
    if (keeps(jobId)) this.noticed.add(jobId);
    else this.leaving.add(jobId);
    return true;
  }

  /** Others have gone on with a job in memory. */
  apply(state: JobState, events: readonly JobEvent[]): void {
    if (events.length === 0) return;
    const committed = takeOver(state, events);
    this.options.costs.forgetOver(state);
    offerReady(state, this.options.dispatcher);
    this.options.tell(committed);
    if (committed.ended) this.leaving.add(state.id);
  }

  // ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Reads the jobs that commands are for, those that must be read again, and what others have written.
   *
   * @returns the error for each job that could not be read
   */
  async read(entries: readonly Entry[]): Promise<ReadonlyMap<string, unknown>> {
    const { noticed } = this;
    const missing = new Set([...this.unreadable, ...noticed]);
    for (const { jobId, created } of entries) if (!created && !this.cache.get(jobId)) missing.add(jobId);
    if (missing.size === 0) return NONE;
    this.unreadable.clear();
    this.noticed = new Set();
    const failures = new Map<string, unknown>();
    const jobs = [...missing];
    for (let from = 0; from < jobs.length; from += MAX_READS)
      await Promise.all(jobs.slice(from, from + MAX_READS).map((jobId) => this.readOne(jobId, noticed.has(jobId), failures)));
    return failures;
  }

  /** Whether decisions may be made on what is held of the job. */
  isReadable(jobId: string): boolean {
    return !this.unreadable.has(jobId);
  }

  private async readOne(jobId: string, isNoticed: boolean, failures: Map<string, unknown>): Promise<void> {
    const state = this.cache.get(jobId);
    const lastSeq = state?.lastSeq ?? 0;
    try {
      if (state && this.shared) this.apply(state, await this.shared.eventsAfter(jobId, lastSeq));
      else await this.load(jobId, isNoticed);
    } catch (error) {
      failures.set(jobId, error);
      if (state) this.distrust(jobId, lastSeq);
      else this.unreadable.add(jobId);
    }
  }

  private async load(jobId: string, isNoticed: boolean): Promise<void> {
    const state = await this.cache.load(jobId, this.options.clock.now());
    if (!state) return;
    try {
      if (this.shared) await this.tellMissed(state, this.shared, isNoticed);
    } catch (error) {
      this.cache.drop(jobId);
      throw error;
    }
    this.options.costs.forgetOver(state);
    offerReady(state, this.options.dispatcher);
    this.leaving.add(jobId);
  }

  /** What others have done in a job while it was not in memory. */
  private async tellMissed(state: JobState, shared: SharedStore, isNoticed: boolean): Promise<void> {
    const { id: jobId } = state;
    const known = this.told.get(jobId);
    const missed = await this.missedBy(state, known, shared, isNoticed);
    // Not before it could be read: else it would be told from its beginning.
    this.told.delete(jobId);
    if (missed !== null) this.options.tell(readAgain(state, missed));
  }

  /** `null`: nobody is to be told. */
  private async missedBy(
    { id: jobId, lastSeq, status }: JobState,
    known: number | undefined,
    shared: SharedStore,
    isNoticed: boolean,
  ): Promise<readonly JobEvent[] | null> {
    if (known !== undefined) return known >= lastSeq ? null : (await shared.eventsAfter(jobId, known)).slice(0, lastSeq - known);
    // Whoever has just begun to watch it may have read what was before.
    if (this.options.keeps) return this.options.keeps(jobId) ? [] : null;
    // What has ended is read because somebody wants something of it.
    if (!isNoticed && isTerminalJob(status)) return null;
    return sinceReopened((await shared.eventsAfter(jobId, 0)).slice(0, lastSeq));
  }

  // ── letting go ──────────────────────────────────────────────────────────────────────────────────────────────

  /** It was never stored, or nothing of it changes any more. */
  drop(jobId: string): void {
    this.cache.drop(jobId);
  }

  /** It has ended. */
  forget({ id, lastSeq }: JobState): void {
    this.cache.drop(id);
    if (this.shared && !this.options.keeps) this.told.set(id, lastSeq);
  }

  /** Its state in memory may be ahead of the store, which was at `lastSeq`: it is read again before the next decision. */
  distrust(jobId: string, lastSeq: number): void {
    this.cache.drop(jobId);
    this.unreadable.add(jobId);
    if (this.shared) this.told.set(jobId, lastSeq);
  }

  /** Lets go what need not be kept; called after each flush with the commands that it has taken. */
  letGo(entries: readonly Entry[]): void {
    const { keeps } = this.options;
    const { leaving } = this;
    this.leaving = new Set();
    if (keeps) for (const { jobId } of entries) leaving.add(jobId);
    for (const jobId of leaving) {
      const state = this.cache.get(jobId);
      if (!state || (keeps ? keeps(jobId) : !isTerminalJob(state.status))) continue;
      this.cache.drop(jobId);
      if (this.shared && !keeps) this.told.set(jobId, state.lastSeq);
    }
  }
}
