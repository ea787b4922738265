import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import { describeIssues, validate, type Schema } from '../authoring/schema.js';
import { cutText } from '../context/cut-text.js';
import { defaultSummary, SUMMARY_CHARS } from '../context/default-summary.js';
import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { CommittedJob, Grant, Ledger } from '../ledger/ledger.js';
import type { Command } from '../model/command.js';
import type { JsonText } from '../model/event.js';
import { NO_RETRY } from '../model/retry-policy.js';
import type { TaskSpec } from '../model/task.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import type { Store, StoredDigest } from '../ports/store.js';
import type { Summarizer } from '../ports/summarizer.js';
import { Attempt } from './attempt.js';
import { failureOf } from './classify-failure.js';
import { ENGINE_AGENTS } from './engine-agents.js';
import { JobInputs } from './job-inputs.js';
import { toJsonText } from './memo.js';
import { SkipSignal } from './need-gatherer.js';
import type { Outcome } from './outcome.js';
import { RecentTasks } from './recent-tasks.js';
import type { Registry } from './registry.js';
import { resolveInput } from './resolve-input.js';
import { RunContext, type ContextServices } from './task-context.js';

export interface ExecutorOptions {
  readonly registry: Registry;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly summarizer: Summarizer | null;
  /** Run timeout of agents that set none; 0 means none. */
  readonly defaultTimeoutMs: number;
  /** How long the place of an attempt that was told to stop stays taken while its agent does not stop. */
  readonly graceMs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

const NO_OUTPUTS: ReadonlyMap<number, string | null> = new Map();
const SUMMARIZER_MS = 30_000;
const SUSPENSION_GRACE_MS = 1_000;

interface Returned {
  readonly kind: 'returned';
  readonly value: unknown;
}

/** Runs attempts: reads what an agent needs, runs it under its timeouts, checks what it returns, reports how it ended. */
export class Executor {
  private readonly running = new Map<string, Attempt>();
  private readonly idle: (() => void)[] = [];
  private readonly services: ContextServices;
  private readonly jobInputs: JobInputs;
  private readonly recent: RecentTasks;

  constructor(private readonly options: ExecutorOptions) {
    this.jobInputs = new JobInputs(options.store);
    this.recent = new RecentTasks(options.store);
    this.services = {
      store: options.store,
      clock: options.clock,
      logger: options.logger,
      outputBytes: options.outputBytes,
      requireAgent: (target: AgentTarget) => options.registry.requireAgent(target),
      recordStep: async (grant, name, value) => {
        await options.ledger.send(grant.jobId, { kind: 'record-step', task: grant.no, fence: grant.fence, name, value });
      },
      reportProgress: (grant, percent, message) =>
        this.tell(grant, { kind: 'report-progress', task: grant.no, fence: grant.fence, percent, message }),
    };
  }

  get runningCount(): number {
    return this.running.size;
  }

  /** Begins granted attempts. Never throws, never waits. */
  start(grants: readonly Grant[]): void {
    for (const grant of grants) {
      const attempt = new Attempt(grant, this.options.clock.monotonic());
      this.running.set(idOf(grant), attempt);
      void this.run(attempt);
    }
  }

  /** Takes note of what was written, and stops attempts whose tasks have ended without them. */
  committed(jobs: readonly CommittedJob[]): void {
    this.recent.committed(jobs);
    if (this.running.size === 0) return;
    for (const { jobId, events } of jobs) {
      for (const event of events) {
        if (event.type !== 'TASKS_CANCELLED' && event.type !== 'TASKS_FAILED' && event.type !== 'TASKS_SKIPPED') continue;
        for (const no of event.tasks) this.stopOne(`${jobId}:${no}`, event.cause.reason);
      }
    }
  }

  private stopOne(id: string, reason: string): void {
    const attempt = this.running.get(id);
    if (!attempt) return;
    attempt.abort(new TaskloomError('TASK_CANCELLED', `The task was cancelled (${reason}).`));
    this.options.clock.schedule(this.options.graceMs, () => this.leave(attempt));
  }

  /** Waits until every running attempt has ended, at most `graceMs`; then tells the rest to stop and hands their tasks back. */
  async drain(graceMs: number): Promise<void> {
    if (this.running.size === 0) return;
    await Promise.race([new Promise<void>((resolve) => this.idle.push(resolve)), this.sleep(graceMs)]);
    for (const attempt of Array.from(this.running.values())) {
      if (attempt.abort(new TaskloomError('ENGINE_STOPPED', 'The engine is stopping.')))
        this.report(attempt, null, { kind: 'handed-back' });
    }
    await this.options.ledger.settled();
  }

  // ── one attempt ─────────────────────────────────────────────────────────────────────────────────────────────

  private async run(attempt: Attempt): Promise<void> {
    try {
      await this.runSteps(attempt);
    } finally {
      this.leave(attempt);
    }
  }

  private async runSteps(attempt: Attempt): Promise<void> {
    let spec: TaskSpec | null = null;
    let outcome: Outcome;
    try {
      const { grant } = attempt;
      spec = await this.recent.spec(grant.jobId, grant.no);
      if (!spec) throw new TaskloomError('INTERNAL', `Task ${grant.no} of job ${grant.jobId} has no definition.`);
      outcome = await this.runSpec(attempt, spec);
    } catch (error) {
      outcome = failureOf(error);
    }
    if (attempt.end() || outcome.kind === 'suspended') this.report(attempt, spec, outcome);
  }

  private async runSpec(attempt: Attempt, spec: TaskSpec): Promise<Outcome> {
    const { grant } = attempt;
    const isEngineAgent = grant.agent in ENGINE_AGENTS;
    const definition = isEngineAgent ? undefined : this.options.registry.agent(grant.agent);
    if (!isEngineAgent && !definition) {
      return {
        kind: 'parked',
        reason: 'AGENT_UNAVAILABLE',
        message: `The agent "${grant.agent}" is not registered in this process; the task starts when it is.`,
      };
    }
    const outputs = await this.outputsFor(grant, spec);
    const children = grant.hasChildren ? await this.options.store.children(grant.jobId, grant.no) : [];
    const { value, missing } = resolveInput(spec.input, outputs, this.options.inputBytes);
    return definition
      ? this.runAgent(attempt, spec, definition, value, { outputs, children, missing })
      : this.runEngineAgent(attempt, spec, value, missing, children);
  }

  /** Outputs of the tasks it depends on, and of those its input refers to. */
  private async outputsFor({ jobId, dependencies }: Grant, spec: TaskSpec): Promise<ReadonlyMap<number, string | null>> {
    const wanted = new Set(dependencies);
    for (const { task } of spec.input.refs) wanted.add(task);
    return wanted.size === 0 ? NO_OUTPUTS : this.recent.outputs(jobId, [...wanted]);
  }

  private async runAgent(
    attempt: Attempt,
    spec: TaskSpec,
    definition: AgentDefinition,
    value: Json | undefined,
    read: {
      readonly outputs: ReadonlyMap<number, string | null>;
      readonly children: readonly StoredDigest[];
      readonly missing: readonly number[];
    },
  ): Promise<Outcome> {
    const input = await checkInput(definition, value, read.missing.length > 0);
    const context = await this.contextFor(attempt, spec, read);
    const returned = await this.callAgent(attempt, spec, definition, input, context);
    if (returned.kind !== 'returned') return returned;
    const output = await checkOutput(definition.outputSchema, returned.value, `The output of "${definition.name}"`);
    const text = toJsonText(output, this.options.outputBytes, `The output of "${definition.name}"`);
    return {
      kind: 'completed',
      output: text,
      value: output as Json,
      summary: context.summary ?? (await this.summarize(spec, output as Json, text, read.children, attempt)),
    };
  }

  private async contextFor(
    attempt: Attempt,
    spec: TaskSpec,
    read: {
      readonly outputs: ReadonlyMap<number, string | null>;
      readonly children: readonly StoredDigest[];
      readonly missing: readonly number[];
    },
  ): Promise<RunContext> {
    const { jobId, keyOf } = attempt.grant;
    const jobInput = await this.jobInputs.get(jobId);
    return new RunContext(
      attempt,
      { spec, jobInput, outputs: read.outputs, missing: read.missing.map(keyOf), children: read.children },
      this.services,
    );
  }

  /** Runs `execute` until it ends, its time is up, it suspends, or it was stopped from outside. */
  private callAgent(
    attempt: Attempt,
    spec: TaskSpec,
    definition: AgentDefinition,
    input: unknown,
    context: RunContext,
  ): Promise<Outcome | Returned> {
    const { clock, graceMs } = this.options;
    return new Promise((resolve) => {
      const stopTimers = this.watch(attempt, spec, definition, (reason) => {
        stopTimers();
        if (!attempt.abort(reason)) return;
        this.report(attempt, spec, failureOf(reason));
        clock.schedule(graceMs, () => this.leave(attempt));
      });
      const settle = (outcome: Outcome | Returned): void => {
        stopTimers();
        resolve(context.gatherer.isOpen ? suspensionOf(context) : outcome);
      };
      // An agent that catches the suspension and goes on does not hold its task up.
      context.onSuspended = () => clock.schedule(SUSPENSION_GRACE_MS, () => settle(suspensionOf(context)));
      try {
        const result = (definition.execute as (input: never, context: RunContext) => unknown)(input as never, context);
        if (isThenable(result))
          Promise.resolve(result).then(
            (value: unknown) => settle({ kind: 'returned', value }),
            (error: unknown) => settle(thrown(error)),
          );
        else settle({ kind: 'returned', value: result });
      } catch (error) {
        settle(thrown(error));
      }
    });
  }

  /** Sets the clocks of an attempt. Returns what stops them. */
  private watch(attempt: Attempt, spec: TaskSpec, definition: AgentDefinition, onTimeout: (reason: TaskloomError) => void): () => void {
    const { clock, defaultTimeoutMs } = this.options;
    const runMs = spec.overrides?.timeoutMs ?? definition.timeoutMs ?? defaultTimeoutMs;
    const { idleTimeoutMs: idleMs } = definition;
    const stopRun =
      runMs === 0
        ? null
        : clock.schedule(runMs, () =>
            onTimeout(
              new TaskloomError('TASK_TIMEOUT', `"${spec.key}" ran longer than its timeout of ${runMs} ms.`, {
                details: { timeoutMs: runMs },
              }),
            ),
          );
    let stopIdle: (() => void) | null = null;
    const checkIdle = (): void => {
      const leftMs = attempt.lastSignAt + idleMs - clock.monotonic();
      if (leftMs <= 0)
        onTimeout(
          new TaskloomError('TASK_IDLE', `"${spec.key}" gave no sign of life for ${idleMs} ms.`, { details: { idleTimeoutMs: idleMs } }),
        );
      else stopIdle = clock.schedule(leftMs, checkIdle);
    };
    if (idleMs > 0) checkIdle();
    return () => {
      stopRun?.();
      stopIdle?.();
    };
  }

  private async runEngineAgent(
    attempt: Attempt,
    spec: TaskSpec,
    input: Json | undefined,
    missing: readonly number[],
    children: readonly StoredDigest[],
  ): Promise<Outcome> {
    const { agent, keyOf } = attempt.grant;
    const result = ENGINE_AGENTS[agent]!({ spec, input, children });
    if ('add' in result) return { kind: 'suspended', waitFor: 'children', tasks: result.add, alreadyAsked: [] };
    if (result.output !== 'input')
      return {
        kind: 'completed',
        output: result.output,
        value: undefined,
        summary: await this.summarize(spec, null, null, children, attempt),
      };
    if (missing.length > 0 && input === undefined) throw missingInput(spec.key, missing.map(keyOf));
    const output = await this.checkJobOutput(attempt.grant, input ?? null);
    const text = toJsonText(output, this.options.outputBytes, 'The output of the job');
    return { kind: 'completed', output: text, value: output, summary: await this.summarize(spec, output, text, children, attempt) };
  }

  private async checkJobOutput({ workflow }: Grant, output: Json): Promise<Json> {
    const schema = workflow === null ? null : (this.options.registry.workflow(workflow)?.outputSchema ?? null);
    return schema ? ((await checkOutput(schema, output, `The output of the workflow "${workflow!}"`)) as Json) : output;
  }

  private async summarize(
    spec: TaskSpec,
    output: Json,
    text: JsonText | null,
    children: readonly StoredDigest[],
    attempt: Attempt,
  ): Promise<string> {
    const { summarizer } = this.options;
    const byDefault = (): string => defaultSummary({ taskName: spec.name, output, children });
    if (!summarizer) return byDefault();
    try {
      const request = { taskName: spec.name, agent: spec.agent, output, outputBytes: text?.bytes ?? 0, children };
      const summary = await Promise.race([summarizer.summarize(request, attempt.signal), this.sleep(SUMMARIZER_MS)]);
      return typeof summary === 'string' ? cutText(summary, SUMMARY_CHARS) : byDefault();
    } catch (error) {
      this.options.logger.warn('The summarizer failed; the default summary is used.', { task: spec.key, error: (error as Error).message });
      return byDefault();
    }
  }

  // ── reporting ───────────────────────────────────────────────────────────────────────────────────────────────

  private report(attempt: Attempt, spec: TaskSpec | null, outcome: Outcome): void {
    const { grant } = attempt;
    this.tell(grant, this.commandFor(grant, spec, outcome));
  }

  private commandFor({ no: task, fence, agent }: Grant, spec: TaskSpec | null, outcome: Outcome): Command {
    const from = { task, fence };
    switch (outcome.kind) {
      case 'completed':
        return { kind: 'complete', ...from, output: outcome.output, summary: outcome.summary, value: outcome.value };
      case 'failed': {
        const retry = spec?.overrides?.retry ?? this.options.registry.agent(agent)?.retry ?? NO_RETRY;
        const { error, timedOut, retryable, retryAfterMs } = outcome;
        return { kind: 'fail', ...from, error, timedOut, retryable, retry, retryAfterMs, random: Math.random() };
      }
      case 'skipped':
        return { kind: 'skip', ...from, message: outcome.message };
      case 'suspended':
        return { kind: 'suspend', ...from, waitFor: outcome.waitFor, tasks: outcome.tasks, alreadyAsked: outcome.alreadyAsked };
      case 'parked':
        return { kind: 'park', ...from, reason: outcome.reason, message: outcome.message };
      case 'handed-back':
        return { kind: 'hand-back', ...from };
    }
  }

  /** Sends an attempt's word. When it is refused for what it says, the attempt fails with that; a zombie's word is dropped. */
  private tell(grant: Grant, command: Command): void {
    this.options.ledger.send(grant.jobId, command).catch((error: unknown) => {
      if (isTaskloomError(error) && (error.code === 'LEASE_LOST' || error.code === 'ENGINE_STOPPED' || error.code === 'NOT_FOUND')) {
        this.options.logger.debug('The word of an attempt that is over was not taken.', {
          jobId: grant.jobId,
          task: grant.key,
          code: error.code,
        });
      } else if (command.kind === 'fail' || command.kind === 'report-progress') {
        this.options.logger.error('An attempt could not report its end.', {
          jobId: grant.jobId,
          task: grant.key,
          error: (error as Error).message,
        });
      } else {
        const { error: stored, retryable } = failureOf(error);
        this.tell(grant, {
          kind: 'fail',
          task: grant.no,
          fence: grant.fence,
          error: stored,
          timedOut: false,
          retryable,
          retry: NO_RETRY,
          retryAfterMs: 0,
          random: 0,
        });
      }
    });
  }

  /** The agent has really stopped, or was given enough time to: its place is free. */
  private leave(attempt: Attempt): void {
    const id = idOf(attempt.grant);
    if (this.running.get(id) !== attempt) return;
    this.running.delete(id);
    this.options.dispatcher.release(attempt.grant.place);
    this.options.ledger.nudge();
    if (this.running.size === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.clock.schedule(ms, resolve));
  }
}

async function checkInput(definition: AgentDefinition, value: Json | undefined, hasMissing: boolean): Promise<unknown> {
  const pending = validate(definition.inputSchema, value);
  const checked = pending instanceof Promise ? await pending : pending;
  if (checked.ok) return checked.value;
  const what = `The input of "${definition.name}" does not fit its schema: ${describeIssues(checked.issues)}.`;
  throw new TaskloomError(hasMissing ? 'MISSING_INPUT' : 'INPUT_SCHEMA', what, {
    details: { agent: definition.name, issues: checked.issues.map((issue) => ({ ...issue })) },
  });
}

async function checkOutput(schema: Schema, value: unknown, what: string): Promise<unknown> {
  const pending = validate(schema, value);
  const checked = pending instanceof Promise ? await pending : pending;
  if (checked.ok) return checked.value;
  throw new TaskloomError('OUTPUT_SCHEMA', `${what} does not fit its schema: ${describeIssues(checked.issues)}.`, {
    details: { issues: checked.issues.map((issue) => ({ ...issue })) },
  });
}

function missingInput(key: string, sources: readonly string[]): TaskloomError {
  return new TaskloomError(
    'MISSING_INPUT',
    `"${key}" has no value because ${sources.map((source) => `"${source}"`).join(', ')} ended without an output.`,
    { details: { sources: [...sources] } },
  );
}

function thrown(error: unknown): Outcome {
  return error instanceof SkipSignal ? { kind: 'skipped', message: error.reason } : failureOf(error);
}

function suspensionOf(context: RunContext): Outcome {
  return { kind: 'suspended', waitFor: 'needs', tasks: context.gatherer.tasks(), alreadyAsked: context.gatherer.alreadyAsked() };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function idOf({ jobId, no }: Grant): string {
  return `${jobId}:${no}`;
}
