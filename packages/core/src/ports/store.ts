import type { StoredError } from '../errors/serialize-error.js';
import type { TaskloomError } from '../errors/taskloom-error.js';
import type { CostRow } from '../model/cost.js';
import type { EngineIdentity } from '../model/engine-identity.js';
import type { JobEvent, MemoKind } from '../model/event.js';
import type { RequestKind, TimeoutAction } from '../model/human-request.js';
import type { JobSpec, JobStatus } from '../model/job.js';
import type { AttemptReason, OutputLocation, StatusReason, TaskSpec, TaskStatus } from '../model/task.js';
import type { KeyValueStore } from './key-value-store.js';
import type { EngineReader } from './reader.js';

/** A task's changing part, as its row holds it. */
export interface TaskRow {
  readonly no: number;
  readonly status: TaskStatus;
  readonly reason: StatusReason | null;
  readonly causedBy: number;
  readonly generation: number;
  readonly attempt: number;
  readonly fence: number;
  readonly strikes: number;
  readonly rounds: number;
  readonly availableAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly output: OutputLocation;
  readonly noteSeq: number;
  readonly progress: number;
  readonly nextReason: AttemptReason;
  readonly readyAt: number;
  readonly conditionFalse: boolean;
  readonly rejections: number;
  readonly feedbackSeq: number;
  readonly held: boolean;
}

/** A task's row to be written. */
export interface TaskWrite extends TaskRow {
  /**
   * Whether `causedBy`, `generation`, `strikes`, `rounds`, `availableAt`, `nextReason`, `conditionFalse`, `rejections`,
   * `feedbackSeq` and `held` are in the store as they are here, so that they need not be written. Default: false.
   */
  readonly isPlain?: boolean;
}

/** A job's changing part, as its row holds it. */
export interface JobRow {
  readonly status: JobStatus;
  readonly success: boolean | null;
  readonly generation: number;
  readonly lastSeq: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly noteSeq: number;
  /** When the job next needs attention by itself. */
  readonly wakeAt: number | null;
  /** Tasks by status, in the order of TASK_STATUSES. */
  readonly counts: ArrayLike<number>;
  /** Whether its tasks may run: it was confirmed and its start time has come. */
  readonly begun: boolean;
  /** Questions to people so far. */
  readonly requestCount: number;
  /**
   * What its tasks weigh together, and the sum of their weights, each times how far the task is in percent. `null` where nobody
   * has counted it yet.
   */
  readonly work: { readonly done: number; readonly total: number } | null;
}

/** What one flush writes of one job: all of it, or nothing. */
export interface JobWrite {
  readonly jobId: string;
  /** The job's `last_seq` that the events were decided on; the write stands only on it. 0 for a new job. */
  readonly expectedSeq: number;
  /** Told apart from every other write, so that a lost answer can be settled by reading it back. */
  readonly token: string;
  readonly row: JobRow;
  /** In order; the first has `seq` = `expectedSeq + 1`. */
  readonly events: readonly JobEvent[];
  /** Rows of the tasks that changed, new ones included. */
  readonly tasks: Iterable<TaskWrite>;
  /** What tasks, and thereby the job, have spent by now, where the events change it. */
  readonly costs?: readonly CostRow[];
  /** For a new job. */
  readonly created?: JobCreation;
}

export interface JobCreation {
  readonly spec: JobSpec;
  /** Claims the key for this job; the write fails with `IdempotencyTakenError` when another job has it. */
  readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
}

/** Which ended jobs are deleted. */
export interface DeleteEndedJobs {
  /** Milliseconds since the epoch. */
  readonly endedBefore: number;
  /** Most jobs at once. */
  readonly max: number;
  readonly now: number;
  /** Default: those of all tenants. */
  readonly tenant?: string;
}

export interface DeletedJob {
  readonly id: string;
  readonly tenant: string;
}

/** A job as stored, for loading it into memory. */
export interface StoredJob {
  readonly spec: JobSpec;
  readonly row: JobRow;
  readonly tasks: readonly { readonly spec: TaskSpec; readonly row: TaskRow }[];
  /** Questions that nobody has answered. */
  readonly requests: readonly StoredRequest[];
  readonly costs: readonly CostRow[];
}

/** What every attempt of a job sees of it, as JSON texts. */
export interface StoredJobContext {
  readonly input: string;
  readonly metadata: string | null;
  readonly carried: string | null;
}

/** A question to a person, as far as the job goes on with it. */
export interface StoredRequest {
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

/** A job's definition and everything that happened to it. */
export interface StoredHistory {
  readonly spec: JobSpec;
  readonly events: readonly JobEvent[];
}

export interface StoredStep {
  readonly kind: MemoKind;
  readonly name: string;
  /** For an answer of a person: `{ answer, by }` or `{ timedOut: 'decide' | 'fail' }`. */
  readonly json: string;
}

/** A task that `ctx.need` or `ctx.spawn` made, for the memo of the task that asked. */
export interface StoredNeed {
  readonly origin: 'need' | 'spawn';
  readonly no: number;
  readonly key: string;
  readonly originKey: string;
  readonly status: TaskStatus;
}

/** A task's memo: what earlier runs of this generation have learned. */
export interface StoredMemo {
  readonly steps: readonly StoredStep[];
  readonly needs: readonly StoredNeed[];
  /** Names of questions to people that nobody has answered. */
  readonly openAsks: readonly string[];
}

/** A neighbour of a task, as its agent sees it. */
export interface StoredDigest {
  readonly no: number;
  readonly key: string;
  readonly name: string;
  readonly type: TaskSpec['type'];
  readonly status: TaskStatus;
  readonly summary: string | null;
  readonly error: StoredError | null;
}

/**
 * Durable state. The implementers in this package speak SQL; whatever passes the contract suite (`testing/store-contract`) will do.
 */
export interface Store {
  /** Whether engines in several processes may be open on it at the same time, see {@link SharedStore}. Default: false. */
  readonly shared?: boolean;

  /** Opens and brings the schema up to date; a SQLite file is refused while anybody else has it open. @throws TaskloomError `SQLITE_SINGLE_PROCESS`, `SCHEMA_NEWER`, `STORE_UNAVAILABLE` */
  open(): Promise<void>;
  close(): Promise<void>;
  /**
   * Makes this engine the one that works on the jobs, where `open` alone does not: from then on commits stand only while it
   * is. `onLost` is called once, when another engine has taken over.
   *
   * @throws TaskloomError `STORE_IN_USE` while another engine works on them
   */
  lead?(onLost: (error: TaskloomError) => void): Promise<void>;

  /**
   * From now on the events of commits are this engine's: whoever reads them is told its id and name. Those of commits before,
   * since `open`, are nobody's. Once, by an engine that has opened the store, and leads where it is to.
   *
   * @throws TaskloomError `STORE_UNAVAILABLE`
   */
  sign(engine: EngineIdentity, now: number): Promise<void>;

  /**
   * Writes all jobs of a flush in one transaction, or none.
   *
   * @throws TaskloomError `STORE_CONFLICT` when a job's `last_seq` is not the expected one; `ENGINE_SUPERSEDED` when another
   *   engine has taken over; `STORE_UNAVAILABLE`, with `details.outcome` `'unknown'` when it could not be found out whether it
   *   was written; IdempotencyTakenError
   */
  commit(writes: readonly JobWrite[]): Promise<void>;

  /**
   * Deletes jobs that ended before a moment, the earliest first, with everything that belongs to them. From one moment on a
   * deleted job is not there any more, for readers, for commits and for its idempotency key; its rows go in short
   * transactions after that. Resolves to the jobs when no row is left. What is kept beside jobs is not touched.
   */
  deleteEndedJobs(which: DeleteEndedJobs): Promise<readonly DeletedJob[]>;

  loadJob(jobId: string): Promise<StoredJob | null>;
  /** The whole history of a job, for replays and audits. */
  history(jobId: string): Promise<StoredHistory | null>;
  /** Ids of jobs that have not ended, oldest first. */
  openJobs(): Promise<readonly string[]>;
  idempotency(tenant: string, key: string): Promise<{ readonly jobId: string; readonly bodyHash: string } | null>;

  taskSpec(jobId: string, no: number): Promise<TaskSpec | null>;
  /** Outputs as JSON texts, in the order asked for; `null` where a task has none. A gathered output leaves out children without one. */
  outputs(jobId: string, nos: readonly number[]): Promise<readonly (string | null)[]>;
  memo(jobId: string, no: number, generation: number): Promise<StoredMemo>;
  /** The tasks below one, those that were superseded and deliveries left out, in order. */
  children(jobId: string, no: number): Promise<readonly StoredDigest[]>;
  digests(jobId: string, nos: readonly number[]): Promise<readonly StoredDigest[]>;
  /** What a reviewer said when the task was rejected: the message of event `seq`. */
  feedback(jobId: string, seq: number): Promise<string | null>;
  /** What every attempt of a job sees of it. */
  jobContext(jobId: string): Promise<StoredJobContext>;

  readonly reader: EngineReader;
  /** What is kept beside jobs. */
  readonly entries: KeyValueStore;
}

/** Where a job stands. */
export interface JobNews {
  readonly jobId: string;
  readonly lastSeq: number;
  readonly ended: boolean;
}

/** What other engines on a store are told, and tell. Hints: each may come late, twice or not at all. */
export interface StoreListener {
  /** Jobs that others have written. */
  written(news: readonly JobNews[]): void;
  /** Others have changed entries of a kind. */
  announced(what: Announcement): void;
  /** Hints may have been lost until now: look at everything. */
  missed(): void;
}

export const ANNOUNCEMENTS = ['schedules', 'alerts'] as const;
/** What is kept beside jobs and followed by engines. */
export type Announcement = (typeof ANNOUNCEMENTS)[number];

/** What a store must offer so that engines in several processes can share it. */
export interface SharedStore extends Store {
  readonly shared: true;
  /** Listens, from its resolving on until `close`, for what others write. An engine that leads calls `lead` before. @throws TaskloomError `STORE_UNAVAILABLE` */
  follow(listener: StoreListener): Promise<void>;
  /** Tells those who follow that entries have changed. What cannot be told is no error: they look by themselves, later. */
  announce(what: Announcement): Promise<void>;
  /** Where every job stands that has not ended, and those given. A job that is not there is left out. */
  standing(jobIds: readonly string[]): Promise<readonly JobNews[]>;
  /** The events of a job after `seq`, oldest first, as they were decided. @throws TaskloomError `NOT_FOUND` */
  eventsAfter(jobId: string, seq: number): Promise<readonly JobEvent[]>;
  /**
   * Goes on with one job while everybody else who would write it waits: tells `decide` what has happened since `afterSeq` and
   * writes what it makes of that; nothing where it answers `null`, or throws: then that is thrown. Once it has answered it is
   * not asked again.
   *
   * @throws TaskloomError as `commit`, `STORE_CONFLICT` also for a job that is not there any more
   */
  commitHeld(jobId: string, afterSeq: number, decide: (since: readonly JobEvent[]) => JobWrite | null): Promise<void>;
}

/** The store as one that engines share; `null` where it belongs to one. */
export function sharedStore(store: Store): SharedStore | null {
  return store.shared === true ? (store as SharedStore) : null;
}

/** The idempotency key of a new job belongs to another job already. */
export class IdempotencyTakenError extends Error {
  constructor(readonly key: string) {
    super(`the idempotency key ${JSON.stringify(key)} is taken`);
    this.name = 'IdempotencyTakenError';
  }
}
