import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { Bag } from '../kernel/bag.js';
import type { Clock } from '../kernel/clock.js';
import { taskIdOf } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import type { CommittedJob, Grant } from '../ledger/committed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AgentFact } from '../model/agent-facts.js';
import type { JobEvent, JsonText } from '../model/event.js';
import type { TaskSpec } from '../model/task.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import type { PluginAttempt } from '../ports/plugin.js';
import type { EntryBound } from '../ports/key-value-store.js';
import type { Store, StoredDigest, StoredJobContext } from '../ports/store.js';
import type { Summarizer } from '../ports/summarizer.js';
import { Attempt } from './attempt.js';
import { AttemptReports } from './attempt-reports.js';
import { Batches } from './batches.js';
import { callAgent, type Returned } from './call-agent.js';
import { checkInput, checkOutput } from './check-values.js';
import { failureOf } from './classify-failure.js';
import type { FailureRules } from './failure-rules.js';
import { ENGINE_AGENTS } from './engine-agents.js';
import { JobContexts } from './job-contexts.js';
import { toJsonText } from './memo.js';
import { judge } from './judge.js';
import type { Outcome, Waits } from './outcome.js';
import { RecentTasks, type Outputs } from './recent-tasks.js';
import type { PluginRunner } from './plugin-runner.js';
import type { Registry } from './registry.js';
import type { DependencyConflictHook } from './dependency-conflict.js';
import { resolveInput } from './resolve-input.js';
import { ContextParts, Run, type ContextServices } from './run.js';
import { ResultCache, type CacheRequest } from './result-cache.js';
import { summarisedChildren } from './summarised-children.js';
import { byDefault, Summaries } from './summaries.js';
import { RunContext } from './task-context.js';
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
  readonly plugins: PluginRunner;
  readonly failureRules: FailureRules;
  readonly route: ContextServices['route'];
}

/** What an attempt starts from. */
class Start {
  constructor(
    readonly attempt: Attempt,
    readonly spec: TaskSpec,
    readonly outputs: Outputs,
    readonly children: readonly StoredDigest[],
    /** The input, its holes filled. */
    readonly value: Json | undefined,
    /** Numbers of tasks that a hole wanted a value of, and that have none. */
    readonly missing: readonly number[],
    /** What the review said that rejected it. */
    readonly feedback: string | null,
  ) {}
}

const NO_WAITS: Waits = { waitFor: 'children', tasks: [], alreadyAsked: [] };
const HANDED_BACK: Outcome = { kind: 'handed-back' };
const NO_OUTPUTS: Outputs = new Map();
const NONE: readonly string[] = [];
const NOTHING_MORE: Pick<Start, 'children' | 'feedback'> = { children: [], feedback: null };

/**
 * Runs attempts, step by step: read what the agent needs, check its input, run it, check what it returns, summarise,
 * report. What is known already is not waited for: a promise for each step would cost more than the steps.
 */
export class Executor {
  private readonly running = new Bag<Attempt>();
  private readonly idle: (() => void)[] = [];
  private readonly services: ContextServices;
  private readonly jobContexts: JobContexts;
  private readonly recent: RecentTasks;
  private readonly reports: AttemptReports;
  private readonly summaries: Summaries;
  private readonly results: ResultCache;
  private readonly timeouts: Timeouts;
  private readonly batches: Batches;
  /** Which hooks there are: nothing waits for one that nobody has. */
  private readonly asks: { readonly beforeStart: boolean; readonly beforeComplete: boolean; readonly aboutEnds: boolean };

  constructor(private readonly options: ExecutorOptions) {
    const { registry, store, ledger, clock, logger, outputBytes, literalInputBytes } = options;
    const { plugins } = options;
    this.asks = {
      beforeStart: plugins.has('beforeStart'),
      beforeComplete: plugins.has('beforeComplete'),
      aboutEnds: plugins.has('beforeFail') || plugins.has('beforeBlock'),
    };
    this.batches = new Batches({ clock, logger, ledger });
    this.jobContexts = new JobContexts(store);
    this.recent = new RecentTasks(store);
    this.reports = new AttemptReports(ledger, registry, logger);
    this.summaries = new Summaries(options.summarizer, clock, logger);
    this.results = new ResultCache({ store, clock, logger, bound: options.cacheBound, defaultTimeoutMs: options.defaultTimeoutMs });
    this.timeouts = new Timeouts({
      clock,
      logger,
      reports: this.reports,
      planner: options.planner,
      failed: (attempt, spec, failure) => void this.timedOut(attempt, spec, failure),
      left: (attempt) => this.leaveAfterGrace(attempt),
    });
    this.services = {
      store,
      clock,
      logger,
      outputBytes,
      cacheBound: options.cacheBound,
      inputBytes: literalInputBytes,
      route: options.route,
      requireAgent: (target: AgentTarget) => registry.requireAgent(target),
      factOf: (agent) => registry.factOf(agent),
      recordStep: async (grant, name, value) => {
        await ledger.send(grant.jobId, { kind: 'record-step', task: grant.no, fence: grant.fence, memo: 'step', name, value });
      },
      spawn: async (grant, task) => {
        const events = await ledger.send(grant.jobId, { kind: 'spawn', task: grant.no, fence: grant.fence, tasks: [task] });
        return events.flatMap((event) => (event.type === 'TASKS_ADDED' ? event.specs : []))[0]!;
      },
      publish: async ({ jobId, no, fence }, publication) => {
        const subscribers = registry.subscribersOf(publication.topic);
        await ledger.send(jobId, { kind: 'publish', task: no, fence, ...publication, subscribers });
      },
      onDependencyConflict: options.onDependencyConflict,
      reportProgress: (grant, percent, message) => this.reports.progressed(grant, percent, message),
      spentBy: (grant) => ledger.spentBy(grant),
      spend: (grant, cost) => ledger.spend(grant, cost),
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
      void this.run(attempt);
    }
  }

  /** Takes note of what was written, and stops attempts whose tasks have ended without them. */
  committed(jobs: readonly CommittedJob[]): void {
    this.recent.committed(jobs);
    this.jobContexts.committed(jobs);
    if (this.running.size === 0) return;
    for (const { jobId, events, standing } of jobs) {
      if (!events.some(mayEndAttempts)) continue;
      for (const attempt of this.running.all()) {
        if (attempt.grant.jobId !== jobId || attempt.isSuperseded) continue;
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
    for (const attempt of this.running.all()) {
      const hadItsSay = attempt.abort(new TaskloomError('ENGINE_STOPPED', 'The engine is stopping.'));
      const outcome = hadItsSay ? HANDED_BACK : attempt.pendingOutcome?.();
      if (outcome) this.reports.ended(attempt.grant, attempt.spec, outcome);
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
      attempt.spec = spec;
      if (!spec) throw new TaskloomError('INTERNAL', `Task ${grant.no} of job ${grant.jobId} has no definition.`);
      outcome = await this.outcomeOf(attempt, spec);
    } catch (error) {
      outcome = failureOf(error);
    }
    outcome = this.judged(grant, outcome);
    if (this.asksAboutEnd(grant) && (!attempt.isOver || outcome.kind === 'suspended')) outcome = await this.beforeEnd(grant, outcome);
    // A suspended run has given its say away when its window closed; this is the word it kept.
    if (attempt.end() || (outcome.kind === 'suspended' && !attempt.hasFailed)) this.reports.ended(grant, spec, outcome);
    this.leave(attempt);
  }

  /** Its time was up. Its say is over, so whoever stops the engine meanwhile reports the failure for it. */
  private async timedOut(attempt: Attempt, spec: TaskSpec, failure: Outcome): Promise<void> {
    const { grant } = attempt;
    const judged = this.judged(grant, failure);
    if (!this.asksAboutEnd(grant)) return this.reports.ended(grant, spec, judged);
    attempt.hasFailed = true;
    attempt.pendingOutcome = () => judged;
    this.reports.ended(grant, spec, await this.beforeEnd(grant, judged));
  }

  /** What its agent and plugins think of a failure. */
  private judged(grant: Grant, outcome: Outcome): Outcome {
    if (outcome.kind !== 'failed') return outcome;
    const { failureRules, registry } = this.options;
    return failureRules.judged(pluginAttempt(grant), outcome, registry.agent(grant.agent)?.retryOn ?? null);
  }

  private asksAboutEnd({ agent }: Grant): boolean {
    return this.asks.aboutEnds && !agent.startsWith('$');
  }

  private outcomeOf(attempt: Attempt, spec: TaskSpec): Outcome | Promise<Outcome> {
    const { agent } = attempt.grant;
    if (agent in ENGINE_AGENTS) return this.readOutputs(attempt, spec, (outputs) => this.runEngineAgent(attempt, spec, outputs));
    const definition = this.options.registry.agent(agent);
    if (!definition) {
      return {
        kind: 'parked',
        reason: 'AGENT_UNAVAILABLE',
        message: `The agent "${agent}" is not registered in this process; the task starts when it is.`,
      };
    }
    return this.readOutputs(attempt, spec, (outputs) => {
      const { grant } = attempt;
      // Few have these, and only they have to be waited for.
      return grant.feedbackSeq > 0 || grant.children().length > 0
        ? this.readMore(grant).then((more) => this.runOrReuse(this.startOf(attempt, spec, outputs, more), definition))
        : this.runOrReuse(this.startOf(attempt, spec, outputs, NOTHING_MORE), definition);
    });
  }

  /** Outputs of the tasks it depends on and of those its input refers to: as a rule they are here. */
  private readOutputs(
    attempt: Attempt,
    { input: { refs } }: TaskSpec,
    goOn: (outputs: Outputs) => Outcome | Promise<Outcome>,
  ): Outcome | Promise<Outcome> {
    const { jobId, dependencies } = attempt.grant;
    const wanted = refs.length === 0 ? dependencies : [...new Set([...dependencies, ...refs.map(({ task }) => task)])];
    const found = wanted.length === 0 ? NO_OUTPUTS : this.recent.outputs(jobId, wanted);
    return found instanceof Promise ? found.then(goOn) : goOn(found);
  }

  /** What is below it, and what the review said that rejected it. */
  private async readMore({ jobId, no, feedbackSeq }: Grant): Promise<Pick<Start, 'children' | 'feedback'>> {
    const children = await this.options.store.children(jobId, no);
    return { children, feedback: feedbackSeq === 0 ? null : await this.options.store.feedback(jobId, feedbackSeq) };
  }

  private startOf(attempt: Attempt, spec: TaskSpec, outputs: Outputs, { children, feedback }: Pick<Start, 'children' | 'feedback'>): Start {
    const { value, missing } = resolveInput(spec.input, outputs, this.options.inputBytes);
    return new Start(attempt, spec, outputs, children, value, missing, feedback);
  }

  private runOrReuse(start: Start, definition: AgentDefinition): Promise<Outcome> {
    if (!this.asks.beforeStart) return this.runPermitted(start, definition);
    return this.options.plugins.beforeStart(pluginAttempt(start.attempt.grant), start.value).then((said) => {
      // It was cancelled, or the engine stops, while plugins were asked.
      if (start.attempt.isOver) return HANDED_BACK;
      if ('veto' in said) return { kind: 'parked', reason: 'MANUAL', message: said.veto };
      return this.runPermitted({ ...start, value: said.input }, definition);
    });
  }

  /** What plugins have to say before the end of an attempt is reported. */
  private async beforeEnd(grant: Grant, outcome: Outcome): Promise<Outcome> {
    const { plugins } = this.options;
    const attempt = pluginAttempt(grant);
    if (outcome.kind === 'failed') return { ...outcome, retryable: await plugins.beforeFail(attempt, outcome.error, outcome.retryable) };
    if (outcome.kind === 'parked') await plugins.beforeBlock(attempt, outcome.message);
    else if (outcome.kind === 'suspended') await plugins.beforeBlock(attempt, outcome.waits.waitFor);
    return outcome;
  }

  private runPermitted(start: Start, definition: AgentDefinition): Promise<Outcome> {
    // What is to be judged is worked out each time.
    if (!definition.cache || start.spec.review !== null) return this.runAgent(start, definition);
    return this.results.outcomeOf(cacheRequest(start, definition), definition.cache, () => this.runAgent(start, definition));
  }

  private async runAgent(start: Start, definition: AgentDefinition): Promise<Outcome> {
    const { attempt, spec, value: given, missing, children } = start;
    const { clock, defaultTimeoutMs, outputBytes } = this.options;
    // The checks count too: a schema's own code can hang like an agent's.
    const watch = (): (() => void) => watchAttempt({ attempt, spec, definition, clock, defaultTimeoutMs, timeouts: this.timeouts });
    let stopTimers = watch();
    try {
      const pendingInput = checkInput(definition, given, missing.length > 0);
      const input = pendingInput instanceof Promise ? ((await pendingInput) as unknown) : pendingInput;
      let context: RunContext | null = null;
      let returned: Outcome | Returned;
      if (definition.batch) {
        // To wait for others is not to run.
        stopTimers();
        const begin = (): void => void (stopTimers = watch());
        returned = await this.batches.join(definition, definition.batch, { attempt, input, begin });
      } else {
        const pendingJob = this.jobContexts.get(attempt.grant.jobId);
        context = this.contextFor(start, pendingJob instanceof Promise ? await pendingJob : pendingJob);
        returned = await callAgent(attempt, definition, input, context, clock);
        context.flush();
      }
      if (returned.kind !== 'returned') return returned;

      const what = `The output of "${definition.name}"`;
      const { plugins } = this.options;
      const value = this.asks.beforeComplete ? await plugins.beforeComplete(pluginAttempt(attempt.grant), returned.value) : returned.value;
      const pendingOutput = checkOutput(definition.outputSchema, value, what);
      const output = (pendingOutput instanceof Promise ? await pendingOutput : pendingOutput) as Json;
      const text = toJsonText(output, outputBytes, what);
      const verdict = spec.review?.by === 'predicate' && definition.judge ? await judge(definition.judge, output, input) : null;
      // The work is done; a slow summarizer has a limit of its own and is no reason to do it again.
      stopTimers();
      const pendingSummary = context?.summary ?? this.summaries.write({ spec, output, text, children }, attempt);
      const summary = typeof pendingSummary === 'string' ? pendingSummary : await pendingSummary;
      return { kind: 'completed', output: text, value: output, summary, verdict };
    } finally {
      stopTimers();
    }
  }

  private contextFor({ attempt, spec, outputs, missing, children, feedback }: Start, job: StoredJobContext): RunContext {
    const { grant } = attempt;
    const gaps = grant.missing.length + missing.length === 0 ? NONE : [...new Set([...grant.missing, ...missing])].map(grant.keyOf);
    return new RunContext(new Run(attempt, new ContextParts(spec, job, outputs, gaps, children, feedback), this.services));
  }

  private async runEngineAgent(attempt: Attempt, spec: TaskSpec, outputs: Outputs): Promise<Outcome> {
    const { agent, keyOf, children } = attempt.grant;
    const { value, missing } = resolveInput(spec.input, outputs, this.options.inputBytes);
    const factOf = (name: string): AgentFact => this.options.registry.factOf(name);
    const result = ENGINE_AGENTS[agent]!({ spec, input: value, hasChildren: children().length > 0, factOf });
    if ('add' in result) return { kind: 'suspended', waits: { ...NO_WAITS, tasks: result.add } };
    if (result.output !== 'input') {
      const summary = await this.summaryOf(attempt, spec, null, null);
      return { kind: 'completed', output: result.output, value: undefined, summary, verdict: null };
    }
    if (missing.length > 0 && value === undefined) throw missingOutput(spec.key, missing.map(keyOf));
    const output = await this.checkJobOutput(attempt.grant, value ?? null);
    const text = toJsonText(output, this.options.outputBytes, 'The output of the job');
    return { kind: 'completed', output: text, value: output, summary: await this.summaryOf(attempt, spec, output, text), verdict: null };
  }

  /** The summary of what an agent of the engine has done. */
  private async summaryOf(attempt: Attempt, spec: TaskSpec, output: Json, text: JsonText | null): Promise<string> {
    const { jobId, no, children } = attempt.grant;
    if (!this.summaries.needsDigests) return byDefault(spec, output, await summarisedChildren(this.recent, jobId, children()));
    return this.summaries.write({ spec, output, text, children: await this.options.store.children(jobId, no) }, attempt);
  }

  private async checkJobOutput({ workflow }: Grant, output: Json): Promise<Json> {
    const schema = workflow === null ? null : (this.options.registry.workflow(workflow)?.outputSchema ?? null);
    return schema ? ((await checkOutput(schema, output, `The output of the workflow "${workflow!}"`)) as Json) : output;
  }

  // ── ends from outside ───────────────────────────────────────────────────────────────────────────────────────

  private cancel(attempt: Attempt, reason: string): void {
    attempt.isSuperseded = true;
    attempt.abort(new TaskloomError('TASK_CANCELLED', `The task was cancelled (${reason}).`));
    this.leaveAfterGrace(attempt);
  }

  private leaveAfterGrace(attempt: Attempt): void {
    this.options.clock.schedule(this.options.graceMs, () => this.leave(attempt));
  }

  /** The agent has really stopped, or was given enough time to: its place is free. */
  private leave(attempt: Attempt): void {
    if (!this.running.delete(attempt)) return;
    this.options.dispatcher.release(attempt.grant.place);
    this.options.ledger.nudge();
    if (this.running.size === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}

function pluginAttempt({ jobId, tenant, workflow, no, key, agent, attempt }: Grant): PluginAttempt {
  return { jobId, tenant, workflow, taskId: taskIdOf(jobId, no), taskKey: key, agent, number: attempt };
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
