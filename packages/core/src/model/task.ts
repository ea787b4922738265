import type { StoredError } from '../errors/serialize-error.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { AgentRoute } from './agent-choice.js';
import type { TaskDemands } from './demands.js';
import type { RetryPolicy } from './retry-policy.js';

/** The levels of a job, from the top. Levels may be left out; subtasks may nest. */
export const TASK_TYPES = ['OBJECTIVE', 'STORY', 'TASK', 'SUBTASK'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Where a task stands. Stored as the index in this list: append only. */
export const TASK_STATUSES = [
  'PENDING',
  'READY',
  'IN_PROGRESS',
  'BLOCKED',
  'COMPLETED',
  'FAILED',
  'SKIPPED',
  'CANCELLED',
  'ACCEPTED',
  'REJECTED',
  'DORMANT',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

const TERMINAL: ReadonlySet<TaskStatus> = new Set(['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED', 'ACCEPTED', 'REJECTED']);

/** Whether a task in this status has ended (within its generation). */
export function isTerminalTask(status: TaskStatus): boolean {
  return TERMINAL.has(status);
}

/** Why a task is BLOCKED, SKIPPED, CANCELLED or FAILED. Stored as the index in this list: append only. */
export const STATUS_REASONS = [
  // BLOCKED
  'WAITING_DEPENDENCIES',
  'WAITING_CHILDREN',
  'WAITING_HUMAN',
  'WAITING_REVIEW',
  'WAITING_TIMER',
  'AGENT_UNAVAILABLE',
  'MANUAL',
  // SKIPPED
  'DEPENDENCY_FAILED',
  'DEPENDENCY_SKIPPED',
  'CONDITION_FALSE',
  'AGENT_SKIPPED',
  'PARENT_SKIPPED',
  'CHILDREN_SKIPPED',
  'NOT_NEEDED',
  // CANCELLED
  'JOB_CANCELLED',
  'JOB_FAILED',
  'PARENT_ENDED',
  'SUPERSEDED',
  // FAILED
  'ATTEMPTS_EXHAUSTED',
  'CHILD_FAILED',
  // BLOCKED: the task failed, and the one that stands in for it runs
  'WAITING_FALLBACK',
  // SKIPPED, CANCELLED or FAILED by a person
  'BY_PERSON',
  // COMPLETED, although its own attempts failed: with a given value, or with another task's output
  'RECOVERED',
  // FAILED
  'DEADLINE_PASSED',
  // REJECTED: its last permitted attempt was not accepted
  'REVIEW_FAILED',
  // CANCELLED
  'JOB_TIMED_OUT',
] as const;
export type StatusReason = (typeof STATUS_REASONS)[number];

/** Why an attempt runs. Stored as the index in this list: append only. */
export const ATTEMPT_REASONS = [
  'FIRST',
  'RETRY',
  'DEPENDENCIES_RESOLVED',
  'CHILDREN_FINISHED',
  'RECOVERED',
  'REOPENED',
  'RELEASED',
  'REJECTED',
  'ANSWERED',
  'SLEPT',
] as const;
export type AttemptReason = (typeof ATTEMPT_REASONS)[number];

/** How a dependent reads the end of a task it depends on. */
export const DEPENDENCY_MODES = ['completed', 'settled', 'failed'] as const;
export type DependencyMode = (typeof DEPENDENCY_MODES)[number];

/**
 * What a task's final failure does to the rest of its job. `abort` ends the job; `skip`: its dependents are skipped;
 * `continue`: they run; `ask`: the job pauses until a person decides.
 */
export const FAILURE_STRATEGIES = ['abort', 'skip', 'continue', 'ask'] as const;
export type FailureStrategy = (typeof FAILURE_STRATEGIES)[number];

export interface Dependency {
  /** Number of the task depended on. */
  readonly on: number;
  readonly mode: DependencyMode;
}

/** A hole in an input that is filled with (a part of) another task's output when the task starts. */
export interface RefBinding {
  /** JSON Pointer to the hole in the input. */
  readonly at: string;
  /** Number of the task whose output is read. */
  readonly task: number;
  /** JSON Pointer into that output. */
  readonly path: string;
  /** Stands in where the source has no value. */
  readonly or?: Json;
}

/** A task's input as it is stored: a value with holes, and what fills them. */
export interface InputTemplate {
  readonly value: Json;
  readonly refs: readonly RefBinding[];
}

/** A condition: the task runs only when the value at `path` of that task's output is truthy. */
export interface Condition {
  readonly task: number;
  readonly path: string;
  /** Stands in where the source has no value. */
  readonly or?: Json;
}

/** Whether an attempt that may have had effects outside is run again by itself after a crash or a timeout, or waits for a person. */
export const DURABILITIES = ['retry', 'at-most-once'] as const;
export type Durability = (typeof DURABILITIES)[number];

/** Rejections after which a reviewed task counts as failed, where nobody says. */
export const DEFAULT_MAX_REJECTIONS = 3;

/** Who judges what a task came to. `predicate`: the agent's own function. */
export type ReviewPolicy = {
  readonly by: 'manual' | 'agent' | 'predicate';
  /** The reviewing agent. */
  readonly agent?: string;
  /** Rejections after which the task is REJECTED for good. */
  readonly maxRejections: number;
};

/** What stands in for a task that failed for good. */
export type Recovery =
  | { readonly kind: 'use-value'; readonly value: Json }
  /** Number of the task whose output is taken instead; it waits DORMANT until it is needed. */
  | { readonly kind: 'route-to'; readonly task: number };

/** How a task came into its job. */
export const TASK_ORIGINS = ['plan', 'need', 'map', 'spawn', 'review', 'external', 'delivery'] as const;
export type TaskOrigin = (typeof TASK_ORIGINS)[number];

/**
 * What `flow.map` repeats for each item, or batch of items, once the list is known. `itemAt` are the places in the
 * input that receive the item.
 */
export interface MapTemplate {
  readonly agent: string;
  readonly input: InputTemplate;
  readonly items: readonly MapHole[];
  /** Items a task; absent: one task for each item, which is then passed bare and not as an array. */
  readonly batch?: number;
  readonly name?: string;
  readonly overrides?: TaskOverrides;
  /** How it came to its agent, where a router chose that. */
  readonly routed?: AgentRoute;
}

export interface MapHole {
  /** JSON Pointer to the hole in the input. */
  readonly at: string;
  /** JSON Pointer into the item (or batch). */
  readonly path: string;
  /** Stands in where the item has no value there. */
  readonly or?: Json;
}

/** Settings of this one task that replace its agent's. */
export interface TaskOverrides extends TaskDemands {
  readonly retry?: RetryPolicy;
  /** 0 means none. */
  readonly timeoutMs?: number;
  /** 0 means none. */
  readonly idleTimeoutMs?: number;
}

/** A task's definition inside its job: written once, never changed. */
export interface TaskSpec {
  /** Its number: 0 is the objective, the others count up. */
  readonly no: number;
  readonly key: string;
  readonly type: TaskType;
  readonly parent: number | null;
  /** `null`: it stands for its children and completes with them. Names that begin with `$` are the engine's own. */
  readonly agent: string | null;
  /** How it came to that one, where a router chose it. */
  readonly routed?: AgentRoute;
  readonly name: string;
  readonly description: string | null;
  readonly kind: string | null;
  /** Whom it is meant for, in the application's own words. */
  readonly assignee: string | null;
  readonly acceptanceCriteria: string | null;
  /** 1–10, 10 most urgent. */
  readonly priority: number;
  readonly strategy: FailureStrategy;
  readonly dependencies: readonly Dependency[];
  readonly input: InputTemplate;
  readonly condition: Condition | null;
  readonly map: MapTemplate | null;
  readonly overrides: TaskOverrides | null;
  /** What it counts for in the progress of its job. Default 1. */
  readonly weight?: number;
  readonly durability: Durability;
  /** Has to have ended by then, in milliseconds since the epoch; else it fails. */
  readonly deadline: number | null;
  /** Does not start before then, in milliseconds since the epoch. */
  readonly runAt: number | null;
  readonly review: ReviewPolicy | null;
  readonly recovery: Recovery | null;
  /** What it takes from pools while it runs, by the pool's name. */
  readonly resources: { readonly [pool: string]: number } | null;
  readonly metadata: JsonObject | null;
  readonly origin: TaskOrigin;
  /** For a task that `ctx.need` or `ctx.spawn` made: the memo key it answers; for a delivery: its topic. */
  readonly originKey: string | null;
}

/** Where a task's output is found. `children`: it is the list of its children's outputs, in their order. */
export type OutputLocation =
  | { readonly kind: 'none' }
  | { readonly kind: 'event'; readonly seq: number }
  | { readonly kind: 'children' }
  /** Another task's output, which stands in for this one's. */
  | { readonly kind: 'task'; readonly no: number };

/** What most tasks have: no more than their place and their agent. */
export const PLAIN_TASK = {
  description: null,
  kind: null,
  assignee: null,
  acceptanceCriteria: null,
  dependencies: [],
  condition: null,
  map: null,
  overrides: null,
  durability: 'retry',
  deadline: null,
  runAt: null,
  review: null,
  recovery: null,
  resources: null,
  metadata: null,
  originKey: null,
} as const satisfies Partial<TaskSpec>;

/** Why a task ended as it did, for `Task.error` and events. */
export interface TaskCause {
  readonly reason: StatusReason;
  /** The task that brought it about. */
  readonly by?: number;
  readonly message?: string;
  readonly error?: StoredError;
}
