/*
 * What a job is allowed to do, said a second time: slowly, from scratch after every command, and without a line of the
 * engine's code. Where the engine keeps counters and an agenda, this model asks the whole graph again each time.
 */
import type { Command } from '../../model/command.js';
import type { NewRequest, RequestKind, TimeoutAction } from '../../model/human-request.js';
import type { JobStatus } from '../../model/job.js';
import type { Dependency, StatusReason, TaskSpec, TaskStatus } from '../../model/task.js';
import { plainSpec } from './specs.js';
import { waitsInCircle } from './waiting.js';

export interface ModelLimits {
  readonly tasksPerJob: number;
  readonly dynamicTasksPerCall: number;
  readonly dynamicTasksPerJob: number;
  readonly depth: number;
}

/** What holds back a job as a whole; times in milliseconds, 0 for none. */
export interface ModelJob {
  readonly confirm: boolean;
  readonly runAt: number;
  readonly deadline: number;
}

/**
 * Where a task is in its own life, apart from what its neighbours do to it. `returned`: only what it has added still runs;
 * `judged`: somebody has to accept it; `replaced`: it failed, and another one runs in its stead; `undecided`: it failed, and
 * a person decides; `dormant`: nobody needs it yet.
 */
type Phase =
  | 'fresh'
  | 'running'
  | 'asked'
  | 'waits-below'
  | 'returned'
  | 'judged'
  | 'again'
  | 'parked'
  | 'replaced'
  | 'undecided'
  | 'dormant'
  | 'ended';

/** A question to a person. */
interface ModelRequest {
  readonly task: ModelTask;
  readonly kind: RequestKind;
  readonly onTimeout: TimeoutAction;
  /** `null` where the engine words the question. */
  readonly hash: string | null;
  deadline: number;
  isOpen: boolean;
  /** Its time passed, and the job waits for its answer. */
  holdsJob: boolean;
}

/** A hash that no question has. */
export const OTHER_HASH = 'of another question';

export class ModelTask {
  phase: Phase = 'fresh';
  end: { status: TaskStatus; reason: StatusReason | null; explained?: StatusReason | null; by?: ModelTask } | null = null;
  parkedFor: StatusReason | null = null;
  generation = 1;
  attempt = 0;
  fence = 0;
  strikes = 0;
  rounds = 0;
  availableAt = 0;
  /** The next run goes on with the attempt that is open. */
  goesOn = false;
  /** What it returned, for conditions. */
  value: unknown = undefined;
  /** Until when it sleeps, 0 when nothing is left to sleep. */
  until = 0;
  /** Nothing but its time holds back its next run. */
  isAsleep = false;
  isHeld = false;
  /** A person was asked for something that it waits for. */
  asksPerson = false;
  /** Whether it had ended before it was superseded. */
  hadEnded = false;
  /** How often it was rejected since somebody last retried it. */
  rejections = 0;
  /** The task that this one stands in for. */
  standsInFor: ModelTask | null = null;
  /** That one failed. */
  isNeeded = false;
  /** What an agent's own predicate said of what it returned. */
  isAccepted = false;
  /** Those it came with, and those added later. */
  readonly dependencies: Dependency[];

  constructor(readonly spec: TaskSpec) {
    this.dependencies = [...spec.dependencies];
    this.availableAt = spec.runAt ?? 0;
  }

  /** By when it must have ended. A retry by hand lifts that, a rejection does not. Who is stood in for, or not needed yet, is not late. */
  get deadline(): number {
    const counts = this.isOpen && this.phase !== 'replaced' && this.phase !== 'dormant' && this.generation === 1 + this.rejections;
    return (counts ? this.spec.deadline : null) ?? Number.POSITIVE_INFINITY;
  }

  get no(): number {
    return this.spec.no;
  }

  get isOpen(): boolean {
    return this.phase !== 'ended';
  }

  get isSuperseded(): boolean {
    return this.end?.reason === 'SUPERSEDED';
  }

  get isDone(): boolean {
    return this.end?.status === 'COMPLETED' || this.end?.status === 'ACCEPTED';
  }

  get hasFailed(): boolean {
    return this.end?.status === 'FAILED' || this.end?.status === 'REJECTED';
  }

  finish(status: TaskStatus, reason: StatusReason | null): void {
    this.phase = 'ended';
    this.end = { status, reason };
  }
}

/** What a command comes to: nothing went wrong, or the code of the error. */
export type Answer =
  | 'taken'
  | 'LEASE_LOST'
  | 'ILLEGAL_MOVE'
  | 'DYNAMIC_LIMIT'
  | 'JOB_ALREADY_TERMINAL'
  | 'JOB_CLOSED'
  | 'NOT_FOUND'
  | 'GRAPH_CYCLE'
  | 'GRAPH_LIMIT'
  | 'UNKNOWN_DEPENDENCY'
  | 'REQUEST_CLOSED'
  | 'REQUEST_CHANGED'
  | 'INPUT_SCHEMA';

type Verdict = 'open' | 'yes' | 'no';

export class JobModel {
  readonly tasks: ModelTask[];
  /** Number 1 is the first. */
  readonly requests: ModelRequest[] = [];
  status: JobStatus = 'RUNNING';
  /** `undefined`: the rules leave it open (something was skipped because an operator had cancelled what it needs). */
  success: boolean | null | undefined = null;
  generation = 1;
  /** Whether it was confirmed and its start time has come. */
  begun: boolean;

  constructor(
    specs: readonly TaskSpec[],
    private readonly limits: ModelLimits,
    private readonly job: ModelJob,
    now: number,
  ) {
    this.tasks = specs.map((spec) => new ModelTask(spec));
    for (const task of this.tasks) {
      if (task.spec.recovery?.kind !== 'route-to') continue;
      const fallback = this.tasks[task.spec.recovery.task]!;
      fallback.standsInFor = task;
      fallback.phase = 'dormant';
    }
    if (job.confirm) this.status = 'AWAITING_CONFIRMATION';
    this.begun = !job.confirm && job.runAt <= now;
    this.settle(now);
  }

  get isOver(): boolean {
    return this.status === 'COMPLETED' || this.status === 'FAILED' || this.status === 'CANCELLED';
  }

  /** When something happens to the job by itself. */
  get nextDue(): number {
    if (this.isOver) return Number.POSITIVE_INFINITY;
    return Math.min(
      this.deadline,
      this.status === 'RUNNING' && !this.begun ? this.job.runAt : Number.POSITIVE_INFINITY,
      ...this.requests.map((request) => (request.isOpen ? request.deadline : Number.POSITIVE_INFINITY)),
      ...this.tasks.map((task) => Math.min(task.deadline, task.isAsleep ? task.until : Number.POSITIVE_INFINITY)),
    );
  }

  private get deadline(): number {
    return this.job.deadline > 0 && this.generation === 1 ? this.job.deadline : Number.POSITIVE_INFINITY;
  }

  // ── what can be read off the graph ──────────────────────────────────────────────────────────────────────────

  childrenOf(task: ModelTask): ModelTask[] {
    return this.tasks.filter((other) => other.spec.parent === task.no);
  }

  parentOf(task: ModelTask): ModelTask | null {
    return task.spec.parent === null ? null : this.tasks[task.spec.parent]!;
  }

  ancestorsOf(task: ModelTask): ModelTask[] {
    const parent = this.parentOf(task);
    return parent === null ? [] : [parent, ...this.ancestorsOf(parent)];
  }

  subtreeOf(task: ModelTask): ModelTask[] {
    return [task, ...this.childrenOf(task).flatMap((child) => this.subtreeOf(child))];
  }

  /** Whether what a task waits for by its edges has come, can still come, or never will. */
  dependenciesOf(task: ModelTask): Verdict {
    const verdicts = task.dependencies.map(({ on, mode }) => {
      const source = this.tasks[on]!;
      if (source === task.standsInFor && mode === 'failed') return this.isNeededNow(task);
      if (source.end === null) return 'open';
      if (wasTakenBack(source, task)) return 'yes';
      const wanted = { completed: source.isDone, settled: true, failed: source.hasFailed }[mode];
      return wanted ? 'yes' : 'no';
    });
    return verdicts.includes('no') ? 'no' : verdicts.includes('open') ? 'open' : 'yes';
  }

  /** A fallback is needed once the other has failed. What has begun goes on, whatever becomes of the other. */
  private isNeededNow(fallback: ModelTask): Verdict {
    if (fallback.isNeeded && (fallback.standsInFor!.phase === 'replaced' || fallback.attempt + fallback.rejections > 0)) return 'yes';
    return fallback.standsInFor!.isOpen ? 'open' : 'no';
  }

  conditionOf(task: ModelTask): Verdict {
    const { condition } = task.spec;
    if (condition === null) return 'yes';
    const source = this.tasks[condition.task]!;
    if (source.end === null) return 'open';
    const instead = condition.or || wasTakenBack(source, task) ? 'yes' : 'no';
    if (!source.isDone) return instead;
    let value: unknown = source.value;
    for (const segment of condition.path.split('/').slice(1))
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[segment] : undefined;
    return value === undefined ? instead : value ? 'yes' : 'no';
  }

  /** Nothing above it and before it holds it back; what has begun is held back no more, and holds nothing back that is below it. */
  isFree(task: ModelTask): boolean {
    if (task.attempt > 0) return true;
    const parent = this.parentOf(task);
    return this.dependenciesOf(task) === 'yes' && this.conditionOf(task) === 'yes' && (parent === null ? this.begun : this.isFree(parent));
  }

  /** Whether somebody holds it back, or something above it, or a failure that a person has to decide about. */
  isHeld(task: ModelTask): boolean {
    return (
      this.requests.some(({ isOpen, kind }) => isOpen && kind === 'failure') || [task, ...this.ancestorsOf(task)].some((one) => one.isHeld)
    );
  }

  hasOpenChildren(task: ModelTask): boolean {
    return this.childrenOf(task).some((child) => child.isOpen);
  }

  hasOpenNeeds(task: ModelTask): boolean {
    return this.childrenOf(task).some((child) => child.isOpen && child.spec.origin === 'need');
  }

  /** Something that its last run asked for has not come. */
  private isWaiting(task: ModelTask): boolean {
    return this.hasOpenNeeds(task) || this.requests.some((request) => request.isOpen && request.task === task);
  }

  statusOf(task: ModelTask): TaskStatus {
    switch (task.phase) {
      case 'ended':
        return task.end!.status;
      case 'running':
        return 'IN_PROGRESS';
      case 'parked':
      case 'returned':
      case 'judged':
      case 'replaced':
      case 'undecided':
        return 'BLOCKED';
      case 'dormant':
        return 'DORMANT';
      case 'again':
        return 'READY';
      case 'asked':
        return this.isWaiting(task) || task.isAsleep ? 'BLOCKED' : 'READY';
      case 'waits-below':
        return this.hasOpenChildren(task) ? 'BLOCKED' : 'READY';
      case 'fresh':
        return !this.isFree(task) ? 'PENDING' : this.hasOpenChildren(task) ? 'BLOCKED' : 'READY';
    }
  }

  /** The reason shown with the status; `undefined` where more than one would be true. */
  reasonOf(task: ModelTask): StatusReason | null | undefined {
    if (task.phase === 'ended') return task.end!.status === 'SKIPPED' && task.end!.reason === null ? undefined : task.end!.reason;
    if (this.statusOf(task) !== 'BLOCKED') return null;
    switch (task.phase) {
      case 'parked':
        return task.parkedFor;
      case 'judged':
        return 'WAITING_REVIEW';
      case 'replaced':
        return 'WAITING_FALLBACK';
      case 'undecided':
        return 'WAITING_HUMAN';
      case 'asked':
        return task.isAsleep ? 'WAITING_TIMER' : task.asksPerson ? 'WAITING_HUMAN' : 'WAITING_DEPENDENCIES';
      default:
        return 'WAITING_CHILDREN';
    }
  }

  withStatus(status: TaskStatus): ModelTask[] {
    return this.tasks.filter((task) => this.statusOf(task) === status);
  }

  withReason(reason: StatusReason): ModelTask[] {
    return this.withStatus('BLOCKED').filter((task) => this.reasonOf(task) === reason);
  }

  /** Time passes: what a task waited for until now, it waits for no more, also when the clock is set back later. */
  pass(now: number): void {
    for (const task of this.tasks) if (this.statusOf(task) === 'READY' && task.availableAt <= now) task.availableAt = 0;
  }

  // ── commands ────────────────────────────────────────────────────────────────────────────────────────────────

  apply(command: Exclude<Command, { kind: 'submit' }>, now: number): Answer {
    const answer = this.decide(command, now);
    if (answer === 'taken') this.settle(now);
    return answer;
  }

  private decide(command: Exclude<Command, { kind: 'submit' }>, now: number): Answer {
    if ('fence' in command) {
      const task = this.tasks[command.task];
      if (task?.phase !== 'running' || task.fence !== command.fence) return 'LEASE_LOST';
    }
    switch (command.kind) {
      case 'claim':
        return this.claim(this.tasks[command.task], now);
      case 'complete': {
        this.complete(this.tasks[command.task]!, command);
        return 'taken';
      }
      case 'fail':
        return this.fail(this.tasks[command.task]!, command, now);
      case 'skip':
        this.endWithBelow(this.tasks[command.task]!, 'SKIPPED', 'AGENT_SKIPPED');
        return 'taken';
      case 'suspend':
        return this.suspend(this.tasks[command.task]!, command);
      case 'spawn':
        return this.spawn(this.tasks[command.task]!, command);
      case 'publish':
        return this.publish(this.tasks[command.task]!, command);
      case 'accept-task':
      case 'reject-task': {
        const task = this.tasks[command.task];
        if (!task) return 'NOT_FOUND';
        if (task.phase !== 'judged') return 'ILLEGAL_MOVE';
        if (command.kind === 'accept-task') this.endWithBelow(task, 'ACCEPTED', null);
        else this.reject(task);
        return 'taken';
      }
      case 'answer':
        return this.answer(command);
      case 'resume-task':
        return this.resume(command);
      case 'record-step':
      case 'report-progress':
      case 'report-stream':
      case 'report-overdue':
        return 'taken';
      case 'tick':
        this.tick(now);
        return 'taken';
      case 'confirm':
        if (this.status !== 'AWAITING_CONFIRMATION') return 'ILLEGAL_MOVE';
        this.status = 'RUNNING';
        this.begun = this.job.runAt <= now;
        return 'taken';
      case 'add-tasks':
        return this.addTasks(command);
      case 'add-dependency':
        return this.addDependency(command);
      case 'hold':
      case 'lift-hold':
      case 'skip-task':
      case 'cancel-task':
        return this.control(command);
      case 'park': {
        const task = this.tasks[command.task]!;
        task.phase = 'parked';
        task.parkedFor = command.reason;
        task.goesOn = true;
        return 'taken';
      }
      case 'hand-back':
        this.again(this.tasks[command.task]!, true, 0);
        return 'taken';
      case 'release':
        for (const task of this.tasks)
          if (task.phase === 'parked' && task.parkedFor === 'AGENT_UNAVAILABLE' && task.spec.agent === command.agent)
            this.again(task, true, task.availableAt);
        return 'taken';
      case 'recover':
        for (const task of this.tasks) {
          if (task.phase !== 'running') continue;
          task.strikes += 1;
          this.again(task, true, 0);
          if (task.strikes < 7) continue;
          task.phase = 'parked';
          task.parkedFor = 'MANUAL';
        }
        return 'taken';
      case 'cancel':
        if (this.isOver) return 'JOB_ALREADY_TERMINAL';
        for (const task of this.tasks) if (task.isOpen) task.finish('CANCELLED', 'JOB_CANCELLED');
        this.endJob('CANCELLED', false);
        return 'taken';
      case 'reopen':
        return this.reopen(command.tasks);
    }
  }

  private claim(task: ModelTask | undefined, now: number): Answer {
    if (this.status !== 'RUNNING' || !task || this.statusOf(task) !== 'READY') return 'ILLEGAL_MOVE';
    if (task.availableAt > now || this.isHeld(task)) return 'ILLEGAL_MOVE';
    task.phase = 'running';
    task.fence += 1;
    task.availableAt = 0;
    if (!(task.goesOn && task.attempt > 0)) task.attempt += 1;
    return 'taken';
  }

  private fail(task: ModelTask, command: Extract<Command, { kind: 'fail' }>, now: number): Answer {
    const { retry } = command;
    const ends = command.strategy === 'abort';
    if (!ends && command.retryable && task.attempt < retry.maxAttempts) {
      // The generator of commands uses neither jitter nor the exponential form; those have tests of their own.
      const wait = { none: 0, fixed: retry.delayMs, linear: retry.delayMs * task.attempt, exponential: Number.NaN }[retry.kind];
      const delay = Math.max(Math.min(wait, retry.maxDelayMs), command.retryAfterMs);
      this.again(task, false, delay === 0 ? 0 : now + delay);
      return 'taken';
    }
    this.failForGood(task, 'FAILED', 'ATTEMPTS_EXHAUSTED', ends);
    return 'taken';
  }

  /** Something stands in for what it would have come to, a person decides, or it has failed and its strategy says what that means. */
  private failForGood(task: ModelTask, status: 'FAILED' | 'REJECTED', reason: StatusReason, endsJob = false): void {
    const { recovery, strategy } = task.spec;
    this.cancelBelow(task);
    if (!endsJob && recovery?.kind === 'use-value') {
      task.value = recovery.value;
      task.finish('COMPLETED', 'RECOVERED');
      return;
    }
    const fallback = recovery?.kind === 'route-to' ? this.tasks[recovery.task]! : null;
    if (!endsJob && fallback?.phase === 'dormant') {
      task.phase = 'replaced';
      for (const request of this.requests) if (request.isOpen && request.task === task) this.close(request);
      fallback.phase = 'fresh';
      fallback.isNeeded = true;
      return;
    }
    const isOnePersonsWord = reason === 'BY_PERSON' || reason === 'DEADLINE_PASSED';
    if (!endsJob && strategy === 'ask' && !isOnePersonsWord) {
      task.phase = 'undecided';
      this.ask(task, { kind: 'failure', onTimeout: 'pause', hash: null, deadline: null });
      return;
    }
    task.finish(status, reason);
    if (endsJob || strategy === 'abort' || strategy === 'ask') this.abortBy(task);
  }

  private abortBy(task: ModelTask): void {
    for (const above of this.ancestorsOf(task)) if (above.isOpen) above.finish('FAILED', 'CHILD_FAILED');
    for (const other of this.tasks) if (other.isOpen) other.finish('CANCELLED', 'JOB_FAILED');
    this.endJob('FAILED', false);
  }

  private complete(task: ModelTask, { value, verdict, output }: Extract<Command, { kind: 'complete' }>): void {
    task.value = output === 'children' ? [] : value;
    task.phase = 'returned';
    task.isAccepted = verdict?.accepted === true;
    if (verdict?.accepted === false) this.reject(task);
    // A reviewer's word counts when it is given, as a person's does.
    else if (task.spec.origin === 'review') this.takeVerdict(task, value);
  }

  private takeVerdict(reviewer: ModelTask, value: unknown): void {
    const judged = this.parentOf(reviewer)!;
    const accepted = typeof value === 'object' && value !== null && 'accepted' in value ? value.accepted : undefined;
    if (judged.phase !== 'judged' || typeof accepted !== 'boolean') return;
    if (!this.hasOpenChildren(reviewer)) reviewer.finish('COMPLETED', null);
    if (accepted) this.endWithBelow(judged, 'ACCEPTED', null);
    else this.reject(judged);
  }

  /** What has returned, and has nothing open below it, is done, or has to be judged. */
  private finishReturned(task: ModelTask): void {
    const { review } = task.spec;
    if (review === null) task.finish('COMPLETED', null);
    else if (review.by === 'predicate') task.finish('ACCEPTED', null);
    else {
      task.phase = 'judged';
      if (review.by === 'agent') this.tasks.push(this.reviewerOf(task, review.agent!));
    }
  }

  private reviewerOf(task: ModelTask, agent: string): ModelTask {
    const no = this.tasks.length;
    const key = `${task.spec.key}.review`;
    return new ModelTask(plainSpec(no, { key, agent, type: 'SUBTASK', parent: task.no, strategy: 'continue', origin: 'review' }));
  }

  /** Another try while the policy permits one; after that it has failed. */
  private reject(task: ModelTask): void {
    if (task.rejections >= task.spec.review!.maxRejections) {
      this.failForGood(task, 'REJECTED', 'REVIEW_FAILED');
      // What stands in for it, or is asked about, has failed like others.
      if (task.end?.reason === 'REVIEW_FAILED') task.rejections += 1;
      return;
    }
    task.rejections += 1;
    for (const child of this.childrenOf(task)) if (isOfAttempts(child)) this.supersede(this.subtreeOf(child));
    beginAgain(task);
  }

  private supersede(tasks: Iterable<ModelTask>): void {
    for (const task of tasks) {
      if (task.isSuperseded) continue;
      task.hadEnded = task.end !== null;
      task.finish('CANCELLED', 'SUPERSEDED');
    }
  }

  /** What stood in has ended. */
  private takeFallback(task: ModelTask, fallback: ModelTask): void {
    if (!fallback.isDone) {
      this.failForGood(task, 'FAILED', 'ATTEMPTS_EXHAUSTED');
      return;
    }
    task.value = fallback.value;
    this.endWithBelow(task, 'COMPLETED', 'RECOVERED');
    task.end!.by = fallback;
  }

  private endWithBelow(task: ModelTask, status: TaskStatus, reason: StatusReason | null): void {
    this.cancelBelow(task);
    task.finish(status, reason);
  }

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────────

  private ask(task: ModelTask, { kind, onTimeout, hash, deadline }: Question): void {
    this.requests.push({ task, kind, onTimeout, hash, deadline: deadline ?? Number.POSITIVE_INFINITY, isOpen: true, holdsJob: false });
  }

  private answer({ request: no, hash, value }: Extract<Command, { kind: 'answer' }>): Answer {
    const request = this.requests[no - 1];
    if (!request) return 'NOT_FOUND';
    if (!request.isOpen) return 'REQUEST_CLOSED';
    if (hash !== null && (hash === OTHER_HASH || (request.hash !== null && request.hash !== hash))) return 'REQUEST_CHANGED';
    if (request.kind !== 'failure') {
      this.close(request);
      return 'taken';
    }
    const { task } = request;
    const { decision, value: instead } = value as { decision?: string; value?: unknown };
    switch (decision) {
      case 'retry':
        this.again(task, false, 0);
        break;
      case 'skip':
        this.endWithBelow(task, 'SKIPPED', 'BY_PERSON');
        break;
      case 'abort':
        this.failForGood(task, 'FAILED', 'BY_PERSON', true);
        break;
      case 'value':
        task.value = instead ?? null;
        this.endWithBelow(task, 'COMPLETED', 'RECOVERED');
        break;
      default:
        return 'INPUT_SCHEMA';
    }
    this.close(request);
    return 'taken';
  }

  /** Nobody has to answer it any more; where the job waited for that, it goes on. */
  private close(request: ModelRequest): void {
    if (request.holdsJob) this.tasks[0]!.isHeld = false;
    request.isOpen = false;
    request.holdsJob = false;
  }

  /** Its time is over: the asker goes on without an answer, or the job waits for one. */
  private expire(request: ModelRequest): void {
    request.deadline = Number.POSITIVE_INFINITY;
    if (request.onTimeout !== 'pause') return this.close(request);
    const objective = this.tasks[0]!;
    // Where somebody holds the job already, it is for them to let it go on.
    request.holdsJob = !objective.isHeld;
    objective.isHeld = true;
  }

  private resume({ task: no, as, value }: Extract<Command, { kind: 'resume-task' }>): Answer {
    if (this.isOver) return 'JOB_ALREADY_TERMINAL';
    const task = this.tasks[no];
    if (!task) return 'NOT_FOUND';
    const isUnclear = task.phase === 'parked' && (task.parkedFor === 'MANUAL' || as !== 'RERUN');
    if (!isUnclear) return 'ILLEGAL_MOVE';
    if (as === 'RERUN') {
      this.again(task, true, 0);
      task.strikes = 0;
    } else if (as === 'FAILED') this.failForGood(task, 'FAILED', 'BY_PERSON');
    else {
      task.value = value;
      this.endWithBelow(task, 'COMPLETED', null);
    }
    return 'taken';
  }

  // ── growth ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** A task below the objective for each agent that listens, but for the one that speaks; each waits for the one before it in its line. */
  private publish(task: ModelTask, { topic, subscribers }: Extract<Command, { kind: 'publish' }>): Answer {
    const heard = subscribers.filter(({ agent }) => agent !== task.spec.agent);
    if (this.tasks.length + heard.length > this.limits.tasksPerJob || this.isTooMuch(this.tasks[0]!, heard.length)) return 'DYNAMIC_LIMIT';
    for (const { agent, fact } of heard) {
      const before = this.tasks.findLast(({ spec }) => spec.origin === 'delivery' && spec.originKey === topic && spec.agent === agent);
      const dependencies: Dependency[] = before && !before.isSuperseded ? [{ on: before.no, mode: 'settled' }] : [];
      this.tasks.push(
        new ModelTask(
          plainSpec(this.tasks.length, {
            ...fact,
            key: `${topic}.${agent}`,
            agent,
            type: 'SUBTASK',
            parent: 0,
            strategy: 'continue',
            dependencies,
            origin: 'delivery',
            originKey: topic,
          }),
        ),
      );
    }
    return 'taken';
  }

  /** What ends by itself takes with it what is still open below. */
  private cancelBelow(task: ModelTask): void {
    for (const below of this.subtreeOf(task)) if (below !== task && below.isOpen) below.finish('CANCELLED', 'PARENT_ENDED');
  }

  private suspend(task: ModelTask, command: Extract<Command, { kind: 'suspend' }>): Answer {
    const added = command.tasks.length;
    if (this.tasks.length + added > this.limits.tasksPerJob) return 'DYNAMIC_LIMIT';
    if (command.waitFor === 'answers' && this.isTooMuch(task, added)) return 'DYNAMIC_LIMIT';
    for (const { key, spec } of command.tasks)
      this.tasks.push(new ModelTask({ ...spec, dependencies: [], no: this.tasks.length, key, parent: task.no }));
    task.phase = command.waitFor === 'answers' ? 'asked' : 'waits-below';
    task.rounds += 1;
    task.goesOn = true;
    task.until = command.until ?? 0;
    task.isAsleep = false;
    for (const request of command.requests ?? []) this.ask(task, request);
    task.asksPerson = (command.requests ?? []).length > 0;
    return 'taken';
  }

  /** Whether an agent may not add so many tasks below its own. */
  private isTooMuch(task: ModelTask, added: number): boolean {
    const { limits } = this;
    if (added === 0) return false;
    const before = this.tasks.filter(({ spec }) => spec.origin === 'need' || spec.origin === 'spawn' || spec.origin === 'delivery').length;
    return (
      added > limits.dynamicTasksPerCall || before + added > limits.dynamicTasksPerJob || this.ancestorsOf(task).length + 1 > limits.depth
    );
  }

  private spawn(task: ModelTask, command: Extract<Command, { kind: 'spawn' }>): Answer {
    const added = command.tasks.length;
    if (this.tasks.length + added > this.limits.tasksPerJob || this.isTooMuch(task, added)) return 'DYNAMIC_LIMIT';
    const children: ModelTask[] = [];
    for (const { key, spec, after = [] } of command.tasks) {
      const dependencies: Dependency[] = [];
      for (const { task: wanted, mode } of after) {
        const source = this.tasks.find((other) => other.spec.key === wanted);
        if (!source || source.isSuperseded) return 'UNKNOWN_DEPENDENCY';
        dependencies.push({ on: source.no, mode });
      }
      children.push(new ModelTask({ ...spec, dependencies, no: this.tasks.length + children.length, key, parent: task.no }));
    }
    if (this.isCircle(children)) return 'GRAPH_CYCLE';
    this.tasks.push(...children);
    return 'taken';
  }

  private isCircle(more: readonly ModelTask[]): boolean {
    return waitsInCircle(
      [...this.tasks, ...more].map(({ spec, dependencies, standsInFor }) => ({
        parent: spec.parent,
        dependencies,
        standsInFor: standsInFor?.no ?? null,
      })),
    );
  }

  // ── from outside ────────────────────────────────────────────────────────────────────────────────────────────

  private addTasks({ tasks }: Extract<Command, { kind: 'add-tasks' }>): Answer {
    if (this.isOver) return 'JOB_CLOSED';
    if (this.tasks.length + tasks.length > this.limits.tasksPerJob) return 'GRAPH_LIMIT';
    const noOf = (key: string): number => Number(key.slice(1));
    const added = tasks.map(({ key, agent, parent, dependsOn = [] }, index) => {
      const above = parent === undefined ? 0 : noOf(parent);
      const dependencies = dependsOn.map((entry): Dependency => {
        if (typeof entry === 'string' || entry.mode === undefined) throw new Error('the model wants a mode');
        return { on: noOf(entry.task), mode: entry.mode };
      });
      const { strategy } = this.tasks[above]!.spec;
      const no = this.tasks.length + index;
      return new ModelTask(plainSpec(no, { key, agent: agent ?? null, parent: above, dependencies, strategy, origin: 'external' }));
    });
    const depthOf = (task: ModelTask): number => this.ancestorsOf(task).length;
    if ([...this.tasks, ...added].some((task) => depthOf(task) > this.limits.depth)) return 'GRAPH_LIMIT';
    if (this.isCircle(added)) return 'GRAPH_CYCLE';
    for (const task of added) {
      if (!this.parentOf(task)!.isOpen) return 'ILLEGAL_MOVE';
      if (task.dependencies.some(({ on }) => this.tasks[on]?.isSuperseded)) return 'UNKNOWN_DEPENDENCY';
    }
    this.tasks.push(...added);
    return 'taken';
  }

  private addDependency({ task: no, on, mode }: Extract<Command, { kind: 'add-dependency' }>): Answer {
    if (this.isOver) return 'JOB_CLOSED';
    const task = this.tasks[no];
    if (!task || !this.tasks[on]) return 'NOT_FOUND';
    if (task.dependencies.some((edge) => edge.on === on)) return 'taken';
    if (this.tasks[on].isSuperseded) return 'UNKNOWN_DEPENDENCY';
    const status = this.statusOf(task);
    const isNew =
      status === 'PENDING' || status === 'DORMANT' || (status === 'READY' && task.attempt === 0 && this.childrenOf(task).length === 0);
    if (!isNew) return 'ILLEGAL_MOVE';
    task.dependencies.push({ on, mode });
    if (!this.isCircle([])) return 'taken';
    task.dependencies.pop();
    return 'GRAPH_CYCLE';
  }

  private control({
    kind,
    task: no,
  }: {
    readonly kind: 'hold' | 'lift-hold' | 'skip-task' | 'cancel-task';
    readonly task: number;
  }): Answer {
    if (this.isOver) return 'JOB_ALREADY_TERMINAL';
    const task = this.tasks[no];
    if (kind === 'lift-hold') {
      if (task) task.isHeld = false;
      if (no === 0) for (const request of this.requests) request.holdsJob = false;
      return 'taken';
    }
    if (!task) return 'NOT_FOUND';
    const isWholeJob = kind === 'hold' && no === 0;
    if (!isWholeJob && (no === 0 || !task.isOpen)) return 'ILLEGAL_MOVE';
    if (kind === 'hold') {
      task.isHeld = true;
      // What waited for an answer waits for this person now.
      if (no === 0) for (const request of this.requests) request.holdsJob = false;
    } else {
      const [status, below] = kind === 'skip-task' ? (['SKIPPED', null] as const) : (['CANCELLED', 'BY_PERSON'] as const);
      for (const one of this.subtreeOf(task)) if (one.isOpen) one.finish(status, one === task ? 'BY_PERSON' : below);
    }
    return 'taken';
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What has come due, one thing after the other: what it brings about may make the next one superfluous. */
  private tick(now: number): void {
    for (let moves = this.oneTick(now); moves; moves = this.oneTick(now)) this.settle(now);
  }

  private oneTick(now: number): boolean {
    if (this.isOver) return false;
    if (this.deadline <= now) {
      for (const task of this.tasks) if (task.isOpen) task.finish('CANCELLED', 'JOB_TIMED_OUT');
      this.endJob('FAILED', false);
      return true;
    }
    if (this.status === 'RUNNING' && !this.begun && this.job.runAt <= now) return (this.begun = true);
    const awake = this.tasks.filter((task) => task.isAsleep && task.until <= now);
    for (const task of awake) wakeUp(task);
    if (awake.length > 0) return true;
    const expired = this.requests.find(({ isOpen, deadline }) => isOpen && deadline <= now);
    if (expired) {
      this.expire(expired);
      return true;
    }
    const late = this.tasks.find((task) => task.deadline <= now);
    if (late) this.failForGood(late, 'FAILED', 'DEADLINE_PASSED');
    return late !== undefined;
  }

  private again(task: ModelTask, goesOn: boolean, availableAt: number): void {
    task.phase = 'again';
    task.goesOn = goesOn;
    task.availableAt = Math.max(availableAt, task.spec.runAt ?? 0);
    task.parkedFor = null;
  }

  // ── reopening ───────────────────────────────────────────────────────────────────────────────────────────────

  private reopen(wanted: readonly number[] | null): Answer {
    const wasOver = this.isOver;
    if (!wasOver && wanted === null) return 'ILLEGAL_MOVE';
    const seeds = wanted === null ? this.tasks.filter((task) => isWorthRetrying(task)) : wanted.map((no) => this.tasks[no]);
    if (seeds.length === 0) return 'ILLEGAL_MOVE';
    const valid: ModelTask[] = [];
    for (const seed of seeds) {
      if (!seed || seed.isOpen || seed.isSuperseded) return 'ILLEGAL_MOVE';
      valid.push(seed);
    }
    const { chosen, above, superseded } = this.reopeningOf(valid, wanted !== null);
    if (wasOver) {
      this.status = 'RUNNING';
      this.success = null;
      this.generation += 1;
      this.begun = true;
    }
    this.supersede(superseded);
    const again = [...chosen, ...above].filter((task) => !superseded.has(task));
    for (const task of again) {
      beginAgain(task);
      task.rejections = 0;
      task.strikes = 0;
    }
    for (const task of again) {
      if (task.standsInFor === null || task.standsInFor.phase === 'replaced') continue;
      task.phase = 'dormant';
      task.isNeeded = false;
    }
    for (const request of this.requests)
      if (request.isOpen && (again.includes(request.task) || superseded.has(request.task))) this.close(request);
    return 'taken';
  }

  /**
   * A task that is named runs again with everything below it, and so does what comes after it. What merely did not succeed
   * keeps what is done below it: a retry repairs, it does not repeat.
   */
  private reopeningOf(
    seeds: readonly ModelTask[],
    areNamed: boolean,
  ): { chosen: Set<ModelTask>; above: Set<ModelTask>; superseded: Set<ModelTask> } {
    const chosen = new Set(seeds);
    const whole = new Set(areNamed ? seeds : []);
    for (let size = -1; size !== chosen.size + whole.size;) {
      size = chosen.size + whole.size;
      const reached = new Set([...chosen].flatMap((task) => [task, ...this.ancestorsOf(task)]));
      for (const task of this.tasks) {
        if (task.isSuperseded) continue;
        const parent = this.parentOf(task);
        // What got its output from a fallback, or failed with it, comes after that fallback.
        const stoodIn = this.tasks.some((other) => other.standsInFor === task && reached.has(other));
        const follows =
          task.dependencies.some(({ on }) => reached.has(this.tasks[on]!)) || (stoodIn && (task.hasFailed || task.end?.by !== undefined));
        if (follows || (parent !== null && whole.has(parent))) whole.add(task);
        if (whole.has(task)) chosen.add(task);
      }
    }
    const above = new Set<ModelTask>();
    for (const task of chosen) {
      const path = [task, ...this.ancestorsOf(task)];
      path.slice(1).forEach((ancestor, index) => {
        if (!chosen.has(ancestor) && (this.isOver || !stillWaits(ancestor, path[index]!))) above.add(ancestor);
      });
    }
    const superseded = new Set<ModelTask>();
    for (const task of this.tasks) {
      const parent = this.parentOf(task);
      if (parent === null || task.isSuperseded) continue;
      const { origin } = task.spec;
      const isAskedFor = origin === 'need' || origin === 'spawn' || origin === 'review';
      const isDropped = whole.has(parent)
        ? origin !== 'plan' && origin !== 'external'
        : isAskedFor && (chosen.has(parent) || above.has(parent));
      if (isDropped) for (const below of this.subtreeOf(task)) if (!below.isSuperseded) superseded.add(below);
    }
    return { chosen, above, superseded };
  }

  // ── what follows ────────────────────────────────────────────────────────────────────────────────────────────

  /** Ends what can never start, until nothing changes; then the job, when its objective has ended. */
  private settle(now: number): void {
    if (!this.isOver) this.follow(now);
    for (const request of this.requests) if (request.isOpen && !request.task.isOpen) this.close(request);
  }

  private endsByItself(): boolean {
    let changed = false;
    for (const task of this.tasks) {
      if (task.phase === 'returned' && !this.hasOpenChildren(task)) this.finishReturned(task);
      else if ((task.phase === 'fresh' || task.phase === 'dormant') && this.mustBeSkipped(task)) {
        for (const one of this.subtreeOf(task)) if (one.isOpen) one.finish('SKIPPED', null);
      } else continue;
      changed = true;
    }
    return changed;
  }

  private fallsBack(): boolean {
    for (const task of this.tasks) {
      const fallback = task.phase === 'replaced' ? this.tasks.find((other) => other.standsInFor === task) : undefined;
      if (!fallback?.end) continue;
      this.takeFallback(task, fallback);
      return true;
    }
    return false;
  }

  private follow(now: number): void {
    // What cannot run any more is skipped first; what then becomes of a task by its fallback may end the job.
    for (let changed = true; changed;) changed = this.endsByItself() || this.fallsBack();
    if (this.isOver) return;
    for (const task of this.tasks) this.fallAsleep(task, now);
    for (const task of this.tasks) if (this.statusOf(task) !== 'READY') task.availableAt = task.spec.runAt ?? 0;
    this.pass(now);
    const objective = this.tasks[0]!;
    if (objective.end === null) return;
    for (const task of this.tasks) if (task.isOpen) task.finish('CANCELLED', 'PARENT_ENDED');
    if (objective.hasFailed) this.endJob('FAILED', false);
    else this.endJob('COMPLETED', this.hasSucceeded());
  }

  /** What a suspended task asked for has come; its time may not have. */
  private fallAsleep(task: ModelTask, now: number): void {
    if (task.phase !== 'asked' || this.isWaiting(task)) {
      task.isAsleep = false;
      return;
    }
    task.asksPerson = false;
    if (task.until > now) task.isAsleep = true;
    else if (!task.isAsleep) task.until = 0;
  }

  private hasSucceeded(): boolean | undefined {
    const ended = (task: ModelTask, status: TaskStatus): boolean => task.end?.status === status && !task.isSuperseded;
    if (this.tasks.some((task) => task.hasFailed)) return false;
    const isOpenQuestion = this.tasks.some(
      (task) => ended(task, 'SKIPPED') && this.upstreamOf(task).some((source) => source.end?.status === 'CANCELLED'),
    );
    return isOpenQuestion ? undefined : true;
  }

  private mustBeSkipped(task: ModelTask): boolean {
    if (this.parentOf(task)?.end?.status === 'SKIPPED') return true;
    if (this.dependenciesOf(task) === 'no' || this.conditionOf(task) === 'no') return true;
    const children = this.childrenOf(task).filter((child) => !child.isSuperseded);
    const allSkipped = children.length > 0 && children.every((child) => child.end?.status === 'SKIPPED');
    // Who rejects something wants it done again.
    return allSkipped && task.spec.parent !== null && task.attempt === 0 && task.rejections === 0 && this.isFree(task);
  }

  private endJob(status: JobStatus, success: boolean | undefined): void {
    this.status = status;
    this.success = success;
  }

  // ── explanations ────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether a reason given for a SKIPPED task is true of that task; asked once, since a retry may change what it tells of. */
  isTrueSkip(task: ModelTask, reason: StatusReason | null): boolean {
    if (task.end?.explained !== undefined) return task.end.explained === reason;
    const isTrue = this.isTrueNow(task, reason);
    if (task.end) task.end.explained = reason;
    return isTrue;
  }

  private isTrueNow(task: ModelTask, reason: StatusReason | null): boolean {
    const children = this.childrenOf(task).filter((child) => !child.isSuperseded);
    switch (reason) {
      case 'AGENT_SKIPPED':
        return task.end?.reason === 'AGENT_SKIPPED';
      case 'CONDITION_FALSE':
        return this.conditionOf(task) === 'no';
      case 'CHILDREN_SKIPPED':
        return children.length > 0 && children.every((child) => child.end?.status === 'SKIPPED');
      case 'NOT_NEEDED':
        return task.dependencies.some(({ on, mode }) => {
          const source = this.tasks[on]!;
          return mode === 'failed' && (source.isDone || source.isSuperseded || (source === task.standsInFor && !source.isOpen));
        });
      case 'PARENT_SKIPPED':
        return this.parentOf(task)?.end?.status === 'SKIPPED';
      case 'DEPENDENCY_SKIPPED':
        return this.upstreamOf(task).some((source) => source.end?.status === 'SKIPPED' || source.end?.status === 'CANCELLED');
      case 'DEPENDENCY_FAILED':
        return this.upstreamOf(task).some((source) => source.hasFailed || source.end?.status === 'CANCELLED');
      default:
        return false;
    }
  }

  /** Everything it waits for or stands under, and what those wait for, as far as it goes. */
  private upstreamOf(task: ModelTask): ModelTask[] {
    const found = new Set<ModelTask>();
    const visit = (next: ModelTask): void => {
      const parent = this.parentOf(next);
      for (const source of [...next.dependencies.map(({ on }) => this.tasks[on]!), ...(parent ? [parent] : [])]) {
        if (found.has(source)) continue;
        found.add(source);
        visit(source);
      }
    };
    visit(task);
    return [...found];
  }
}

type Question = Pick<NewRequest, 'kind' | 'onTimeout' | 'deadline'> & { readonly hash: string | null };

/** Whether an attempt of the task above had it added, and wants to hear from it. */
function isOfAttempts({ spec }: ModelTask): boolean {
  return spec.origin !== 'plan' && spec.origin !== 'external' && spec.origin !== 'delivery';
}

/** A task that was rejected is done again, although what it had waited for counts no more. */
function wasTakenBack(source: ModelTask, dependent: ModelTask): boolean {
  return dependent.rejections > 0 && source.isSuperseded && source.hadEnded;
}

function beginAgain(task: ModelTask): void {
  task.phase = 'fresh';
  task.end = null;
  task.parkedFor = null;
  task.value = undefined;
  task.generation += 1;
  task.attempt = 0;
  task.rounds = 0;
  task.availableAt = task.spec.runAt ?? 0;
  task.until = 0;
  task.isAsleep = false;
  task.goesOn = false;
  task.asksPerson = false;
}

function wakeUp(task: ModelTask): void {
  task.isAsleep = false;
  task.until = 0;
}

/** What an operator's "retry" takes when no task is named. */
function isWorthRetrying(task: ModelTask): boolean {
  if (task.isSuperseded || task.end?.reason === 'CHILD_FAILED') return false;
  return task.hasFailed || task.end?.status === 'CANCELLED' || task.end?.explained === 'DEPENDENCY_FAILED';
}

/** What is above and open goes on by itself while it has not built on the child: it has not begun, or waits for what it asked for. */
function stillWaits(above: ModelTask, child: ModelTask): boolean {
  if (!above.isOpen) return false;
  if (above.attempt === 0 || above.phase === 'waits-below') return true;
  return above.phase === 'asked' && (child.spec.origin === 'need' || child.spec.origin === 'spawn');
}
