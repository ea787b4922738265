import type { AgentDefinition, AgentInputOf, AgentOutputOf, AgentTarget } from '../authoring/agent-definition.js';
import type { SharedState, TaskCache } from '../authoring/context-state.js';
import { describeIssues, validate } from '../authoring/schema.js';
import type { DistilledContext, DistillOptions, NeedOptions, TaskContext, TaskDigest, TaskLogger } from '../authoring/task-context.js';
import { cutText } from '../context/cut-text.js';
import { SUMMARY_CHARS } from '../context/default-summary.js';
import { digestSummary } from '../context/digest-summary.js';
import { distill } from '../context/distillation.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { taskIdOf } from '../kernel/ids.js';
import { byteLength, findJsonProblem, type Json } from '../kernel/json.js';
import type { Grant } from '../ledger/committed.js';
import type { JsonText } from '../model/event.js';
import type { AttemptReason, TaskSpec } from '../model/task.js';
import { isTerminalTask } from '../model/task.js';
import type { Logger } from '../ports/logger.js';
import type { EntryBound } from '../ports/key-value-store.js';
import type { Store, StoredDigest } from '../ports/store.js';
import type { Attempt } from './attempt.js';
import { ContextState } from './context-state.js';
import { Memo, toJsonText } from './memo.js';
import { NeedGatherer, SkipSignal } from './need-gatherer.js';

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
  /** The agent that stands behind a target. @throws TaskloomError `UNKNOWN_AGENT` */
  requireAgent(target: AgentTarget): AgentDefinition;
  /** Resolves when the step is durable. */
  recordStep(grant: Grant, name: string, value: JsonText): Promise<void>;
  reportProgress(grant: Grant, percent: number, message: string | null): void;
}

export interface ContextParts {
  readonly spec: TaskSpec;
  /** The job's input as JSON text: each context reads its own copy. */
  readonly jobInput: string;
  readonly outputs: ReadonlyMap<number, string | null>;
  readonly missing: readonly string[];
  readonly children: readonly StoredDigest[];
}

const DEFAULT_BUDGET = 16_384;
const PROGRESS_EVERY_MS = 250;
const UNSTABLE_ROUNDS = 3;

/** The context of one run of an agent. */
export class RunContext implements TaskContext {
  readonly gatherer: NeedGatherer;
  readonly missing: readonly string[];
  summary: string | null = null;
  /** Called when the run has to end to wait. */
  onSuspended: () => void = () => undefined;
  private readonly memo: Memo;
  private readonly grant: Grant;
  private lastProgressAt = Number.NEGATIVE_INFINITY;
  private waitingProgress: { percent: number; message: string | null } | null = null;
  private keptState: ContextState | null = null;
  private parsedJobInput: { readonly value: Json } | null = null;
  private parsedDependencies: { readonly [key: string]: Json } | null = null;

  constructor(
    private readonly attemptState: Attempt,
    private readonly parts: ContextParts,
    private readonly services: ContextServices,
  ) {
    const { grant } = attemptState;
    this.grant = grant;
    this.missing = parts.missing;
    this.memo = new Memo(services.store, grant.jobId, grant.no, grant.generation, grant.attempt === 1 && grant.reason === 'FIRST');
    this.gatherer = new NeedGatherer(services.clock, () => {
      attemptState.end();
      this.onSuspended();
    });
  }

  get job(): TaskContext['job'] {
    this.parsedJobInput ??= { value: JSON.parse(this.parts.jobInput) as Json };
    return { id: this.grant.jobId, name: this.grant.jobName, workflow: this.grant.workflow, input: this.parsedJobInput.value };
  }

  get task(): TaskContext['task'] {
    const { key, name, type, description, acceptanceCriteria, metadata, no } = this.parts.spec;
    return { id: taskIdOf(this.grant.jobId, no), key, name, type, description, acceptanceCriteria, metadata };
  }

  get attempt(): { readonly number: number; readonly reason: AttemptReason; readonly feedback: string | null } {
    return { number: this.grant.attempt, reason: this.grant.reason, feedback: null };
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
    return handled(this.ask(target, input, options));
  }

  private async ask<Target extends AgentTarget>(
    target: Target,
    input: AgentInputOf<Target>,
    options: NeedOptions,
  ): Promise<AgentOutputOf<Target>> {
    this.requireCurrent();
    const agent = this.services.requireAgent(target);
    const { allowedAgents } = this.grant;
    if (allowedAgents && !allowedAgents.has(agent.name))
      throw new TaskloomError('AGENT_NOT_ALLOWED', `The job does not allow the agent "${agent.name}".`, { details: { agent: agent.name } });
    const value = await checkedInput(agent, input as Json, this.services.inputBytes);
    const key = options.key === undefined ? `${agent.name}:${hashJson(value)}` : `key:${options.key}`;
    const known = await this.memo.need(key);
    this.requireCurrent();
    if (known && isTerminalTask(known.status)) return (await this.memo.answer(known)) as AgentOutputOf<Target>;
    if (!known) await this.refuseUnstable();
    return this.gatherer.ask({
      key,
      asked: known ? known.no : null,
      task: known ? null : needTask(this.parts.spec, agent, value, key, options),
    });
  }

  step<T extends Json | void>(name: string, act: () => T | Promise<T>): Promise<T extends void ? null : T> {
    return handled(this.gatherer.during(() => this.runStep(name, act))) as Promise<T extends void ? null : T>;
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

  async distilled({ budget = DEFAULT_BUDGET }: DistillOptions = {}): Promise<DistilledContext> {
    this.requireCurrent();
    if (!Number.isInteger(budget) || budget < 0)
      throw new TaskloomError('OPTIONS_INVALID', `\`budget\` is ${String(budget)}; it must be a whole number of characters.`);
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

/** A promise that may be awaited late, or never, without its rejection ending the process: the agent's own `await` still throws. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function checkedInput(agent: AgentDefinition, input: Json, maxBytes: number): Promise<Json> {
  const problem = findJsonProblem(input);
  if (problem)
    throw new TaskloomError(
      'INPUT_NOT_JSON',
      `The input for "${agent.name}" is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`,
    );
  const bytes = byteLength(JSON.stringify(input ?? null));
  if (bytes > maxBytes)
    throw new TaskloomError('INPUT_TOO_LARGE', `The input for "${agent.name}" has ${bytes} bytes; at most ${maxBytes} are stored.`, {
      details: { bytes, limit: maxBytes },
    });
  const checked = await validate(agent.inputSchema, input);
  if (!checked.ok) {
    throw new TaskloomError('INPUT_SCHEMA', `The input for "${agent.name}" does not fit its schema: ${describeIssues(checked.issues)}.`, {
      details: { agent: agent.name, issues: checked.issues.map((issue) => ({ ...issue })) },
    });
  }
  return input;
}

function needTask(
  asker: TaskSpec,
  agent: AgentDefinition,
  value: Json,
  originKey: string,
  options: NeedOptions,
): ReturnType<NeedGatherer['tasks']>[number] {
  return {
    key: `${asker.key}.${agent.name}`.slice(-150),
    spec: {
      type: 'SUBTASK',
      agent: agent.name,
      name: options.name ?? agent.name,
      description: null,
      kind: null,
      acceptanceCriteria: null,
      priority: asker.priority,
      // Its failure is an answer too: the agent that asked decides what it means.
      strategy: 'continue',
      dependencies: [],
      input: { value, refs: [] },
      condition: null,
      map: null,
      overrides: null,
      metadata: null,
      origin: 'need',
      originKey,
    },
  };
}

function toDigest(digest: StoredDigest): TaskDigest {
  const { key, name, type, status } = digest;
  return { key, name, type, status, summary: digestSummary(digest) };
}
