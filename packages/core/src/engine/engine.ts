import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import { validate } from '../authoring/schema.js';
import type { WorkflowDefinition, WorkflowInputOf, WorkflowOutputOf, WorkflowTarget } from '../authoring/workflow-definition.js';
import { IdleDispatcher } from '../dispatch/idle-dispatcher.js';
import { LocalDispatcher } from '../dispatch/local-dispatcher.js';
import { GraphError } from '../errors/graph-error.js';
import { inLog } from '../errors/in-log.js';
import { notFound } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { misshapenJob } from '../graph/misshapen.js';
import { isName, NAME_RULE, newEngineId, parseTaskId } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json } from '../kernel/json.js';
import { ScopedClock } from '../kernel/scoped-clock.js';
import type { CommittedJob } from '../ledger/committed.js';
import { Ledger } from '../ledger/ledger.js';
import { TextRedactor } from '../ledger/text-redactor.js';
import type { AlertFilter, AlertView } from '../model/alert.js';
import type { EventView } from '../model/event.js';
import type { JobOptions } from '../model/job.js';
import type { ScheduleOptions, ScheduleView } from '../model/schedule.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import type { AgentView, HumanRequestView, JobView, TaskView, WorkflowView } from '../model/views.js';
import type { Dispatcher, LimitGauge, LimitWait } from '../ports/dispatcher.js';
import type { EngineReader } from '../ports/reader.js';
import { sharedStore, type Announcement, type SharedStore, type Store } from '../ports/store.js';
import { EventHub } from '../runtime/event-hub.js';
import { streamEvents } from '../runtime/event-stream.js';
import { Executor } from '../runtime/executor.js';
import { FailureRules } from '../runtime/failure-rules.js';
import { PluginRunner } from '../runtime/plugin-runner.js';
import { Registry } from '../runtime/registry.js';
import { News } from '../services/news.js';
import { Retention } from '../services/retention.js';
import { ScheduleEntries } from '../services/schedule-entries.js';
import { Scheduler } from '../services/scheduler.js';
import { PluginFeed } from '../services/plugin-feed.js';
import { Timers } from '../services/timers.js';
import { toAgentView, toWorkflowView } from './agent-views.js';
import { askPlanner } from './ask-planner.js';
import type {
  AddDependencyOptions,
  AnswerOptions,
  ControlOptions,
  Engine,
  JobChange,
  JobHandle,
  RecoveryReport,
  ResumeTaskOptions,
  RetryJobOptions,
} from './contract.js';
import { breakerLog } from './breaker-log.js';
import { requireCapacity } from './check-demands.js';
import { retryRules } from './define-plugin.js';
import { drawJob, type DrawOptions } from './draw-job.js';
import { JobControl } from './job-control.js';
import { fromPerson } from './from-person.js';
import { StoredJobHandle } from './job-handle.js';
import { Oversight } from './oversight.js';
import { parseEngineOptions, type EngineOptions, type ParsedEngineOptions } from './options.js';
import { readJobCost, type JobCost } from './read-cost.js';
import { readJobProgress, readOverallProgress, type JobProgress, type OverallProgress } from './read-progress.js';
import { readJobReport, type JobReport, type ReportOptions } from './read-report.js';
import type { EngineMetrics } from './read-metrics.js';
import { readerWithDefaults } from './reader-with-defaults.js';
import { recover } from './recover.js';
import { redactedStore } from './redacted-store.js';
import { Routing } from './routing.js';
import { createStore } from './store-options.js';
import { ScheduleControl } from './schedule-control.js';
import { StoredStates } from './stored-states.js';
import { Submitter } from './submit.js';
import { whysOf, type WhyView } from './why.js';

const STOP_GRACE_MS = 10_000;
/** What a plugin may still take, at a stop, to be told what was committed. */
const FEED_GRACE_MS = 5_000;

/**
 * Makes an engine. Nothing is opened before `start`.
 *
 * @throws ConfigError with every option that is wrong
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return new TaskloomEngine(parseEngineOptions(options));
}

type Phase = 'new' | 'starting' | 'running' | 'stopping' | 'stopped';

class TaskloomEngine implements Engine {
  readonly id = newEngineId();
  readonly name: string;
  readonly reader: EngineReader;
  private phase: Phase = 'new';
  private stopped: Promise<void> = Promise.resolve();
  private readonly registry = new Registry();
  private readonly store: Store;
  private readonly clock: ScopedClock;
  private readonly hub = new EventHub();
  private readonly dispatcher: Dispatcher;
  private readonly ledger: Ledger;
  private readonly executor: Executor;
  private readonly timers: Timers;
  private readonly submitter: Submitter;
  private readonly control: JobControl;
  private readonly plugins: PluginRunner;
  private readonly feeds: readonly PluginFeed[];
  private readonly retention: Retention;
  private readonly oversight: Oversight;
  private readonly scheduler: Scheduler;
  private readonly scheduling: ScheduleControl;
  private readonly storedStates: StoredStates;
  /** What other engines on the store do; `null` where there are none. */
  private readonly news: News | null;
  private recovered: RecoveryReport | null = null;
  /** That another engine has taken over. */
  private lost: TaskloomError | null = null;

  constructor(private readonly options: ParsedEngineOptions) {
    const { logger, limits, runTasks } = options;
    const clock = (this.clock = new ScopedClock(options.clock));
    const redactor = options.redactText && new TextRedactor(options.redactText);
    this.name = redactor ? redactor.text(options.name) : options.name;
    const store = createStore(options.store);
    this.store = redactor ? redactedStore(store, redactor) : store;
    const shared = sharedStore(this.store);
    this.plugins = new PluginRunner({ plugins: options.plugins, clock, logger });
    const redact = (text: string): string => redactor?.text(text) ?? text;
    const routing = new Routing({ plugins: options.plugins, registry: this.registry, clock, logger, redact });
    const toDispatch = {
      ...options,
      clock,
      onRoom: () => this.ledger.nudge(),
      breaker: options.guards.breaker,
      onBreaker: breakerLog(logger),
    };
    const makeDispatcher = options.plugins.find(({ contributes }) => contributes.dispatcher)?.contributes.dispatcher;
    if (!runTasks) this.dispatcher = new IdleDispatcher();
    else this.dispatcher = makeDispatcher ? makeDispatcher(toDispatch) : new LocalDispatcher(toDispatch);
    this.ledger = new Ledger({
      store: this.store,
      dispatcher: this.dispatcher,
      clock,
      logger,
      limits: { ...limits, cascadeAfter: options.guards.cascadeAfter },
      redactor,
      ...(runTasks ? undefined : { keeps: (jobId) => this.hub.watchesTasks(jobId) }),
    });
    this.executor = new Executor({
      registry: this.registry,
      store: this.store,
      ledger: this.ledger,
      dispatcher: this.dispatcher,
      clock,
      logger,
      summarizer: options.summarizer,
      defaultTimeoutMs: options.timeoutMs,
      graceMs: options.graceMs,
      inputBytes: limits.resolvedInputBytes,
      literalInputBytes: limits.inputBytes,
      outputBytes: limits.outputBytes,
      cacheBound: options.cache,
      onDependencyConflict: options.onDependencyConflict,
      plugins: this.plugins,
      route: (wanted, input, allowed) => routing.agent(wanted, input, allowed),
      failureRules: new FailureRules(retryRules(options.plugins), logger),
      planner: options.planner === null ? null : askPlanner(this.ledger, this.registry, options.planner, logger),
    });
    this.timers = new Timers(this.ledger, clock);
    this.submitter = new Submitter({
      registry: this.registry,
      store: this.store,
      ledger: this.ledger,
      clock,
      limits,
      capacities: options,
      routing,
    });
    this.reader = readerWithDefaults(() => this.store.reader, this.registry, options.timeoutMs);
    const { onDependencyConflict } = options;
    const { ledger, registry, reader, plugins } = this;
    this.storedStates = new StoredStates(this.store);
    this.control = new JobControl({
      ledger,
      registry,
      reader,
      limits,
      capacities: options,
      onDependencyConflict,
      plugins,
      routing,
      stored: this.storedStates,
    });
    const announce = (what: Announcement) => () => this.announce(shared, what);
    // What has happened is told to plugins where the tasks run.
    this.feeds = (runTasks ? plugins.followers : []).map(
      (plugin) => new PluginFeed({ plugin, runner: plugins, store: this.store, hub: this.hub, clock, logger }),
    );
    this.retention = new Retention({ store: this.store, clock, logger, keepMs: options.retentionMs });
    this.oversight = new Oversight({
      monitor: options.monitor,
      store: this.store,
      ledger,
      dispatcher: this.dispatcher,
      clock,
      logger,
      runsTasks: runTasks,
      announce: announce('alerts'),
    });
    const scheduleEntries = new ScheduleEntries(() => this.store.entries, clock);
    this.scheduler = new Scheduler({
      entries: scheduleEntries,
      reader: () => this.reader,
      clock,
      logger,
      isShared: shared !== null,
      start: (workflow, input, jobOptions) => this.startWorkflow(workflow, input, jobOptions),
    });
    const { scheduler } = this;
    this.scheduling = new ScheduleControl({ entries: scheduleEntries, scheduler, registry, clock, announce: announce('schedules') });
    this.news = shared && this.newsOf(shared);
    for (const { contributes } of options.plugins) this.register(...(contributes.definitions ?? []));
    this.ledger.connect({
      start: (grants) => this.executor.start(grants),
      committed: (jobs) => {
        if (!runTasks) return this.hub.committed(jobs);
        this.oversight.committed(jobs);
        this.executor.committed(jobs);
        this.timers.committed(jobs);
        this.hub.committed(jobs);
        this.releaseRegistered(jobs);
      },
    });
  }

  private newsOf(store: SharedStore): News {
    const { ledger, hub, clock } = this;
    const { logger, runTasks } = this.options;
    return new News({
      store,
      ledger,
      hub,
      clock,
      logger,
      runsTasks: runTasks,
      announced: (what) => (what === 'alerts' ? this.oversight.monitor.refresh() : this.scheduler.look()),
      looked: () => this.oversight.monitor.refreshWhereHeard(),
    });
  }

  private announce(shared: SharedStore | null, what: Announcement): void {
    shared
      ?.announce(what)
      .catch((error: unknown) =>
        this.options.logger.debug('Other engines could not be told; they look by themselves.', { what, ...inLog(error) }),
      );
  }

  // ── life ────────────────────────────────────────────────────────────────────────────────────────────────────

  async start(): Promise<RecoveryReport> {
    if (this.phase !== 'new') throw new TaskloomError('ILLEGAL_MOVE', `The engine is ${this.phase}; it can be started once.`);
    if (!this.options.runTasks && (this.store.shared !== true || this.oversight.keepsToItself)) throw notShared();
    this.phase = 'starting';
    try {
      await this.openStore();
    } catch (error) {
      this.phase = 'new';
      throw error;
    }
    return this.options.runTasks ? this.startRunning() : this.startBeside();
  }

  private async startRunning(): Promise<RecoveryReport> {
    await Promise.all(this.feeds.map((feed) => feed.open()));
    const report = await recover({
      store: this.store,
      ledger: this.ledger,
      timers: this.timers,
      registry: this.registry,
      logger: this.options.logger,
    });
    if (this.lost) {
      await this.store.close();
      this.phase = 'stopped';
      throw this.lost;
    }
    this.recovered = report;
    await this.begin();
    for (const feed of this.feeds) feed.start();
    await this.scheduling.declare(this.registry.allWorkflows());
    this.scheduler.start();
    this.retention.start();
    this.ledger.resume();
    return report;
  }

  /** Where another engine runs the tasks, recovers what died, ticks schedules, sets timers and deletes what is old. */
  private async startBeside(): Promise<RecoveryReport> {
    await this.begin();
    return { jobs: [], found: 0, requeued: 0, parked: 0, failed: 0 };
  }

  private async begin(): Promise<void> {
    this.phase = 'running';
    try {
      await this.oversight.start();
      await this.plugins.started(this);
    } catch (error) {
      await this.stop({ graceMs: 0 });
      throw error;
    }
    this.news?.start();
  }

  private async openStore(): Promise<void> {
    await this.store.open();
    try {
      if (this.options.runTasks) await this.store.lead?.((error) => this.superseded(error));
      // Before any job is read: what is written from then on is heard of.
      await this.news?.open();
      await this.sign();
    } catch (error) {
      await this.store.close();
      throw error;
    }
  }

  /** Before the first event: each of them says which engine wrote it. */
  private async sign(): Promise<void> {
    const { id, name } = this;
    await this.store.sign({ id, name }, this.clock.now());
    this.options.logger.info(`The engine "${name}" (${id}) starts.`, { engine: { id, name } });
  }

  /** Another engine goes on with the work: nothing that is begun here could be written. */
  private superseded(error: TaskloomError): void {
    this.lost = error;
    this.options.logger.error('This engine stops.', inLog(error));
    void this.stopQuietly();
  }

  private async stopQuietly(): Promise<void> {
    try {
      await this.stop({ graceMs: 0 });
    } catch (error) {
      this.options.logger.error('The engine could not be stopped.', inLog(error));
    }
  }

  async stop({ graceMs = STOP_GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    if (this.phase === 'running') this.stopped = this.shutDown(graceMs);
    await this.stopped;
  }

  private async shutDown(graceMs: number): Promise<void> {
    this.phase = 'stopping';
    await this.news?.stop();
    await this.scheduler.stop();
    await this.retention.stop();
    await this.oversight.stop();
    await this.plugins.beforeStop();
    this.ledger.pause();
    // A flush under way may still start tasks; they are to be drained, too.
    await this.ledger.settled();
    this.timers.stop();
    await this.executor.drain(graceMs);
    await this.ledger.close();
    await Promise.all(this.feeds.map((feed) => feed.stop(FEED_GRACE_MS)));
    this.hub.close();
    await this.store.close();
    await this.plugins.afterStop();
    this.clock.dispose();
    this.phase = 'stopped';
  }

  // ── agents and workflows ────────────────────────────────────────────────────────────────────────────────────

  register(...definitions: readonly (AgentDefinition | WorkflowDefinition)[]): void {
    for (const definition of definitions) {
      if (definition.kind === 'agent') requireCapacity(definition, this.options);
      if (definition.kind === 'workflow') this.scheduling.check(definition);
      this.registry.register(definition);
      if (!this.options.runTasks) continue;
      if (definition.kind === 'workflow' && definition.schedule && this.phase === 'running') this.declareSchedules();
      if (definition.kind !== 'agent') continue;
      this.dispatcher.setAgent(definition.name, definition);
      if (this.phase === 'running') this.release(definition.name);
    }
  }

  private declareSchedules(): void {
    this.scheduling
      .declare(this.registry.allWorkflows())
      .catch((error: unknown) => this.options.logger.error('Schedules could not be kept.', inLog(error)));
  }

  /** An agent may have been registered while its task was being parked. */
  private releaseRegistered(jobs: readonly CommittedJob[]): void {
    for (const { jobId, events } of jobs) {
      if (!events.some(({ type }) => type === 'TASK_PARKED')) continue;
      for (const agent of this.ledger.describe(jobId)?.missingAgents ?? []) if (this.registry.agent(agent)) this.release(agent);
    }
  }

  /** Tasks that waited for the agent's code go on. */
  private release(agent: string): void {
    for (const jobId of this.ledger.activeJobs()) {
      if (!this.ledger.describe(jobId)?.missingAgents.has(agent)) continue;
      this.ledger
        .send(jobId, { kind: 'release', agent })
        .catch((error: unknown) => this.options.logger.error('Waiting tasks could not be released.', { jobId, agent, ...inLog(error) }));
    }
  }

  agents({ capability }: { readonly capability?: string } = {}): readonly AgentView[] {
    const agents = this.registry.allAgents();
    return (capability === undefined ? agents : agents.filter(({ capabilities }) => capabilities.includes(capability))).map(toAgentView);
  }

  agent(name: string): AgentView | null {
    const definition = this.registry.agent(name);
    return definition ? toAgentView(definition) : null;
  }

  async agentsAccepting(input: Json): Promise<readonly AgentView[]> {
    const agents = this.registry.allAgents();
    const results = await Promise.all(agents.map(async ({ inputSchema }) => (await validate(inputSchema, input)).ok));
    return agents.filter((_, index) => results[index]).map(toAgentView);
  }

  workflows(): readonly WorkflowView[] {
    return this.registry.allWorkflows().map(toWorkflowView);
  }

  workflow(name: string): WorkflowView | null {
    const definition = this.registry.workflow(name);
    return definition ? toWorkflowView(definition) : null;
  }

  nameOf(target: AgentTarget): string {
    return this.registry.agentName(target);
  }

  limitGauges(): readonly LimitGauge[] {
    return this.dispatcher.gauges();
  }

  metrics(): EngineMetrics {
    return this.oversight.metrics();
  }

  async alerts(filter: AlertFilter = {}): Promise<readonly AlertView[]> {
    return this.oversight.monitor.alerts(filter);
  }

  async acknowledgeAlert(id: string, options: { readonly actor?: string } = {}): Promise<AlertView> {
    return this.oversight.monitor.acknowledge(id, fromPerson(options).actor);
  }

  alertChanges({ signal }: { readonly signal?: AbortSignal } = {}): AsyncIterable<AlertView> {
    return this.oversight.monitor.listen(signal);
  }

  waitingFor(taskId: string): LimitWait | null {
    const address = parseTaskId(taskId);
    return address ? this.dispatcher.waitingFor(address.jobId, address.no) : null;
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  async startWorkflow<Target extends WorkflowTarget>(
    workflow: Target,
    input: WorkflowInputOf<Target>,
    options: JobOptions = {},
  ): Promise<JobHandle<WorkflowOutputOf<Target>>> {
    this.requireRunning();
    const { name } = this.registry.requireWorkflow(workflow);
    const asked = await this.plugins.beforeSubmit({ workflow: name, name, input: input as Json, options });
    return this.handle(await this.submitter.startWorkflow(workflow, asked.input, asked.options)) as JobHandle<WorkflowOutputOf<Target>>;
  }

  async submitJob(submission: JobSubmission): Promise<JobHandle> {
    this.requireRunning();
    const misshapen = misshapenJob(submission);
    if (misshapen.length > 0) throw new GraphError(misshapen);
    if (!this.plugins.has('beforeSubmit')) return this.handle(await this.submitter.submitJob(submission));
    const { name, input = null, options } = submission;
    const asked = await this.plugins.beforeSubmit({ workflow: null, name, input, options: options ?? {} });
    return this.handle(await this.submitter.submitJob({ ...submission, input: asked.input, options: asked.options }));
  }

  job(id: string): JobHandle {
    if (!isName(id)) throw new TaskloomError('ID_INVALID', `${inMessage(id)} is no job id: use ${NAME_RULE}.`);
    return this.handle(id);
  }

  private handle(id: string): StoredJobHandle {
    return new StoredJobHandle(id, this, this.hub, () => this.phase === 'running' && this.ledger.isActive(id));
  }

  async cancelJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    this.requireRunning();
    return this.control.cancelJob(id, options);
  }

  async retryJob(id: string, options: RetryJobOptions = {}): Promise<JobView> {
    this.requireRunning();
    return this.control.retryJob(id, options);
  }

  async confirmJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    this.requireRunning();
    return this.control.confirmJob(id, options);
  }

  async pauseJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    this.requireRunning();
    return this.control.pauseJob(id, options);
  }

  async resumeJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    this.requireRunning();
    return this.control.resumeJob(id, options);
  }

  async retryTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.retryTask(id, options);
  }

  async skipTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.skipTask(id, options);
  }

  async cancelTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.cancelTask(id, options);
  }

  async pauseTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.pauseTask(id, options);
  }

  async resumeTask(id: string, options: ResumeTaskOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.resumeTask(id, options);
  }

  async acceptTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.acceptTask(id, options);
  }

  async rejectTask(id: string, options: ControlOptions & { readonly reason: string }): Promise<TaskView> {
    this.requireRunning();
    return this.control.rejectTask(id, options);
  }

  async addTasks(jobId: string, tasks: readonly TaskSubmission[], options: ControlOptions = {}): Promise<readonly TaskView[]> {
    this.requireRunning();
    return this.control.addTasks(jobId, tasks, options);
  }

  async addDependency(taskId: string, dependsOn: string, options: AddDependencyOptions = {}): Promise<TaskView> {
    this.requireRunning();
    return this.control.addDependency(taskId, dependsOn, options);
  }

  async answerHumanRequest(id: string, answer: Json, options: AnswerOptions = {}): Promise<HumanRequestView> {
    this.requireRunning();
    return this.control.answer(id, answer, options);
  }

  async createSchedule(schedule: ScheduleOptions): Promise<ScheduleView> {
    this.requireRunning();
    return this.scheduling.create(schedule);
  }

  async schedules({ tenant }: { readonly tenant?: string } = {}): Promise<readonly ScheduleView[]> {
    return this.scheduling.list(tenant);
  }

  async schedule(id: string): Promise<ScheduleView | null> {
    return this.scheduling.get(id);
  }

  async pauseSchedule(id: string): Promise<ScheduleView> {
    this.requireRunning();
    return this.scheduling.pause(id);
  }

  async resumeSchedule(id: string): Promise<ScheduleView> {
    this.requireRunning();
    return this.scheduling.resume(id);
  }

  async deleteSchedule(id: string): Promise<boolean> {
    this.requireRunning();
    return this.scheduling.delete(id);
  }

  async why(taskId: string): Promise<WhyView> {
    const [why] = await this.whys([taskId]);
    if (!why) throw notFound('task', taskId);
    return why;
  }

  async whys(taskIds: readonly string[]): Promise<readonly (WhyView | null)[]> {
    const { ledger, storedStates: stored, reader, dispatcher, options } = this;
    const limitOf = (jobId: string, no: number): LimitWait | null => (options.runTasks ? dispatcher.waitingFor(jobId, no) : null);
    return whysOf(taskIds, { ledger, stored, reader, limitOf });
  }

  recoveryReport(): RecoveryReport | null {
    return this.recovered;
  }

  async jobProgress(jobId: string): Promise<JobProgress> {
    return readJobProgress(this.reader, jobId);
  }

  async overallProgress(): Promise<OverallProgress> {
    return readOverallProgress(this.reader);
  }

  async jobCost(jobId: string): Promise<JobCost> {
    return readJobCost(this.reader, jobId);
  }

  async jobReport(jobId: string, options: ReportOptions = {}): Promise<JobReport> {
    return readJobReport(this.reader, jobId, this.clock.now(), options);
  }

  async jobGraph(jobId: string, options: DrawOptions): Promise<string> {
    const { entries } = this.store;
    return drawJob({ reader: this.reader, entries, redact: this.options.redact, now: this.clock.now() }, jobId, options);
  }

  async *events(
    jobId: string,
    { afterSeq = 0, signal }: { readonly afterSeq?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterable<EventView> {
    // Of a job that was deleted, the reader of its events says so.
    if (!(await this.reader.job(jobId))) await this.store.reader.events(jobId, afterSeq, 1);
    await this.control.requireJob(jobId);
    yield* streamEvents(() => this.store.reader, this.hub, jobId, afterSeq, signal);
  }

  async *changes({ jobId, signal }: { readonly jobId?: string; readonly signal?: AbortSignal } = {}): AsyncIterable<readonly JobChange[]> {
    const watcher = this.hub.watch(jobId ?? null, true);
    if (jobId !== undefined) this.ledger.lookAt(jobId);
    try {
      for (;;) {
        const changes = await watcher.next(signal);
        if (changes.length === 0) return;
        yield changes;
      }
    } finally {
      watcher.close();
      if (jobId !== undefined) this.ledger.lookAt(jobId);
    }
  }

  private requireRunning(): void {
    if (this.phase !== 'running')
      throw new TaskloomError('ENGINE_STOPPED', `The engine is ${this.phase === 'new' ? 'not started' : this.phase}.`);
  }
}

function notShared(): TaskloomError {
  return new TaskloomError(
    'SQLITE_SINGLE_PROCESS',
    'An engine with `runTasks: false` works beside one that runs the tasks, in a process of its own; a SQLite database belongs to one process.',
    {
      remedy:
        "Let this engine run the tasks, too (`runTasks: true`, in a Nest application the roles `api` and `worker` together), or give both a PostgreSQL store: `store: { type: 'postgres', url }`.",
    },
  );
}
