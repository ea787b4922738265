import type { AgentDefinition, AgentTarget } from '../authoring/agent-definition.js';
import { validate } from '../authoring/schema.js';
import type { WorkflowDefinition, WorkflowInputOf, WorkflowOutputOf, WorkflowTarget } from '../authoring/workflow-definition.js';
import { GraphError } from '../errors/graph-error.js';
import { notFound } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { misshapenJob } from '../graph/misshapen.js';
import { isName, NAME_RULE, parseTaskId } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json } from '../kernel/json.js';
import type { AlertFilter, AlertView } from '../model/alert.js';
import type { EventView } from '../model/event.js';
import type { JobOptions } from '../model/job.js';
import type { ScheduleOptions, ScheduleView } from '../model/schedule.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import type { AgentView, HumanRequestView, JobView, TaskView, WorkflowView } from '../model/views.js';
import type { LimitGauge, LimitWait } from '../ports/dispatcher.js';
import type { EngineReader } from '../ports/reader.js';
import { streamEvents } from '../runtime/event-stream.js';
import { toAgentView, toWorkflowView } from './agent-views.js';
import { assemble, type Parts } from './assemble.js';
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
import { drawJob, type DrawOptions } from './draw-job.js';
import { fromPerson } from './from-person.js';
import { StoredJobHandle } from './job-handle.js';
import { Life } from './life.js';
import { parseEngineOptions, type EngineOptions, type ParsedEngineOptions } from './options.js';
import { readJobCost, type JobCost } from './read-cost.js';
import type { EngineMetrics } from './read-metrics.js';
import { readJobProgress, readOverallProgress, type JobProgress, type OverallProgress } from './read-progress.js';
import { readJobReport, type JobReport, type ReportOptions } from './read-report.js';
import { Registration } from './registration.js';
import { whysOf, type WhyView } from './why.js';

/**
 * Makes an engine. Nothing is opened before `start`.
 *
 * @throws ConfigError with every option that is wrong
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return new TaskloomEngine(parseEngineOptions(options));
}

/** What an application sees of the parts. */
class TaskloomEngine implements Engine {
  readonly id: string;
  readonly name: string;
  readonly reader: EngineReader;
  private readonly parts: Parts;
  private readonly life: Life;
  private readonly registration: Registration;

  constructor(options: ParsedEngineOptions) {
    this.parts = assemble(options, (workflow, input, jobOptions) => this.startWorkflow(workflow, input, jobOptions));
    const { identity, reader } = this.parts;
    this.id = identity.id;
    this.name = identity.name;
    this.reader = reader;
    this.life = new Life(this.parts);
    this.registration = new Registration(this.parts, () => this.life.isRunning);
  }

  start(): Promise<RecoveryReport> {
    return this.life.start(this);
  }

  stop({ graceMs }: { readonly graceMs?: number } = {}): Promise<void> {
    return this.life.stop(graceMs);
  }

  /** The parts, where the engine runs. @throws TaskloomError `ENGINE_STOPPED` */
  private atWork(): Parts {
    this.life.requireRunning();
    return this.parts;
  }

  // ── agents and workflows ────────────────────────────────────────────────────────────────────────────────────

  register(...definitions: readonly (AgentDefinition | WorkflowDefinition)[]): void {
    this.registration.register(definitions);
  }

  agents({ capability }: { readonly capability?: string } = {}): readonly AgentView[] {
    const agents = this.parts.registry.allAgents();
    return (capability === undefined ? agents : agents.filter(({ capabilities }) => capabilities.includes(capability))).map(toAgentView);
  }

  agent(name: string): AgentView | null {
    const definition = this.parts.registry.agent(name);
    return definition ? toAgentView(definition) : null;
  }

  async agentsAccepting(input: Json): Promise<readonly AgentView[]> {
    const agents = this.parts.registry.allAgents();
    const results = await Promise.all(agents.map(async ({ inputSchema }) => (await validate(inputSchema, input)).ok));
    return agents.filter((_, index) => results[index]).map(toAgentView);
  }

  workflows(): readonly WorkflowView[] {
    return this.parts.registry.allWorkflows().map(toWorkflowView);
  }

  workflow(name: string): WorkflowView | null {
    const definition = this.parts.registry.workflow(name);
    return definition ? toWorkflowView(definition) : null;
  }

  nameOf(target: AgentTarget): string {
    return this.parts.registry.agentName(target);
  }

  limitGauges(): readonly LimitGauge[] {
    return this.parts.dispatcher.gauges();
  }

  metrics(): EngineMetrics {
    return this.parts.oversight.metrics();
  }

  async alerts(filter: AlertFilter = {}): Promise<readonly AlertView[]> {
    return this.parts.oversight.monitor.alerts(filter);
  }

  async acknowledgeAlert(id: string, options: { readonly actor?: string } = {}): Promise<AlertView> {
    return this.parts.oversight.monitor.acknowledge(id, fromPerson(options).actor);
  }

  alertChanges({ signal }: { readonly signal?: AbortSignal } = {}): AsyncIterable<AlertView> {
    return this.parts.oversight.monitor.listen(signal);
  }

  waitingFor(taskId: string): LimitWait | null {
    const address = parseTaskId(taskId);
    return address ? this.parts.dispatcher.waitingFor(address.jobId, address.no) : null;
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  async startWorkflow<Target extends WorkflowTarget>(
    workflow: Target,
    input: WorkflowInputOf<Target>,
    options: JobOptions = {},
  ): Promise<JobHandle<WorkflowOutputOf<Target>>> {
    const { registry, plugins, submitter } = this.atWork();
    const { name } = registry.requireWorkflow(workflow);
    const asked = await plugins.beforeSubmit({ workflow: name, name, input: input as Json, options });
    return this.handle(await submitter.startWorkflow(workflow, asked.input, asked.options)) as JobHandle<WorkflowOutputOf<Target>>;
  }

  async submitJob(submission: JobSubmission): Promise<JobHandle> {
    const { plugins, submitter } = this.atWork();
    const misshapen = misshapenJob(submission);
    if (misshapen.length > 0) throw new GraphError(misshapen);
    if (!plugins.has('beforeSubmit')) return this.handle(await submitter.submitJob(submission));
    const { name, input = null, options } = submission;
    const asked = await plugins.beforeSubmit({ workflow: null, name, input, options: options ?? {} });
    return this.handle(await submitter.submitJob({ ...submission, input: asked.input, options: asked.options }));
  }

  job(id: string): JobHandle {
    if (!isName(id)) throw new TaskloomError('ID_INVALID', `${inMessage(id)} is no job id: use ${NAME_RULE}.`);
    return this.handle(id);
  }

  private handle(id: string): StoredJobHandle {
    return new StoredJobHandle(id, this, this.parts.hub, () => this.life.isRunning && this.parts.ledger.isActive(id));
  }

  async cancelJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    return this.atWork().control.cancelJob(id, options);
  }

  async retryJob(id: string, options: RetryJobOptions = {}): Promise<JobView> {
    return this.atWork().control.retryJob(id, options);
  }

  async confirmJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    return this.atWork().control.confirmJob(id, options);
  }

  async pauseJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    return this.atWork().control.pauseJob(id, options);
  }

  async resumeJob(id: string, options: ControlOptions = {}): Promise<JobView> {
    return this.atWork().control.resumeJob(id, options);
  }

  async retryTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    return this.atWork().control.retryTask(id, options);
  }

  async skipTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    return this.atWork().control.skipTask(id, options);
  }

  async cancelTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    return this.atWork().control.cancelTask(id, options);
  }

  async pauseTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    return this.atWork().control.pauseTask(id, options);
  }

  async resumeTask(id: string, options: ResumeTaskOptions = {}): Promise<TaskView> {
    return this.atWork().control.resumeTask(id, options);
  }

  async acceptTask(id: string, options: ControlOptions = {}): Promise<TaskView> {
    return this.atWork().control.acceptTask(id, options);
  }

  async rejectTask(id: string, options: ControlOptions & { readonly reason: string }): Promise<TaskView> {
    return this.atWork().control.rejectTask(id, options);
  }

  async addTasks(jobId: string, tasks: readonly TaskSubmission[], options: ControlOptions = {}): Promise<readonly TaskView[]> {
    return this.atWork().control.addTasks(jobId, tasks, options);
  }

  async addDependency(taskId: string, dependsOn: string, options: AddDependencyOptions = {}): Promise<TaskView> {
    return this.atWork().control.addDependency(taskId, dependsOn, options);
  }

  async answerHumanRequest(id: string, answer: Json, options: AnswerOptions = {}): Promise<HumanRequestView> {
    return this.atWork().control.answer(id, answer, options);
  }

  async createSchedule(schedule: ScheduleOptions): Promise<ScheduleView> {
    return this.atWork().scheduling.create(schedule);
  }

  async schedules({ tenant }: { readonly tenant?: string } = {}): Promise<readonly ScheduleView[]> {
    return this.parts.scheduling.list(tenant);
  }

  async schedule(id: string): Promise<ScheduleView | null> {
    return this.parts.scheduling.get(id);
  }

  async pauseSchedule(id: string): Promise<ScheduleView> {
    return this.atWork().scheduling.pause(id);
  }

  async resumeSchedule(id: string): Promise<ScheduleView> {
    return this.atWork().scheduling.resume(id);
  }

  async deleteSchedule(id: string): Promise<boolean> {
    return this.atWork().scheduling.delete(id);
  }

  async why(taskId: string): Promise<WhyView> {
    const [why] = await this.whys([taskId]);
    if (!why) throw notFound('task', taskId);
    return why;
  }

  async whys(taskIds: readonly string[]): Promise<readonly (WhyView | null)[]> {
    const { ledger, storedStates: stored, reader, dispatcher, options } = this.parts;
    const limitOf = (jobId: string, no: number): LimitWait | null => (options.runTasks ? dispatcher.waitingFor(jobId, no) : null);
    return whysOf(taskIds, { ledger, stored, reader, limitOf });
  }

  recoveryReport(): RecoveryReport | null {
    return this.life.recovered;
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
    return readJobReport(this.reader, jobId, this.parts.clock.now(), options);
  }

  async jobGraph(jobId: string, options: DrawOptions): Promise<string> {
    const { entries } = this.parts.store;
    return drawJob({ reader: this.reader, entries, redact: this.parts.options.redact, now: this.parts.clock.now() }, jobId, options);
  }

  async *events(
    jobId: string,
    { afterSeq = 0, signal }: { readonly afterSeq?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterable<EventView> {
    // Of a job that was deleted, the reader of its events says so.
    if (!(await this.reader.job(jobId))) await this.parts.store.reader.events(jobId, afterSeq, 1);
    await this.parts.control.requireJob(jobId);
    yield* streamEvents(() => this.parts.store.reader, this.parts.hub, jobId, afterSeq, signal);
  }

  async *changes({ jobId, signal }: { readonly jobId?: string; readonly signal?: AbortSignal } = {}): AsyncIterable<readonly JobChange[]> {
    const watcher = this.parts.hub.watch(jobId ?? null, true);
    if (jobId !== undefined) this.parts.ledger.lookAt(jobId);
    try {
      for (;;) {
        const changes = await watcher.next(signal);
        if (changes.length === 0) return;
        yield changes;
      }
    } finally {
      watcher.close();
      if (jobId !== undefined) this.parts.ledger.lookAt(jobId);
    }
  }
}
