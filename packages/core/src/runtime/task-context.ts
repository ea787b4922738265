import type { AgentDefinition, AgentInputOf, AgentOutputOf, AgentTarget } from '../authoring/agent-definition.js';
import type { SharedState, TaskCache } from '../authoring/context-state.js';
import type { Answered, AskOptions } from '../authoring/ask-options.js';
import { describeIssues, jsonSchemaOf, validate, type Schema, type SchemaOutput } from '../authoring/schema.js';
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
import { DependencyError } from '../errors/job-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { durationMs, momentMs, type Duration } from '../kernel/duration.js';
import { taskIdOf } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { Grant } from '../ledger/committed.js';
import type { AgentRoute } from '../model/agent-choice.js';
import type { AgentFact } from '../model/agent-facts.js';
import { ASSIGNEE_RULE, isAssignee } from '../model/assignee.js';
import type { NewTask } from '../model/command.js';
import type { Cost } from '../model/cost.js';
import type { JsonText } from '../model/event.js';
import type { NewRequest } from '../model/human-request.js';
import { isTerminalTask, PLAIN_TASK, type AttemptReason, type TaskSpec } from '../model/task.js';
import type { Logger } from '../ports/logger.js';
import type { EntryBound } from '../ports/key-value-store.js';
import type { Store, StoredDigest, StoredJobContext } from '../ports/store.js';
import type { Attempt } from './attempt.js';
import { checkedCost } from './checked-cost.js';
import { checkedInput } from './checked-input.js';
import { checkAnswerSchema } from './answer-schemas.js';
import { checkQuestion } from './check-question.js';
import { ContextState } from './context-state.js';
import { Memo, toJsonText, type AskMemo } from './memo.js';
import { Publications, type Publication } from './publications.js';
import { SkipSignal, stepAround, WaitGatherer } from './wait-gatherer.js';
import { StreamCollector } from './stream-collector.js';

/** What a context needs of the executor: the store to read from, and the ledger's ear. */
export interface ContextServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outputBytes: number;
  /** Most of what all caches hold. */
  readonly cacheBound: EntryBound;
  /** Of what `need` is asked with. */
  readonly inputBytes: number;
  /**
   * The agent that is asked where the wanted one is not registered: the same name where nobody knows another.
   *
   * @throws TaskloomError `UNKNOWN_AGENT`, `PLUGIN_FAILED`
   */
  route(
    wanted: string,
    input: Json,
    allowed: ReadonlySet<string> | null,
  ): Promise<{ readonly agent: string; readonly route: AgentRoute | null }>;
  /** The agent that stands behind a target. @throws TaskloomError `UNKNOWN_AGENT` */
  requireAgent(target: AgentTarget): AgentDefinition;
  factOf(agent: string): AgentFact;
  /** Adds a task below the attempt's own. @throws DependencyError; TaskloomError `DYNAMIC_LIMIT` */
  spawn(grant: Grant, task: NewTask): Promise<{ readonly key: string; readonly no: number }>;
  /** Resolves when the message and its deliveries are durable. @throws TaskloomError `DYNAMIC_LIMIT` */
  publish(grant: Grant, publication: Publication): Promise<void>;
  readonly onDependencyConflict: DependencyConflictHook | null;
  reportStream(grant: Grant, text: string): void;
  /** Resolves when the step is durable. */
  recordStep(grant: Grant, name: string, value: JsonText): Promise<void>;
  reportProgress(grant: Grant, percent: number, message: string | null): void;
  /** What the attempt's task has spent by now, by unit. */
  spentBy(grant: Grant): ReadonlyMap<string, number>;
  /** Takes note of what the attempt has spent. */
  spend(grant: Grant, cost: Cost): void;
}

/** What a context tells its agent about. */
export class ContextParts {
  constructor(
    readonly spec: TaskSpec,
    /** Texts: each context reads its own copy. */
    readonly job: StoredJobContext,
    readonly outputs: ReadonlyMap<number, string | null>,
    readonly missing: readonly string[],
    readonly children: readonly StoredDigest[],
    /** What the review said that rejected the generation before. */
    readonly feedback: string | null,
  ) {}
}

/** Who runs what an agent asks for, and how it was found where it was not named. */
interface FoundAgent {
  readonly agent: AgentDefinition;
  readonly route: AgentRoute | null;
}

/** A dependency that an agent, or a caller of `addDependency`, asked for and that would make tasks wait for each other in a circle. */
export interface DependencyConflict {
  readonly jobId: string;
  /** The task that asked, or the one that was to wait. */
  readonly taskKey: string;
  /** The task that it wanted to add; `null` where the dependency was one between tasks that are there. */
  readonly newTask: string | null;
  /** Keys of the tasks to be waited for. */
  readonly after: readonly string[];
  readonly cycle: readonly string[];
}

/**
 * `drop` goes on without the dependency, `fail` refuses it with the error, `ask` lets a person decide while the agent's task
 * waits. For a caller of `addDependency`, where no run could wait for the answer, `ask` refuses like `fail`.
 */
export type DependencyConflictHook = (conflict: DependencyConflict) => ConflictDecision | Promise<ConflictDecision>;
export type ConflictDecision = 'drop' | 'fail' | 'ask';

const DEFAULT_BUDGET = 16_384;
const PROGRESS_EVERY_MS = 250;
const UNSTABLE_ROUNDS = 3;
const QUESTION_CHARS = 4_000;

/** The context of one run of an agent. */
export class RunContext implements TaskContext {
  readonly missing: readonly string[];
  summary: string | null = null;
  /** Called when the run has to end to wait. */
  onSuspended: () => void = () => undefined;
  private readonly grant: Grant;
  // Most agents use none of these.
  private keptMemo: Memo | null = null;
  private keptGatherer: WaitGatherer | null = null;
  private streamed: StreamCollector | null = null;
  /** Tasks that this run has added, by their memo keys. */
  private added: Map<string, Promise<{ key: string; id: string }>> | null = null;
  private lastProgressAt = Number.NEGATIVE_INFINITY;
  private waitingProgress: { percent: number; message: string | null } | null = null;
  private keptState: ContextState | null = null;
  private keptPublications: Publications | null = null;
  private parsedJob: TaskContext['job'] | null = null;
  private parsedDependencies: { readonly [key: string]: Json } | null = null;

  constructor(
    private readonly attemptState: Attempt,
    private readonly parts: ContextParts,
    private readonly services: ContextServices,
  ) {
    this.grant = attemptState.grant;
    this.missing = parts.missing;
  }

  /** Whether the run has to end to wait. */
  get isWaiting(): boolean {
    return this.keptGatherer !== null && this.keptGatherer.isOpen;
  }

  get gatherer(): WaitGatherer {
    this.keptGatherer ??= new WaitGatherer(this.services.clock, () => {
      this.attemptState.end();
      this.onSuspended();
    });
    return this.keptGatherer;
  }

  private get memo(): Memo {
    const { jobId, no, generation, attempt, reason } = this.grant;
    this.keptMemo ??= new Memo(this.services.store, jobId, no, generation, attempt === 1 && reason === 'FIRST');
    return this.keptMemo;
  }

  get job(): TaskContext['job'] {
    const { jobId: id, jobName: name, workflow, tenant } = this.grant;
    const { input, metadata, carried } = this.parts.job;
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
    const { key, name, type, description, acceptanceCriteria, assignee, metadata, no } = this.parts.spec;
    return { id: taskIdOf(this.grant.jobId, no), key, name, type, description, acceptanceCriteria, assignee, metadata };
  }

  get attempt(): { readonly number: number; readonly reason: AttemptReason; readonly feedback: string | null } {
    return { number: this.grant.attempt, reason: this.grant.reason, feedback: this.parts.feedback };
  }

  get signal(): AbortSignal {
    return this.attemptState.signal;
  }

  get idempotencyKey(): string {
    return `${taskIdOf(this.grant.jobId, this.grant.no)}:${this.grant.generation}`;
  }

  get logger(): TaskLogger {
    const about = { jobId: this.grant.jobId, task: this.grant.key, attempt: this.grant.attempt };
    const { logger } = this.services;
    return {
      debug: (message, data) => logger.debug(message, { ...data, ...about }),
      info: (message, data) => logger.info(message, { ...data, ...about }),
      warn: (message, data) => logger.warn(message, { ...data, ...about }),
      error: (message, data) => logger.error(message, { ...data, ...about }),
    };
  }

  get dependencies(): { readonly [key: string]: Json } {
    this.parsedDependencies ??= Object.fromEntries(
      this.grant.dependencies.flatMap((no) => {
        const text = this.parts.outputs.get(no) ?? null;
        return text === null ? [] : [[this.grant.keyOf(no), JSON.parse(text) as Json]];
      }),
    );
    return this.parsedDependencies;
  }

  get children(): readonly TaskDigest[] {
    return this.parts.children.map(toDigest);
  }

  need<Target extends AgentTarget>(target: Target, input: AgentInputOf<Target>, options: NeedOptions = {}): Promise<AgentOutputOf<Target>> {
    return handled(this.askTask(target, input, options));
  }

  private async askTask<Target extends AgentTarget>(
    target: Target,
    input: AgentInputOf<Target>,
    options: NeedOptions,
  ): Promise<AgentOutputOf<Target>> {
    this.requireCurrent();
    const { agent, route } = await this.find(target, input as Json);
    const value = await this.checkedFor(agent, input as Json);
    const key = options.key === undefined ? `${agent.name}:${hashJson(value)}` : `key:${options.key}`;
    const known = await this.memo.need(key);
    this.requireCurrent();
    if (known && isTerminalTask(known.status)) return (await this.memo.answer(known)) as AgentOutputOf<Target>;
    if (!known) await this.refuseUnstable();
    const task = newTask('need', this.parts.spec, { agent, route, fact: this.services.factOf(agent.name) }, value, key, options);
    return this.gatherer.wait({ key, ...(known ? { asked: known.no } : { task }) });
  }

  spawn<Target extends AgentTarget>(
    target: Target,
    input: AgentInputOf<Target>,
    options: SpawnOptions = {},
  ): Promise<{ key: string; id: string }> {
    return handled(this.addTask(target, input as Json, options));
  }

  private async addTask(target: AgentTarget, input: Json, options: SpawnOptions): Promise<{ key: string; id: string }> {
    this.requireCurrent();
    const { assignee } = options;
    if (assignee !== undefined && !isAssignee(assignee))
      throw new TaskloomError('OPTIONS_INVALID', `\`assignee\` of ctx.spawn is ${inMessage(assignee)}; it must be ${ASSIGNEE_RULE}.`);
    const found = await this.find(target, input);
    const { agent } = found;
    const value = await this.checkedFor(agent, input);
    const key = options.key === undefined ? `${agent.name}:${hashJson(value)}` : `key:${options.key}`;
    const all = (this.added ??= new Map());
    const added = all.get(key) ?? this.addOnce(key, found, value, options);
    all.set(key, added);
    // What was refused may be asked for again, otherwise.
    added.catch(() => all.delete(key));
    return added;
  }

  private async addOnce(key: string, found: FoundAgent, value: Json, options: SpawnOptions): Promise<{ key: string; id: string }> {
    const known = await this.memo.spawned(key);
    this.requireCurrent();
    if (known) return { key: known.key, id: taskIdOf(this.grant.jobId, known.no) };
    const after = (options.after ?? []).map((task) => ({ task, mode: 'completed' as const }));
    const task = newTask('spawn', this.parts.spec, { ...found, fact: this.services.factOf(found.agent.name) }, value, key, options);
    const added = await this.addOrDrop({ ...task, after });
    return { key: added.key, id: taskIdOf(this.grant.jobId, added.no) };
  }

  /** A dependency that would close a circle is decided about by the application's hook. */
  private async addOrDrop(task: NewTask): Promise<{ readonly key: string; readonly no: number }> {
    try {
      return await this.services.spawn(this.grant, task);
    } catch (error) {
      if (!(error instanceof DependencyError) || !this.services.onDependencyConflict) throw error;
      const { jobId, key: taskKey } = this.grant;
      const conflict = { jobId, taskKey, newTask: task.key, after: (task.after ?? []).map((one) => one.task), cycle: error.cycle };
      const decision = await this.services.onDependencyConflict(conflict);
      const isDropped = decision === 'ask' ? await this.askAboutConflict(task.key, error) : decision === 'drop';
      if (!isDropped) throw error;
      return this.services.spawn(this.grant, { ...task, after: [] });
    }
  }

  private async askAboutConflict(key: string, { cycle, message }: DependencyError): Promise<boolean> {
    const name = `dependency-conflict ${key}`;
    const schema: JsonObject = { type: 'object', properties: { decision: { enum: ['drop', 'fail'] } }, required: ['decision'] };
    const known = await this.askPerson(name, {
      kind: 'conflict',
      question: `"${this.grant.key}" wants to add "${key}", but ${message} Add it without the dependency (drop), or fail?`,
      about: { cycle: [...cycle] },
      schema,
      deadline: null,
      onTimeout: 'decide',
      assignee: this.parts.spec.assignee,
    });
    return 'answer' in known && (known.answer as { decision?: Json } | null)?.decision === 'drop';
  }

  sleep(name: string, time: Duration | Date): Promise<void> {
    return handled(this.sleepUntil(name, time));
  }

  /** What the engine decides by. A clock that was set back does not bring back a moment that has passed in the job. */
  private jobTime(): number {
    return Math.max(this.services.clock.now(), this.grant.startedAt);
  }

  private async sleepUntil(name: string, time: Duration | Date): Promise<void> {
    this.requireCurrent();
    const known = await this.memo.sleep(name);
    this.requireCurrent();
    const now = this.jobTime();
    if (known !== undefined && known <= now) return;
    const until = known ?? timeOf(time, now, `ctx.sleep(${inMessage(name)})`);
    await this.gatherer.wait({ key: `sleep:${name}`, until, ...(known === undefined ? { sleep: { name, until } } : undefined) });
  }

  ask<Answer extends Schema>(name: string, options: AskOptions<Answer>): Promise<Answered<SchemaOutput<Answer>>> {
    return handled(this.question(name, options));
  }

  private async question<Answer extends Schema>(name: string, options: AskOptions<Answer>): Promise<Answered<SchemaOutput<Answer>>> {
    const { question, about = null, schema, deadline, onTimeout = 'decide', assignee = this.parts.spec.assignee } = options;
    const what = `ctx.ask(${inMessage(name)})`;
    checkQuestion(name, options, what);
    const known = await this.askPerson(name, {
      kind: 'question',
      question: cutText(question, QUESTION_CHARS),
      about,
      schema: schema ? jsonSchemaOf(schema, 'input', what) : null,
      deadline: deadline === undefined ? null : timeOf(deadline, this.jobTime(), what),
      onTimeout,
      assignee: assignee === null ? null : assignee.toWellFormed(),
    });
    if ('timedOut' in known) {
      if (known.timedOut === 'decide') return { timedOut: true, answer: null, by: null };
      throw new TaskloomError('HUMAN_TIMEOUT', `Nobody answered "${name}" in time.`, { details: { question: name } });
    }
    const checked = schema ? await validate(schema, known.answer) : { ok: true as const, value: known.answer };
    if (!checked.ok)
      throw new TaskloomError('INPUT_SCHEMA', `The answer to "${name}" does not fit its schema: ${describeIssues(checked.issues)}.`);
    return { timedOut: false, answer: checked.value as SchemaOutput<Answer>, by: known.by };
  }

  /** What became of the question; asks it, and ends the run, where nothing has yet. */
  private async askPerson(name: string, request: Omit<NewRequest, 'name' | 'hash'>): Promise<AskMemo> {
    this.requireCurrent();
    const known = await this.memo.ask(name);
    this.requireCurrent();
    if (known !== undefined && known !== 'open') return known;
    const { question, about, schema } = request;
    if (known === undefined && schema !== null) await this.checkedSchema(name, schema);
    const full: NewRequest = { ...request, name, hash: hashJson({ question, about, schema }) };
    return this.gatherer.wait({ key: `ask:${name}`, ...(known === 'open' ? undefined : { request: full }) });
  }

  /** What is asked for together with this waits for a check that takes its time. */
  private checkedSchema(name: string, schema: JsonObject): Promise<void> | null {
    const pending = checkAnswerSchema(schema, `ctx.ask(${inMessage(name)})`);
    return pending && this.gatherer.during(() => pending);
  }

  stream(text: string): void {
    if (this.attemptState.isOver) return;
    this.heartbeat();
    this.streamed ??= new StreamCollector(this.services.clock, (part) => this.services.reportStream(this.grant, part));
    this.streamed.add(text);
  }

  private checkedFor({ name, inputSchema }: AgentDefinition, input: Json): Promise<Json> {
    return checkedInput(inputSchema, input, this.services.inputBytes, `The input for "${name}"`, { agent: name });
  }

  /** @throws TaskloomError `UNKNOWN_AGENT`, `AGENT_NOT_ALLOWED`, `PLUGIN_FAILED` */
  private async find(target: AgentTarget, input: Json): Promise<FoundAgent> {
    const { allowedAgents } = this.grant;
    const routed = typeof target === 'string' ? await this.services.route(target, input, allowedAgents) : null;
    const agent = this.services.requireAgent(routed?.agent ?? target);
    if (allowedAgents && !allowedAgents.has(agent.name))
      throw new TaskloomError('AGENT_NOT_ALLOWED', `The job does not allow the agent "${agent.name}".`, { details: { agent: agent.name } });
    return { agent, route: routed?.route ?? null };
  }

  step<T extends Json | void>(name: string, act: () => T | Promise<T>): Promise<T extends void ? null : T> {
    return handled(this.gatherer.during(() => this.runStep(name, act), name)) as Promise<T extends void ? null : T>;
  }

  private async runStep(name: string, act: () => Json | void | Promise<Json | void>): Promise<Json> {
    this.requireCurrent();
    const known = await this.memo.step(name);
    if (known !== undefined) return known;
    const result = (await act()) ?? null;
    this.requireCurrent();
    const value = toJsonText(result, this.services.outputBytes, `The result of step "${name}"`);
    await this.services.recordStep(this.grant, name, value);
    return result;
  }

  publish<Topic extends TopicDefinition>(topic: Topic, payload: TopicInputOf<Topic>, { key }: PublishOptions = {}): Promise<void> {
    const step = stepAround();
    return handled(this.gatherer.during(() => this.published.publish(topic, payload as Json, key, step)));
  }

  private get published(): Publications {
    const { grant, memo, services } = this;
    this.keptPublications ??= new Publications({
      grant,
      memo,
      clock: services.clock,
      maxBytes: services.inputBytes,
      declared: services.requireAgent(grant.agent).publishes,
      send: (publication) => services.publish(grant, publication),
      requireCurrent: () => this.requireCurrent(),
    });
    return this.keptPublications;
  }

  async distilled({ budget = DEFAULT_BUDGET }: DistillOptions = {}): Promise<DistilledContext> {
    this.requireCurrent();
    if (!Number.isInteger(budget) || budget < 0)
      throw new TaskloomError('OPTIONS_INVALID', `\`budget\` is ${inMessage(budget)}; it must be a whole number of characters.`);
    const before = await this.services.store.digests(this.grant.jobId, this.grant.dependencies);
    const tasks = [...before, ...this.parts.children].map(toDigest);
    return { ...distill(tasks, budget), tasks };
  }

  get cache(): TaskCache {
    return this.state.cache;
  }

  shared(namespace: string): SharedState {
    return this.state.shared(namespace);
  }

  private get state(): ContextState {
    const { store, clock, cacheBound, outputBytes } = this.services;
    const { tenant, jobId, no } = this.grant;
    const requireCurrent = (): void => this.requireCurrent();
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
    if (this.attemptState.isOver) return;
    this.heartbeat();
    const clamped = Math.round(Math.min(100, Math.max(0, Number.isFinite(percent) ? percent : 0)));
    const wasWaiting = this.waitingProgress !== null;
    this.waitingProgress = { percent: clamped, message: message === undefined ? null : cutText(message, 200) };
    if (wasWaiting) return;
    const waitMs = this.lastProgressAt + PROGRESS_EVERY_MS - this.services.clock.monotonic();
    if (waitMs <= 0) this.sendProgress();
    else this.services.clock.schedule(waitMs, () => this.sendProgress());
  }

  heartbeat(): void {
    this.attemptState.lastSignAt = this.services.clock.monotonic();
  }

  cost(amounts: Cost): void {
    this.requireCurrent();
    const { grant, services } = this;
    services.spend(grant, checkedCost(amounts, services.spentBy(grant), `ctx.cost of "${grant.key}"`));
  }

  private sendProgress(): void {
    const waiting = this.waitingProgress;
    this.waitingProgress = null;
    if (waiting === null || this.attemptState.isOver) return;
    this.lastProgressAt = this.services.clock.monotonic();
    this.services.reportProgress(this.grant, waiting.percent, waiting.message);
  }

  private requireCurrent(): void {
    if (this.attemptState.isOver)
      throw new TaskloomError('ATTEMPT_ENDED', `The context of "${this.grant.key}" was used after its attempt had ended.`, {
        details: { task: this.grant.key },
      });
    this.heartbeat();
  }

  /** An agent whose questions differ at each run would grow the job for ever. */
  private async refuseUnstable(): Promise<void> {
    if (this.grant.rounds < UNSTABLE_ROUNDS || this.memo.needsUsed > 0) return;
    const asked = await this.memo.needsAsked();
    if (asked < UNSTABLE_ROUNDS || this.memo.needsUsed > 0) return;
    throw new TaskloomError(
      'NEED_UNSTABLE',
      `"${this.grant.key}" asked for new tasks in ${this.grant.rounds} rounds and used none of the ${asked} answers.`,
      { details: { task: this.grant.key, rounds: this.grant.rounds } },
    );
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

function newTask(
  origin: 'need' | 'spawn',
  asker: TaskSpec,
  { agent, route, fact }: FoundAgent & { readonly fact: AgentFact },
  value: Json,
  originKey: string,
  options: NeedOptions & SpawnOptions,
): NewTask {
  return {
    key: `${asker.key}.${agent.name}`.slice(-150),
    spec: {
      ...PLAIN_TASK,
      ...fact,
      type: 'SUBTASK',
      agent: agent.name,
      name: options.name ?? agent.name,
      assignee: options.assignee?.toWellFormed() ?? null,
      priority: options.priority ?? asker.priority,
      // The failure of what was asked for is an answer too: the agent that asked decides what it means.
      strategy: origin === 'need' ? 'continue' : (options.failureStrategy ?? asker.strategy),
      input: { value, refs: [] },
      origin,
      originKey,
      ...(route && { routed: route }),
    },
  };
}

function timeOf(time: Duration | Date, now: number, what: string): number {
  const ms = time instanceof Date ? momentMs(time) : durationMs(time);
  if (ms === null)
    throw new TaskloomError('OPTIONS_INVALID', `${what} has the time ${inMessage(time)}; write a duration such as '30s' or a Date.`);
  return time instanceof Date ? ms : now + ms;
}

function toDigest(digest: StoredDigest): TaskDigest {
  const { key, name, type, status } = digest;
  return { key, name, type, status, summary: digestSummary(digest) };
}
