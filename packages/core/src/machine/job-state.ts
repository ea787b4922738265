import type { StoredError } from '../errors/serialize-error.js';
import { demandsOf, type TaskDemands } from '../model/demands.js';
import type { RequestKind, TimeoutAction } from '../model/human-request.js';
import { isTerminalJob, type JobStatus } from '../model/job.js';
import {
  DEPENDENCY_MODES,
  PLAIN_TASK,
  TASK_STATUSES,
  type AttemptReason,
  type DependencyMode,
  type FailureStrategy,
  type OutputLocation,
  type Recovery,
  type ReviewPolicy,
  type StatusReason,
  type TaskOrigin,
  type TaskSpec,
  type TaskStatus,
  type TaskType,
} from '../model/task.js';
import type { Costs } from './costs.js';
import { Work } from './work.js';

/**
 * One task in memory. Lean on purpose: a job may have 100,000. Everything that can be derived (the counters of what it
 * waits for) is derived by `recount` when a job is loaded and kept up by `evolve`.
 */
export interface TaskState {
  readonly no: number;
  readonly key: string;
  readonly agent: string | null;
  readonly kind: string | null;
  readonly parent: number | null;
  readonly strategy: FailureStrategy;
  readonly priority: number;
  /** What it takes beside what its agent takes; `null` for most. */
  readonly demands: TaskDemands | null;
  readonly type: TaskType;
  readonly origin: TaskOrigin;
  readonly originKey: string | null;
  /** What few tasks have; `null` for the others. */
  readonly extras: TaskExtras | null;
  readonly conditionOn: number;
  readonly conditionPath: string;
  /** What the condition is where its source has no value. */
  readonly conditionOr: boolean;
  dependencies: readonly number[];
  /** Modes of `dependencies`, `null` where all are `completed`. */
  modes: readonly DependencyMode[] | null;
  /** Tasks that depend on this one, packed with the mode (see `packEdge`). */
  dependents: number[];
  children: number[];

  status: TaskStatus;
  reason: StatusReason | null;
  /** The task that brought the status about, -1 for none. */
  causedBy: number;
  generation: number;
  /** Attempts started in this generation; runs after a suspension are not counted again. */
  attempt: number;
  /** Grows with every start; a worker's word counts only with the current one. */
  fence: number;
  /** Deaths of a process while this task ran. */
  strikes: number;
  /** Rounds of suspension in this generation. */
  rounds: number;
  availableAt: number;
  startedAt: number;
  finishedAt: number;
  output: OutputLocation;
  /** `seq` of the event that tells why it stands where it stands (an error, a reason in words), 0 for none. */
  noteSeq: number;
  progress: number;
  /** Why its next attempt will run. */
  nextReason: AttemptReason;
  /** Whether its condition was found false. */
  conditionFalse: boolean;
  /** When it became READY; decides its place in the queue. */
  readyAt: number;
  /** How often a review rejected it since it was last reopened. */
  rejections: number;
  /** `seq` of the rejection whose feedback the next attempts get, 0 for none. */
  feedbackSeq: number;
  /** Whether an operator holds it, and with it everything below. */
  held: boolean;

  // Derived
  /** Whether what seldom changes has never changed, so that a write can leave it out (see `isPlainRow`). */
  isPlain: boolean;
  /** Dependencies not satisfied yet. */
  openDependencies: number;
  /** Own dependencies satisfied and the parent's gate open: it, or what is below it, may start. */
  gateOpen: boolean;
  /** Children that have not ended. */
  openChildren: number;
  /** What the suspended attempt waits for and has not come: tasks it asked for, answers of people. */
  awaited: number;
  /** The task that this one stands in for should it fail, -1 for none. */
  fallbackOf: number;
}

/** What few tasks have. */
export interface TaskExtras {
  readonly runAt: number;
  /** 0 for none. */
  readonly deadline: number;
  readonly atMostOnce: boolean;
  readonly review: ReviewPolicy | null;
  readonly acceptanceCriteria: string | null;
  readonly recovery: Recovery | null;
  readonly assignee: string | null;
}

/** A question to a person that nobody has answered. */
export interface OpenRequest {
  readonly request: number;
  readonly task: number;
  readonly kind: RequestKind;
  readonly name: string;
  readonly deadline: number | null;
  readonly onTimeout: TimeoutAction;
  readonly hash: string;
  /** Whether the job is held because nobody answered in time. */
  readonly holdsJob: boolean;
}

/** What must still be decided because of what has just happened; worked off by `consequences`. */
export type AgendaItem =
  | { readonly do: 'skip'; readonly task: number; readonly by: number; readonly reason: StatusReason }
  | { readonly do: 'abort'; readonly task: number; readonly error: StoredError | null }
  /** The children of a task that has returned have ended. */
  | { readonly do: 'finish'; readonly task: number }
  /** The task that stands in for another has ended. */
  | { readonly do: 'take-fallback'; readonly task: number; readonly by: number }
  | { readonly do: 'withdraw'; readonly task: number }
  | { readonly do: 'end-job' };

/** The deliveries of one topic to one subscriber, in the order in which they were published. */
export interface DeliveryLine {
  /** The number of the task that is last in it. */
  readonly last: number;
  readonly count: number;
}

/** A job as its events have made it. Changed by `evolve` alone. */
export interface JobState {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly tenant: string;
  readonly maxParallel: number | null;
  readonly allowedAgents: ReadonlySet<string> | null;
  /** Nothing runs before then; 0 for at once. */
  readonly runAt: number;
  /** The job fails when it has not ended by then; 0 for never. */
  readonly deadline: number;

  /** Whether its tasks may run: it was confirmed and its start time has come. */
  begun: boolean;
  status: JobStatus;
  success: boolean | null;
  generation: number;
  lastSeq: number;
  lastAt: number;
  startedAt: number;
  finishedAt: number;
  /** `seq` of the event that tells why it failed or was cancelled, 0 for none. */
  noteSeq: number;
  readonly tasks: TaskState[];
  readonly numberOf: Map<string, number>;
  /** Tasks by status, in the order of TASK_STATUSES. */
  readonly counts: Int32Array;
  /** READY tasks whose time has not come; their earliest is the job's next wake-up. */
  readonly delayed: Set<number>;
  /** Tasks that agents added. */
  addedTasks: number;
  /** Dependencies of all tasks together. */
  edges: number;
  /** The last delivery of each topic to each subscriber, see `deliveryLine`. */
  readonly deliveries: Map<string, DeliveryLine>;
  /** Whether any task has a condition. */
  hasConditions: boolean;
  /** Open tasks with a deadline of their own. */
  readonly withDeadline: Set<number>;
  /** Tasks that an operator holds; 0 is the whole job. */
  readonly holds: Set<number>;
  readonly requests: Map<number, OpenRequest>;
  /** Requests made so far. */
  requestCount: number;
  /** What its tasks have spent; `null` where nothing was. */
  costs: Costs | null;
  /** How far it is; kept up with each write. */
  readonly work: Work;

  // What the last events touched; the ledger takes it, and puts an empty one in its place.
  touched: Set<number>;
  readonly becameReady: number[];
  readonly agenda: AgendaItem[];
}

export interface JobHeader {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly tenant: string;
  readonly maxParallel: number | null;
  readonly allowedAgents: readonly string[] | null;
  readonly runAt?: number | null;
  readonly deadline?: number | null;
}

export const NO_OUTPUT: OutputLocation = { kind: 'none' };

/** A job before its first event. */
export function createJobState(header: JobHeader): JobState {
  const { id, name, workflow, tenant, maxParallel } = header;
  return {
    id,
    name,
    workflow,
    tenant,
    maxParallel,
    allowedAgents: header.allowedAgents ? new Set(header.allowedAgents) : null,
    runAt: header.runAt ?? 0,
    deadline: header.deadline ?? 0,
    begun: true,
    status: 'RUNNING',
    success: null,
    generation: 1,
    lastSeq: 0,
    lastAt: 0,
    startedAt: 0,
    finishedAt: 0,
    noteSeq: 0,
    tasks: [],
    numberOf: new Map(),
    counts: new Int32Array(TASK_STATUSES.length),
    delayed: new Set(),
    addedTasks: 0,
    edges: 0,
    deliveries: new Map(),
    hasConditions: false,
    withDeadline: new Set(),
    holds: new Set(),
    requests: new Map(),
    requestCount: 0,
    costs: null,
    work: new Work(),
    touched: new Set(),
    becameReady: [],
    agenda: [],
  };
}

/** A task before anything has happened to it. */
export function createTaskState(spec: TaskSpec): TaskState {
  const { dependencies } = spec;
  return {
    no: spec.no,
    key: spec.key,
    agent: spec.agent,
    kind: spec.kind,
    parent: spec.parent,
    strategy: spec.strategy,
    priority: spec.priority,
    demands: demandsOf(spec),
    type: spec.type,
    origin: spec.origin,
    originKey: spec.originKey,
    extras: extrasOf(spec),
    conditionOn: spec.condition ? spec.condition.task : -1,
    conditionPath: spec.condition ? spec.condition.path : '',
    conditionOr: Boolean(spec.condition?.or),
    dependencies: dependencies.map(({ on }) => on),
    modes: dependencies.every(({ mode }) => mode === 'completed') ? null : dependencies.map(({ mode }) => mode),
    dependents: [],
    children: [],
    status: 'PENDING',
    reason: null,
    causedBy: -1,
    generation: 1,
    attempt: 0,
    fence: 0,
    strikes: 0,
    rounds: 0,
    availableAt: 0,
    startedAt: 0,
    finishedAt: 0,
    output: NO_OUTPUT,
    noteSeq: 0,
    progress: 0,
    nextReason: 'FIRST',
    conditionFalse: false,
    readyAt: 0,
    rejections: 0,
    feedbackSeq: 0,
    held: false,
    isPlain: true,
    openDependencies: 0,
    gateOpen: false,
    openChildren: 0,
    awaited: 0,
    fallbackOf: -1,
  };
}

/*
 * Times are no small integers. An object whose times were all 0 so far gets another layout in V8 when the first time comes,
 * and with it every object of its kind, one by one, at its next use: 10,000 tasks cost 40 ms that way. One that has seen
 * times before any other is made spares them that, for as long as it is there: V8 forgets a layout that no object has.
 */
const FIRST = createTaskState({
  ...PLAIN_TASK,
  no: 0,
  key: '',
  name: '',
  parent: null,
  agent: null,
  type: 'TASK',
  priority: 1,
  strategy: 'abort',
  origin: 'plan',
  input: { value: null, refs: [] },
});
for (const time of [0.5, 0]) Object.assign(FIRST, { availableAt: time, startedAt: time, finishedAt: time, readyAt: time });

/** Whether what seldom changes is as it was in the beginning. */
export function isPlainRow(task: TaskState): boolean {
  return (
    task.causedBy === FIRST.causedBy &&
    task.generation === FIRST.generation &&
    task.strikes === FIRST.strikes &&
    task.rounds === FIRST.rounds &&
    task.availableAt === FIRST.availableAt &&
    task.nextReason === FIRST.nextReason &&
    !task.conditionFalse &&
    task.rejections === FIRST.rejections &&
    task.feedbackSeq === FIRST.feedbackSeq &&
    !task.held
  );
}

function extrasOf(spec: TaskSpec): TaskExtras | null {
  const { runAt, deadline, durability, review, acceptanceCriteria, recovery, assignee } = spec;
  if (runAt === null && deadline === null && durability === 'retry' && review === null && recovery === null && assignee === null)
    return null;
  return {
    runAt: runAt ?? 0,
    deadline: deadline ?? 0,
    atMostOnce: durability === 'at-most-once',
    review,
    acceptanceCriteria,
    recovery,
    assignee,
  };
}

/** An edge to a dependent in one number: who, and in which mode. */
export function packEdge(dependent: number, mode: DependencyMode): number {
  return dependent * DEPENDENCY_MODES.length + DEPENDENCY_MODES.indexOf(mode);
}

export function dependentOf(edge: number): number {
  return Math.floor(edge / DEPENDENCY_MODES.length);
}

export function modeOfEdge(edge: number): DependencyMode {
  return DEPENDENCY_MODES[edge % DEPENDENCY_MODES.length]!;
}

/** The mode with which `task` depends on its `index`-th dependency. */
export function modeOf(task: TaskState, index: number): DependencyMode {
  return task.modes === null ? 'completed' : task.modes[index]!;
}

/** Tasks of the job in a given status. */
export function countOf(state: JobState, status: TaskStatus): number {
  return state.counts[TASK_STATUSES.indexOf(status)]!;
}

/** When the job next needs attention without anything happening to it; `null` for never. */
export function wakeAt(state: JobState): number | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (const no of state.delayed) earliest = Math.min(earliest, state.tasks[no]!.availableAt);
  if (!isTerminalJob(state.status)) {
    earliest = Math.min(earliest, jobDueBy(state));
    if (!state.begun && state.status === 'RUNNING') earliest = Math.min(earliest, state.runAt);
    for (const no of state.withDeadline) earliest = Math.min(earliest, dueBy(state.tasks[no]!));
    for (const { deadline } of state.requests.values()) if (deadline !== null) earliest = Math.min(earliest, deadline);
  }
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

/** When the job fails if it has not ended; infinity for never. Whoever retries it by hand gives it all the time it takes. */
export function jobDueBy({ deadline, generation }: JobState): number {
  return deadline === 0 || generation > 1 ? Number.POSITIVE_INFINITY : deadline;
}

/**
 * When the task fails if it has not ended; infinity for never. There is no such time where another task runs in its stead, none
 * while nobody needs it yet, and none in a task that was retried by hand: what has missed its deadline could not be retried at all.
 */
export function dueBy({ extras, status, reason, generation, rejections }: TaskState): number {
  if (extras === null || extras.deadline === 0 || reason === 'WAITING_FALLBACK' || status === 'DORMANT') return Number.POSITIVE_INFINITY;
  const isRetried = generation > 1 + rejections;
  return isRetried ? Number.POSITIVE_INFINITY : extras.deadline;
}

/** Whether somebody holds the task, or one above it, or the whole job waits for a decision about a failure. */
export function isHeld(state: JobState, no: number): boolean {
  if (asksAboutFailure(state)) return true;
  if (state.holds.size === 0) return false;
  for (let task: number | null = no; task !== null; task = state.tasks[task]!.parent) if (state.holds.has(task)) return true;
  return false;
}

function asksAboutFailure(state: JobState): boolean {
  if (state.requests.size === 0) return false;
  for (const { kind } of state.requests.values()) if (kind === 'failure') return true;
  return false;
}

/** The status that people see: a job that starts nothing new is PAUSED. */
export function shownStatus(state: JobState): JobStatus {
  return state.status === 'RUNNING' && (state.holds.has(0) || asksAboutFailure(state)) ? 'PAUSED' : state.status;
}
