import { AsyncLocalStorage } from 'node:async_hooks';

import { inLog } from '../errors/in-log.js';
import { notFound } from '../errors/not-found.js';
import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import { runInSlices } from '../kernel/slices.js';
import { submitInSteps } from '../machine/decide.js';
import { explain, type LimitAnswer } from '../machine/explain.js';
import type { MachineLimits } from '../machine/machine-limits.js';
import { isDue } from '../machine/decide-tick.js';
import { createJobState, wakeAt, type JobState } from '../machine/job-state.js';
import { wake } from '../machine/recount.js';
import type { Command, Submit } from '../model/command.js';
import { addCost, type Cost } from '../model/cost.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { Why } from '../model/why.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import { IdempotencyTakenError, type JobCreation, type JobNews, type JobWrite, type SharedStore, type Store } from '../ports/store.js';
import type { CommittedJob, Grant } from './committed.js';
import { Entry, Flush, offerReady, writeOf, type DecidedJob, type NewJob } from './flush.js';
import { HeldJobs } from './held-jobs.js';
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
/** The first decision on a job of so many tasks takes some milliseconds. */
const LARGE_JOB = 1_000;
/** Where nobody can be made to wait, a command that others come in between is given up after so many tries. */
const MAX_CONFLICTS = 10;

/**
 * The only writer. Commands wait in a queue; once for each turn of the event loop a flush takes them, decides each (but large
 * new jobs, which nobody knows of yet and which come decided) on the
 * state that only the ledger holds, starts ready tasks for which there is room, writes everything in one transaction, and
 * only then answers and lets effects happen. What was answered is durable; what failed has changed nothing.
 *
 * On a store that engines share, others write the same jobs. What they have written of a job in memory is applied to it between
 * two flushes, and has the same effects here as what this one writes; where they were faster, the flush is decided anew.
 */
export class Ledger {
  private readonly jobs: HeldJobs;
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
  private readonly costs = new UnwrittenCosts();

  constructor(private readonly options: LedgerOptions) {
    const { store, dispatcher, clock, keeps } = options;
    this.jobs = new HeldJobs({ store, dispatcher, clock, keeps, costs: this.costs, tell: (job) => this.effects.committed([job]) });
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
    const state = this.jobs.get(jobId);
    return state !== undefined && !isTerminalJob(state.status);
  }

  /** The jobs in memory, to be looked at within this turn of the event loop and not to be kept. */
  openStates(): readonly JobState[] {
    return [...this.jobs.values()].filter(({ status }) => !isTerminalJob(status));
  }

  activeJobs(): string[] {
    return [...this.jobs.values()].map((state) => state.id);
  }

  /**
   * Asks for a change. Resolves with the events it came to, when they are durable.
   *
   * @throws TaskloomError when the job's state does not permit it; `NOT_FOUND`; `STORE_UNAVAILABLE`
   */
  send(jobId: string, command: Command): Promise<readonly JobEvent[]> {
    return this.ask(jobId, this.redacted(command), null, null);
  }

  /**
   * Makes a job. Resolves when it is durable. The first decision on a large one is made before it gets in line, where it need
   * hold up nobody: until then nobody knows of the job.
   *
   * @throws IdempotencyTakenError; TaskloomError `STORE_UNAVAILABLE`
   */
  async create(submit: Submit, creation: JobCreation): Promise<void> {
    const { redactor } = this.options;
    const command = redactor ? redactor.submit(submit) : submit;
    const created = redactor ? redactor.creation(creation) : creation;
    const decided = command.specs.length < LARGE_JOB ? null : await this.decideNew(command, created);
    await this.ask(created.spec.id, command, created, decided);
  }

  private async decideNew(command: Submit, { spec }: JobCreation): Promise<NewJob> {
    const state = createJobState(spec);
    try {
      return { state, events: await runInSlices(submitInSteps(state, command, this.options.clock.now())) };
    } catch (error) {
      this.options.logger.error('A new job could not be decided on; nothing of it is stored.', { jobId: spec.id, ...inLog(error) });
      throw error;
    }
  }

  private ask(jobId: string, command: Command, created: JobCreation | null, decided: NewJob | null): Promise<readonly JobEvent[]> {
    return new Promise((resolve, reject) => this.enqueue(new Entry(jobId, command, created, decided, resolve, reject)));
  }

  /** Like `send`, for callers that only want to hear of a refusal. */
  tell(jobId: string, command: Command, onRefused: (error: unknown) => void): void {
    this.enqueue(new Entry(jobId, this.redacted(command), null, null, null, onRefused));
  }

  private redacted(command: Command): Command {
    const { redactor } = this.options;
    return redactor ? redactor.command(command) : command;
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
    const spent = new Map(this.jobs.get(jobId)?.costs?.get(no));
    const unwritten = this.costs.amountsOf(jobId, no, fence);
    if (unwritten) addCost(spent, Object.fromEntries(unwritten));
    return spent;
  }

  /** Looks again whether something can start: a place became free, or the time of a delayed task has come. */
  nudge(jobId?: string): void {
    const state = jobId === undefined ? undefined : this.jobs.get(jobId);
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
      this.options.logger.error('What was due in a job could not be done.', { jobId, ...inLog(error) }),
    );
  }

  // ── what others write ───────────────────────────────────────────────────────────────────────────────────────

  /** Others have written jobs: they are read before anything more is decided, and those who follow are told. */
  notice(news: readonly JobNews[]): void {
    this.jobs.notice(news);
    if (this.jobs.hasNews) this.schedule();
  }

  /** Everything in a job until now is known: the process that did it has told it. */
  takeUp(jobId: string): void {
    this.jobs.takeUp(jobId);
  }

  /** Somebody watches the tasks of a job, or does no longer. */
  lookAt(jobId: string): void {
    if (!this.closed && this.jobs.lookAt(jobId)) this.schedule();
  }

  /** Why a task of a job in memory stands where it stands; `null` when the job, or the task, is not there. */
  explain(jobId: string, no: number, limitOf: (no: number) => LimitAnswer | null): Why | null {
    const state = this.jobs.get(jobId);
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
    const state = this.jobs.get(jobId);
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
      const failures = await this.jobs.read(entries);
      if (failures.size > 0) this.refuseUnread(entries, failures);
      const decidable = entries.filter(({ jobId, created }) => created !== null || this.jobs.isReadable(jobId));
      const { shared } = this.jobs;
      if (shared && decidable[0]?.alone === true && decidable[0].conflicts > 0) await this.decideHeld(decidable[0], shared);
      else await this.decideAndCommit(decidable);
    } catch (error) {
      this.options.logger.error('A flush failed unexpectedly.', inLog(error));
      for (const entry of entries) entry.reject(error);
    }
    this.jobs.letGo(entries);
    this.flushing = false;
    // Commands that were written alone have started nothing.
    if (entries.some(({ alone }) => alone)) this.again = true;
    if (this.queue.length > 0 || this.jobs.hasNews || this.again) this.schedule();
    else this.reportIdle();
  }

  private takeEntries(): Entry[] {
    const alone = this.queue.findIndex((entry) => entry.alone);
    if (alone >= 0) return this.queue.splice(alone, 1);
    return this.queue.length <= MAX_COMMANDS ? this.queue.splice(0) : this.queue.splice(0, MAX_COMMANDS);
  }

  /** Commands for jobs that could not be read. */
  private refuseUnread(entries: readonly Entry[], failures: ReadonlyMap<string, unknown>): void {
    for (const entry of entries) if (failures.has(entry.jobId)) this.refuse(entry, failures.get(entry.jobId));
    this.options.clock.schedule(RETRY_STORE_MS, () => this.schedule());
  }

  private async decideAndCommit(entries: readonly Entry[]): Promise<void> {
    const flush = new Flush(this.options.dispatcher, this.options.limits, this.options.clock.now(), this.costs);
    for (const entry of entries) this.decide(entry, flush);
    const mayStart = !this.paused && !entries.some(({ alone }) => alone);
    if (mayStart && flush.startReady((jobId) => this.jobs.get(jobId), MAX_COMMANDS)) this.again = true;
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
    const state = this.jobs.get(entry.jobId);
    if (!state) return this.decideAndCommit([entry]);
    const flush = new Flush(this.options.dispatcher, this.options.limits, this.options.clock.now(), this.costs);
    const writes: JobWrite[] = [];
    const { lastSeq } = state;
    let isDecided = false;
    try {
      await shared.commitHeld(entry.jobId, lastSeq, (since) => {
        this.jobs.apply(state, since);
        isDecided = true;
        this.decide(entry, flush);
        writes.push(...flush.changed().map(writeOf));
        return writes[0] ?? null;
      });
    } catch (error) {
      if (isDecided) return this.undo(flush, error);
      this.jobs.distrust(entry.jobId, lastSeq);
      return this.failed([entry], error);
    }
    if (writes.length > 0) this.release(flush.changed(), writes, []);
    this.answer(flush);
  }

  private answer({ jobs }: Flush): void {
    for (const { state, events, answers } of jobs.values()) {
      if (events.length === 0 && isTerminalJob(state.status)) this.jobs.drop(state.id);
      for (const { resolve, events: answered } of answers) resolve(answered);
    }
  }

  private decide(entry: Entry, flush: Flush): void {
    const { jobId, created } = entry;
    const state = created ? (entry.decided?.state ?? createJobState(created.spec)) : this.jobs.get(jobId);
    if (!state) {
      entry.reject(notFound('job', jobId));
      return;
    }
    const taken = flush.decide(entry, state);
    if (taken === 'decided' && created) this.jobs.add(state);
    if (taken === 'defect') this.distrust(jobId, flush);
  }

  /** A defect may have left the state half changed: forget it, and let the job's other commands be decided anew. */
  private distrust(jobId: string, flush: Flush): void {
    this.options.logger.error('A command failed inside the engine; its job is read again from the store.', { jobId });
    const job = flush.forget(jobId);
    this.costs.undone(jobId);
    if (job && !job.created) this.jobs.distrust(jobId, job.expectedSeq);
    this.requeue(job?.entries ?? []);
  }

  /** The commit stands: effects may go out. */
  private release(changed: readonly DecidedJob[], writes: readonly JobWrite[], grants: readonly Grant[]): void {
    const committed = changed.map(({ state, expectedSeq, events, created }, index): CommittedJob => {
      const ended = isTerminalJob(state.status);
      this.costs.written(state);
      if (ended) this.jobs.forget(state);
      const { row, tasks } = writes[index]!;
      return {
        jobId: state.id,
        tenant: state.tenant,
        created: created && created.spec,
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
    for (const { state, created, expectedSeq } of jobs.values()) {
      this.costs.undone(state.id);
      if (created) this.jobs.drop(state.id);
      else this.jobs.distrust(state.id, expectedSeq);
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
    else this.options.logger.error('Tasks could not be started because the store did not take it.', inLog(error));
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
        ...inLog(error),
      });
      entry.conflicts = 0;
      this.options.clock.schedule(RETRY_STORE_MS, () => {
        this.queue.push(entry);
        this.schedule();
      });
      return;
    }
    if (!(error instanceof IdempotencyTakenError))
      this.options.logger.error('A command could not be written.', { jobId: entry.jobId, ...inLog(error) });
    entry.reject(error);
  }

  private reportIdle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /** The earliest time at which a job in memory needs attention by itself. */
  wakeAtOf(jobId: string): number | null {
    const state = this.jobs.get(jobId);
    return state ? wakeAt(state) : null;
  }
}

/** What passes without anything that an agent has done being wrong. */
const WORTH_WAITING: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'STORE_CONFLICT']);

function isConflict(error: unknown): boolean {
  return isTaskloomError(error) && error.code === 'STORE_CONFLICT';
}
