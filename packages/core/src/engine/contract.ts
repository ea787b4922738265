import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import type { WorkflowDefinition, WorkflowInputOf, WorkflowOutputOf, WorkflowTarget } from '../authoring/workflow-definition.js';
import type { GraphDetail, GraphFormat } from '../graph/render-graph.js';
import type { Json } from '../kernel/json.js';
import type { AlertFilter, AlertView } from '../model/alert.js';
import type { EventView } from '../model/event.js';
import type { JobOptions } from '../model/job.js';
import type { ScheduleOptions, ScheduleView } from '../model/schedule.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import type { DependencyMode } from '../model/task.js';
import type { AgentView, HumanRequestView, JobView, TaskView, WorkflowView } from '../model/views.js';
import type { LimitGauge, LimitWait } from '../ports/dispatcher.js';
import type { EngineReader } from '../ports/reader.js';
import type { EngineMetrics } from './read-metrics.js';
import type { WhyView } from './why.js';
import type { JobCost } from './read-cost.js';
import type { JobProgress, OverallProgress } from './read-progress.js';
import type { JobReport, ReportOptions } from './read-report.js';

/** Who asks for a change, and why; both are kept in the job's events. What is no object is refused with `OPTIONS_INVALID`. */
export interface ControlOptions {
  /** At most 4,000 characters; more are refused with `OPTIONS_INVALID`. Default: none. `rejectTask` refuses one of blanks alone. */
  readonly reason?: string;
  /** A name of the caller's own choosing, shown as `user:<name>`. */
  readonly actor?: string;
}

export interface ResumeTaskOptions extends ControlOptions {
  /**
   * What a parked task (`BLOCKED`, `MANUAL`) comes to: it runs again, counts as done with `output`, or as failed. Absent:
   * a hold placed by `pauseTask` is lifted.
   */
  readonly as?: 'RERUN' | 'COMPLETED' | 'FAILED';
  /** With `COMPLETED`: must fit the agent's output schema. */
  readonly output?: Json;
}

export interface AddDependencyOptions extends ControlOptions {
  /** Default `completed`. */
  readonly mode?: DependencyMode;
}

export interface AnswerOptions extends ControlOptions {
  /** `hash` of the question that was read: the answer is refused when the question has changed since. */
  readonly hash?: string;
}

export interface RetryJobOptions extends ControlOptions {
  /** Ids of tasks to run again, with everything that depends on them. Default: what failed, was cancelled or was skipped by a failure. */
  readonly tasks?: readonly string[];
}

/** What a start found of earlier, unfinished work. */
export interface RecoveryReport {
  /** Unfinished jobs that go on. */
  readonly jobs: readonly {
    readonly id: string;
    readonly name: string;
    readonly workflow: string | null;
    readonly openTasks: number;
    readonly finishedTasks: number;
  }[];
  /** Tasks whose attempt died with an earlier process. */
  readonly found: number;
  /** Those of them that start again. */
  readonly requeued: number;
  /** Those of them that wait for a person, because running them again may not be safe. */
  readonly parked: number;
  /** Jobs that cannot be read, and are left as they are. */
  readonly failed: number;
}

/** The engine: durable jobs of decorated or defined agents. Made by `createEngine`. */
export interface Engine {
  /** Its own, new with each engine that is made: the events that it writes name it. */
  readonly id: string;
  /** The option `name`, else the machine's host name. */
  readonly name: string;

  /** Opens the store, continues unfinished jobs and begins to run tasks; with `runTasks: false` it only opens the store, and the report is empty. */
  start(): Promise<RecoveryReport>;
  /** Takes no new work, waits up to `graceMs` (default 10 s) for running attempts, closes the store. What is left continues at the next start. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;

  /** Makes an agent or a workflow known. Before `start`, or at any time after. */
  register(...definitions: readonly (AgentDefinition | WorkflowDefinition)[]): void;
  agents(filter?: { readonly capability?: string }): readonly AgentView[];
  agent(name: string): AgentView | null;
  /** Agents whose input schema accepts the value. */
  agentsAccepting(input: Json): Promise<readonly AgentView[]>;
  workflows(): readonly WorkflowView[];
  workflow(name: string): WorkflowView | null;
  nameOf(target: AgentTarget): string;

  /** How full every limit of this process is: places, pools, rates. @throws TaskloomError `RUNS_NO_TASKS` */
  limitGauges(): readonly LimitGauge[];
  /** The limit that a READY task waits for in this process; `null` when it waits for none. @throws TaskloomError `RUNS_NO_TASKS` */
  waitingFor(taskId: string): LimitWait | null;

  /**
   * Plans a workflow and starts its job. Resolves when the job is durable.
   *
   * @throws TaskloomError `UNKNOWN_WORKFLOW`, `INPUT_SCHEMA`, `IDEMPOTENCY_CONFLICT`; GraphError
   */
  startWorkflow<Target extends WorkflowTarget>(
    workflow: Target,
    input: WorkflowInputOf<Target>,
    options?: JobOptions,
  ): Promise<JobHandle<WorkflowOutputOf<Target>>>;
  /** Starts a job of an explicit graph. Resolves when the job is durable. @throws GraphError with every problem; nothing is stored then. */
  submitJob(submission: JobSubmission): Promise<JobHandle>;
  /** A handle of any job, also of one that an earlier process started. It is not checked that the job exists. */
  job(id: string): JobHandle;

  /** @throws TaskloomError `NOT_FOUND`, `JOB_ALREADY_TERMINAL` */
  cancelJob(id: string, options?: ControlOptions): Promise<JobView>;
  /** Reopens an ended job. @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE`, `OPTIONS_INVALID` */
  retryJob(id: string, options?: RetryJobOptions): Promise<JobView>;

  /** Lets a job run that was submitted with `confirm`. @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE` */
  confirmJob(id: string, options?: ControlOptions): Promise<JobView>;
  /** Starts nothing more of the job; what runs ends. Deadlines still count. @throws TaskloomError `NOT_FOUND`, `JOB_ALREADY_TERMINAL` */
  pauseJob(id: string, options?: ControlOptions): Promise<JobView>;
  resumeJob(id: string, options?: ControlOptions): Promise<JobView>;

  /** Runs an ended task again, with everything that depends on it. @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE` */
  retryTask(id: string, options?: ControlOptions): Promise<TaskView>;
  /** Skips an open task and what is below it; what needs it to complete is skipped with it. */
  skipTask(id: string, options?: ControlOptions): Promise<TaskView>;
  /** Cancels an open task and what is below it. */
  cancelTask(id: string, options?: ControlOptions): Promise<TaskView>;
  /** Starts nothing more of the task and what is below it. */
  pauseTask(id: string, options?: ControlOptions): Promise<TaskView>;
  /** @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE`, `OUTPUT_SCHEMA` */
  resumeTask(id: string, options?: ResumeTaskOptions): Promise<TaskView>;
  /** Accepts what a task under review came to. @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE` */
  acceptTask(id: string, options?: ControlOptions): Promise<TaskView>;
  /**
   * Rejects it: the task runs again with the reason as feedback, or, after the last permitted rejection, is REJECTED. The reason
   * must say something: one of blanks alone is refused.
   *
   * @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE`, `OPTIONS_INVALID`
   */
  rejectTask(id: string, options: ControlOptions & { readonly reason: string }): Promise<TaskView>;

  /** Adds tasks to an open job. They may depend on tasks that are there, and stand under open ones. @throws GraphError with every problem; TaskloomError `JOB_CLOSED` */
  addTasks(jobId: string, tasks: readonly TaskSubmission[], options?: ControlOptions): Promise<readonly TaskView[]>;
  /**
   * Lets a task that has not begun wait for another one.
   *
   * @throws DependencyError for a circle, unless `onDependencyConflict` says `drop`; TaskloomError `ILLEGAL_MOVE`, `JOB_CLOSED`
   */
  addDependency(taskId: string, dependsOn: string, options?: AddDependencyOptions): Promise<TaskView>;

  /** Answers a question to a person; the first answer counts. @throws TaskloomError `NOT_FOUND`, `INPUT_SCHEMA`, `REQUEST_CLOSED`, `REQUEST_CHANGED` */
  answerHumanRequest(id: string, answer: Json, options?: AnswerOptions): Promise<HumanRequestView>;

  /**
   * Starts a workflow again and again.
   *
   * @throws TaskloomError `SCHEDULE_INVALID`, `SCHEDULE_EXISTS`, `UNKNOWN_WORKFLOW`, `OPTIONS_INVALID`
   */
  createSchedule(schedule: ScheduleOptions): Promise<ScheduleView>;
  /** By id; of one tenant, or of all. */
  schedules(filter?: { readonly tenant?: string }): Promise<readonly ScheduleView[]>;
  schedule(id: string): Promise<ScheduleView | null>;
  /** No tick until it is resumed. @throws TaskloomError `NOT_FOUND` */
  pauseSchedule(id: string): Promise<ScheduleView>;
  /** Goes on with the next tick from now. @throws TaskloomError `NOT_FOUND` */
  resumeSchedule(id: string): Promise<ScheduleView>;
  /** Jobs that it has started go on. Resolves to whether it was there. One that a workflow declares comes back with the next start. */
  deleteSchedule(id: string): Promise<boolean>;

  /** What this engine has done since its start, and what it has before it. In memory, at once. @throws TaskloomError `RUNS_NO_TASKS` */
  metrics(): EngineMetrics;
  /** What is, or was within the last week, out of bounds, newest first. */
  alerts(filter?: AlertFilter): Promise<readonly AlertView[]>;
  /** Notes that somebody has seen to it. Who was first stays. @throws TaskloomError `NOT_FOUND` */
  acknowledgeAlert(id: string, options?: { readonly actor?: string }): Promise<AlertView>;
  /** Every change of an alert from now on: raised, more urgent, acknowledged, over. A reader that falls behind by 1,000 misses the oldest. */
  alertChanges(options?: { readonly signal?: AbortSignal }): AsyncIterable<AlertView>;

  /** Why a task stands where it stands: what it waits for, or why it was skipped. Which limit it waits for is known where it runs. @throws TaskloomError `NOT_FOUND` */
  why(taskId: string): Promise<WhyView>;
  /** The same of many tasks (at most 1,000), in their order; `null` where there is no such task. @throws TaskloomError `PAGE_SIZE` */
  whys(taskIds: readonly string[]): Promise<readonly (WhyView | null)[]>;

  /** What this engine's start found of earlier work; `null` before it has started, and where it runs no tasks. */
  recoveryReport(): RecoveryReport | null;

  /**
   * How far a job and each of its stories is, weighted by what its tasks declare. Reads every task of the job: `progress` of
   * `JobView` is that of the job alone, at no cost.
   *
   * @throws TaskloomError `NOT_FOUND`
   */
  jobProgress(jobId: string): Promise<JobProgress>;
  /** How far the tasks of all jobs that have not ended are together, each by its weight. One statement. */
  overallProgress(): Promise<OverallProgress>;
  /**
   * What a job and each of its stories has spent. Reads every task of the job: `reader.jobCosts` gives the sum alone at once.
   *
   * @throws TaskloomError `NOT_FOUND`
   */
  jobCost(jobId: string): Promise<JobCost>;
  /**
   * What became of a job and of each of its tasks, run by run. Reads the tasks and the whole log of the job.
   *
   * @throws TaskloomError `NOT_FOUND`, `OPTIONS_INVALID`
   */
  jobReport(jobId: string, options?: ReportOptions): Promise<JobReport>;
  /**
   * A job's graph as text, at most 2,000 tasks: all of it, or what is within `depth` steps (default 1) of a task.
   *
   * @throws TaskloomError `NOT_FOUND`, `OPTIONS_INVALID`
   */
  jobGraph(
    jobId: string,
    options: { readonly format: GraphFormat; readonly detail?: GraphDetail; readonly taskId?: string; readonly depth?: number },
  ): Promise<string>;
  /**
   * Events of a job from `afterSeq` on: those stored, then those to come, without a gap or a repeat. Ends after the
   * event that ended the job, or when `signal` aborts.
   *
   * @throws TaskloomError `NOT_FOUND`; `CURSOR_EXPIRED` for a job that was deleted when its retention was over
   */
  events(jobId: string, options?: { readonly afterSeq?: number; readonly signal?: AbortSignal }): AsyncIterable<EventView>;
  /**
   * Resolves each time jobs have changed, with the ids of those that changed since the last time. A hint: read the truth
   * from `reader`. Changes that come faster than they are read are merged. Where this engine runs no tasks, it knows which
   * tasks have changed of a job that is asked for by its id.
   */
  changes(options?: { readonly jobId?: string; readonly signal?: AbortSignal }): AsyncIterable<readonly JobChange[]>;

  /** Committed state, for queries. */
  readonly reader: EngineReader;
}

/** What changed in a job, as numbers of tasks; `tasks` is empty where only the job itself changed, or where it is not known which did. */
export interface JobChange {
  readonly jobId: string;
  readonly lastSeq: number;
  readonly tasks: readonly number[];
}

/** One job, to be waited for and steered. */
export interface JobHandle<Output = unknown> {
  readonly id: string;
  /** @throws TaskloomError `NOT_FOUND` */
  status(): Promise<JobView>;
  /** Cancels it; its running agents' signals abort. @throws TaskloomError `JOB_ALREADY_TERMINAL` */
  cancel(options?: ControlOptions): Promise<JobView>;
  /** Its output once it has completed. @throws TaskloomError `JOB_FAILED`, `JOB_CANCELLED`, `NOT_FOUND` */
  result(): Promise<Output>;
  events(options?: { readonly afterSeq?: number; readonly signal?: AbortSignal }): AsyncIterable<EventView>;
}
