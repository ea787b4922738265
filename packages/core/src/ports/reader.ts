import type { EventView } from '../model/event.js';
import type {
  HumanRequestFilter,
  HumanRequestView,
  JobFilter,
  JobView,
  Page,
  PageRequest,
  PayloadView,
  TaskFilter,
  TaskView,
} from '../model/views.js';

/** A task named by its job and its number there. */
export interface TaskAddress {
  readonly jobId: string;
  readonly no: number;
}

export interface ExpiredJob {
  readonly tenant: string;
  readonly expiredAt: number;
}

/**
 * Committed state for readers: what the API and people look at. Every list is bounded; nothing here waits for the
 * engine, and nothing here changes anything.
 */
export interface StoreReader {
  job(id: string): Promise<JobView | null>;
  /** Newest first. */
  jobs(filter: JobFilter, page: PageRequest): Promise<Page<JobView>>;
  countJobs(filter: JobFilter): Promise<number>;

  task(id: string): Promise<TaskView | null>;
  /** Within one job in the order of task numbers; across jobs newest job first. */
  tasks(filter: TaskFilter, page: PageRequest): Promise<Page<TaskView>>;
  countTasks(filter: TaskFilter): Promise<number>;
  /** In the order asked for; absent tasks are `null`. At most 1,000. */
  tasksAt(addresses: readonly TaskAddress[]): Promise<readonly (TaskView | null)[]>;
  /** Numbers of the tasks that depend on each of the given ones, in order. */
  dependentsOf(addresses: readonly TaskAddress[]): Promise<readonly (readonly number[])[]>;

  /** Inputs as stored: holes that refs will fill are `null`. A value over `maxBytes` comes as a preview. */
  taskInputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]>;
  /** `null` where there is no output (yet). */
  taskOutputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]>;
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
}
