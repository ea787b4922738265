import type { Cost } from '../model/cost.js';
import type { EventView } from '../model/event.js';
import type { JobStatus } from '../model/job.js';
import type { TaskStatus } from '../model/task.js';
import type {
  HumanRequestFilter,
  HumanRequestView,
  JobFilter,
  JobPageRequest,
  JobView,
  Page,
  PageRequest,
  PayloadView,
  TaskFilter,
  TaskPageRequest,
  TaskView,
} from '../model/views.js';

/** A task named by its job and its number there. */
export interface TaskAddress {
  readonly jobId: string;
  readonly no: number;
}

export interface CountFilter {
  readonly tenant?: string;
}

export interface ExpiredJob {
  readonly tenant: string;
  readonly expiredAt: number;
}

/** What was spent, for readers: asked for apart from the views, with one statement however many are asked for. */
export interface CostReader {
  /** What the tasks of each job have spent together, whatever became of them; `{}` for nothing, and for jobs that are not there. At most 1,000. */
  jobCosts(ids: readonly string[]): Promise<readonly Cost[]>;
  /** What each task itself has spent, over all its attempts and generations. In the order asked for. At most 1,000. */
  taskCosts(addresses: readonly TaskAddress[]): Promise<readonly Cost[]>;
}

/**
 * Committed state for readers: what the API and people look at. Every list is bounded; nothing here waits for the
 * engine, and nothing here changes anything.
 */
export interface StoreReader {
  job(id: string): Promise<JobView | null>;
  /** In the order asked for; absent jobs are `null`. At most 1,000. */
  jobsAt(ids: readonly string[]): Promise<readonly (JobView | null)[]>;
  jobs(filter: JobFilter, page: JobPageRequest): Promise<Page<JobView>>;
  countJobs(filter: JobFilter): Promise<number>;
  /** How many jobs there are in each status. */
  jobCounts(filter: CountFilter): Promise<Readonly<Record<JobStatus, number>>>;

  task(id: string): Promise<TaskView | null>;
  tasks(filter: TaskFilter, page: TaskPageRequest): Promise<Page<TaskView>>;
  countTasks(filter: TaskFilter): Promise<number>;
  /** How many tasks there are in each status, of the jobs that have not ended. */
  taskCounts(filter: CountFilter): Promise<Readonly<Record<TaskStatus, number>>>;
  /** In the order asked for; absent tasks are `null`. At most 1,000. */
  tasksAt(addresses: readonly TaskAddress[]): Promise<readonly (TaskView | null)[]>;
  /** The first page of the tasks below each of the given ones, as `tasks({ jobId, parentId }, { first })` gives it. At most 1,000. */
  childrenOf(parents: readonly TaskAddress[], first: number): Promise<readonly Page<TaskView>[]>;
  /** Numbers of the tasks that depend on each of the given ones, in order. */
  dependentsOf(addresses: readonly TaskAddress[]): Promise<readonly (readonly number[])[]>;

  /** Inputs as stored: holes that refs will fill are `null`. A value over `maxBytes` comes as a preview. */
  taskInputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]>;
  /** `null` where there is no output (yet). */
  taskOutputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]>;
  /** As `jobInput`, of many jobs. At most 1,000. */
  jobInputs(ids: readonly string[], maxBytes: number): Promise<readonly (PayloadView | null)[]>;
  jobInput(id: string, maxBytes: number): Promise<PayloadView | null>;
  /** The objective's output. */
  jobOutput(id: string, maxBytes: number): Promise<PayloadView | null>;

  /** A question to a person, also one that is closed. */
  humanRequest(id: string): Promise<HumanRequestView | null>;
  /** Oldest first within a job, newest job first. */
  humanRequests(filter: HumanRequestFilter, page: PageRequest): Promise<Page<HumanRequestView>>;

  /** Whose a job was that was deleted because it had ended long ago, and when; `null` for jobs that are there, or never were. */
  expiredJob(id: string): Promise<ExpiredJob | null>;

  /** Events with `seq > afterSeq`, in order, at most `first` (1–1,000). @throws TaskloomError `CURSOR_EXPIRED` when the job was deleted */
  events(jobId: string, afterSeq: number, first: number): Promise<readonly EventView[]>;
  /** Events about one task, oldest first, at most 1,000. */
  taskHistory(address: TaskAddress): Promise<readonly EventView[]>;
  /** The same of many tasks (at most 1,000), in the order asked for: at most `first` (1–1,000) events of each, none of one that is not there. */
  taskHistories(addresses: readonly TaskAddress[], first: number): Promise<readonly (readonly EventView[])[]>;
}

/** The work of all jobs that have not ended. */
export interface OpenWork {
  readonly jobs: number;
  /** Weights of their tasks, each times how far the task is in percent. */
  readonly done: number;
  /** Weights of their tasks. */
  readonly total: number;
}

/** Everything that a store gives to readers. */
export interface EngineReader extends StoreReader, CostReader {
  openWork(): Promise<OpenWork>;
}
