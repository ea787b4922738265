// The types of the API, written by `pnpm --filter @taskloom/client schema` from packages/nest-module/schema.graphql; do not edit.

import type { Json, JsonObject } from './json.js';

/** A named unit of work that tasks can use. */
export interface Agent {
  /** Labels by which it can be found. */
  readonly capabilities: readonly string[];
  /** What it does. */
  readonly description: string;
  /** JSON Schema (2020-12) of what it takes. */
  readonly inputSchema: JsonObject;
  /** Its name, unique in the application. */
  readonly name: string;
  /** JSON Schema (2020-12) of what it gives. */
  readonly outputSchema: JsonObject;
  /** Topics that it may publish on. */
  readonly publishes: readonly string[];
  /** Topics whose messages run it. */
  readonly subscribes: readonly string[];
  /** Changes when its results change. */
  readonly version: string;
}

/** Why the agent of a task is the one that it is. */
export interface AgentChoice {
  /** How the task came to it, for programs. */
  readonly by: AgentChoiceKind;
  /** How the task came to it, as a sentence. */
  readonly message: string;
  /** The agent; null for a task that stands for its children. */
  readonly name: string | null;
  /** Id of the task that routes to this one where it fails. */
  readonly standsInFor: string | null;
  /** What was asked for where that is no name of the agent: a capability, `*`, another name, a topic. */
  readonly wanted: string | null;
}

/** How a task came to its agent. */
export type AgentChoiceKind =
  /** It has the capability `wanted`; where others have it, too, it alone accepts the input. */
  | 'CAPABILITY'
  /** It is one of the engine's own. */
  | 'ENGINE'
  /** Any agent was wanted that accepts the input, and it alone does. */
  | 'INPUT'
  /** It was asked for by its name. */
  | 'NAME'
  /** The task has no agent: it stands for what is below it. */
  | 'NONE'
  /** It judges the task above it. */
  | 'REVIEWER'
  /** The router of a plugin chose it for `wanted`. */
  | 'ROUTER'
  /** It subscribes the topic `wanted`, and the task is a message on it. */
  | 'SUBSCRIPTION';

/** Something passed its threshold, and may have come back since. */
export interface Alert {
  /** When somebody said that it is seen to. */
  readonly acknowledgedAt: string | null;
  /** Who said so: user or user:<name>. */
  readonly acknowledgedBy: string | null;
  /** Whether it lasts. */
  readonly active: boolean;
  /** When it was over; null while it lasts. */
  readonly clearedAt: string | null;
  /** Its id. */
  readonly id: string;
  /** Id of the job it is about, where it is about one. */
  readonly jobId: string | null;
  /** What is out of bounds. */
  readonly kind: AlertKind;
  /** How far. */
  readonly level: AlertLevel;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** When it was raised. */
  readonly raisedAt: string;
  /** What it is about: a task's or a job's id, agent:<name> or pool:<name>. */
  readonly subject: string;
  /** Id of the task it is about, where it is about one. */
  readonly taskId: string | null;
  /** What it may not pass. */
  readonly threshold: number;
  /** Milliseconds, or a share from 0 to 1; the highest since it was raised. */
  readonly value: number;
}

/** What is watched over. */
export type AlertKind =
  /** How long a task has waited for its dependencies without any of them ending. */
  | 'DEPENDENCY_WAIT'
  /** Which share of an agent's tasks failed of late. */
  | 'FAILURE_RATE'
  /** Which share of a pool is taken. */
  | 'RESOURCE_USAGE'
  /** How long an attempt runs. */
  | 'TASK_DURATION';

/** How far something is out of bounds. */
export type AlertLevel =
  /** Twice the threshold; of a share, all there is. */
  | 'CRITICAL'
  /** It has passed its threshold. */
  | 'WARNING';

/** One run of a task’s agent: an attempt, or the part of it up to a wait. */
export interface Attempt {
  /** When it ended; null while it runs, and where it ended with so many other tasks that the event does not name it. */
  readonly endedAt: string | null;
  /** Why it failed. */
  readonly error: Failure | null;
  /** From 1 in each generation of the task. What goes on after a wait has the same number. */
  readonly number: number;
  /** When its agent was called. */
  readonly startedAt: string;
  /** What became of it. */
  readonly status: AttemptStatus;
}

/** What became of an attempt. */
export type AttemptStatus =
  /** The process died in which it ran. */
  | 'ABANDONED'
  /** It was taken from its agent: cancelled, skipped, or ended together with its job. */
  | 'CANCELLED'
  /** Its agent has returned, or ended it as not needed. */
  | 'COMPLETED'
  /** Its agent has thrown, or what it returned does not fit. */
  | 'FAILED'
  /** Its agent runs. */
  | 'RUNNING'
  /** It waits for a task, a person, a time or code; its agent runs again when that has come. */
  | 'SUSPENDED'
  /** It took longer than it may. */
  | 'TIMED_OUT';

/** How the wait before the next attempt grows. */
export type BackoffKind =
  /** The wait is multiplied each time. */
  | 'EXPONENTIAL'
  /** The same wait each time. */
  | 'FIXED'
  /** The first wait once, twice, three times … */
  | 'LINEAR'
  /** No wait. */
  | 'NONE';

/** A condition: the task runs only when another task's output, or a part of it, is truthy. */
export interface ConditionInput {
  /** Stands in where the source has no value. */
  readonly or?: Json | object | null | undefined;
  /** JSON Pointer into its output. Default: the whole of it. */
  readonly path?: string | null | undefined;
  /** The other task's key. */
  readonly task: string;
}

/** What was spent of one unit, as agents say it. */
export interface Cost {
  /** How much, above 0. */
  readonly amount: number;
  /** The application's name of it: tokens, usd, seconds of a GPU … */
  readonly unit: string;
}

/** Which end of a task satisfies a task that depends on it. */
export type DependencyMode =
  /** It completed, or was accepted (the default). */
  | 'COMPLETED'
  /** It failed. */
  | 'FAILED'
  /** It ended in any way. */
  | 'SETTLED';

/** A task to wait for. */
export interface DependsOnInput {
  /** Which end of it counts. Default COMPLETED. */
  readonly mode?: DependencyMode | null | undefined;
  /** Its key. */
  readonly task: string;
}

/** How long something took, in milliseconds. Null where nothing was measured. */
export interface Distribution {
  /** How often it was measured. */
  readonly count: number;
  /** The longest. */
  readonly max: number | null;
  /** On average. */
  readonly mean: number | null;
  /** The shortest. */
  readonly min: number | null;
  /** Half took no longer, within a tenth. */
  readonly p50: number | null;
  /** Of 100, 95 took no longer, within a tenth. */
  readonly p95: number | null;
  /** Of 100, 99 took no longer, within a tenth. */
  readonly p99: number | null;
  /** All of it together. */
  readonly sum: number;
}

/** What happens to a task whose attempt was cut off. */
export type Durability =
  /** It waits for a person, because running it again may not be safe. */
  | 'AT_MOST_ONCE'
  /** It runs again (the default). */
  | 'RETRY';

/** Which engine it was. Of two with one name, as before and after a restart, the id tells them apart. */
export interface EngineIdentity {
  /** New with each start of an engine. */
  readonly id: string;
  /** What it is called: the option `name`, else its machine's host name. */
  readonly name: string;
}

/** A kind of fact about a job. */
export type EventType =
  /** A task waits for one more. */
  | 'DEPENDENCY_ADDED'
  /** What was held back may go on. */
  | 'HOLD_LIFTED'
  /** A task, or the job, and everything below it is held back. */
  | 'HOLD_PLACED'
  /** A person has answered. */
  | 'HUMAN_ANSWERED'
  /** Nobody answered in time. */
  | 'HUMAN_EXPIRED'
  /** A person is asked. */
  | 'HUMAN_REQUESTED'
  /** Questions need no answer any more. */
  | 'HUMAN_WITHDRAWN'
  /** The job was cancelled; streams of its events end here. */
  | 'JOB_CANCELLED'
  /** The job has ended; streams of its events end here. */
  | 'JOB_COMPLETED'
  /** A person lets the job run. */
  | 'JOB_CONFIRMED'
  /** The job has failed; streams of its events end here. */
  | 'JOB_FAILED'
  /** The engine was started again and has taken up the attempts that its process left. */
  | 'JOB_RECOVERED'
  /** An ended job goes on: tasks of it run again. */
  | 'JOB_REOPENED'
  /** The start time of a delayed job has come. */
  | 'JOB_STARTED'
  /** The job was accepted and is durable. */
  | 'JOB_SUBMITTED'
  /** Tasks came into the job. */
  | 'TASKS_ADDED'
  /** Tasks were cancelled. */
  | 'TASKS_CANCELLED'
  /** Tasks failed because of another task. */
  | 'TASKS_FAILED'
  /** What parked tasks waited for is there. */
  | 'TASKS_RELEASED'
  /** Tasks of a running job run again. */
  | 'TASKS_REOPENED'
  /** Tasks were skipped because of another task or the job. */
  | 'TASKS_SKIPPED'
  /** The process that ran the attempt died; the task will be tried again. */
  | 'TASK_ABANDONED'
  /** A task was accepted. */
  | 'TASK_ACCEPTED'
  /** A task has its output. */
  | 'TASK_COMPLETED'
  /** A task failed for good. */
  | 'TASK_FAILED'
  /** An attempt takes longer than its timeout and may go on. */
  | 'TASK_OVERDUE'
  /** A task waits for a person, or for code that is not there. */
  | 'TASK_PARKED'
  /** A running task said how far it is. */
  | 'TASK_PROGRESSED'
  /** A task was rejected; it runs again with the feedback, or has ended. */
  | 'TASK_REJECTED'
  /** A task failed for good, and the one that stands in for it runs. */
  | 'TASK_REROUTED'
  /** An attempt failed; the task will be tried again. */
  | 'TASK_RETRY_SCHEDULED'
  /** The agent has returned; the task ends when its children have, or when it is accepted. */
  | 'TASK_RETURNED'
  /** A task waits to be judged. */
  | 'TASK_REVIEW_REQUESTED'
  /** A task was skipped. */
  | 'TASK_SKIPPED'
  /** An attempt of a task began. */
  | 'TASK_STARTED'
  /** A running task finished one of its steps; it will not run that step again. */
  | 'TASK_STEP_RECORDED'
  /** A running task gave out text. */
  | 'TASK_STREAMED'
  /** An attempt ended to wait for other tasks; the task will run again. */
  | 'TASK_SUSPENDED';

/** Why a job or a task failed. Never holds a stack. */
export interface Failure {
  /** What caused it, nearest first; at most 5. */
  readonly causes: readonly string[];
  /** A stable code; docs/errors.md lists them all. */
  readonly code: string;
  /** Facts for programs, for example JSON Pointers to what did not fit a schema. */
  readonly details: Json | null;
  /** What happened, for people. */
  readonly message: string;
  /** The thrown error's own name, for example TypeError. */
  readonly name: string | null;
}

/** What a task's final failure does to the rest of its job. */
export type FailureStrategy =
  /** The job fails, what runs is stopped and the rest is cancelled (the default). */
  | 'ABORT'
  /** The job pauses until a person decides: retry, skip, abort, or a value. */
  | 'ASK'
  /** Tasks that depend on it run without its output. */
  | 'CONTINUE'
  /** Tasks that depend on it are skipped; the rest goes on. */
  | 'SKIP';

/** How much a picture of a job's graph says. */
export type GraphDetail =
  /** Also agents, descriptions, attempts, previews of inputs and outputs, times and a legend. */
  | 'DETAILED'
  /** Names and statuses. */
  | 'SIMPLE';

/** How a job's graph is written. */
export type GraphFormat =
  /** The language of Graphviz. */
  | 'DOT'
  /** JSON text with nodes and edges, for drawing it yourself. */
  | 'JSON'
  /** A Mermaid flowchart. */
  | 'MERMAID';

/** A durable question to a person. The first answer that fits its schema counts. */
export interface HumanRequest {
  /** What the question is about. */
  readonly about: JsonObject | null;
  /** What was answered. */
  readonly answer: Json | null;
  /** JSON Schema of the answer; null: any JSON. */
  readonly answerSchema: JsonObject | null;
  /** Who answered: user or user:<name>. */
  readonly answeredBy: string | null;
  /** Whom it is meant for, in the application's own words. Others may answer it, too. */
  readonly assignee: string | null;
  /** When it was answered, expired or was withdrawn. */
  readonly closedAt: string | null;
  /** When it was asked. */
  readonly createdAt: string;
  /** Until when it may be answered; null: for ever. */
  readonly deadline: string | null;
  /** Its id. */
  readonly id: string;
  /** Id of the job. */
  readonly jobId: string;
  /** What it asks for. */
  readonly kind: HumanRequestKind;
  /** Its name, unique in the task. */
  readonly name: string;
  /** What happens when nobody answers by then. */
  readonly onTimeout: HumanTimeoutAction;
  /** The question, for people. */
  readonly question: string;
  /** Of the question as it reads: an answer that names it is refused when the question has changed. */
  readonly requestHash: string;
  /** Where it stands. */
  readonly status: HumanRequestStatus;
  /** Id of the task that asks. */
  readonly taskId: string;
  /** Key of the task that asks. */
  readonly taskKey: string;
}

/** What a person is asked for. */
export type HumanRequestKind =
  /** What to do where results contradict each other. */
  | 'CONFLICT'
  /** What to do about a failed task. */
  | 'FAILURE'
  /** An answer that an agent waits for. */
  | 'QUESTION';

/** Where a question to a person stands. */
export type HumanRequestStatus =
  /** It has been answered. */
  | 'ANSWERED'
  /** Nobody answered by its deadline. */
  | 'EXPIRED'
  /** It waits for an answer. */
  | 'OPEN'
  /** Its answer is not needed any more. */
  | 'WITHDRAWN';

/** What happens when nobody answers by the deadline. */
export type HumanTimeoutAction =
  /** The agent goes on and knows that nobody answered. */
  | 'DECIDE'
  /** The task fails. */
  | 'FAIL'
  /** The task waits for an operator. */
  | 'PAUSE';

/** A value with holes, and what fills them. */
export interface InputTemplateInput {
  /** What fills its holes. */
  readonly refs?: readonly RefInput[] | null | undefined;
  /** The value; anything may stand where a ref points to. */
  readonly value?: Json | object | null | undefined;
}

/** One run of a workflow or of an explicit graph of tasks. Durable: it goes on after a restart. */
export interface Job {
  /** What all its tasks have spent, whatever became of them, by unit; empty for nothing. */
  readonly cost: readonly Cost[];
  /** How many of its tasks stand where. */
  readonly counts: TaskCounts;
  /** When it was accepted. */
  readonly createdAt: string;
  /** It fails when it has not ended by then. */
  readonly deadline: string | null;
  /** Why it failed. */
  readonly error: Failure | null;
  /** What a final failure does where the task does not say. */
  readonly failureStrategy: FailureStrategy;
  /** When it ended. */
  readonly finishedAt: string | null;
  /** How often it was reopened. */
  readonly generation: number;
  /** Its id. */
  readonly id: string;
  /** What it was started with. In lists a large value becomes { $preview, $bytes }. */
  readonly input: Json | null;
  /** Number of its latest event: pass it as `afterSeq` to hear only what comes next. */
  readonly lastSeq: number;
  /** Most tasks of it that run at the same time; null: no limit of its own. */
  readonly maxParallel: number | null;
  /** What its caller attached to it. */
  readonly metadata: JsonObject | null;
  /** Its name; for a workflow's job the workflow's name. */
  readonly name: string;
  /** Its root task; everything else lies below it. */
  readonly objective: Task | null;
  /** What it resulted in. In lists a large value becomes { $preview, $bytes }. */
  readonly output: Json | null;
  /** Priority of tasks that name none: 1 to 10, 10 most urgent. */
  readonly priority: number;
  /** How far it is, 0 to 100, by the weights of its tasks and what those that run report. */
  readonly progress: number;
  /** What became of it, task by task, or has so far: attempts, errors, summaries, times. Reads all of its events. */
  readonly report: JobReport;
  /** What it has spent, story by story. Reads all of its tasks; `cost` is the sum alone. */
  readonly rolledUpCost: JobCost;
  /** How far it is, story by story. Reads all of its tasks; `progress` is the number of the whole, and costs nothing. */
  readonly rolledUpProgress: JobProgress;
  /** Nothing of it runs before then. */
  readonly runAt: string | null;
  /** When its first task started. */
  readonly startedAt: string | null;
  /** Where it stands. */
  readonly status: JobStatus;
  /** Null until it has ended; then whether it completed and nothing in it failed. */
  readonly success: boolean | null;
  /** Its tasks of all levels, in the order they came into it. */
  readonly tasks: TaskConnection;
  /** Name of the workflow it runs, null for an explicit graph. */
  readonly workflow: string | null;
}

/** A page of a list of Jobs. */
export interface JobConnection {
  /** The items with their cursors. */
  readonly edges: readonly JobEdge[];
  /** The items alone. */
  readonly nodes: readonly Job[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many items the whole list has. Counted only when asked for. */
  readonly totalCount: number;
}

/** What a job has spent, rolled up from its tasks. */
export interface JobCost {
  /** Of all its tasks, whatever became of them, by unit; empty for nothing. */
  readonly cost: readonly Cost[];
  /** Its stories, in order. */
  readonly stories: readonly StoryCost[];
}

/** How many jobs stand where. */
export interface JobCounts {
  /** Jobs in status AWAITING_CONFIRMATION. */
  readonly awaitingConfirmation: number;
  /** Jobs in status CANCELLED. */
  readonly cancelled: number;
  /** Jobs in status COMPLETED. */
  readonly completed: number;
  /** Jobs in status FAILED. */
  readonly failed: number;
  /** Jobs in status PAUSED. */
  readonly paused: number;
  /** Jobs in status RUNNING. */
  readonly running: number;
  /** All jobs that are kept. */
  readonly total: number;
}

/** One item of a JobConnection. */
export interface JobEdge {
  /** Its cursor: pass it as `after` to read on behind it. */
  readonly cursor: string;
  /** The item. */
  readonly node: Job;
}

/** One fact about a job. A job's events are numbered 1, 2, 3 … without gaps. */
export interface JobEvent {
  /** Who brought it about: engine, agent, user or user:<name>. */
  readonly actor: string;
  /** When it happened. Order is by `seq`, never by time. */
  readonly at: string;
  /** What the event says; its shape depends on `type`. Large values are left out. */
  readonly data: JsonObject;
  /** The engine that wrote it; null for an event from before they were told. */
  readonly engine: EngineIdentity | null;
  /** Id of the job. */
  readonly jobId: string;
  /** Its number in the job: pass the last one seen as `afterSeq` to read on. */
  readonly seq: number;
  /** Id of the task it concerns, where it concerns one. */
  readonly taskId: string | null;
  /** Key of that task. */
  readonly taskKey: string | null;
  /** What happened. */
  readonly type: EventType;
}

/** Which jobs to list; all conditions must hold. */
export interface JobFilter {
  /** It was accepted after that. */
  readonly createdAfter?: Date | string | null | undefined;
  /** It was accepted before that. */
  readonly createdBefore?: Date | string | null | undefined;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** Whether it has not ended. Default: both. */
  readonly open?: boolean | null | undefined;
  /** It stands at one of these. */
  readonly status?: readonly JobStatus[] | null | undefined;
  /** Name of its workflow. */
  readonly workflow?: string | null | undefined;
}

/** What became of jobs since the engine's start. */
export interface JobMetrics {
  /** Jobs that were cancelled. */
  readonly cancelled: number;
  /** Jobs that have completed. */
  readonly completed: number;
  /** Jobs that failed. */
  readonly failed: number;
  /** Jobs that were accepted. */
  readonly submitted: number;
}

/** Settings of a job that are given when it starts. */
export interface JobOptionsInput {
  /** Names of the agents that the job may use, also for tasks added while it runs. Default: all. */
  readonly allowedAgents?: readonly string[] | null | undefined;
  /** Wait for `confirmJob` before anything runs. Default false. */
  readonly confirm?: boolean | null | undefined;
  /** The job fails with JOB_TIMEOUT when it has not ended by then. */
  readonly deadline?: Date | string | null | undefined;
  /** What a final failure does where the task does not say. Default ABORT. */
  readonly failureStrategy?: FailureStrategy | null | undefined;
  /** The same key with the same body gives the same job; with another body it is refused. */
  readonly idempotencyKey?: string | null | undefined;
  /** Most tasks of the job that run at the same time. Default: no limit of its own. */
  readonly maxParallel?: number | null | undefined;
  /** Kept with the job and shown again. */
  readonly metadata?: object | null | undefined;
  /** Priority of tasks that name none: 1 to 10, 10 most urgent. Default 5. */
  readonly priority?: number | null | undefined;
  /** Nothing runs before then. */
  readonly runAt?: Date | string | null | undefined;
  /** The job fails with JOB_TIMEOUT so many milliseconds after its start. The earlier of this and `deadline` counts. */
  readonly timeLimit?: number | null | undefined;
}

/** How a list of jobs is ordered; what is equal comes newest first. */
export type JobOrder =
  /** Earliest deadline first, those without one last. */
  | 'DEADLINE'
  /** Ended last first, those that have not ended last. */
  | 'FINISHED'
  /** Accepted last first (the default). */
  | 'NEWEST'
  /** Accepted first first. */
  | 'OLDEST'
  /** Most urgent first. */
  | 'PRIORITY';

/** How far a job is, rolled up from its tasks. */
export interface JobProgress {
  /** How far it is, 0 to 100, by the weights of its tasks and what those that run report. */
  readonly percent: number;
  /** Its stories, in order. */
  readonly stories: readonly StoryProgress[];
  /** The weight of all its tasks together. */
  readonly weight: number;
}

/** What became of a job, or has so far. */
export interface JobReport {
  /** What all its tasks have spent, also those that are not told of, by unit; empty for nothing. */
  readonly cost: readonly Cost[];
  /** Milliseconds in which agents ran, over the tasks that are told of: with tasks side by side it is more than `tookMs`. */
  readonly ranMs: number;
  /** In the order in which they were added: what ran, what was skipped or cancelled, and what has not started. */
  readonly tasks: readonly TaskReport[];
  /** Tasks of the job that are not told of, because `first` is less. */
  readonly tasksLeftOut: number;
  /** Milliseconds from its start to its end, or until now; null before it has started. */
  readonly tookMs: number | null;
}

/** Where a job stands. */
export type JobStatus =
  /** It was planned and waits for somebody to confirm it. */
  | 'AWAITING_CONFIRMATION'
  /** It was cancelled. */
  | 'CANCELLED'
  /** It has ended. `success` says whether nothing in it failed. */
  | 'COMPLETED'
  /** It has ended because a task failed and its strategy is ABORT. */
  | 'FAILED'
  /** An operator holds it, or a task waits for a decision. Running attempts finish, no task starts. */
  | 'PAUSED'
  /** Its tasks run, or wait for something that will happen by itself. */
  | 'RUNNING';

/** A capacity that tasks take before they start. */
export interface Limit {
  /** How much there is of it. */
  readonly capacity: number;
  /** What it counts. */
  readonly kind: LimitKind;
  /** Its name, for example process, agent:<name> or pool:<name>. */
  readonly name: string;
  /** How much of it is taken. */
  readonly taken: number;
  /** How many tasks wait for it. */
  readonly waiting: number;
}

/** What a limit counts. */
export type LimitKind =
  /** Tasks of an agent. */
  | 'AGENT'
  /** Tasks of an agent that fails too often: none, or one that tries. */
  | 'BREAKER'
  /** Tasks of a job. */
  | 'JOB'
  /** Tasks of an agent whose inputs have the same key. */
  | 'KEY'
  /** Tasks of all agents that share a named limit. */
  | 'LIMIT'
  /** Units of a named pool. */
  | 'POOL'
  /** Tasks that run in this process. */
  | 'PROCESS'
  /** Starts in a stretch of time. */
  | 'RATE';

/** A place in the input of a mapped task that receives the item. */
export interface MapHoleInput {
  /** JSON Pointer to the place in the input. */
  readonly at: string;
  /** Stands in where the item has no value there. */
  readonly or?: Json | object | null | undefined;
  /** JSON Pointer into the item (or batch). Default: the whole of it. */
  readonly path?: string | null | undefined;
}

/** One task below this one for each item of a list, or each batch of items, once the list is known. */
export interface MapInput {
  /** Name of the agent that takes each item. */
  readonly agent: string;
  /** Items for each task, which then get an array. Default: one item each, passed bare. */
  readonly batch?: number | null | undefined;
  /** Input of each of the tasks. */
  readonly input: InputTemplateInput;
  /** Where the item goes into that input. */
  readonly items: readonly MapHoleInput[];
  /** Name of the tasks. */
  readonly name?: string | null | undefined;
  /** The list. */
  readonly over: OutputRefInput;
  /** Settings of the tasks that replace their agent's. */
  readonly overrides?: TaskOverridesInput | null | undefined;
}

/** What the engine of this process has done since its start, and what it has before it. */
export interface Metrics {
  /** What became of the tasks of each agent, by name. */
  readonly agents: readonly TaskMetrics[];
  /** When this was so. */
  readonly at: string;
  /** Tasks on the longest chain of dependencies in a job that has not ended. */
  readonly dependencyDepth: number;
  /** What became of jobs. */
  readonly jobs: JobMetrics;
  /** What became of the tasks of each kind, by name, of those that have one. */
  readonly kinds: readonly TaskMetrics[];
  /** How full pools and other limits are. */
  readonly limits: readonly Limit[];
  /** Where the jobs stand that have not ended. */
  readonly openJobs: JobCounts;
  /** Where the tasks of those jobs stand. */
  readonly openTasks: TaskCounts;
  /** Tasks that could start and wait for room. */
  readonly queueDepth: number;
  /** The engine's start: all counts began with 0 then. */
  readonly since: string;
  /** What became of all tasks. */
  readonly tasks: TaskMetrics;
}

/** What becomes of ticks that nobody was there for. */
export type MissedTicks =
  /** One job is started for all of them (the default). */
  | 'ONCE'
  /** No job is started for them. */
  | 'SKIP';

/** Another task's output, or a part of it. */
export interface OutputRefInput {
  /** JSON Pointer into its output. Default: the whole of it. */
  readonly path?: string | null | undefined;
  /** The task's key. */
  readonly task: string;
}

/** What becomes of a tick that comes while the job of the last one is open. */
export type Overlap =
  /** It starts a job all the same. */
  | 'ALLOW'
  /** It starts no job (the default). */
  | 'SKIP';

/** What there is to do, and how it goes: all that the caller may see, at a glance. */
export interface Overview {
  /** What is out of bounds, newest first. */
  readonly alerts: readonly Alert[];
  /** How many jobs stand where. */
  readonly jobs: JobCounts;
  /** How full pools and other limits are, the fullest first; null for a caller that does not see all jobs and tasks, and where another process runs them. */
  readonly limits: readonly Limit[] | null;
  /** The tasks that have run for the longest time. */
  readonly slowestTasks: readonly Task[];
  /** How many tasks stand where, of the jobs that have not ended. */
  readonly tasks: TaskCounts;
}

/** Where a page of a connection begins and ends. */
export interface PageInfo {
  /** Cursor of the last item: pass it as `after` to read on. */
  readonly endCursor: string | null;
  /** Whether there is more after `endCursor`. */
  readonly hasNextPage: boolean;
  /** Whether this page was asked for with `after`, so that something came before it. */
  readonly hasPreviousPage: boolean;
  /** Cursor of the first item, null for an empty page. */
  readonly startCursor: string | null;
}

/** A hole in an input that is filled with another task's output when the task starts. */
export interface RefInput {
  /** JSON Pointer to the hole in the input, for example /files/0. */
  readonly at: string;
  /** Stands in where the source has no value. */
  readonly or?: Json | object | null | undefined;
  /** JSON Pointer into that output. Default: the whole of it. */
  readonly path?: string | null | undefined;
  /** Key of the task whose output is read. */
  readonly task: string;
}

/** What a parked task comes to. */
export type ResumeAs =
  /** It counts as done, with the output given. */
  | 'COMPLETED'
  /** It counts as failed. */
  | 'FAILED'
  /** It runs again. */
  | 'RERUN';

/** How often and when a failed attempt is followed by another. */
export interface RetryInput {
  /** How the wait grows. Default EXPONENTIAL where there is more than one attempt. */
  readonly backoff?: BackoffKind | null | undefined;
  /** Wait after the first failure, in milliseconds. Default 1000. */
  readonly delay?: number | null | undefined;
  /** What an exponential wait is multiplied with each time. Default 2. */
  readonly factor?: number | null | undefined;
  /** 0 to 1, the share of each wait that is left to chance. Default 0. */
  readonly jitter?: number | null | undefined;
  /** Attempts in all, the first included. Default 1: no retry. */
  readonly maxAttempts?: number | null | undefined;
  /** Longest wait, in milliseconds. Default 300000. */
  readonly maxDelay?: number | null | undefined;
}

/** When a workflow is started again and again. */
export interface Schedule {
  /** When it was made. */
  readonly createdAt: string;
  /** Its cron line; null where `every` says when. */
  readonly cron: string | null;
  /** Whether its workflow declares it; then it comes back with the next start. */
  readonly declared: boolean;
  /** No tick after then. */
  readonly endAt: string | null;
  /** Milliseconds between two ticks; null where `cron` says when. */
  readonly every: number | null;
  /** Its name, unique among schedules. */
  readonly id: string;
  /** Input of each job. */
  readonly input: Json | null;
  /** The last tick. */
  readonly lastAt: string | null;
  /** The job of the last tick that started one. */
  readonly lastJobId: string | null;
  /** Why the last tick started no job, where it did not. */
  readonly lastProblem: string | null;
  /** What becomes of ticks that nobody was there for. */
  readonly missed: MissedTicks;
  /** The next tick; null where none is left. */
  readonly nextAt: string | null;
  /** What becomes of a tick while the job of the last one is open. */
  readonly overlap: Overlap;
  /** Whether it is paused. */
  readonly paused: boolean;
  /** No tick before then. */
  readonly startAt: string | null;
  /** The time zone that `cron` is meant in. */
  readonly timezone: string;
  /** Name of the workflow that each tick starts. */
  readonly workflow: string;
}

/** When a workflow is started again and again: by `every` or by `cron`. */
export interface ScheduleInput {
  /** A cron line of five fields, or six with seconds first: `0 7 * * 1-5`. */
  readonly cron?: string | null | undefined;
  /** No tick after then. Default: never. */
  readonly endAt?: Date | string | null | undefined;
  /** The time between two ticks, for example '15m'. At least 1 s. */
  readonly every?: string | null | undefined;
  /** Its name, unique among schedules. */
  readonly id: string;
  /** Input of each job. Default null. */
  readonly input?: Json | object | null | undefined;
  /** What becomes of ticks that nobody was there for. Default ONCE. */
  readonly missed?: MissedTicks | null | undefined;
  /** Options of each job; `idempotencyKey` is the schedule's own. */
  readonly options?: JobOptionsInput | null | undefined;
  /** What becomes of a tick while the job of the last one is open. Default SKIP. */
  readonly overlap?: Overlap | null | undefined;
  /** No tick before then. Default: now. */
  readonly startAt?: Date | string | null | undefined;
  /** IANA name of the time zone that `cron` is meant in. Default UTC. */
  readonly timezone?: string | null | undefined;
  /** Name of the workflow that each tick starts. */
  readonly workflow: string;
}

/** Why a task is BLOCKED, SKIPPED, CANCELLED or FAILED. */
export type StatusReason =
  /** SKIPPED: its agent found that it does not apply. */
  | 'AGENT_SKIPPED'
  /** BLOCKED: no running process knows its agent; it goes on when one registers it. */
  | 'AGENT_UNAVAILABLE'
  /** FAILED: its last attempt failed. */
  | 'ATTEMPTS_EXHAUSTED'
  /** SKIPPED, CANCELLED or FAILED: a person decided so. */
  | 'BY_PERSON'
  /** SKIPPED: all tasks below it were skipped. */
  | 'CHILDREN_SKIPPED'
  /** FAILED: a task below it failed. */
  | 'CHILD_FAILED'
  /** SKIPPED: its condition was false. */
  | 'CONDITION_FALSE'
  /** FAILED: it had not ended by its deadline. */
  | 'DEADLINE_PASSED'
  /** SKIPPED: a task it depends on did not complete. */
  | 'DEPENDENCY_FAILED'
  /** SKIPPED: a task it depends on was skipped. */
  | 'DEPENDENCY_SKIPPED'
  /** CANCELLED: its job was cancelled. */
  | 'JOB_CANCELLED'
  /** CANCELLED: its job failed. */
  | 'JOB_FAILED'
  /** CANCELLED: its job had not ended by its deadline. */
  | 'JOB_TIMED_OUT'
  /** BLOCKED: an operator has to decide, because running it again by itself may not be safe. */
  | 'MANUAL'
  /** SKIPPED: it is a fallback that was not needed. */
  | 'NOT_NEEDED'
  /** CANCELLED: the task above it ended. */
  | 'PARENT_ENDED'
  /** SKIPPED: the task above it was skipped. */
  | 'PARENT_SKIPPED'
  /** COMPLETED: it failed, and something else stands in for its output. */
  | 'RECOVERED'
  /** REJECTED: its reviews did not accept it. */
  | 'REVIEW_FAILED'
  /** CANCELLED: the task that added it runs again and will add its own. */
  | 'SUPERSEDED'
  /** BLOCKED: it waits for the tasks below it. */
  | 'WAITING_CHILDREN'
  /** BLOCKED: its agent asked for other tasks and waits for their outputs. */
  | 'WAITING_DEPENDENCIES'
  /** BLOCKED: it failed, and the task that stands in for it runs. */
  | 'WAITING_FALLBACK'
  /** BLOCKED: it waits for a person's answer. */
  | 'WAITING_HUMAN'
  /** BLOCKED: its result waits for a reviewer. */
  | 'WAITING_REVIEW'
  /** BLOCKED: it sleeps. */
  | 'WAITING_TIMER';

/** One of several ordered steps: a task that waits for the step before it, and for all that this one runs beside. Where `dependsOn` is given, an empty list too, it takes the place of that. */
export interface StepInput {
  /** When its result is good enough, in words. */
  readonly acceptanceCriteria?: string | null | undefined;
  /** Name of its agent. Left out, the task stands for its children. */
  readonly agent?: string | null | undefined;
  /** Whom it is meant for, in the application's own words: 1 to 200 characters. */
  readonly assignee?: string | null | undefined;
  /** After a crash or a timeout it waits for a person instead of running again. Default: as its agent says. */
  readonly atMostOnce?: boolean | null | undefined;
  /** It fails with DEADLINE_EXCEEDED when it has not ended by then. */
  readonly deadline?: Date | string | null | undefined;
  /** Tasks to wait for beyond those that refs name. */
  readonly dependsOn?: readonly DependsOnInput[] | null | undefined;
  /** What it is about, in words. */
  readonly description?: string | null | undefined;
  /** What its final failure does to the rest of the job. Default: the job's. */
  readonly failureStrategy?: FailureStrategy | null | undefined;
  /** Its agent's input. */
  readonly input?: Json | object | null | undefined;
  /** Its key, unique in the job. */
  readonly key: string;
  /** A free label to filter by. */
  readonly kind?: string | null | undefined;
  /** Repeat an agent for each item of a list. */
  readonly map?: MapInput | null | undefined;
  /** Kept with the task and shown again. */
  readonly metadata?: object | null | undefined;
  /** What people see. Default: the key. */
  readonly name?: string | null | undefined;
  /** Settings that replace its agent's. */
  readonly overrides?: TaskOverridesInput | null | undefined;
  /** It runs beside the step before it: it waits for what that one waits for. Default false. */
  readonly parallel?: boolean | null | undefined;
  /** Key of the task above it. Default: the objective. */
  readonly parent?: string | null | undefined;
  /** 1 to 10, 10 most urgent. Default: the job's. */
  readonly priority?: number | null | undefined;
  /** Holes in the input that other tasks' outputs fill. Each is a dependency too. */
  readonly refs?: readonly RefInput[] | null | undefined;
  /** Key of the task that runs instead when it has failed for good, and whose output stands in. */
  readonly routeTo?: string | null | undefined;
  /** It does not start before then. */
  readonly runAt?: Date | string | null | undefined;
  /** Its level. Default: by its place, below what is above it. */
  readonly type?: TaskType | null | undefined;
  /** The output that stands in when it has failed for good; it must fit its agent's output. null is a value too. */
  readonly useValue?: Json | object | null | undefined;
  /** What it counts for in the progress of its job. Default 1. */
  readonly weight?: number | null | undefined;
  /** Skip the task where this value is falsy (false, 0, '', null or absent). */
  readonly when?: ConditionInput | null | undefined;
}

/** What a story of a job has spent. */
export interface StoryCost {
  /** Of it and everything below it, by unit; empty for nothing. */
  readonly cost: readonly Cost[];
  /** Its key. */
  readonly key: string;
  /** Its name. */
  readonly name: string;
  /** Id of the task that stands for it. */
  readonly taskId: string;
}

/** How far a story of a job is. */
export interface StoryProgress {
  /** Its key. */
  readonly key: string;
  /** Its name. */
  readonly name: string;
  /** How far it is, 0 to 100, by the weights of its tasks and what those that run report. */
  readonly percent: number;
  /** Id of the task that stands for it. */
  readonly taskId: string;
  /** What it counts for in the job. */
  readonly weight: number;
}

/** A job as an explicit graph of tasks. */
export interface SubmitJobInput {
  /** The job's own input, kept for readers. */
  readonly input?: Json | object | null | undefined;
  /** What people see. */
  readonly name: string;
  /** Settings of the job. */
  readonly options?: JobOptionsInput | null | undefined;
  /** The job's output, made of tasks' outputs. */
  readonly output?: InputTemplateInput | null | undefined;
  /** Tasks in the order of their work, beside `tasks`. */
  readonly steps?: readonly StepInput[] | null | undefined;
  /** Its tasks, in any order. */
  readonly tasks?: readonly TaskInput[] | undefined;
}

/** One node of a job: an agent with an input, dependencies and a place in the hierarchy. */
export interface Task {
  /** When its result is good enough, in words. */
  readonly acceptanceCriteria: string | null;
  /** Name of its agent, null for a task that stands for its children. */
  readonly agent: string | null;
  /** Whom it is meant for, in the application's own words: a person, a team, a queue. It gives nobody a right. */
  readonly assignee: string | null;
  /** Attempts started in this generation. */
  readonly attempt: number;
  /** The runs of its agent, latest first, as far as the first 1,000 events about it tell. */
  readonly attempts: readonly Attempt[];
  /** A READY task starts no earlier, for example while it waits for its next attempt. */
  readonly availableAt: string | null;
  /** What it waits for while it is BLOCKED. */
  readonly blockReason: StatusReason | null;
  /** Id of the task whose result was used again, in place of a run of the agent. */
  readonly cachedFrom: string | null;
  /** The tasks directly below it, in order. */
  readonly children: TaskConnection;
  /** What it has spent itself, over all its attempts, by unit; empty for nothing. */
  readonly cost: readonly Cost[];
  /** When it came into its job. */
  readonly createdAt: string;
  /** It fails when it has not ended by then. */
  readonly deadline: string | null;
  /** The tasks it waits for. */
  readonly dependencies: readonly Task[];
  /** How many tasks it depends on. */
  readonly dependencyCount: number;
  /** Its edges to the tasks it waits for, each with its mode; in the order of `dependencies`. */
  readonly dependencyEdges: readonly TaskDependency[];
  /** The tasks that wait for it. */
  readonly dependents: readonly Task[];
  /** What it is about, in words. */
  readonly description: string | null;
  /** What happens when an attempt is cut off. */
  readonly durability: Durability;
  /** The error of its latest failed attempt, or why it failed. */
  readonly error: Failure | null;
  /** What its final failure does to the rest of the job. */
  readonly failureStrategy: FailureStrategy;
  /** When it ended. */
  readonly finishedAt: string | null;
  /** How often it was reopened. */
  readonly generation: number;
  /** Whether an operator holds it, and with it what is below it. */
  readonly held: boolean;
  /** The events about it, oldest first. */
  readonly history: readonly JobEvent[];
  /** Its id, unique among all jobs. */
  readonly id: string;
  /** Longest time an attempt may give no sign of life, in milliseconds; 0: no limit. */
  readonly idleTimeout: number | null;
  /** Its agent's input as stored: what refs will fill is null. In lists a large value becomes { $preview, $bytes }. */
  readonly input: Json | null;
  /** Id of its job. */
  readonly jobId: string;
  /** Its key, unique in its job. */
  readonly key: string;
  /** A free label to filter by. */
  readonly kind: string | null;
  /** Most attempts it may have. */
  readonly maxAttempts: number | null;
  /** What its author attached to it. */
  readonly metadata: JsonObject | null;
  /** What people see. */
  readonly name: string;
  /** What its agent gave. In lists a large value becomes { $preview, $bytes }. */
  readonly output: Json | null;
  /** The task above it, null for the objective. */
  readonly parent: Task | null;
  /** 1 to 10, 10 most urgent. */
  readonly priority: number;
  /** How far it is, 0 to 100. */
  readonly progress: number;
  /** What its agent said about its progress last. */
  readonly progressMessage: string | null;
  /** How often a review rejected it. */
  readonly rejections: number;
  /** What it takes of each pool while it runs. */
  readonly resources: JsonObject | null;
  /** It was submitted to start no earlier. */
  readonly runAt: string | null;
  /** When its first attempt of this generation started. */
  readonly startedAt: string | null;
  /** Where it stands. */
  readonly status: TaskStatus;
  /** What the reason means in this case, in words. */
  readonly statusMessage: string | null;
  /** Why it stands there, for BLOCKED, SKIPPED, CANCELLED and FAILED. */
  readonly statusReason: StatusReason | null;
  /** What it came to, in a few sentences. Finished tasks have one. */
  readonly summary: string | null;
  /** Longest time one attempt may run, in milliseconds; 0: no limit. */
  readonly timeout: number | null;
  /** Its level in the job. */
  readonly type: TaskType;
  /** When it changed last. */
  readonly updatedAt: string;
  /** What it counts for in the progress of its job. */
  readonly weight: number;
  /** Why it stands where it stands. */
  readonly why: Why;
}

/** A page of a list of Tasks. */
export interface TaskConnection {
  /** The items with their cursors. */
  readonly edges: readonly TaskEdge[];
  /** The items alone. */
  readonly nodes: readonly Task[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many items the whole list has. Counted only when asked for. */
  readonly totalCount: number;
}

/** How many tasks stand where. */
export interface TaskCounts {
  /** Tasks in status ACCEPTED. */
  readonly accepted: number;
  /** Tasks in status BLOCKED. */
  readonly blocked: number;
  /** Tasks in status CANCELLED. */
  readonly cancelled: number;
  /** Tasks in status COMPLETED. */
  readonly completed: number;
  /** Tasks in status DORMANT. */
  readonly dormant: number;
  /** Tasks in status FAILED. */
  readonly failed: number;
  /** Tasks in status IN_PROGRESS. */
  readonly inProgress: number;
  /** Tasks in status PENDING. */
  readonly pending: number;
  /** Tasks in status READY. */
  readonly ready: number;
  /** Tasks in status REJECTED. */
  readonly rejected: number;
  /** Tasks in status SKIPPED. */
  readonly skipped: number;
  /** All of them, objectives included. */
  readonly total: number;
}

/** One edge of the graph: what a task waits for, and which end of it counts. */
export interface TaskDependency {
  /** Which end of it counts. */
  readonly mode: DependencyMode;
  /** Id of the task waited for. */
  readonly taskId: string;
}

/** One item of a TaskConnection. */
export interface TaskEdge {
  /** Its cursor: pass it as `after` to read on behind it. */
  readonly cursor: string;
  /** The item. */
  readonly node: Task;
}

/** Which tasks to list; all conditions must hold. */
export interface TaskFilter {
  /** Name of its agent. */
  readonly agent?: string | null | undefined;
  /** Whom it is meant for. */
  readonly assignee?: string | null | undefined;
  /** Id of its job. */
  readonly jobId?: string | null | undefined;
  /** Its label. */
  readonly kind?: string | null | undefined;
  /** Whether its job has not ended. Default: both. */
  readonly ofOpenJobs?: boolean | null | undefined;
  /** Id of the task above it. */
  readonly parentId?: string | null | undefined;
  /** It stands at one of these. */
  readonly status?: readonly TaskStatus[] | null | undefined;
  /** Found in its key, name or description, whatever the case. */
  readonly text?: string | null | undefined;
  /** It is of one of these levels. */
  readonly type?: readonly TaskType[] | null | undefined;
}

/** One task of a job that is submitted. Everything but the key may be left out. */
export interface TaskInput {
  /** When its result is good enough, in words. */
  readonly acceptanceCriteria?: string | null | undefined;
  /** Name of its agent. Left out, the task stands for its children. */
  readonly agent?: string | null | undefined;
  /** Whom it is meant for, in the application's own words: 1 to 200 characters. */
  readonly assignee?: string | null | undefined;
  /** After a crash or a timeout it waits for a person instead of running again. Default: as its agent says. */
  readonly atMostOnce?: boolean | null | undefined;
  /** It fails with DEADLINE_EXCEEDED when it has not ended by then. */
  readonly deadline?: Date | string | null | undefined;
  /** Tasks to wait for beyond those that refs name. */
  readonly dependsOn?: readonly DependsOnInput[] | null | undefined;
  /** What it is about, in words. */
  readonly description?: string | null | undefined;
  /** What its final failure does to the rest of the job. Default: the job's. */
  readonly failureStrategy?: FailureStrategy | null | undefined;
  /** Its agent's input. */
  readonly input?: Json | object | null | undefined;
  /** Its key, unique in the job. */
  readonly key: string;
  /** A free label to filter by. */
  readonly kind?: string | null | undefined;
  /** Repeat an agent for each item of a list. */
  readonly map?: MapInput | null | undefined;
  /** Kept with the task and shown again. */
  readonly metadata?: object | null | undefined;
  /** What people see. Default: the key. */
  readonly name?: string | null | undefined;
  /** Settings that replace its agent's. */
  readonly overrides?: TaskOverridesInput | null | undefined;
  /** Key of the task above it. Default: the objective. */
  readonly parent?: string | null | undefined;
  /** 1 to 10, 10 most urgent. Default: the job's. */
  readonly priority?: number | null | undefined;
  /** Holes in the input that other tasks' outputs fill. Each is a dependency too. */
  readonly refs?: readonly RefInput[] | null | undefined;
  /** Key of the task that runs instead when it has failed for good, and whose output stands in. */
  readonly routeTo?: string | null | undefined;
  /** It does not start before then. */
  readonly runAt?: Date | string | null | undefined;
  /** Its level. Default: by its place, below what is above it. */
  readonly type?: TaskType | null | undefined;
  /** The output that stands in when it has failed for good; it must fit its agent's output. null is a value too. */
  readonly useValue?: Json | object | null | undefined;
  /** What it counts for in the progress of its job. Default 1. */
  readonly weight?: number | null | undefined;
  /** Skip the task where this value is falsy (false, 0, '', null or absent). */
  readonly when?: ConditionInput | null | undefined;
}

/** What became of tasks since the engine's start. Those without an agent are left out. */
export interface TaskMetrics {
  /** Tasks that were cancelled. */
  readonly cancelled: number;
  /** Tasks that have completed. */
  readonly completed: number;
  /** How long attempts ran. */
  readonly duration: Distribution;
  /** Tasks that failed for good. */
  readonly failed: number;
  /** The agent or the kind that they are of; null: all. */
  readonly name: string | null;
  /** Attempts after which another one was scheduled. */
  readonly retried: number;
  /** Tasks that were skipped. */
  readonly skipped: number;
  /** Attempts that began. */
  readonly started: number;
  /** The share that completed of those that completed or failed, 0 to 1; null while there are none. */
  readonly successRate: number | null;
  /** Attempts that ran out of time. */
  readonly timedOut: number;
  /** How long tasks waited for their start when nothing but room was missing. */
  readonly wait: Distribution;
}

/** How a list of tasks is ordered; what is equal comes in its place. */
export type TaskOrder =
  /** In the order they came into their job, newest job first (the default). */
  | 'PLACE'
  /** Most urgent first. */
  | 'PRIORITY'
  /** Begun first comes first, those that have not begun last. */
  | 'RUNNING_LONGEST'
  /** Changed last first. */
  | 'UPDATED';

/** Settings of a task that replace its agent's. */
export interface TaskOverridesInput {
  /** Tasks of the same agent and key run one at a time in a process, or as many as the agent allows for each key. */
  readonly concurrencyKey?: string | null | undefined;
  /** Longest time an attempt may give no sign of life, in milliseconds; 0: no limit. */
  readonly idleTimeout?: number | null | undefined;
  /** Named limits of the engine that it takes a place of, beside those of its agent. */
  readonly limits?: readonly string[] | null | undefined;
  /** How often and when it is tried again. */
  readonly retry?: RetryInput | null | undefined;
  /** Longest time one attempt may run, in milliseconds; 0: no limit. */
  readonly timeout?: number | null | undefined;
}

/** What became of one task of a job. */
export interface TaskReport {
  /** Name of its agent, null for a task that stands for its children. */
  readonly agent: string | null;
  /** Attempts started in its latest generation; 0: it never ran. */
  readonly attempt: number;
  /** The runs of its agent, latest first, 100 at most. */
  readonly attempts: readonly Attempt[];
  /** What it has spent itself, over all runs, by unit; empty for nothing. */
  readonly cost: readonly Cost[];
  /** The error of its latest failed attempt, or why it failed. */
  readonly error: Failure | null;
  /** Its key, unique in its job. */
  readonly key: string;
  /** What people see. */
  readonly name: string;
  /** Milliseconds in which its agent ran, over all runs. */
  readonly ranMs: number;
  /** Where it stands. */
  readonly status: TaskStatus;
  /** What the reason means in this case, in words. */
  readonly statusMessage: string | null;
  /** Why it stands there, for BLOCKED, SKIPPED, CANCELLED and FAILED. */
  readonly statusReason: StatusReason | null;
  /** What it came to, in a few sentences. Finished tasks have one. */
  readonly summary: string | null;
  /** Id of the task. */
  readonly taskId: string;
  /** With what the tasks below it have, of those that are told of. */
  readonly totalCost: readonly Cost[];
  /** Its level in the job. */
  readonly type: TaskType;
}

/** Where a task stands. */
export type TaskStatus =
  /** A reviewer accepted its result. */
  | 'ACCEPTED'
  /** It has begun or could begin, and waits for what `blockReason` names. */
  | 'BLOCKED'
  /** It was cancelled, alone or with its job. */
  | 'CANCELLED'
  /** It has ended with an output that fits its schema. */
  | 'COMPLETED'
  /** A fallback that has not been needed yet. */
  | 'DORMANT'
  /** It has ended without a result; `error` says why. */
  | 'FAILED'
  /** An attempt of it runs. */
  | 'IN_PROGRESS'
  /** It waits for tasks it depends on, or for its parent. */
  | 'PENDING'
  /** It may start as soon as there is room, not before `availableAt`. */
  | 'READY'
  /** A reviewer rejected its result for good. */
  | 'REJECTED'
  /** It was not run; `statusReason` says why. */
  | 'SKIPPED';

/** The level of a task in its job, from the top. Levels may be left out; subtasks may nest. */
export type TaskType =
  /** The root of a job; its output is the job's. */
  | 'OBJECTIVE'
  /** A part of the objective. */
  | 'STORY'
  /** A part of a task, often asked for while it runs. */
  | 'SUBTASK'
  /** A unit of work. */
  | 'TASK';

/** Why a task stands where it stands, and what moves it on. */
export interface Why {
  /** Why its agent is the one that it is. */
  readonly agent: AgentChoice;
  /** Ids of the tasks that hold it back, or brought its end about; at most 20. */
  readonly blockers: readonly string[];
  /** Why, for programs. */
  readonly code: WhyCode;
  /** The limit that has no room. */
  readonly limit: string | null;
  /** Why, as a sentence. */
  readonly message: string;
  /** What moves the task on. */
  readonly remedy: string;
  /** Ids of the questions to people that it waits for. */
  readonly requests: readonly string[];
  /** When it goes on by itself. */
  readonly until: string | null;
}

/** Why a task stands where it stands. */
export type WhyCode =
  /** Its agent's code is not in this process. */
  | 'AGENT_UNAVAILABLE'
  /** A person decided so. */
  | 'BY_PERSON'
  /** Its job ended before it. */
  | 'CANCELLED_WITH_JOB'
  /** The task above it ended before it. */
  | 'CANCELLED_WITH_PARENT'
  /** It has its output. */
  | 'DONE'
  /** It stands in for the task in `blockers`, which has not failed. */
  | 'DORMANT'
  /** Its attempts failed. */
  | 'FAILED'
  /** It failed, and a person has to decide. */
  | 'FAILED_AND_ASKS'
  /** A task below it failed. */
  | 'FAILED_BY_CHILD'
  /** It had not ended by its deadline. */
  | 'FAILED_BY_DEADLINE'
  /** An operator holds it, or something above it. */
  | 'HELD'
  /** A task of its job failed, and a person has to decide. */
  | 'JOB_WAITS_FOR_DECISION'
  /** Running it again may not be safe. */
  | 'MANUAL'
  /** What it stands in for did not fail. */
  | 'NOT_NEEDED'
  /** It starts with the next free moment of the process. */
  | 'READY'
  /** It failed, and something else stands in for its output. */
  | 'RECOVERED'
  /** Its reviews did not accept it. */
  | 'REJECTED'
  /** An attempt runs. */
  | 'RUNNING'
  /** Its agent found that it does not apply. */
  | 'SKIPPED_BY_AGENT'
  /** Its condition was false. */
  | 'SKIPPED_BY_CONDITION'
  /** What it needed did not complete. */
  | 'SKIPPED_BY_DEPENDENCY'
  /** Everything below it was skipped. */
  | 'SKIPPED_WITH_CHILDREN'
  /** The task above it was skipped. */
  | 'SKIPPED_WITH_PARENT'
  /** It belongs to an earlier generation of the task that added it. */
  | 'SUPERSEDED'
  /** Tasks below it have not ended. */
  | 'WAITING_CHILDREN'
  /** Its job waits to be confirmed. */
  | 'WAITING_CONFIRMATION'
  /** Tasks that it depends on have not ended. */
  | 'WAITING_DEPENDENCIES'
  /** It failed; the task in `blockers` stands in for it. */
  | 'WAITING_FALLBACK'
  /** Its agent asked a person. */
  | 'WAITING_HUMAN'
  /** A limit has no room for it. */
  | 'WAITING_LIMIT'
  /** Its agent asked for tasks that have not ended. */
  | 'WAITING_NEEDS'
  /** Something above it waits for its own dependencies. */
  | 'WAITING_PARENT'
  /** Its last attempt failed; it waits before the next one. */
  | 'WAITING_RETRY'
  /** Its output waits to be judged. */
  | 'WAITING_REVIEW'
  /** The start time of its job, or its own, has not come. */
  | 'WAITING_START_TIME'
  /** Its agent sleeps. */
  | 'WAITING_TIMER';

/** A plan that lays out a graph of tasks for an input. */
export interface Workflow {
  /** What it is for. */
  readonly description: string;
  /** JSON Schema (2020-12) of what it is started with. */
  readonly inputSchema: JsonObject;
  /** Its name, unique in the application. */
  readonly name: string;
  /** JSON Schema (2020-12) of what its jobs result in; null where they have no output of their own. */
  readonly outputSchema: JsonObject | null;
  /** Its version. */
  readonly version: string;
}
