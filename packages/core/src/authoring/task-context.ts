import type { StoredError } from '../errors/serialize-error.js';
import type { Duration } from '../kernel/duration.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { Cost } from '../model/cost.js';
import type { AttemptReason, FailureStrategy, TaskStatus, TaskType } from '../model/task.js';
import type { AgentInputOf, AgentOutputOf, AgentTarget } from './agent-definition.js';
import type { SharedState, TaskCache } from './context-state.js';
import type { Answered, AskOptions } from './ask-options.js';
import type { Schema, SchemaOutput } from './schema.js';
import type { TopicDefinition, TopicInputOf } from './topic.js';

/** Log lines of an agent; the job's id, the task's key and the attempt are added. */
export interface TaskLogger {
  debug(message: string, data?: JsonObject): void;
  info(message: string, data?: JsonObject): void;
  warn(message: string, data?: JsonObject): void;
  error(message: string, data?: JsonObject): void;
}

/** A task near this one as its summary tells it. */
export interface TaskDigest {
  readonly key: string;
  readonly name: string;
  readonly type: TaskType;
  readonly status: TaskStatus;
  /** What it came to; of a task that failed or was skipped, how it ended. `null` while it has not ended. */
  readonly summary: string | null;
}

export interface DistillOptions {
  /** Most characters of the whole text. Default 16,384. */
  readonly budget?: number;
}

/** What the tasks below and before this one came to, cut to a budget. */
export interface DistilledContext {
  /** Readable text, one section for each task, at most `budget` characters. */
  readonly text: string;
  /** Keys of tasks whose summaries were shortened or left out. */
  readonly cut: readonly string[];
  readonly tasks: readonly TaskDigest[];
}

export interface NeedOptions {
  /** Identifies the question in the agent's memo. Default: the agent's name and the input's content. */
  readonly key?: string;
  /** Shown as the new task's name. */
  readonly name?: string;
}

export interface SpawnOptions {
  /** Identifies the new task in the agent's memo. Default: the agent's name and the input's content. */
  readonly key?: string;
  /** Shown as the new task's name. */
  readonly name?: string;
  /** Keys of tasks of the job that it waits for to complete. */
  readonly after?: readonly string[];
  /** 1–10, 10 most urgent. Default: this task's. */
  readonly priority?: number;
  /** What its final failure does to the job. Default: as this task's. */
  readonly failureStrategy?: FailureStrategy;
  /** Whom it is meant for, in the application's own words. Default: nobody. */
  readonly assignee?: string;
}

export interface PublishOptions {
  /**
   * Identifies the message in the agent's memo, among those of this task on the topic: name it where its content may differ
   * from run to run. Default: its content; the same content twice in one run is two messages.
   */
  readonly key?: string;
}

/**
 * What an agent knows of its own run and can ask of the engine.
 *
 * After the attempt has ended (returned, failed, suspended, cancelled) every call rejects with `ATTEMPT_ENDED`.
 */
export interface TaskContext {
  readonly job: {
    readonly id: string;
    readonly name: string;
    readonly workflow: string | null;
    readonly tenant: string;
    readonly input: Json;
    readonly metadata: JsonObject | null;
    /** What the application gave the job to carry (`JobOptions.carried`). */
    readonly carried: JsonObject | null;
  };
  readonly task: {
    readonly id: string;
    readonly key: string;
    readonly name: string;
    readonly type: TaskType;
    readonly description: string | null;
    readonly acceptanceCriteria: string | null;
    readonly assignee: string | null;
    readonly metadata: JsonObject | null;
  };
  /**
   * `number` counts attempts of this generation from 1; runs after a suspension do not count again. `feedback` is what the
   * review said that rejected the generation before.
   */
  readonly attempt: { readonly number: number; readonly reason: AttemptReason; readonly feedback: string | null };
  /** Aborted when the job or task is cancelled, the attempt times out or the engine stops. Its reason is an error with a code. */
  readonly signal: AbortSignal;
  readonly logger: TaskLogger;
  /** The same for every attempt of this task and generation: hand it to outside systems that can recognise a repeat. */
  readonly idempotencyKey: string;
  /** Outputs of the tasks this one depends on, by key, in declared order; those without output are in `missing`. */
  readonly dependencies: { readonly [key: string]: Json };
  /** Keys of dependencies and list elements that ended without an output. */
  readonly missing: readonly string[];
  /** The tasks below this one that have ended, in order. */
  readonly children: readonly TaskDigest[];

  /**
   * Another task's output. The first time, the task is created as a child of this one and the attempt ends without a
   * failure; when the child has ended, the agent runs again from the top and this call returns its output. Calls made
   * together (in one `Promise.all`) create their tasks together.
   *
   * @throws DependencyFailedError when that task did not complete.
   */
  need<Target extends AgentTarget>(agent: Target, input: AgentInputOf<Target>, options?: NeedOptions): Promise<AgentOutputOf<Target>>;
  /**
   * Adds a task below this one and goes on. When this attempt returns, its output is kept, and the task completes when the
   * tasks it has added have ended. A later run of this task does not add them again.
   *
   * @throws DependencyError when what it is to wait for waits for this task; TaskloomError `DYNAMIC_LIMIT`, `AGENT_NOT_ALLOWED`
   */
  spawn<Target extends AgentTarget>(
    agent: Target,
    input: AgentInputOf<Target>,
    options?: SpawnOptions,
  ): Promise<{ readonly key: string; readonly id: string }>;
  /**
   * Waits without taking a place: the attempt ends, and the agent runs again from the top when the time has come. Survives
   * restarts; `name` identifies the sleep, once per attempt.
   */
  sleep(name: string, time: Duration | Date): Promise<void>;
  /**
   * Asks a person. The attempt ends without a failure; when the question is answered (`engine.answerHumanRequest`), or its
   * deadline has passed, the agent runs again from the top and this call returns. Survives restarts; `name` identifies the
   * question, once per attempt.
   *
   * @throws TaskloomError `HUMAN_TIMEOUT` with `onTimeout: 'fail'`
   */
  ask<Answer extends Schema>(
    name: string,
    options: AskOptions<Answer> & { readonly schema: Answer },
  ): Promise<Answered<SchemaOutput<Answer>>>;
  ask(name: string, options: AskOptions): Promise<Answered<Json>>;
  /**
   * Sends a message to every pub/sub agent that subscribes the topic: one task for each, which this task does not wait for
   * and the job does. Remembered like a step: a later run of this task does not publish it again.
   *
   * @throws TaskloomError `TOPIC_UNDECLARED` where the topic is not among the agent's `publishes`; `INPUT_SCHEMA`,
   *   `INPUT_NOT_JSON`, `INPUT_TOO_LARGE` for the payload; `DYNAMIC_LIMIT`; `STEP_NAME_REUSED` for a key that came twice
   */
  publish<Topic extends TopicDefinition>(topic: Topic, payload: TopicInputOf<Topic>, options?: PublishOptions): Promise<void>;
  /** Gives out text while the agent works; also a sign of life. Kept as events, collected for 250 ms or 4 KiB. */
  stream(text: string): void;
  /**
   * Runs `act` once and remembers its JSON result: a later run of this task (retry, resumption, restart) gets the
   * remembered result instead. `undefined` is remembered as `null`.
   */
  step<T extends Json | void>(name: string, act: () => T | Promise<T>): Promise<T extends void ? null : T>;
  /** Summaries of the tasks below this one (an objective sees its stories, a story its tasks) and of those it depends on. */
  distilled(options?: DistillOptions): Promise<DistilledContext>;
  /** Values kept for later runs, for this task, its job or all jobs. They may be gone at any time. */
  readonly cache: TaskCache;
  /** State shared between tasks, also of other jobs, with versions for compare-and-set. @throws TaskloomError `NAME_INVALID` */
  shared(namespace: string): SharedState;
  /** Ends this task as SKIPPED, with the reason people read. Tasks that need it to complete are skipped with it. */
  skip(reason: string): never;
  /** What this task came to, in at most 600 characters, for the tasks above it and after it. Without it (or with a blank one) the engine writes one. */
  summarize(summary: string): void;
  /** Shows how far the attempt is (0–100); also a sign of life. Reported at most every 250 ms. */
  progress(percent: number, message?: string): void;
  /** A sign of life, for the idle timeout. */
  heartbeat(): void;
  /**
   * Says what this attempt has spent (tokens, usd, seconds of a GPU …) since it said so last; it adds up over attempts,
   * whatever becomes of them. Kept with the next thing that is written of the attempt: a step, a suspension, its end. Units are
   * the application's: names of 1–200 of `A–Z a–z 0–9 . _ : -`, at most 32 a task. Amounts are finite and not below 0.
   *
   * @throws TaskloomError `OPTIONS_INVALID`; `ATTEMPT_ENDED`
   */
  cost(amounts: Cost): void;
}

/** A task that `ctx.need` asked for did not complete. */
export interface FailedDependency {
  readonly taskKey: string;
  readonly status: TaskStatus;
  readonly error: StoredError | null;
}
