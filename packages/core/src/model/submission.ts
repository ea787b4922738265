import type { Moment } from '../kernel/duration.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { JobOptions } from './job.js';
import type { DependencyMode, Durability, FailureStrategy, TaskOverrides, TaskType } from './task.js';

/** Like `RefBinding`, with the source named by its key. */
export interface RefSubmission {
  /** JSON Pointer to the hole in the input. */
  readonly at: string;
  /** Key of the task whose output is read. */
  readonly task: string;
  /** JSON Pointer into that output; default the whole of it. */
  readonly path?: string;
  /** Stands in where the source has no value. */
  readonly or?: Json;
}

export interface InputSubmission {
  readonly value: Json;
  readonly refs: readonly RefSubmission[];
}

export interface MapSubmission {
  /** The list: one task's output, or a part of it. */
  readonly over: { readonly task: string; readonly path?: string };
  readonly agent: string;
  readonly input: InputSubmission;
  /** Where the item, or a part of it, goes into the input. */
  readonly items: readonly { readonly at: string; readonly path: string; readonly or?: Json }[];
  readonly batch?: number;
  readonly name?: string;
  readonly overrides?: TaskOverrides;
}

/** One task of a job as callers describe it. Everything but the key may be left out. */
export interface TaskSubmission {
  readonly key: string;
  /** Absent: the task stands for its children. */
  readonly agent?: string;
  readonly type?: TaskType;
  /** Key of the task above it. */
  readonly parent?: string;
  readonly name?: string;
  readonly description?: string;
  /** A free label that can be filtered and counted. */
  readonly kind?: string;
  /**
   * Whom it is meant for, in the application's own words (a person, a team, a queue): 1 to 200 characters. A label that can be
   * filtered, which gives nobody any right. Questions of its agent are meant for the same, unless they say otherwise.
   */
  readonly assignee?: string;
  readonly acceptanceCriteria?: string;
  readonly input?: Json;
  /** Holes in `input` that other tasks' outputs fill. Each is a dependency too. */
  readonly refs?: readonly RefSubmission[];
  /** Keys of tasks to wait for, beyond those the refs name. A mode given here also holds for refs to that task, and to tasks below it. */
  readonly dependsOn?: readonly (string | { readonly task: string; readonly mode?: DependencyMode })[];
  /** Skip the task when this value is falsy (`false`, `0`, `''`, `null`, absent). */
  readonly when?: { readonly task: string; readonly path?: string; readonly or?: Json };
  readonly map?: MapSubmission;
  /** 1–10, 10 most urgent. */
  readonly priority?: number;
  /** What it counts for in the progress of its story and job: 0 to 1,000,000. Default 1; each task of a map counts so much. */
  readonly weight?: number;
  readonly failureStrategy?: FailureStrategy;
  /** What it says in place of its agent. A name that means nothing there is refused; of a map, `map.overrides` says it for each of its tasks. */
  readonly overrides?: TaskOverrides;
  /** `at-most-once`: after a crash or a timeout it waits for a person instead of running again. Default: its agent's. */
  readonly durability?: Durability;
  /** It fails with `DEADLINE_EXCEEDED` when it has not ended by then; among equals the earlier deadline starts first. */
  readonly deadline?: Moment;
  /** It does not start before then. */
  readonly runAt?: Moment;
  /** Who judges its output. Default: as its agent declares, else nobody (`auto`). */
  readonly review?: ReviewSubmission;
  /** The output that stands in when it has failed for good; must fit its agent's output schema. */
  readonly useValue?: Json;
  /** Key of the task that runs instead when it has failed for good, and whose output stands in. */
  readonly routeTo?: string;
  /** What it takes from the engine's pools while it runs. Default: its agent's. */
  readonly resources?: { readonly [pool: string]: number };
  readonly metadata?: JsonObject;
}

/** `auto`: nobody; `manual`: a person accepts or rejects; or the agent that does, by name. */
export type ReviewSubmission =
  | 'auto'
  | 'manual'
  | { readonly by: 'manual'; readonly maxRejections?: number }
  | { readonly by: 'agent'; readonly agent: string; readonly maxRejections?: number };

/** One of several ordered steps: a task whose place in the list says what it waits for. */
export interface StepSubmission extends TaskSubmission {
  /** It runs beside the step before it: it waits for what that one waits for. Default false. */
  readonly parallel?: boolean;
}

/** A job as callers describe it: a graph of tasks. What a workflow's `plan` lays out becomes one of these. */
export interface JobSubmission {
  /** 1 to 500 characters, not only blanks. Several jobs may have the same. */
  readonly name: string;
  readonly tasks: readonly TaskSubmission[];
  /**
   * Tasks in the order of their work, beside `tasks`. Each waits for the one before it, and for all that this one runs
   * beside; one that has `dependsOn` (also an empty one) waits for those alone.
   */
  readonly steps?: readonly StepSubmission[];
  /** The job's own input, kept for readers. */
  readonly input?: Json;
  /** The job's output, made of tasks' outputs. Absent: the job has the objective's output, or none. */
  readonly output?: InputSubmission;
  readonly options?: JobOptions;
}
