import type { JobStatus } from '../model/job.js';
import {
  DEPENDENCY_MODES,
  TASK_STATUSES,
  type AttemptReason,
  type DependencyMode,
  type FailureStrategy,
  type OutputLocation,
  type StatusReason,
  type TaskOrigin,
  type TaskSpec,
  type TaskStatus,
} from '../model/task.js';

/**
 * One task in memory. Lean on purpose: a job may have 100,000. Everything that can be derived (the counters of what it
 * waits for) is derived by `recount` when a job is loaded and kept up by `evolve`.
 */
export interface TaskState {
  readonly no: number;
  readonly key: string;
  readonly agent: string | null;
  readonly parent: number | null;
  readonly strategy: FailureStrategy;
  readonly priority: number;
  readonly origin: TaskOrigin;
  readonly originKey: string | null;
  readonly conditionOn: number;
  readonly conditionPath: string;
  /** What the condition is where its source has no value. */
  readonly conditionOr: boolean;
  readonly dependencies: readonly number[];
  /** Modes of `dependencies`, `null` where all are `completed`. */
  readonly modes: readonly DependencyMode[] | null;
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

  // Derived
  /** Dependencies not satisfied yet. */
  openDependencies: number;
  /** Own dependencies satisfied and the parent's gate open: it, or what is below it, may start. */
  gateOpen: boolean;
  /** Children that have not ended. */
  openChildren: number;
  /** Tasks that the suspended attempt waits for and that have not ended. */
  awaited: number;
}

/** What must still be decided because of what has just happened; worked off by `consequences`. */
export type AgendaItem =
  | { readonly do: 'skip'; readonly task: number; readonly by: number; readonly reason: StatusReason }
  | { readonly do: 'abort'; readonly task: number }
  | { readonly do: 'end-job' };

/** A job as its events have made it. Changed by `evolve` alone. */
export interface JobState {
  readonly id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly tenant: string;
  readonly maxParallel: number | null;
  readonly allowedAgents: ReadonlySet<string> | null;

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
  /** Whether any task has a condition. */
  hasConditions: boolean;

  // What the last events touched; the ledger takes and clears them.
  readonly touched: Set<number>;
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
}

/** A job before its first event. */
export function createJobState(header: JobHeader): JobState {
  return {
    ...header,
    allowedAgents: header.allowedAgents ? new Set(header.allowedAgents) : null,
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
    hasConditions: false,
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
    parent: spec.parent,
    strategy: spec.strategy,
    priority: spec.priority,
    origin: spec.origin,
    originKey: spec.originKey,
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
    openDependencies: 0,
    gateOpen: false,
    openChildren: 0,
    awaited: 0,
  };
}

export const NO_OUTPUT: OutputLocation = { kind: 'none' };

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
  let earliest: number | null = null;
  for (const no of state.delayed) {
    const { availableAt } = state.tasks[no]!;
    if (earliest === null || availableAt < earliest) earliest = availableAt;
  }
  return earliest;
}
