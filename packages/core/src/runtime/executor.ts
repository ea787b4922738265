import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { CommittedJob, Grant } from '../ledger/committed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AgentFact } from '../model/agent-facts.js';
import type { JobEvent } from '../model/event.js';
import type { TaskSpec } from '../model/task.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import type { EntryBound } from '../ports/key-value-store.js';
import type { Store, StoredDigest } from '../ports/store.js';
import type { Summarizer } from '../ports/summarizer.js';
import { Attempt } from './attempt.js';
import { AttemptReports } from './attempt-reports.js';
import { callAgent } from './call-agent.js';
import { checkInput, checkOutput } from './check-values.js';
import { failureOf } from './classify-failure.js';
import { ENGINE_AGENTS } from './engine-agents.js';
import { JobInputs } from './job-inputs.js';
import { toJsonText } from './memo.js';
import { judge } from './judge.js';
import type { Outcome, Waits } from './outcome.js';
import { RecentTasks, type Outputs } from './recent-tasks.js';
import type { Registry } from './registry.js';
import { resolveInput } from './resolve-input.js';
import { ResultCache, type CacheRequest } from './result-cache.js';
import { Summaries } from './summaries.js';
import { RunContext, type ContextServices, type DependencyConflictHook } from './task-context.js';
import { Timeouts, type Planner } from './timeouts.js';
import { watchAttempt } from './watch-attempt.js';

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
  /** Of an input once refs are resolved. */
  readonly inputBytes: number;
  readonly literalInputBytes: number;
  readonly outputBytes: number;
  /** Most of what caches hold. */
  readonly cacheBound: EntryBound;
  readonly onDependencyConflict: DependencyConflictHook | null;
  readonly planner: Planner | null;
}

/** What an attempt starts from. */
interface Start {
  readonly attempt: Attempt;
  readonly spec: TaskSpec;
  readonly outputs: Outputs;
  readonly children: readonly StoredDigest[];
  /** The input, its holes filled. */
  readonly value: Json | undefined;
  /** Numbers of tasks that a hole wanted a value of, and that have none. */
  readonly missing: readonly number[];
  /** What the review said that rejected it. */
  readonly feedback: string | null;
}

const NO_WAITS: Waits = { waitFor: 'children', tasks: [], alreadyAsked: [] };
const HANDED_BACK: Outcome = { kind: 'handed-back' };
const NO_OUTPUTS: Outputs = new Map();
const NO_CHILDREN: readonly StoredDigest[] = [];

/**
 * Runs attempts, step by step: read what the agent needs, check its input, run it, check what it returns, summarise,
 * report. What is known already is not waited for: a promise for each step would cost more than the steps.
 */
export class Executor {
  private readonly running = new Set<Attempt>();
  /** The current attempt of each task; an earlier one may still be running out its grace time. */
  private readonly current = new Map<string, Attempt>();
  private readonly idle: (() => void)[] = [];
  private readonly services: ContextServices;
  private readonly jobInputs: JobInputs;
  private readonly recent: RecentTasks;
  private readonly reports: AttemptReports;
  private readonly summaries: Summaries;
  private readonly results: ResultCache;
  private readonly timeouts: Timeouts;

  constructor(private readonly options: ExecutorOptions) {
    const { registry, store, ledger, clock, logger, outputBytes, literalInputBytes } = options;
    this.jobInputs = new JobInputs(store);
    this.recent = new RecentTasks(store);
    this.reports = new AttemptReports(ledger, registry, logger);
    this.summaries = new Summaries(options.summarizer, clock, logger);
    this.results = new ResultCache({ store, clock, logger, bound: options.cacheBound, defaultTimeoutMs: options.defaultTimeoutMs });
    this.timeouts = new Timeouts({
      clock,
      logger,
      reports: this.reports,
      planner: options.planner,
      left: (attempt) => this.leaveAfterGrace(attempt),
    });
    this.services = {
      store,
      clock,
      logger,
      outputBytes,
      cacheBound: options.cacheBound,
      inputBytes: literalInputBytes,
      requireAgent: (target: AgentTarget) => registry.requireAgent(target),
      factOf: (agent) => registry.factOf(agent),
      recordStep: async (grant, name, value) => {
        await ledger.send(grant.jobId, { kind: 'record-step', task: grant.no, fence: grant.fence, memo: 'step', name, value });
      },
      spawn: async (grant, task) => {
        const events = await ledger.send(grant.jobId, { kind: 'spawn', task: grant.no, fence: grant.fence, tasks: [task] });
        return events.flatMap((event) => (event.type === 'TASKS_ADDED' ? event.specs : []))[0]!;
      },
      onDependencyConflict: options.onDependencyConflict,
      reportProgress: (grant, percent, message) => this.reports.progressed(grant, percent, message),
      reportStream: (grant, text) => this.reports.streamed(grant, text),
    };
  }

  get runningCount(): number {
    return this.running.size;
  }

  /** Begins granted attempts. Never throws, never waits. */
  start(grants: readonly Grant[]): void {
    for (const grant of grants) {
      const attempt = new Attempt(grant, this.options.clock.monotonic());
      this.running.add(attempt);
      this.current.set(idOf(grant), attempt);
      void this.run(attempt);
    }
  }

  /** Takes note of what was written, and stops attempts whose tasks have ended without them. */
  committed(jobs: readonly CommittedJob[]): void {
    this.recent.committed(jobs);
    if (this.running.size === 0) return;
    for (const { jobId, events, standing } of jobs) {
      if (!events.some(mayEndAttempts)) continue;
      for (const attempt of Array.from(this.current.values())) {
        if (attempt.grant.jobId !== jobId) continue;
        const task = standing(attempt.grant.no);
        if (task?.status === 'IN_PROGRESS' && task.fence === attempt.grant.fence) continue;
        this.cancel(attempt, task?.reason ?? task?.status ?? 'SUPERSEDED');
      }
    }
  }

  /** Waits until every running attempt has ended, at most `graceMs`; then tells the rest to stop and hands their tasks back. */
  async drain(graceMs: number): Promise<void> {
    if (this.running.size === 0) return;
    let stopTimer: () => void = () => undefined;
    const timeUp = new Promise<void>((resolve) => (stopTimer = this.options.clock.schedule(graceMs, resolve)));
    await Promise.race([new Promise<void>((resolve) => this.idle.push(resolve)), timeUp]);
    stopTimer();
    for (const attempt of Array.from(this.running)) {
      const hadItsSay = attempt.abort(new TaskloomError('ENGINE_STOPPED', 'The engine is stopping.'));
      const outcome = hadItsSay ? HANDED_BACK : attempt.pendingOutcome?.();
      if (outcome) this.reports.ended(attempt.grant, null, outcome);
    }
    await this.options.ledger.settled();
  }

  // ── one attempt ─────────────────────────────────────────────────────────────────────────────────────────────

  private async run(attempt: Attempt): Promise<void> {
    const { grant } = attempt;
    let spec: TaskSpec | null = null;
    let outcome: Outcome;
    try {
      const found = this.recent.spec(grant.jobId, grant.no);
      spec = found instanceof Promise ? await found : found;
      if (!spec) throw new TaskloomError('INTERNAL', `Task ${grant.no} of job ${grant.jobId} has no definition.`);
      outcome = await this.outcomeOf(attempt, spec);
    } catch (error) {
      outcome = failureOf(error);
    }
    // A suspended run has given its say away when its window closed; this is the word it kept.
    if (attempt.end() || outcome.kind === 'suspended') this.reports.ended(grant, spec, outcome);
    this.leave(attempt);
  }

  private async outcomeOf(attempt: Attempt, spec: TaskSpec): Promise<Outcome> {
    const { agent } = attempt.grant;
    const isEngineAgent = agent in ENGINE_AGENTS;
    const definition = isEngineAgent ? undefined : this.options.registry.agent(agent);
    if (!isEngineAgent && !definition) {
      return {
        kind: 'parked',
        reason: 'AGENT_UNAVAILABLE',
        message: `The agent "${agent}" is not registered in this process; the task starts when it is.`,
      };
    }
    const start = await this.read(attempt, spec);
    if (!definition) return this.runEngineAgent(start);
    const run = (): Promise<Outcome> => this.runAgent(start, definition);
    // What is to be judged is worked out each time.
    return definition.cache && spec.review === null
      ? this.results.outcomeOf(cacheRequest(start, definition), definition.cache, run)
      : run();
  }

  /** Reads outputs of the tasks it depends on and of those its input refers to, and what is below it. */
  private async read(attempt: Attempt, spec: TaskSpec): Promise<Start> {
    const { jobId, no, dependencies, hasChildren } = attempt.grant;
    const { refs } = spec.input;
    const wanted = refs.length === 0 ? dependencies : [...new Set([...dependencies, ...refs.map(({ task }) => task)])];
    const found = wanted.length === 0 ? NO_OUTPUTS : this.recent.outputs(jobId, wanted);
    const outputs = found instanceof Promise ? await found : found;
    const children = hasChildren ? await this.options.store.children(jobId, no) : NO_CHILDREN;
    const { value, missing } = resolveInput(spec.input, outputs, this.options.inputBytes);
    const { feedbackSeq } = attempt.grant;
    const feedback = feedbackSeq === 0 ? null : await this.options.store.feedback(jobId, feedbackSeq);
    return { attempt, spec, outputs, children, value, missing, feedback };
  }

  private async runAgent(start: Start, definition: AgentDefinition): Promise<Outcome> {
    const { attempt, spec, value, missing, children } = start;
    const { clock, defaultTimeoutMs, outputBytes } = this.options;
    const onTimeout = (reason: TaskloomError): void => this.timeouts.over(attempt, spec, definition, reason);
    // The checks count too: a schema's own code can hang like an agent's.
    const stopTimers = watchAttempt({ attempt, spec, definition, clock, defaultTimeoutMs, onTimeout });
    try {
      const pendingInput = checkInput(definition, value, missing.length > 0);
      const input = pendingInput instanceof Promise ? ((await pendingInput) as unknown) : pendingInput;
      const pendingJobInput = this.jobInputs.get(attempt.grant.jobId);
      const context = this.contextFor(start, pendingJobInput instanceof Promise ? await pendingJobInput : pendingJobInput);
      const returned = await callAgent(attempt, definition, input, context, clock);
      context.flush();
      if (returned.kind !== 'returned') return returned;

      const what = `The output of "${definition.name}"`;
      const pendingOutput = checkOutput(definition.outputSchema, returned.value, what);
      const output = (pendingOutput instanceof Promise ? await pendingOutput : pendingOutput) as Json;
      const text = toJsonText(output, outputBytes, what);
      const verdict = spec.review?.by === 'predicate' && definition.judge ? await judge(definition.judge, output, input) : null;
      // The work is done; a slow summarizer has a limit of its own and is no reason to do it again.
      stopTimers();
      const pendingSummary = context.summary ?? this.summaries.write({ spec, output, text, children }, attempt);
      const summary = typeof pendingSummary === 'string' ? pendingSummary : await pendingSummary;
      return { kind: 'completed', output: text, value: output, summary, verdict };
    } finally {
      stopTimers();
    }
  }

  private contextFor({ attempt, spec, outputs, missing, children, feedback }: Start, jobInput: string): RunContext {
    const { grant } = attempt;
    const keys = [...new Set([...grant.missing, ...missing])].map(grant.keyOf);
    return new RunContext(attempt, { spec, jobInput, outputs, missing: keys, children, feedback }, this.services);
  }

  private async runEngineAgent({ attempt, spec, value, missing, children }: Start): Promise<Outcome> {
    const { agent, keyOf } = attempt.grant;
    const factOf = (name: string): AgentFact => this.options.registry.factOf(name);
    const result = ENGINE_AGENTS[agent]!({ spec, input: value, children, factOf });
    if ('add' in result) return { kind: 'suspended', waits: { ...NO_WAITS, tasks: result.add } };
    if (result.output !== 'input') {
      return {
        kind: 'completed',
        output: result.output,
        value: undefined,
        summary: await this.summaries.write({ spec, output: null, text: null, children }, attempt),
        verdict: null,
      };
    }
    if (missing.length > 0 && value === undefined) throw missingOutput(spec.key, missing.map(keyOf));
    const output = await this.checkJobOutput(attempt.grant, value ?? null);
    const text = toJsonText(output, this.options.outputBytes, 'The output of the job');
    return {
      kind: 'completed',
      output: text,
      value: output,
      summary: await this.summaries.write({ spec, output, text, children }, attempt),
      verdict: null,
    };
  }

  private async checkJobOutput({ workflow }: Grant, output: Json): Promise<Json> {
    const schema = workflow === null ? null : (this.options.registry.workflow(workflow)?.outputSchema ?? null);
    return schema ? ((await checkOutput(schema, output, `The output of the workflow "${workflow!}"`)) as Json) : output;
  }

  // ── ends from outside ───────────────────────────────────────────────────────────────────────────────────────

  private cancel(attempt: Attempt, reason: string): void {
    attempt.abort(new TaskloomError('TASK_CANCELLED', `The task was cancelled (${reason}).`));
    this.leaveAfterGrace(attempt);
  }

  private leaveAfterGrace(attempt: Attempt): void {
    this.options.clock.schedule(this.options.graceMs, () => this.leave(attempt));
  }

  /** The agent has really stopped, or was given enough time to: its place is free. */
  private leave(attempt: Attempt): void {
    if (attempt.hasLeft) return;
    attempt.hasLeft = true;
    this.running.delete(attempt);
    const id = idOf(attempt.grant);
    if (this.current.get(id) === attempt) this.current.delete(id);
    this.options.dispatcher.release(attempt.grant.place);
    this.options.ledger.nudge();
    if (this.running.size === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}

function cacheRequest({ attempt, spec, value, missing, children }: Start, definition: AgentDefinition): CacheRequest {
  return { attempt, spec, definition, value, seesMore: missing.length > 0 || attempt.grant.missing.length > 0 || children.length > 0 };
}

/** Events that end attempts otherwise than by the attempts' own word. */
function mayEndAttempts({ type, actor }: JobEvent): boolean {
  switch (type) {
    case 'TASKS_CANCELLED':
    case 'TASKS_FAILED':
    case 'TASKS_SKIPPED':
    case 'TASKS_REOPENED':
    case 'TASK_REJECTED':
      return true;
    case 'TASK_COMPLETED':
    case 'TASK_FAILED':
    case 'TASK_SKIPPED':
    case 'TASK_PARKED':
    case 'TASK_REROUTED':
      return actor !== 'agent';
    default:
      return false;
  }
}

function missingOutput(key: string, sources: readonly string[]): TaskloomError {
  return new TaskloomError(
    'MISSING_INPUT',
    `"${key}" has no value because ${sources.map((source) => `"${source}"`).join(', ')} ended without an output.`,
    {
      details: { sources: [...sources] },
    },
  );
}

function idOf({ jobId, no }: Grant): string {
  return `${jobId}:${no}`;
}
