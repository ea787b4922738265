/** What readers of the store get: API types, all plain data. */
import type { StoredError } from '../errors/serialize-error.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { AgentRoute } from './agent-choice.js';
import type { JobStatus, TaskCounts } from './job.js';
import type { RequestKind, RequestStatus, TimeoutAction } from './human-request.js';
import type {
  Dependency,
  Durability,
  FailureStrategy,
  Recovery,
  ReviewPolicy,
  StatusReason,
  TaskOrigin,
  TaskStatus,
  TaskType,
} from './task.js';

/** A JSON value that may be too large to show in a list: `preview` is its beginning, `value` is absent when cut. */
export interface PayloadView {
  readonly bytes: number;
  readonly truncated: boolean;
  /** The whole value, or, where `truncated`, the first characters of its JSON text. */
  readonly value: Json;
}

export interface JobView {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly status: JobStatus;
  /** `null` until it has ended. */
  readonly success: boolean | null;
  readonly error: StoredError | null;
  readonly priority: number;
  readonly maxParallel: number | null;
  readonly failureStrategy: FailureStrategy;
  readonly metadata: JsonObject | null;
  readonly counts: TaskCounts;
  /** 0–100, whole: that of its tasks, each by its weight, 100 only when the job has ended; `jobProgress` of the engine tells of each story. */
  readonly progress: number;
  /** How often it was reopened. */
  readonly generation: number;
  /** Nothing runs before then. */
  readonly runAt: number | null;
  /** It fails when it has not ended by then. */
  readonly deadline: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly lastSeq: number;
}

export interface TaskView {
  readonly id: string;
  readonly jobId: string;
  readonly no: number;
  readonly key: string;
  readonly type: TaskType;
  readonly kind: string | null;
  readonly name: string;
  readonly description: string | null;
  /** `null` for a task that stands for its children. */
  readonly agent: string | null;
  /** How it came to its agent, where a router chose that; `null` for one by its own name, and for none. */
  readonly routed: AgentRoute | null;
  /** The topic that it is a message on; `null` for a task that no message made. */
  readonly topic: string | null;
  /** Whom it is meant for, in the application's own words. */
  readonly assignee: string | null;
  readonly status: TaskStatus;
  readonly statusReason: StatusReason | null;
  /** Number of the task that brought the status about. */
  readonly causedBy: number | null;
  /** What the reason means in this case, in words. */
  readonly statusMessage: string | null;
  readonly error: StoredError | null;
  readonly summary: string | null;
  /** Id of the task whose result was used again, in place of a run of the agent. */
  readonly cachedFrom: string | null;
  readonly acceptanceCriteria: string | null;
  readonly priority: number;
  /** What it counts for in the progress of its job. */
  readonly weight: number;
  readonly failureStrategy: FailureStrategy;
  readonly metadata: JsonObject | null;
  readonly parent: number | null;
  readonly dependencies: readonly Dependency[];
  readonly origin: TaskOrigin;
  readonly generation: number;
  /** Attempts started in this generation. */
  readonly attempt: number;
  readonly maxAttempts: number | null;
  /** Longest time one attempt may run; 0: no limit. */
  readonly timeoutMs: number | null;
  /** Longest time an attempt may give no sign of life; 0: no limit. */
  readonly idleTimeoutMs: number | null;
  readonly durability: Durability;
  /** It starts no earlier, as it was submitted; `availableAt` tells when it may. */
  readonly runAt: number | null;
  readonly deadline: number | null;
  readonly review: ReviewPolicy | null;
  readonly recovery: Recovery | null;
  readonly resources: { readonly [pool: string]: number } | null;
  /** Whether an operator holds it, and with it what is below it. */
  readonly held: boolean;
  /** How often a review rejected it. */
  readonly rejections: number;
  /** Deaths of a process while it ran. */
  readonly strikes: number;
  /** A READY or sleeping task waits until then. */
  readonly availableAt: number | null;
  /** 0–100 */
  readonly progress: number;
  readonly progressMessage: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** A question to a person. */
export interface HumanRequestView {
  readonly id: string;
  readonly jobId: string;
  readonly taskId: string;
  readonly taskKey: string;
  readonly kind: RequestKind;
  readonly name: string;
  readonly question: string;
  /** What the question is about. */
  readonly about: JsonObject | null;
  /** JSON Schema of the answer; `null`: any JSON. */
  readonly schema: JsonObject | null;
  readonly status: RequestStatus;
  readonly deadline: number | null;
  readonly onTimeout: TimeoutAction;
  /** Of the question as it reads; an answer may name it, and is refused when the question has changed. */
  readonly hash: string;
  readonly createdAt: number;
  readonly closedAt: number | null;
  readonly answer: Json | null;
  readonly answeredBy: string | null;
  /** Whom it is meant for, in the application's own words: anybody may answer it. */
  readonly assignee: string | null;
}

export interface HumanRequestFilter {
  readonly tenant?: string;
  readonly jobId?: string;
  readonly status?: readonly RequestStatus[];
  readonly assignee?: string;
}

export interface JobFilter {
  readonly status?: readonly JobStatus[];
  readonly workflow?: string;
  readonly name?: string;
  readonly tenant?: string;
  /** Whether it has not ended; absent: both. */
  readonly isOpen?: boolean;
  /** Milliseconds since 1970, not counting. */
  readonly createdAfter?: number;
  /** Milliseconds since 1970, not counting. */
  readonly createdBefore?: number;
}

export interface TaskFilter {
  readonly jobId?: string;
  readonly status?: readonly TaskStatus[];
  readonly type?: readonly TaskType[];
  readonly agent?: string;
  readonly kind?: string;
  readonly assignee?: string;
  /** The id of the parent task. */
  readonly parentId?: string;
  /** Found in key, name or description, whatever the case. */
  readonly text?: string;
  readonly tenant?: string;
  /** Whether its job has not ended; absent: both. */
  readonly ofOpenJobs?: boolean;
}

/**
 * Orders of jobs; what is equal there comes newest first. `PRIORITY`: most urgent first. `DEADLINE`: earliest first, those
 * without one last. `FINISHED`: those that ended last first, open ones last.
 */
export const JOB_ORDERS = ['NEWEST', 'OLDEST', 'PRIORITY', 'DEADLINE', 'FINISHED'] as const;
export type JobOrder = (typeof JOB_ORDERS)[number];

/**
 * Orders of tasks. `PLACE`: as they stand in their job, newest job first; so stand those that are equal in the others.
 * `PRIORITY`: most urgent first. `RUNNING_LONGEST`: begun first comes first, those not begun last. `UPDATED`: changed last first.
 */
export const TASK_ORDERS = ['PLACE', 'PRIORITY', 'RUNNING_LONGEST', 'UPDATED'] as const;
export type TaskOrder = (typeof TASK_ORDERS)[number];

export interface PageRequest {
  /** 1–100. */
  readonly first: number;
  /** `endCursor` of the page before. A cursor holds in the order in which it was given. */
  readonly after?: string;
}

export interface JobPageRequest extends PageRequest {
  /** Default: `NEWEST`. */
  readonly order?: JobOrder;
}

export interface TaskPageRequest extends PageRequest {
  /** Default: `PLACE`. */
  readonly order?: TaskOrder;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** One cursor for each item. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
}

export interface AgentView {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly capabilities: readonly string[];
  /** Names of topics that it may publish on. */
  readonly publishes: readonly string[];
  /** Names of topics whose messages run it. */
  readonly subscribes: readonly string[];
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
}

export interface WorkflowView {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject | null;
}
