import type { EventType, JobFilter, JobOptionsInput, JobOrder, TaskOrder } from './schema.js';

export interface CallOptions {
  /** Ends the call: a request fails with the signal's reason, a stream ends without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Of everything that changes a job or task. */
export interface ControlOptions extends CallOptions {
  /** Why; kept in the job's events. */
  readonly reason?: string | undefined;
}

export interface PageOptions extends CallOptions {
  /** Size of the page, 1 to 100. Default 20 for jobs, 50 for tasks. */
  readonly first?: number | undefined;
  /** `endCursor` of the page before. */
  readonly after?: string | null | undefined;
  /** Also count the whole list. Default false. */
  readonly count?: boolean | undefined;
}

/** Which jobs, and how they come. */
export interface JobListOptions {
  readonly filter?: JobFilter | undefined;
  /** Default `NEWEST`. A cursor holds in the order in which it was given. */
  readonly order?: JobOrder | undefined;
}

export interface TaskListOptions {
  /** Default `PLACE`. A cursor holds in the order in which it was given. */
  readonly order?: TaskOrder | undefined;
}

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Pass it as `after` to read on. */
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** How many the whole list has; null unless `count` was asked for. */
  readonly totalCount: number | null;
}

/** Settings of a job that are given when it starts. */
export type StartOptions = JobOptionsInput;

/** @deprecated the same as CallOptions */
export type StreamOptions = CallOptions;

export interface TaskScope {
  /** Only what concerns this task. */
  readonly taskId?: string | undefined;
  /** With `taskId`: also what concerns a task below it. */
  readonly subtree?: boolean | undefined;
}

export interface JobEventsOptions extends CallOptions, TaskScope {
  /** The last event already seen. Default 0: from the beginning. */
  readonly afterSeq?: number | undefined;
  /** Only events of these types. */
  readonly types?: readonly EventType[] | undefined;
}
