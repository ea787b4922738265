import { AsyncLocalStorage } from 'node:async_hooks';

import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import { explain, type LimitAnswer } from '../machine/explain.js';
import type { MachineLimits } from '../machine/machine-limits.js';
import { isDue } from '../machine/decide-tick.js';
import { createJobState, wakeAt, type JobState } from '../machine/job-state.js';
import { wake } from '../machine/recount.js';
import type { Command } from '../model/command.js';
import { addCost, type Cost } from '../model/cost.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { Why } from '../model/why.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import {
  IdempotencyTakenError,
  sharedStore,
  type JobCreation,
  type JobNews,
  type JobWrite,
  type SharedStore,
  type Store,
} from '../ports/store.js';
import type { CommittedJob, Grant } from './committed.js';
import { Flush, offerReady, writeOf, type DecidedJob, type Entry } from './flush.js';
import { readAgain, sinceReopened, takeOver } from './foreign.js';
import { JobCache } from './job-cache.js';
import { RecentSeqs } from './recent-seqs.js';
import type { TextRedactor } from './text-redactor.js';
import { UnwrittenCosts } from './unwritten-costs.js';

export interface LedgerEffects {
  /** Runs the granted attempts. */
  start(grants: readonly Grant[]): void;
  /** Tells everybody who follows jobs. */
  committed(jobs: readonly CommittedJob[]): void;
}

export interface LedgerOptions {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: MachineLimits;
  /** Changes what people and agents say before anything is decided on it. Default: nothing does. */
  readonly redactor?: TextRedactor | null;
  /**
   * Where another engine runs the tasks: which jobs are kept in memory nevertheless, because their tasks are watched. Default:
   * tasks are run here, and every open job is kept.
   */
  readonly keeps?: (jobId: string) => boolean;
}

const MAX_COMMANDS = 256;
const RETRY_STORE_MS = 250;
/** Jobs that are read at the same time. */
const MAX_READS = 8;
/** Where nobody can be made to wait, a command that others come in between is given up after so many tries. */
const MAX_CONFLICTS = 10;

/**
 * The only writer. Commands wait in a queue; once for each turn of the event loop a flush takes them, decides each on the
 * state that only the ledger holds, starts ready tasks for which there is room, writes everything in one transaction, and
 * only then answers and lets effects happen. What was answered is durable; what failed has changed nothing.
 *
 * On a store that engines share, others write the same jobs. What they have written of a job in memory is applied to it between
 * two flushes, and has the same effects here as what this one writes; where they were faster, the flush is decided anew.
 */
export class Ledger {
  private readonly cache: JobCache;
  private queue: Entry[] = [];
  private scheduled = false;
  private flushing = false;
  /** Asked for a flush while one was under way. */
  private again = false;
  private paused = true;
  private closed = false;
  private effects: LedgerEffects = { start: () => undefined, committed: () => undefined };
  private readonly idle: (() => void)[] = [];
  /** Agents must not see the async context (the request, its tenant) of whoever happened to enqueue the first command. */
  private readonly inOwnContext = AsyncLocalStorage.snapshot();
  /** Jobs whose state was dropped and must be read again before anything is decided for them. */
  private readonly unreadable = new Set<string>();
  /** `null`: nobody else writes the store. */
  private readonly shared: SharedStore | null;
  /** Jobs that others have written. */
  private noticed = new Set<string>();
  /** Jobs that may leave the memory. */
  private leaving = new Set<string>();
  /** How far those who follow were told of jobs that are not in memory. */
  private readonly told = new RecentSeqs();
  private readonly costs = new UnwrittenCosts();

  constructor(private readonly options: LedgerOptions) {
    this.cache = new JobCache(options.store);
    this.shared = sharedStore(options.store);
  }

  /** Who acts on what is committed. */
  connect(effects: LedgerEffects): void {
    this.effects = effects;
  }

  /** Begins to start tasks. Before, commands are taken but nothing is dispatched. */
  resume(): void {
    this.paused = false;
    this.schedule();
  }

  /** Starts no more tasks; commands of running attempts are still taken. */
  pause(): void {
    this.paused = true;
  }

  /** Refuses everything from now on, after what is queued has been written. */
  async close(): Promise<void> {
    this.closed = true;
    await this.settled();
  }

  /** Resolves when nothing is queued or being written. */
  settled(): Promise<void> {
    if (this.queue.length === 0 && !this.flushing) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Whether a job is in memory and running. */
  isActive(jobId: string): boolean {
    const state = this.cache.get(jobId);
    return state !== undefined && !isTerminalJob(state.status);
  }

  /** The jobs in memory, to be looked at within this turn of the event loop and not to be kept. */
  openStates(): readonly JobState[] {
    return [...this.cache.values()].filter(({ status }) => !isTerminalJob(status));
  }

  activeJobs(): string[] {
    return [...this.cache.values()].map((state) => state.id);
  }

  /**
   * Asks for a change. Resolves with the events it came to, when they are durable.
   *
   * @throws TaskloomError when the job's state does not permit it; `NOT_FOUND`; `STORE_UNAVAILABLE`
   */
  send(jobId: string, command: Command, created: JobCreation | null = null): Promise<readonly JobEvent[]> {
    return new Promise((resolve, reject) =>
      this.enqueue({ jobId, ...this.redacted(command, created), alone: false, conflicts: 0, resolve, reject }),
    );
  }

  /** Like `send`, for callers that only want to hear of a refusal. */
  tell(jobId: string, command: Command, onRefused: (error: unknown) => void): void {
    this.enqueue({ jobId, ...this.redacted(command, null), alone: false, conflicts: 0, resolve: null, reject: onRefused });
  }

  private redacted(command: Command, created: JobCreation | null): Pick<Entry, 'command' | 'created'> {
    const { redactor } = this.options;
    return redactor ? { command: redactor.command(command), created: created && redactor.creation(created) } : { command, created };
  }

  private enqueue(entry: Entry): void {
    if (this.closed) {
      entry.reject(new TaskloomError('ENGINE_STOPPED', 'The engine has stopped and takes no more commands.'));
      return;
    }
    this.queue.push(entry);
    this.schedule();
  }

  /** Notes what an attempt has spent, to be written with what is written about it next. */
  spend({ jobId, no, fence }: Grant, cost: Cost): void {
    this.costs.add(jobId, no, fence, cost);
  }

  /** What a running attempt's task has spent so far by unit, earlier attempts included. */
  spentBy({ jobId, no, fence }: Grant): ReadonlyMap<string, number> {
    const spent = new Map(this.cache.get(jobId)?.costs?.get(no));
    const unwritten = this.costs.amountsOf(jobId, no, fence);
    if (unwritten) addCost(spent, Object.fromEntries(unwritten));
    return spent;
  }

  /** Looks again whether something can start: a place became free, or the time of a delayed task has come. */
  nudge(jobId?: string): void {
    const state = jobId === undefined ? undefined : this.cache.get(jobId);
    if (state) this.wake(state);
    this.schedule();
  }

  private wake(state: JobState): void {
    const now = Math.max(this.options.clock.now(), state.lastAt);
    wake(state, now);
    offerReady(state, this.options.dispatcher);
    if (!isDue(state, now)) return;
    const { id: jobId } = state;
    this.tell(jobId, { kind: 'tick' }, (error) =>
      this.options.logger.error('What was due in a job could not be done.', { jobId, error: (error as Error).message }),
    );
  }

  // ── what others write ───────────────────────────────────────────────────────────────────────────────────────

  /** Others have written jobs: they are read before anything more is decided, and those who follow are told. */
  notice(news: readonly JobNews[]): void {
    for (const { jobId, lastSeq } of news) {
      const known = this.cache.get(jobId)?.lastSeq ?? this.told.get(jobId);
      if (known === undefined || known < lastSeq) this.noticed.add(jobId);
    }
    if (this.noticed.size > 0) this.schedule();
  }

  /** Everything in a job until now is known: the process that did it has told it. */
  takeUp(jobId: string): void {
    if (this.shared) this.told.set(jobId, Number.MAX_SAFE_INTEGER);
  }

  /** Somebody watches the tasks of a job, or does no longer. */
  lookAt(jobId: string): void {
    if (this.options.keeps === undefined || this.closed) return;
    if (this.options.keeps(jobId)) this.noticed.add(jobId);
    else this.leaving.add(jobId);
    this.schedule();
  }

  /** Why a task of a job in memory stands where it stands; `null` when the job, or the task, is not there. */
  explain(jobId: string, no: number, limitOf: (no: number) => LimitAnswer | null): Why | null {
    const state = this.cache.get(jobId);
    return state?.tasks[no] ? explain(state, no, limitOf) : null;
  }

  /** What is in memory of a job; `null` when it has ended or was never read. */
  describe(jobId: string): {
    readonly name: string;
    readonly workflow: string | null;
    readonly openTasks: number;
    readonly finishedTasks: number;
    readonly missingAgents: ReadonlySet<string>;
  } | null {
    const state = this.cache.get(jobId);
    if (!state) return null;
    const finished = state.tasks.filter((task) => task.finishedAt > 0).length;
    const missingAgents = new Set<string>();
    for (const task of state.tasks) if (task.reason === 'AGENT_UNAVAILABLE' && task.agent !== null) missingAgents.add(task.agent);
    return { name: state.name, workflow: state.workflow, openTasks: state.tasks.length - finished, finishedTasks: finished, missingAgents };
  }

  // ── flush ───────────────────────────────────────────────────────────────────────────────────────────────────

  private schedule(): void {
    if (this.flushing) this.again = true;
    if (this.scheduled || this.flushing) return;
    this.scheduled = true;
    setImmediate(() => this.inOwnContext(() => void this.flush()));
  }

  private async flush(): Promise<void> {
    this.scheduled = false;
    this.again = false;
    this.flushing = true;
    const entries = this.takeEntries();
    try {
      await this.loadJobs(entries);
      const decidable = entries.filter(({ jobId, created }) => created !== null || !this.unreadable.has(jobId));
      if (this.shared && decidable[0]?.alone === true && decidable[0].conflicts > 0) await this.decideHeld(decidable[0], this.shared);
      else await this.decideAndCommit(decidable);
    } catch (error) {
      this.options.logger.error('A flush failed unexpectedly.', { error: (error as Error).message });
      for (const entry of entries) entry.reject(error);
    }
    this.letGo(entries);
    this.flushing = false;
    // Commands that were written alone have started nothing.
    if (entries.some(({ alone }) => alone)) this.again = true;
    if (this.queue.length > 0 || this.noticed.size > 0 || this.again) this.schedule();
    else this.reportIdle();
  }

  private takeEntries(): Entry[] {
    const alone = this.queue.findIndex((entry) => entry.alone);
    if (alone >= 0) return this.queue.splice(alone, 1);
    return this.queue.length <= MAX_COMMANDS ? this.queue.splice(0) : this.queue.splice(0, MAX_COMMANDS);
  }

  /** Reads the jobs that commands are for, those whose state was dropped, and what others have written. */
  private async loadJobs(entries: readonly Entry[]): Promise<void> {
    const { noticed } = this;
    const missing = new Set([...this.unreadable, ...noticed]);
    for (const { jobId, created } of entries) if (!created && !this.cache.get(jobId)) missing.add(jobId);
    if (missing.size === 0) return;
    this.unreadable.clear();
    this.noticed = new Set();
    const jobs = [...missing];
    for (let from = 0; from < jobs.length; from += MAX_READS)
      await Promise.all(jobs.slice(from, from + MAX_READS).map((jobId) => this.loadJob(jobId, noticed.has(jobId), entries)));
    if (this.unreadable.size > 0) this.options.clock.schedule(RETRY_STORE_MS, () => this.schedule());
  }

  private async loadJob(jobId: string, isNoticed: boolean, entries: readonly Entry[]): Promise<void> {
    const state = this.cache.get(jobId);
    const lastSeq = state?.lastSeq ?? 0;
    try {
      if (state && this.shared) this.apply(state, await this.shared.eventsAfter(jobId, lastSeq));
      else await this.readJob(jobId, isNoticed);
    } catch (error) {
      if (state) this.dropState(jobId, lastSeq);
      else this.unreadable.add(jobId);
      for (const entry of entries) if (entry.jobId === jobId) this.refuse(entry, error);
    }
  }

  private async readJob(jobId: string, isNoticed: boolean): Promise<void> {
    const state = await this.cache.load(jobId, this.options.clock.now());
    if (!state) return;
    try {
      if (this.shared) await this.tellMissed(state, this.shared, isNoticed);
    } catch (error) {
      this.cache.drop(jobId);
      throw error;
    }
    this.costs.forgetOver(state);
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
    if (missed !== null) this.effects.committed([readAgain(state, missed)]);
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

  /** Others have gone on with a job in memory. */
  private apply(state: JobState, events: readonly JobEvent[]): void {
    if (events.length === 0) return;
    const committed = takeOver(state, events);
    this.costs.forgetOver(state);
    offerReady(state, this.options.dispatcher);
    this.effects.committed([committed]);
    if (committed.ended) this.leaving.add(state.id);
  }

  /** Forgets what need not be kept in memory. */
  private letGo(entries: readonly Entry[]): void {
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

  private async decideAndCommit(entries: readonly Entry[]): Promise<void> {
    const flush = new Flush(this.options.dispatcher, this.options.limits, this.options.clock.now(), this.costs);
    for (const entry of entries) this.decide(entry, flush);
    const mayStart = !this.paused && !entries.some(({ alone }) => alone);
    if (mayStart && flush.startReady((jobId) => this.cache.get(jobId), MAX_COMMANDS)) this.again = true;
    const changed = flush.changed();
    if (changed.length > 0) {
      const writes = changed.map(writeOf);
      try {
        await this.options.store.commit(writes);
      } catch (error) {
        return this.undo(flush, error);
      }
      this.release(changed, writes, flush.grants);
    }
    this.answer(flush);
  }

  /** Decides a command that others were faster than: while it is decided and written they wait. */
  private async decideHeld(entry: Entry, shared: SharedStore): Promise<void> {
    const state = this.cache.get(entry.jobId);
    if (!state) return this.decideAndCommit([entry]);
    const flush = new Flush(this.options.dispatcher, this.options.limits, this.options.clock.now(), this.costs);
    const writes: JobWrite[] = [];
    const { lastSeq } = state;
    let isDecided = false;
    try {
      await shared.commitHeld(entry.jobId, lastSeq, (since) => {
        this.apply(state, since);
        isDecided = true;
        this.decide(entry, flush);
        writes.push(...flush.changed().map(writeOf));
        return writes[0] ?? null;
      });
    } catch (error) {
      if (isDecided) return this.undo(flush, error);
      this.dropState(entry.jobId, lastSeq);
      return this.failed([entry], error);
    }
    if (writes.length > 0) this.release(flush.changed(), writes, []);
    this.answer(flush);
  }

  private answer({ jobs }: Flush): void {
    for (const { state, events, answers } of jobs.values()) {
      if (events.length === 0 && isTerminalJob(state.status)) this.cache.drop(state.id);
      for (const { resolve, events: answered } of answers) resolve(answered);
    }
  }

  private decide(entry: Entry, flush: Flush): void {
    const { jobId, created } = entry;
    const state = created ? createJobState(created.spec) : this.cache.get(jobId);
    if (!state) {
      entry.reject(new TaskloomError('NOT_FOUND', `There is no job ${jobId}.`, { details: { jobId } }));
      return;
    }
    const taken = flush.decide(entry, state);
    if (taken === 'decided' && created) this.cache.add(state);
    if (taken === 'defect') this.distrust(jobId, flush);
  }

  /** A defect may have left the state half changed: forget it, and let the job's other commands be decided anew. */
  private distrust(jobId: string, flush: Flush): void {
    this.options.logger.error('A command failed inside the engine; its job is read again from the store.', { jobId });
    const job = flush.forget(jobId);
    this.costs.undone(jobId);
    if (job && !job.created) this.dropState(jobId, job.expectedSeq);
    this.requeue(job?.entries ?? []);
  }

  /** The commit stands: effects may go out. */
  private release(changed: readonly DecidedJob[], writes: readonly JobWrite[], grants: readonly Grant[]): void {
    const committed = changed.map(({ state, expectedSeq, events }, index): CommittedJob => {
      const ended = isTerminalJob(state.status);
      this.costs.written(state);
      if (ended) this.forget(state);
      const { row, tasks } = writes[index]!;
      return {
        jobId: state.id,
        tenant: state.tenant,
        events,
        firstSeq: expectedSeq + 1,
        tasks: Array.from(tasks, ({ no }) => no),
        ended,
        wakeAt: row.wakeAt,
        standing: (no) => state.tasks[no],
        keyOf: (no) => state.tasks[no]?.key ?? null,
      };
    });
    this.effects.committed(committed);
    if (grants.length > 0) this.effects.start(grants);
  }

  private forget({ id, lastSeq }: JobState): void {
    this.cache.drop(id);
    if (this.shared && !this.options.keeps) this.told.set(id, lastSeq);
  }

  /** The commit did not stand: nothing of it happened. */
  private undo({ jobs, grants }: Flush, error: unknown): void {
    for (const { place } of grants) this.options.dispatcher.release(place, 'never-started');
    for (const { state, created, expectedSeq } of jobs.values()) {
      this.costs.undone(state.id);
      if (created) this.cache.drop(state.id);
      else this.dropState(state.id, expectedSeq);
    }
    this.failed(
      [...jobs.values()].flatMap((job) => job.entries),
      error,
    );
  }

  private failed(entries: readonly Entry[], error: unknown): void {
    if (isConflict(error) && entries.every(({ conflicts }) => conflicts < MAX_CONFLICTS)) return this.decideAnew(entries);
    if (entries.length > 1) this.requeue(entries);
    else if (entries.length === 1) this.refuse(entries[0]!, error);
    else this.options.logger.error('Tasks could not be started because the store did not take it.', { error: (error as Error).message });
    if (entries.length <= 1) this.options.clock.schedule(RETRY_STORE_MS, () => this.schedule());
  }

  /**
   * Others were faster: on what they have written the same may come to something else. Commands that met them together are
   * decided together once more; one that did so alone, or again, is decided with its job held.
   */
  private decideAnew(entries: readonly Entry[]): void {
    for (const entry of entries) {
      entry.alone = entries.length === 1 || entry.conflicts > 0;
      entry.conflicts += 1;
    }
    this.queue.unshift(...entries);
    this.again = true;
  }

  /** Its state in memory may be ahead of the store, which was at `lastSeq`: it is read again before the next decision. */
  private dropState(jobId: string, lastSeq: number): void {
    this.cache.drop(jobId);
    this.unreadable.add(jobId);
    if (this.shared) this.told.set(jobId, lastSeq);
  }

  private requeue(entries: readonly Entry[]): void {
    for (const entry of entries) entry.alone = true;
    this.queue.unshift(...entries);
  }

  /** A command that could not be written even alone. */
  private refuse(entry: Entry, error: unknown): void {
    const isFromAttempt = 'fence' in entry.command;
    if (isTaskloomError(error) && WORTH_WAITING.has(error.code) && isFromAttempt && !this.closed) {
      // What an agent has done is worth keeping: its word waits until the store is back.
      this.options.logger.warn('The store is unavailable; what an agent reported is tried again.', {
        jobId: entry.jobId,
        error: error.message,
      });
      entry.conflicts = 0;
      this.options.clock.schedule(RETRY_STORE_MS, () => {
        this.queue.push(entry);
        this.schedule();
      });
      return;
    }
    if (!(error instanceof IdempotencyTakenError))
      this.options.logger.error('A command could not be written.', { jobId: entry.jobId, error: (error as Error).message });
    entry.reject(error);
  }

  private reportIdle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /** The earliest time at which a job in memory needs attention by itself. */
  wakeAtOf(jobId: string): number | null {
    const state = this.cache.get(jobId);
    return state ? wakeAt(state) : null;
  }
}

/** What passes without anything that an agent has done being wrong. */
const WORTH_WAITING: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'STORE_CONFLICT']);

function isConflict(error: unknown): boolean {
  return isTaskloomError(error) && error.code === 'STORE_CONFLICT';
}
