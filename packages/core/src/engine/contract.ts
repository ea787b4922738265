import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import type { WorkflowDefinition, WorkflowInputOf, WorkflowOutputOf, WorkflowTarget } from '../authoring/workflow-definition.js';
import type { GraphDetail, GraphFormat } from '../graph/render-graph.js';
import type { Json } from '../kernel/json.js';
import type { EventView } from '../model/event.js';
import type { JobOptions } from '../model/job.js';
import type { JobSubmission } from '../model/submission.js';
import type { AgentView, JobView, WorkflowView } from '../model/views.js';
import type { StoreReader } from '../ports/reader.js';
import type { JobProgress, OverallProgress } from './read-progress.js';

/** Who asks for a change, and why; both are kept in the job's events. */
export interface ControlOptions {
  readonly reason?: string;
  /** A name of the caller's own choosing, shown as `user:<name>`. */
  readonly actor?: string;
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
  /** Tasks whose attempt died with an earlier process and that start again. */
  readonly requeued: number;
  /** Tasks that wait for a person, because running them again may not be safe. */
  readonly parked: number;
  readonly failed: number;
}

/** The engine: durable jobs of decorated or defined agents. Made by `createEngine`. */
export interface Engine {
  /** Opens the store, continues unfinished jobs and begins to run tasks. */
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
  /** Reopens an ended job. @throws TaskloomError `NOT_FOUND`, `ILLEGAL_MOVE` */
  retryJob(id: string, options?: RetryJobOptions): Promise<JobView>;

  /**
   * How far a job and each of its stories is, weighted by what its tasks declare. Reads every task of the job: `JobView`
   * has a share that costs nothing, by the number of tasks that have ended.
   *
   * @throws TaskloomError `NOT_FOUND`
   */
  jobProgress(jobId: string): Promise<JobProgress>;
  /** How far all jobs that have not ended are together, each weighted by the number of its tasks. */
  overallProgress(): Promise<OverallProgress>;
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
   * @throws TaskloomError `NOT_FOUND`
   */
  events(jobId: string, options?: { readonly afterSeq?: number; readonly signal?: AbortSignal }): AsyncIterable<EventView>;
  /**
   * Resolves each time jobs have changed, with the ids of those that changed since the last time. A hint: read the truth
   * from `reader`. Changes that come faster than they are read are merged.
   */
  changes(options?: { readonly jobId?: string; readonly signal?: AbortSignal }): AsyncIterable<readonly JobChange[]>;

  /** Committed state, for queries. */
  readonly reader: StoreReader;
}

/** What changed in a job, as numbers of tasks; `tasks` is empty where only the job itself changed. */
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
