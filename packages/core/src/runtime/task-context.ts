import type { AgentInputOf, AgentOutputOf, AgentTarget } from '../authoring/agent-definition.js';
import type { Answered, AskOptions } from '../authoring/ask-options.js';
import type { SharedState, TaskCache } from '../authoring/context-state.js';
import type { Schema, SchemaOutput } from '../authoring/schema.js';
import type {
  DistilledContext,
  DistillOptions,
  NeedOptions,
  PublishOptions,
  SpawnOptions,
  TaskContext,
  TaskDigest,
  TaskLogger,
} from '../authoring/task-context.js';
import type { TopicDefinition, TopicInputOf } from '../authoring/topic.js';
import { cutText } from '../context/cut-text.js';
import { SUMMARY_CHARS } from '../context/default-summary.js';
import { digestSummary } from '../context/digest-summary.js';
import { distill } from '../context/distillation.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Duration } from '../kernel/duration.js';
import { taskIdOf } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { Cost } from '../model/cost.js';
import type { AttemptReason } from '../model/task.js';
import type { StoredDigest } from '../ports/store.js';
import { checkedCost } from './checked-cost.js';
import { ContextState } from './context-state.js';
import { toJsonText } from './memo.js';
import { momentOf } from './moment-of.js';
import { Publications } from './publications.js';
import { RunProgress } from './run-progress.js';
import { RunQuestions } from './run-questions.js';
import { RunTasks } from './run-tasks.js';
import type { Run } from './run.js';
import { StreamCollector } from './stream-collector.js';
import { SkipSignal, stepAround } from './wait-gatherer.js';

const DEFAULT_BUDGET = 16_384;

/** The context of one run of an agent. */
export class RunContext implements TaskContext {
  readonly missing: readonly string[];
  summary: string | null = null;
  // Most agents use few of these, and many none.
  private keptTasks: RunTasks | null = null;
  private keptQuestions: RunQuestions | null = null;
  private keptProgress: RunProgress | null = null;
  private streamed: StreamCollector | null = null;
  private keptState: ContextState | null = null;
  private keptPublications: Publications | null = null;
  private parsedJob: TaskContext['job'] | null = null;
  private parsedDependencies: { readonly [key: string]: Json } | null = null;

  constructor(readonly run: Run) {
    this.missing = run.parts.missing;
  }

  get job(): TaskContext['job'] {
    const { jobId: id, jobName: name, workflow, tenant } = this.run.grant;
    const { input, metadata, carried } = this.run.parts.job;
    this.parsedJob ??= {
      id,
      name,
      workflow,
      tenant,
      input: JSON.parse(input) as Json,
      metadata: readObject(metadata),
      carried: readObject(carried),
    };
    return this.parsedJob;
  }

  get task(): TaskContext['task'] {
    const { key, name, type, description, acceptanceCriteria, assignee, metadata, no } = this.run.parts.spec;
    return { id: taskIdOf(this.run.grant.jobId, no), key, name, type, description, acceptanceCriteria, assignee, metadata };
  }

  get attempt(): { readonly number: number; readonly reason: AttemptReason; readonly feedback: string | null } {
    return { number: this.run.grant.attempt, reason: this.run.grant.reason, feedback: this.run.parts.feedback };
  }

  get signal(): AbortSignal {
    return this.run.attempt.signal;
  }

  get idempotencyKey(): string {
    return `${taskIdOf(this.run.grant.jobId, this.run.grant.no)}:${this.run.grant.generation}`;
  }

  get logger(): TaskLogger {
    const about = { jobId: this.run.grant.jobId, task: this.run.grant.key, attempt: this.run.grant.attempt };
    const { logger } = this.run.services;
    return {
      debug: (message, data) => logger.debug(message, { ...data, ...about }),
      info: (message, data) => logger.info(message, { ...data, ...about }),
      warn: (message, data) => logger.warn(message, { ...data, ...about }),
      error: (message, data) => logger.error(message, { ...data, ...about }),
    };
  }

  get dependencies(): { readonly [key: string]: Json } {
    this.parsedDependencies ??= Object.fromEntries(
      this.run.grant.dependencies.flatMap((no) => {
        const text = this.run.parts.outputs.get(no) ?? null;
        return text === null ? [] : [[this.run.grant.keyOf(no), JSON.parse(text) as Json]];
      }),
    );
    return this.parsedDependencies;
  }

  get children(): readonly TaskDigest[] {
    return this.run.parts.children.map(toDigest);
  }

  need<Target extends AgentTarget>(target: Target, input: AgentInputOf<Target>, options: NeedOptions = {}): Promise<AgentOutputOf<Target>> {
    return handled(this.tasks.need(target, input, options));
  }

  spawn<Target extends AgentTarget>(
    target: Target,
    input: AgentInputOf<Target>,
    options: SpawnOptions = {},
  ): Promise<{ key: string; id: string }> {
    return handled(this.tasks.spawn(target, input as Json, options));
  }

  sleep(name: string, time: Duration | Date): Promise<void> {
    return handled(this.sleepUntil(name, time));
  }

  private async sleepUntil(name: string, time: Duration | Date): Promise<void> {
    this.run.requireCurrent();
    const known = await this.run.memo.sleep(name);
    this.run.requireCurrent();
    const now = this.run.jobTime();
    if (known !== undefined && known <= now) return;
    const until = known ?? momentOf(time, now, `ctx.sleep(${inMessage(name)})`);
    await this.run.gatherer.wait({ key: `sleep:${name}`, until, ...(known === undefined ? { sleep: { name, until } } : undefined) });
  }

  ask<Answer extends Schema>(name: string, options: AskOptions<Answer>): Promise<Answered<SchemaOutput<Answer>>> {
    return handled(this.questions.ask(name, options));
  }

  stream(text: string): void {
    if (this.run.attempt.isOver) return;
    this.run.heartbeat();
    this.streamed ??= new StreamCollector(this.run.services.clock, (part) => this.run.services.reportStream(this.run.grant, part));
    this.streamed.add(text);
  }

  private get tasks(): RunTasks {
    return (this.keptTasks ??= new RunTasks(this.run, () => this.questions));
  }

  private get questions(): RunQuestions {
    return (this.keptQuestions ??= new RunQuestions(this.run));
  }

  step<T extends Json | void>(name: string, act: () => T | Promise<T>): Promise<T extends void ? null : T> {
    return handled(this.run.gatherer.during(() => this.runStep(name, act), name)) as Promise<T extends void ? null : T>;
  }

  private async runStep(name: string, act: () => Json | void | Promise<Json | void>): Promise<Json> {
    this.run.requireCurrent();
    const known = await this.run.memo.step(name);
    if (known !== undefined) return known;
    const result = (await act()) ?? null;
    this.run.requireCurrent();
    const value = toJsonText(result, this.run.services.outputBytes, `The result of step "${name}"`);
    await this.run.services.recordStep(this.run.grant, name, value);
    return result;
  }

  publish<Topic extends TopicDefinition>(topic: Topic, payload: TopicInputOf<Topic>, { key }: PublishOptions = {}): Promise<void> {
    const step = stepAround();
    return handled(this.run.gatherer.during(() => this.published.publish(topic, payload as Json, key, step)));
  }

  private get published(): Publications {
    const { grant, memo, services } = this.run;
    this.keptPublications ??= new Publications({
      grant,
      memo,
      clock: services.clock,
      maxBytes: services.inputBytes,
      declared: services.requireAgent(grant.agent).publishes,
      send: (publication) => services.publish(grant, publication),
      requireCurrent: () => this.run.requireCurrent(),
    });
    return this.keptPublications;
  }

  async distilled({ budget = DEFAULT_BUDGET }: DistillOptions = {}): Promise<DistilledContext> {
    this.run.requireCurrent();
    if (!Number.isInteger(budget) || budget < 0)
      throw new TaskloomError('OPTIONS_INVALID', `\`budget\` is ${inMessage(budget)}; it must be a whole number of characters.`);
    const before = await this.run.services.store.digests(this.run.grant.jobId, this.run.grant.dependencies);
    const tasks = [...before, ...this.run.parts.children].map(toDigest);
    return { ...distill(tasks, budget), tasks };
  }

  get cache(): TaskCache {
    return this.state.cache;
  }

  shared(namespace: string): SharedState {
    return this.state.shared(namespace);
  }

  private get state(): ContextState {
    const { store, clock, cacheBound, outputBytes } = this.run.services;
    const { tenant, jobId, no } = this.run.grant;
    const requireCurrent = (): void => this.run.requireCurrent();
    this.keptState ??= new ContextState({
      entries: store.entries,
      clock,
      tenant,
      jobId,
      no,
      cacheBound,
      maxBytes: outputBytes,
      requireCurrent,
    });
    return this.keptState;
  }

  skip(reason: string): never {
    throw new SkipSignal(reason);
  }

  /** Reports what was streamed and not sent yet. */
  flush(): void {
    this.streamed?.flush();
  }

  summarize(summary: string): void {
    this.summary = cutText(summary.trim().toWellFormed(), SUMMARY_CHARS) || null;
  }

  progress(percent: number, message?: string): void {
    (this.keptProgress ??= new RunProgress(this.run)).report(percent, message);
  }

  heartbeat(): void {
    this.run.heartbeat();
  }

  cost(amounts: Cost): void {
    this.run.requireCurrent();
    const { grant, services } = this.run;
    services.spend(grant, checkedCost(amounts, services.spentBy(grant), `ctx.cost of "${grant.key}"`));
  }
}

function readObject(text: string | null): JsonObject | null {
  return text === null ? null : (JSON.parse(text) as JsonObject);
}

/** A promise that may be awaited late, or never, without its rejection ending the process: the agent's own `await` still throws. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function toDigest(digest: StoredDigest): TaskDigest {
  const { key, name, type, status } = digest;
  return { key, name, type, status, summary: digestSummary(digest) };
}
