import {
  isTaskloomError,
  TaskloomError,
  type AddDependencyOptions,
  type AgentView,
  type AlertView,
  type AnswerOptions,
  type ControlOptions,
  type Engine,
  type EngineMetrics,
  type EventView,
  type ExpiredJob,
  type HumanRequestView,
  type JobChange,
  type JobCost,
  type JobOptions,
  type JobProgress,
  type JobReport,
  type JobSubmission,
  type JobView,
  type Json,
  type JsonObject,
  type LimitGauge,
  type ReportOptions,
  type ResumeTaskOptions,
  type ScheduleOptions,
  type ScheduleView,
  type RetryJobOptions,
  type TaskSubmission,
  type TaskAddress,
  type TaskView,
  type WhyView,
  type WorkflowView,
} from '@taskloom/core';
import { parseTaskId, taskIdOf } from '@taskloom/core/internal';

import { ApiError } from '../errors/api-error.js';
import type { JobLogs } from '../logs/job-logs.js';
import type { ApiAction } from './authorize.js';
import { GuardedReader, HISTORY_EVENTS } from './guarded-reader.js';
import type { JobStarts } from './job-starts.js';
import type { Permissions } from './permissions.js';
import { ScheduleNames } from './schedule-names.js';
import { toldReport } from './told.js';
import { visibleReport } from './visible-report.js';

const PAGE = 100;
const FOUR_EYES = 'fourEyes';

type GraphOptions = Parameters<Engine['jobGraph']>[1];

/**
 * The engine as one caller may use it. The only way from the API's resolvers to the engine: what a caller may not see
 * does not exist here, what it may not change is refused as if it did not exist.
 */
export class GuardedEngine {
  readonly reader: GuardedReader;
  private readonly names: ScheduleNames;

  constructor(
    private readonly engine: Engine,
    private readonly logs: JobLogs,
    readonly permissions: Permissions,
    private readonly starts: JobStarts,
  ) {
    this.reader = new GuardedReader(engine.reader, permissions);
    this.names = new ScheduleNames(permissions.tenant);
  }

  // ── what the application has ────────────────────────────────────────────────────────────────────────────────

  agents(filter: { readonly capability?: string }): readonly AgentView[] {
    return this.engine.agents(filter);
  }

  agent(name: string): AgentView | null {
    return this.engine.agent(name);
  }

  agentsAccepting(input: Json): Promise<readonly AgentView[]> {
    return this.engine.agentsAccepting(input);
  }

  workflows(): readonly WorkflowView[] {
    return this.engine.workflows();
  }

  workflow(name: string): WorkflowView | null {
    return this.engine.workflow(name);
  }

  /**
   * How full every limit is, the fullest first; `null` for a caller to whom that would tell of what is hidden from it, and
   * where another process runs the tasks.
   */
  limitGauges(): readonly LimitGauge[] | null {
    if (!this.seesEverything) return null;
    try {
      return [...this.engine.limitGauges()].sort((a, b) => b.taken / b.capacity - a.taken / a.capacity || (a.limit < b.limit ? -1 : 1));
    } catch (error) {
      if (isTaskloomError(error) && error.code === 'RUNS_NO_TASKS') return null;
      throw error;
    }
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  async startWorkflow(name: string, input: Json, options: JobOptions): Promise<JobView> {
    return this.starts.start(this.owned(options), async (owned) =>
      this.reader.toldJob(await (await this.engine.startWorkflow(name, input, owned)).status()),
    );
  }

  async submitJob(submission: JobSubmission): Promise<JobView> {
    return this.starts.start(this.owned(submission.options ?? {}), async (options) =>
      this.reader.toldJob(await (await this.engine.submitJob({ ...submission, options })).status()),
    );
  }

  /** A new job belongs to the caller's tenant, whatever else was said. */
  private owned(options: JobOptions): JobOptions {
    const { tenant } = this.permissions;
    return tenant === null ? options : { ...options, tenant };
  }

  async cancelJob(id: string, options: ControlOptions): Promise<JobView> {
    await this.requireJob(id, 'control');
    return this.reader.toldJob(await this.engine.cancelJob(id, options));
  }

  async retryJob(id: string, options: RetryJobOptions): Promise<JobView> {
    await this.requireJob(id, 'control');
    for (const taskId of options.tasks ?? []) await this.requireTask(taskId, 'control');
    return this.reader.toldJob(await this.engine.retryJob(id, options));
  }

  async confirmJob(id: string, options: ControlOptions): Promise<JobView> {
    await this.requireJob(id, 'control');
    return this.reader.toldJob(await this.engine.confirmJob(id, options));
  }

  async pauseJob(id: string, options: ControlOptions): Promise<JobView> {
    await this.requireJob(id, 'control');
    return this.reader.toldJob(await this.engine.pauseJob(id, options));
  }

  async resumeJob(id: string, options: ControlOptions): Promise<JobView> {
    await this.requireJob(id, 'control');
    return this.reader.toldJob(await this.engine.resumeJob(id, options));
  }

  async addTasks(jobId: string, tasks: readonly TaskSubmission[], options: ControlOptions): Promise<readonly TaskView[]> {
    await this.requireJob(jobId, 'control');
    return this.reader.toldTasks(await this.engine.addTasks(jobId, tasks, options));
  }

  // ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────

  async addDependency(taskId: string, dependsOn: string, options: AddDependencyOptions): Promise<TaskView> {
    await this.requireControl(taskId);
    await this.requireTask(dependsOn);
    return this.toldTask(await this.engine.addDependency(taskId, dependsOn, options));
  }

  /** Names only tasks, and questions of tasks, that this caller may see. */
  async whys(addresses: readonly TaskAddress[]): Promise<readonly (WhyView | null)[]> {
    const tasks = await this.reader.tasksAt(addresses);
    const whys = await this.engine.whys(addresses.map(({ jobId, no }) => taskIdOf(jobId, no)));
    const shown = whys.map((why, index) => (tasks[index] ? why : null));
    if (this.permissions.allTasks) return shown;
    const named = shown.flatMap((why) => (why ? [...why.blockers, why.agent.standsInFor] : [])).filter((id) => id !== null);
    const seen = await this.reader.seenOf(named);
    const requests = await this.reader.seenRequests(shown.flatMap((why) => why?.requests ?? []));
    return shown.map(
      (why) =>
        why && {
          ...why,
          blockers: why.blockers.filter((id) => seen.has(id)),
          requests: why.requests.filter((id) => requests.has(id)),
          agent: {
            ...why.agent,
            standsInFor: why.agent.standsInFor !== null && seen.has(why.agent.standsInFor) ? why.agent.standsInFor : null,
          },
        },
    );
  }

  async retryTask(id: string, options: ControlOptions): Promise<TaskView> {
    await this.requireControl(id);
    return this.toldTask(await this.engine.retryTask(id, options));
  }

  async skipTask(id: string, options: ControlOptions): Promise<TaskView> {
    await this.requireControl(id);
    return this.toldTask(await this.engine.skipTask(id, options));
  }

  async cancelTask(id: string, options: ControlOptions): Promise<TaskView> {
    await this.requireControl(id);
    return this.toldTask(await this.engine.cancelTask(id, options));
  }

  async pauseTask(id: string, options: ControlOptions): Promise<TaskView> {
    await this.requireControl(id);
    return this.toldTask(await this.engine.pauseTask(id, options));
  }

  async resumeTask(id: string, options: ResumeTaskOptions): Promise<TaskView> {
    const task = await this.requireControl(id);
    if (options.as === 'COMPLETED' || options.as === 'FAILED') await this.requireOtherEyes(task);
    return this.toldTask(await this.engine.resumeTask(id, options));
  }

  async acceptTask(id: string, options: ControlOptions): Promise<TaskView> {
    await this.requireOtherEyes(await this.requireControl(id));
    return this.toldTask(await this.engine.acceptTask(id, options));
  }

  async rejectTask(id: string, options: ControlOptions & { readonly reason: string }): Promise<TaskView> {
    await this.requireOtherEyes(await this.requireControl(id));
    return this.toldTask(await this.engine.rejectTask(id, options));
  }

  /** Answering needs the right to control the task that asks. */
  async answerHumanRequest(id: string, answer: Json, options: AnswerOptions): Promise<HumanRequestView> {
    const request = await this.reader.humanRequest(id);
    if (!request) throw new TaskloomError('NOT_FOUND', `There is no question "${id}".`, { details: { requestId: id } });
    await this.requireOtherEyes(await this.requireControl(request.taskId), request.about);
    return this.reader.toldRequest(await this.engine.answerHumanRequest(id, answer, options));
  }

  /**
   * Where a task's metadata, or what a question is about, says `fourEyes: true`, whoever started the job may not decide.
   * Callers without a name are all the same one.
   *
   * @throws ApiError `APPROVAL_SELF_DECISION`
   */
  private async requireOtherEyes({ id, jobId, metadata }: TaskView, about: JsonObject | null = null): Promise<void> {
    if (metadata?.[FOUR_EYES] !== true && about?.[FOUR_EYES] !== true) return;
    const [submitted] = await this.engine.reader.events(jobId, 0, 1);
    if (submitted?.actor === this.permissions.actor)
      throw new ApiError('APPROVAL_SELF_DECISION', `"${id}" asks for four eyes, and this caller started the job.`, { jobId, taskId: id });
  }

  private async toldTask(view: TaskView): Promise<TaskView> {
    return (await this.reader.toldTasks([view]))[0]!;
  }

  /** A task that this caller may change, in a job that it may change. */
  private async requireControl(id: string): Promise<TaskView> {
    const task = await this.requireTask(id, 'control');
    await this.requireJob(task.jobId, 'control');
    return task;
  }

  /** @throws TaskloomError `NOT_FOUND`, also for a job that this caller may not see */
  async requireJob(id: string, action: ApiAction = 'read'): Promise<JobView> {
    const view = await this.reader.job(id);
    if (!view || (action === 'control' && !(await this.permissions.job(view, action))))
      throw new TaskloomError('NOT_FOUND', `There is no job "${id}".`, { details: { jobId: id } });
    return view;
  }

  /** A job whose events are to be read. @throws TaskloomError `CURSOR_EXPIRED` where they were deleted with it, otherwise as {@link requireJob} */
  async requireLog(jobId: string): Promise<JobView> {
    if (!(await this.reader.job(jobId))) refuseExpired(jobId, await this.reader.expiredJob(jobId));
    return this.requireJob(jobId);
  }

  /** @throws TaskloomError `NOT_FOUND`, also for a task that this caller may not see */
  async requireTask(id: string, action: ApiAction = 'read'): Promise<TaskView> {
    const view = await this.reader.task(id);
    if (!view || (action === 'control' && !(await this.permissions.task(view, action))))
      throw new TaskloomError('NOT_FOUND', `There is no task "${id}".`, { details: { taskId: id } });
    return view;
  }

  /** Names only stories that this caller may see; the whole counts all. @throws TaskloomError `NOT_FOUND` */
  async jobProgress(jobId: string): Promise<JobProgress> {
    await this.requireJob(jobId);
    const progress = await this.engine.jobProgress(jobId);
    return { ...progress, stories: await this.visibleStories(progress.stories) };
  }

  private async visibleStories<Story extends { readonly taskId: string }>(stories: readonly Story[]): Promise<readonly Story[]> {
    if (this.permissions.allTasks) return stories;
    const seen = await Promise.all(stories.map(({ taskId }) => this.reader.task(taskId)));
    return stories.filter((_, index) => seen[index]);
  }

  /** Names only stories that this caller may see; the whole counts all. @throws TaskloomError `NOT_FOUND` */
  async jobCost(jobId: string): Promise<JobCost> {
    await this.requireJob(jobId);
    const cost = await this.engine.jobCost(jobId);
    return { ...cost, stories: await this.visibleStories(cost.stories) };
  }

  /** Tells of tasks that this caller may see, as the events tell that it may see; what it left out counts all. @throws TaskloomError `NOT_FOUND` */
  async jobReport(jobId: string, options: ReportOptions): Promise<JobReport> {
    await this.requireJob(jobId);
    const report = await this.engine.jobReport(jobId, options);
    const { allTasks, allEvents } = this.permissions;
    if (allTasks && allEvents) return report;
    const addresses = report.tasks.map(({ id }) => parseTaskId(id)!);
    const told = await this.reader.tasksAt(addresses);
    const seen = visibleReport(report, told, allEvents ? null : await this.reader.taskHistories(addresses, HISTORY_EVENTS));
    return allTasks ? seen : this.toldReport(seen, told);
  }

  private async toldReport(report: JobReport, told: readonly (TaskView | null)[]): Promise<JobReport> {
    const seesBelow = await this.reader.seesBelow(report.tasks.map(({ id }) => parseTaskId(id)!));
    const byId = new Map(told.filter((view) => view !== null).map((view) => [view.id, view]));
    const tasks = report.tasks.map((task, index) => toldReport(task, byId.get(task.id)!, seesBelow[index]!));
    return { ...report, job: await this.reader.toldJob(report.job), tasks };
  }

  /** @throws TaskloomError `NOT_FOUND`; ApiError `FORBIDDEN` where a part of the graph is hidden from this caller */
  async jobGraph(jobId: string, options: GraphOptions): Promise<string> {
    await this.requireJob(jobId);
    if (options.taskId !== undefined) await this.requireTask(options.taskId);
    if (!this.permissions.allTasks) await this.requireAllTasks(jobId);
    return this.engine.jobGraph(jobId, options);
  }

  private async requireAllTasks(jobId: string): Promise<void> {
    let after: string | undefined;
    do {
      const page = await this.engine.reader.tasks({ jobId }, { first: PAGE, ...(after === undefined ? undefined : { after }) });
      for (const task of page.items)
        if (!(await this.permissions.task(task))) throw new ApiError('FORBIDDEN', 'This caller may not see the whole graph of the job.');
      after = page.hasNextPage ? page.cursors.at(-1) : undefined;
    } while (after !== undefined);
  }

  // ── schedules ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Its jobs belong to the caller's tenant, begin in its name, and carry what is captured now. */
  createSchedule(schedule: ScheduleOptions): Promise<ScheduleView> {
    return this.starts.start(this.owned(schedule.options ?? {}), async (options) =>
      this.shown(await this.engine.createSchedule({ ...schedule, id: this.names.stored(schedule.id), options })),
    );
  }

  async schedules(): Promise<readonly ScheduleView[]> {
    const { tenant } = this.permissions;
    const views = await this.engine.schedules(tenant === null ? {} : { tenant });
    return views.map((view) => this.names.shown(view)).filter((view) => view !== null);
  }

  async schedule(id: string): Promise<ScheduleView | null> {
    const view = await this.engine.schedule(this.names.stored(id));
    return view && this.names.shown(view);
  }

  async pauseSchedule(id: string): Promise<ScheduleView> {
    await this.requireSchedule(id);
    return this.shown(await this.engine.pauseSchedule(this.names.stored(id)));
  }

  async resumeSchedule(id: string): Promise<ScheduleView> {
    await this.requireSchedule(id);
    return this.shown(await this.engine.resumeSchedule(this.names.stored(id)));
  }

  async deleteSchedule(id: string): Promise<boolean> {
    return (await this.schedule(id)) !== null && this.engine.deleteSchedule(this.names.stored(id));
  }

  private async requireSchedule(id: string): Promise<void> {
    if (!(await this.schedule(id))) throw new TaskloomError('NOT_FOUND', `There is no schedule "${id}".`, { details: { scheduleId: id } });
  }

  private shown(view: ScheduleView): ScheduleView {
    return this.names.shown(view) ?? view;
  }

  // ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────────────

  /** @throws ApiError `FORBIDDEN` for a caller to whom they would tell of what is hidden from it */
  metrics(): EngineMetrics {
    if (!this.seesEverything) throw new ApiError('FORBIDDEN', 'Metrics count all jobs and tasks, of which this caller may not see some.');
    return this.engine.metrics();
  }

  /** Alerts about jobs and tasks that this caller sees; those about what all share only where it sees everything. */
  async alerts(filter: { readonly isActive?: boolean }): Promise<readonly AlertView[]> {
    const { tenant } = this.permissions;
    const views = await this.engine.alerts(tenant === null ? filter : { ...filter, tenant });
    if (this.seesEverything) return views;
    const seen = await Promise.all(views.map((view) => this.seesAlert(view)));
    return views.filter((_, index) => seen[index]);
  }

  /** @throws TaskloomError `NOT_FOUND`, also for an alert that this caller may not see or see to */
  async acknowledgeAlert(id: string, options: ControlOptions): Promise<AlertView> {
    const found = (await this.alerts({})).find((alert) => alert.id === id);
    if (!found || !(await this.maySeeTo(found)))
      throw new TaskloomError('NOT_FOUND', `There is no alert "${id}".`, { details: { alertId: id } });
    return this.engine.acknowledgeAlert(id, options);
  }

  /** Every change of an alert that this caller sees, from this call on. */
  alertChanges(options: { readonly signal?: AbortSignal }): AsyncIterable<AlertView> {
    return this.visibleAlerts(this.engine.alertChanges(options));
  }

  private async *visibleAlerts(alerts: AsyncIterable<AlertView>): AsyncGenerator<AlertView, void> {
    for await (const alert of alerts) if (await this.seesAlert(alert)) yield alert;
  }

  private get seesEverything(): boolean {
    return this.permissions.allJobs && this.permissions.allTasks;
  }

  private async seesAlert({ jobId, taskId }: AlertView): Promise<boolean> {
    if (this.seesEverything) return true;
    if (jobId === null) return false;
    return (taskId === null ? await this.reader.job(jobId) : await this.reader.task(taskId)) !== null;
  }

  private async maySeeTo({ jobId, taskId }: AlertView): Promise<boolean> {
    const job = jobId === null ? null : await this.reader.job(jobId);
    const task = taskId === null ? null : await this.reader.task(taskId);
    return (!job || (await this.permissions.job(job, 'control'))) && (!task || (await this.permissions.task(task, 'control')));
  }

  // ── live ────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * A job's events as `Engine.events` has them; each is checked when it is its turn. Ends when the job may not be seen any more.
   *
   * @throws TaskloomError `CURSOR_EXPIRED` when the job is deleted before all of them were read
   */
  async *events(
    jobId: string,
    options: { readonly afterSeq: number; readonly signal: AbortSignal },
  ): AsyncGenerator<readonly EventView[], void> {
    const { allJobs, allTasks, allEvents } = this.permissions;
    if (allJobs && allTasks && allEvents) return yield* this.logs.follow(jobId, options);
    for await (const events of this.logs.follow(jobId, options)) {
      for (const event of events) {
        const shown = await this.reader.visibleEvent(event);
        if (shown) yield [shown];
        else if (!(await this.reader.job(jobId))) {
          // Whoever has heard a part of it may know where the rest is.
          refuseExpired(jobId, await this.engine.reader.expiredJob(jobId));
          return;
        }
      }
    }
  }

  /** Hints that jobs have changed, of all jobs: what they are is read from `reader`. */
  changes(options: { readonly jobId?: string; readonly signal?: AbortSignal }): AsyncIterable<readonly JobChange[]> {
    return this.engine.changes(options);
  }
}

/** @throws TaskloomError `CURSOR_EXPIRED` where the job was deleted */
function refuseExpired(jobId: string, expired: ExpiredJob | null): void {
  if (!expired) return;
  const expiredAt = new Date(expired.expiredAt).toISOString();
  throw new TaskloomError('CURSOR_EXPIRED', `The job "${jobId}" was deleted with its events on ${expiredAt}.`, {
    details: { jobId, expiredAt },
  });
}
