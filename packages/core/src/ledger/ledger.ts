import { AsyncLocalStorage } from 'node:async_hooks';

import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import { explain, type LimitAnswer } from '../machine/explain.js';
import type { MachineLimits } from '../machine/machine-limits.js';
import { isDue } from '../machine/decide-tick.js';
import { createJobState, wakeAt, type JobState } from '../machine/job-state.js';
import { wake } from '../machine/recount.js';
import type { Command } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { Why } from '../model/why.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import { IdempotencyTakenError, type JobCreation, type JobWrite, type Store } from '../ports/store.js';
import type { CommittedJob, Grant } from './committed.js';
import { Flush, offerReady, writeOf, type DecidedJob, type Entry } from './flush.js';
import { JobCache } from './job-cache.js';

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
}

const MAX_COMMANDS = 256;
const RETRY_STORE_MS = 250;

/**
 * The only writer. Commands wait in a queue; once for each turn of the event loop a flush takes them, decides each on the
 * state that only the ledger holds, starts ready tasks for which there is room, writes everything in one transaction, and
 * only then answers and lets effects happen. What was answered is durable; what failed has changed nothing.
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

  constructor(private readonly options: LedgerOptions) {
    this.cache = new JobCache(options.store);
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
    return new Promise((resolve, reject) => this.enqueue({ jobId, command, created, alone: false, resolve, reject }));
  }

  /** Like `send`, for callers that only want to hear of a refusal. */
  tell(jobId: string, command: Command, onRefused: (error: unknown) => void): void {
    this.enqueue({ jobId, command, created: null, alone: false, resolve: null, reject: onRefused });
  }

  private enqueue(entry: Entry): void {
    if (this.closed) {
      entry.reject(new TaskloomError('ENGINE_STOPPED', 'The engine has stopped and takes no more commands.'));
      return;
    }
    this.queue.push(entry);
    this.schedule();
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
      await this.decideAndCommit(entries.filter(({ jobId, created }) => created !== null || !this.unreadable.has(jobId)));
    } catch (error) {
      this.options.logger.error('A flush failed unexpectedly.', { error: (error as Error).message });
      for (const entry of entries) entry.reject(error);
    }
    this.flushing = false;
    // Commands that were written alone have started nothing.
    if (entries.some(({ alone }) => alone)) this.again = true;
    if (this.queue.length > 0 || this.again) this.schedule();
    else this.reportIdle();
  }

  private takeEntries(): Entry[] {
    const alone = this.queue.findIndex((entry) => entry.alone);
    if (alone >= 0) return this.queue.splice(alone, 1);
    return this.queue.length <= MAX_COMMANDS ? this.queue.splice(0) : this.queue.splice(0, MAX_COMMANDS);
  }

  /** Reads the jobs that commands are for, and those whose state was dropped, into memory. */
  private async loadJobs(entries: readonly Entry[]): Promise<void> {
    const missing = new Set(this.unreadable);
    for (const { jobId, created } of entries) if (!created && !this.cache.get(jobId)) missing.add(jobId);
    if (missing.size === 0) return;
    this.unreadable.clear();
    for (const jobId of missing) {
      try {
        const state = await this.cache.load(jobId, this.options.clock.now());
        if (state) offerReady(state, this.options.dispatcher);
      } catch (error) {
        this.unreadable.add(jobId);
        for (const entry of entries) if (entry.jobId === jobId) this.refuse(entry, error);
      }
    }
    if (this.unreadable.size > 0) this.options.clock.schedule(RETRY_STORE_MS, () => this.schedule());
  }

  private async decideAndCommit(entries: readonly Entry[]): Promise<void> {
    const flush = new Flush(this.options.dispatcher, this.options.limits, this.options.clock.now());
    for (const entry of entries) this.decide(entry, flush);
    if (!this.paused && !entries.some(({ alone }) => alone)) flush.startReady((jobId) => this.cache.get(jobId), MAX_COMMANDS);
    // There may be more to start than one flush takes.
    if (flush.grants.length === MAX_COMMANDS) this.again = true;
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
    for (const { state, events, answers } of flush.jobs.values()) {
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
    if (!job?.created) this.dropState(jobId);
    this.requeue(job?.entries ?? []);
  }

  /** The commit stands: effects may go out. */
  private release(changed: readonly DecidedJob[], writes: readonly JobWrite[], grants: readonly Grant[]): void {
    const committed = changed.map(({ state, expectedSeq, events }, index): CommittedJob => {
      const ended = isTerminalJob(state.status);
      if (ended) this.cache.drop(state.id);
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

  /** The commit did not stand: nothing of it happened. */
  private undo({ jobs, grants }: Flush, error: unknown): void {
    for (const { place } of grants) this.options.dispatcher.release(place, 'never-started');
    for (const { state, created } of jobs.values()) {
      if (created) this.cache.drop(state.id);
      else this.dropState(state.id);
    }
    const entries = [...jobs.values()].flatMap((job) => job.entries);
    if (entries.length > 1) this.requeue(entries);
    else if (entries.length === 1) this.refuse(entries[0]!, error);
    else this.options.logger.error('Tasks could not be started because the store did not take it.', { error: (error as Error).message });
    if (entries.length <= 1) this.options.clock.schedule(RETRY_STORE_MS, () => this.schedule());
  }

  /** Its state in memory may be ahead of the store: it is read again before the next decision. */
  private dropState(jobId: string): void {
    this.cache.drop(jobId);
    this.unreadable.add(jobId);
  }

  private requeue(entries: readonly Entry[]): void {
    for (const entry of entries) entry.alone = true;
    this.queue.unshift(...entries);
  }

  /** A command that could not be written even alone. */
  private refuse(entry: Entry, error: unknown): void {
    const isFromAttempt = 'fence' in entry.command;
    if (isTaskloomError(error) && error.code === 'STORE_UNAVAILABLE' && isFromAttempt && !this.closed) {
      // What an agent has done is worth keeping: its word waits until the store is back.
      this.options.logger.warn('The store is unavailable; what an agent reported is tried again.', {
        jobId: entry.jobId,
        error: error.message,
      });
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
