import type {
  CallOptions,
  ControlOptions,
  JobEventsOptions,
  JobListOptions,
  Page,
  PageOptions,
  StartOptions,
  TaskListOptions,
  TaskScope,
} from './call-options.js';
import { completeOptions, type ClientSettings, type TaskloomClientOptions } from './client-options.js';
import { DOCUMENTS, type OperationName } from './documents.js';
import { ApiResponseError, ConnectionError } from './errors.js';
import { postOperation } from './http/post-operation.js';
import type { Json } from './json.js';
import { EventStreamTransport } from './live/event-stream-transport.js';
import type { LiveTransport } from './live/live-transport.js';
import { resume } from './live/resume.js';
import { Retries } from './live/retries.js';
import { WebSocketTransport } from './live/web-socket-transport.js';
import { everyItem, MAX_PAGE, pageOf, type Connection } from './pages.js';
import type {
  Agent,
  Alert,
  DependencyMode,
  GraphDetail,
  GraphFormat,
  HumanRequest,
  JobCost,
  JobEvent,
  JobProgress,
  JobReport,
  Metrics,
  ResumeAs,
  Schedule,
  ScheduleInput,
  SubmitJobInput,
  TaskFilter,
  TaskInput,
  Workflow,
} from './schema.js';
import type { JobDetails, JobReportState, JobState, OverviewState, TaskDetails, TaskState } from './states.js';

type Variables = Readonly<Record<string, unknown>>;

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/**
 * A client of the Taskloom API. Every method that asks the server throws ApiResponseError for what the API refuses and
 * ConnectionError for what cannot be reached. Streams outlive their connections: they go on from where they stood.
 */
export class TaskloomClient {
  private readonly settings: ClientSettings;
  private live: LiveTransport | null = null;
  /** Aborts when the client is disposed of: streams that wait to connect again must end, too. */
  private leaving = new AbortController();

  constructor(options: TaskloomClientOptions) {
    this.settings = completeOptions(options);
  }

  // ── starting jobs ───────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when the job is durable. @throws ApiResponseError `UNKNOWN_WORKFLOW`, `INPUT_SCHEMA`, `IDEMPOTENCY_CONFLICT` … */
  startWorkflow(name: string, input: Json | object, options: StartOptions = {}, call: CallOptions = {}): Promise<JobState> {
    return this.ask('startWorkflow', { name, input, options }, call);
  }

  /** Starts a job of an explicit graph. @throws ApiResponseError with every problem of the graph */
  submitJob(job: SubmitJobInput, call: CallOptions = {}): Promise<JobState> {
    return this.ask('submitJob', { job }, call);
  }

  /**
   * Waits for a job to end, over however many connections. Resolves with its output.
   *
   * @throws ApiResponseError with the job's error, or `JOB_FAILED`, `JOB_CANCELLED`, `NOT_FOUND`; ConnectionError where the
   *   client is disposed of meanwhile; the signal's reason when that ends it
   */
  async result<Output = Json>(id: string, options: CallOptions = {}): Promise<Output> {
    for await (const state of this.jobUpdates(id, options)) {
      if (!ENDED.has(state.status)) continue;
      if (state.status === 'COMPLETED') return this.outputOf<Output>(id, options);
      const { code, message } = state.error ?? { code: `JOB_${state.status}`, message: `Job ${id} is ${state.status}.` };
      throw new ApiResponseError([{ message, extensions: { code, details: { jobId: id, status: state.status } } }]);
    }
    throw options.signal?.reason ?? new ConnectionError(`The stream of job ${id} ended before the job.`, null);
  }

  // ── steering jobs ───────────────────────────────────────────────────────────────────────────────────────────

  /** Lets a job run that was started with `confirm: true`. */
  confirmJob(id: string, options: ControlOptions = {}): Promise<JobState> {
    return this.steer('confirmJob', id, options);
  }

  /** What runs is stopped, the rest will not start. @throws ApiResponseError `JOB_ALREADY_TERMINAL` */
  cancelJob(id: string, options: ControlOptions = {}): Promise<JobState> {
    return this.steer('cancelJob', id, options);
  }

  /** Starts nothing more of a job; what runs ends. Deadlines still count. */
  pauseJob(id: string, options: ControlOptions = {}): Promise<JobState> {
    return this.steer('pauseJob', id, options);
  }

  /** Lifts what `pauseJob` has placed. */
  resumeJob(id: string, options: ControlOptions = {}): Promise<JobState> {
    return this.steer('resumeJob', id, options);
  }

  /** Reopens an ended job: what failed, was cancelled or was skipped by a failure runs again, or the given tasks and what depends on them. */
  async retryJob(id: string, { tasks, ...options }: ControlOptions & { readonly tasks?: readonly string[] } = {}): Promise<JobState> {
    return this.steer('retryJob', id, options, { tasks });
  }

  /** Adds tasks to an open job: all of them, or none and every problem. */
  async addTasks(jobId: string, tasks: readonly TaskInput[], { reason, ...call }: ControlOptions = {}): Promise<readonly TaskState[]> {
    return this.ask('addTasks', { jobId, tasks, reason }, call);
  }

  // ── steering tasks ──────────────────────────────────────────────────────────────────────────────────────────

  /** Lets a task that has not begun wait for another one. */
  async addDependency(
    taskId: string,
    dependsOn: string,
    { mode, reason, ...call }: ControlOptions & { readonly mode?: DependencyMode } = {},
  ): Promise<TaskState> {
    return this.ask('addDependency', { taskId, dependsOn, mode, reason }, call);
  }

  /** Runs an ended task again, with everything that depends on it. */
  retryTask(id: string, options: ControlOptions = {}): Promise<TaskState> {
    return this.steer('retryTask', id, options);
  }

  /** Skips an open task and what is below it; what needs it to complete is skipped with it. */
  skipTask(id: string, options: ControlOptions = {}): Promise<TaskState> {
    return this.steer('skipTask', id, options);
  }

  /** Cancels an open task and what is below it. */
  cancelTask(id: string, options: ControlOptions = {}): Promise<TaskState> {
    return this.steer('cancelTask', id, options);
  }

  /** Starts nothing more of a task and what is below it. */
  pauseTask(id: string, options: ControlOptions = {}): Promise<TaskState> {
    return this.steer('pauseTask', id, options);
  }

  /** Lifts the hold of `pauseTask`; with `as` it says what a parked task (BLOCKED, MANUAL) comes to. */
  async resumeTask(
    id: string,
    { as, output, ...options }: ControlOptions & { readonly as?: ResumeAs; readonly output?: Json | object } = {},
  ): Promise<TaskState> {
    return this.steer('resumeTask', id, options, { as, output });
  }

  /** Accepts what a task under review came to. */
  acceptTask(id: string, options: ControlOptions = {}): Promise<TaskState> {
    return this.steer('acceptTask', id, options);
  }

  /** Rejects it: the task runs again with `reason` as its feedback, or is REJECTED after the last permitted time. */
  rejectTask(id: string, reason: string, call: CallOptions = {}): Promise<TaskState> {
    return this.ask('rejectTask', { id, reason }, call);
  }

  // ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────

  /** What there is to do, and how it goes. @throws ApiResponseError `FORBIDDEN` for a caller that may not count */
  overview(call: CallOptions = {}): Promise<OverviewState> {
    return this.ask('overview', {}, call);
  }

  /** What the engine has done since its start, and what it has before it. @throws ApiResponseError `FORBIDDEN` for a caller that does not see all of it */
  metrics(call: CallOptions = {}): Promise<Metrics> {
    return this.ask('metrics', {}, call);
  }

  /**
   * What is out of bounds, newest first; with `active: false` what was within the last week, with `null` both.
   *
   * @param options.active default true
   * @param options.first most of them, 1 to 100. Default 100
   */
  async alerts({
    active,
    first,
    ...call
  }: CallOptions & { readonly active?: boolean | null | undefined; readonly first?: number | undefined } = {}): Promise<readonly Alert[]> {
    return this.ask('alerts', { active, first }, call);
  }

  /** Notes that somebody has seen to it. Who was first stays. @throws ApiResponseError `NOT_FOUND` */
  acknowledgeAlert(id: string, call: CallOptions = {}): Promise<Alert> {
    return this.ask('acknowledgeAlert', { id }, call);
  }

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** A question to a person, or null where there is none, or none for this caller. */
  humanRequest(id: string, call: CallOptions = {}): Promise<HumanRequest | null> {
    return this.ask('humanRequest', { id }, call);
  }

  /**
   * Questions to people, those of the newest job first.
   *
   * @param options.open default true: those that wait for an answer; false: the others
   * @param options.assignee only those meant for somebody, in the application's own words. Default: all
   * @param options.first most of them, 1 to 100. Default 100
   */
  async humanRequests({
    jobId,
    open,
    assignee,
    first,
    ...call
  }: CallOptions & {
    readonly jobId?: string | undefined;
    readonly open?: boolean | undefined;
    readonly assignee?: string | undefined;
    readonly first?: number | undefined;
  } = {}): Promise<readonly HumanRequest[]> {
    return this.ask('humanRequests', { jobId, open, assignee, first }, call);
  }

  /**
   * Answers a question. With the `requestHash` that was read, it is refused where the question has changed meanwhile.
   *
   * @throws ApiResponseError `INPUT_SCHEMA` for an answer that does not fit, `REQUEST_CLOSED`, `REQUEST_CHANGED`
   */
  async answerHumanRequest(
    id: string,
    answer: Json | object,
    { requestHash, reason, ...call }: ControlOptions & { readonly requestHash?: string | undefined } = {},
  ): Promise<HumanRequest> {
    return this.ask('answerHumanRequest', { id, answer, requestHash, reason }, call);
  }

  // ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** `null` where there is none, or none for this caller. */
  job(id: string, call: CallOptions = {}): Promise<JobState | null> {
    return this.ask('job', { id }, call);
  }

  /** A job with its whole input and output. */
  jobDetails(id: string, call: CallOptions = {}): Promise<JobDetails | null> {
    return this.ask('jobDetails', { id }, call);
  }

  /** How far a job is, story by story. Reads all of its tasks; `progress` of its state is the number of the whole, and costs nothing. */
  async jobProgress(id: string, call: CallOptions = {}): Promise<JobProgress | null> {
    const found = await this.ask<{ readonly rolledUpProgress: JobProgress } | null>('jobProgress', { id }, call);
    return found?.rolledUpProgress ?? null;
  }

  /** What a job has spent by unit (tokens, usd …), story by story, as its agents say it. Reads all of its tasks. */
  async jobCost(id: string, call: CallOptions = {}): Promise<JobCost | null> {
    const found = await this.ask<{ readonly rolledUpCost: JobCost } | null>('jobCost', { id }, call);
    return found?.rolledUpCost ?? null;
  }

  /**
   * What became of a job, task by task, or has so far: attempts, errors, summaries, times. Reads all of its events.
   *
   * @param options.first most tasks to tell of, 1 to 1,000. Default 100
   */
  async jobReport(
    id: string,
    { first, ...call }: CallOptions & { readonly first?: number | undefined } = {},
  ): Promise<JobReportState | null> {
    const found = await this.ask<(JobState & { readonly report: JobReport }) | null>('jobReport', { id, first }, call);
    if (!found) return null;
    const { report, ...job } = found;
    return { job, ...report };
  }

  /** A page of jobs, newest first where no other order is asked for. */
  async jobs({ filter, order, ...page }: PageOptions & JobListOptions = {}): Promise<Page<JobState>> {
    return this.page('jobs', { filter, order }, page);
  }

  /** All jobs, read page by page as they are taken. */
  everyJob({ filter, order, signal }: CallOptions & JobListOptions = {}): AsyncGenerator<JobState, void> {
    return everyItem((after) => this.jobs({ filter, order, first: MAX_PAGE, after, signal }));
  }

  /** A task with its whole input and output, and why it stands where it stands. */
  task(id: string, call: CallOptions = {}): Promise<TaskDetails | null> {
    return this.ask('task', { id }, call);
  }

  /** A page of tasks: of one job in the order they came into it, of many jobs newest job first. */
  async tasks(filter: TaskFilter, { order, ...page }: PageOptions & TaskListOptions = {}): Promise<Page<TaskState>> {
    return this.page('tasks', { filter, order }, page);
  }

  /** All tasks, read page by page as they are taken. */
  everyTask(filter: TaskFilter, { order, signal }: CallOptions & TaskListOptions = {}): AsyncGenerator<TaskState, void> {
    return everyItem((after) => this.tasks(filter, { order, first: MAX_PAGE, after, signal }));
  }

  /** The events about a task, oldest first: at most `first`, 1 to 100 (default 100). Null where there is no such task. */
  async taskHistory(
    id: string,
    { first, ...call }: CallOptions & { readonly first?: number | undefined } = {},
  ): Promise<readonly JobEvent[] | null> {
    const found = await this.ask<{ readonly history: readonly JobEvent[] } | null>('taskHistory', { id, first }, call);
    return found?.history ?? null;
  }

  /** A job's events after `afterSeq` as they are now, in order: at most `first`, 1 to 1,000 (default 100). `jobEvents` gives those to come, too. */
  async events(
    jobId: string,
    { afterSeq, first, ...call }: CallOptions & { readonly afterSeq?: number | undefined; readonly first?: number | undefined } = {},
  ): Promise<readonly JobEvent[]> {
    return this.ask('events', { jobId, afterSeq, first }, call);
  }

  /** A job's graph as text, for drawing: the whole of it, or what is within `depth` steps (default 1) of a task. At most 2,000 tasks. */
  async jobGraph(
    jobId: string,
    {
      format,
      detail,
      taskId,
      depth,
      ...call
    }: CallOptions & {
      readonly format: GraphFormat;
      readonly detail?: GraphDetail | undefined;
      readonly taskId?: string | undefined;
      readonly depth?: number | undefined;
    },
  ): Promise<string> {
    return this.ask('jobGraph', { jobId, format, detail, taskId, depth }, call);
  }

  // ── schedules ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Starts a workflow again and again, by `every` or by `cron`. @throws ApiResponseError `SCHEDULE_INVALID`, `SCHEDULE_EXISTS`, `UNKNOWN_WORKFLOW` */
  createSchedule(schedule: ScheduleInput, call: CallOptions = {}): Promise<Schedule> {
    return this.ask('createSchedule', { input: schedule }, call);
  }

  /** All schedules, with their next tick and what became of the last. */
  schedules(call: CallOptions = {}): Promise<readonly Schedule[]> {
    return this.ask('schedules', {}, call);
  }

  /** `null` where there is none, or none for this caller. */
  schedule(id: string, call: CallOptions = {}): Promise<Schedule | null> {
    return this.ask('schedule', { id }, call);
  }

  /** No tick until it is resumed. */
  pauseSchedule(id: string, call: CallOptions = {}): Promise<Schedule> {
    return this.ask('pauseSchedule', { id }, call);
  }

  /** Goes on with the next tick from now; what was missed is not made up for. */
  resumeSchedule(id: string, call: CallOptions = {}): Promise<Schedule> {
    return this.ask('resumeSchedule', { id }, call);
  }

  /** Jobs that it has started go on. False where there is none. */
  deleteSchedule(id: string, call: CallOptions = {}): Promise<boolean> {
    return this.ask('deleteSchedule', { id }, call);
  }

  // ── what the application has ────────────────────────────────────────────────────────────────────────────────

  /** The agents of the application: all, or those with a capability. */
  async agents({ capability, ...call }: CallOptions & { readonly capability?: string | undefined } = {}): Promise<readonly Agent[]> {
    return this.ask('agents', { capability }, call);
  }

  /** `null` where there is none of that name. */
  agent(name: string, call: CallOptions = {}): Promise<Agent | null> {
    return this.ask('agent', { name }, call);
  }

  /** The agents whose input schema accepts a value. */
  agentsAccepting(input: Json | object, call: CallOptions = {}): Promise<readonly Agent[]> {
    return this.ask('agentsAccepting', { input }, call);
  }

  /** The workflows of the application, each with the JSON Schemas of its input and output. */
  workflows(call: CallOptions = {}): Promise<readonly Workflow[]> {
    return this.ask('workflows', {}, call);
  }

  /** `null` where there is none of that name. */
  workflow(name: string, call: CallOptions = {}): Promise<Workflow | null> {
    return this.ask('workflow', { name }, call);
  }

  // ── streams ─────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * A job's events from the cursor on, in order, none left out, none twice, over however many connections. Ends with the job.
   *
   * @throws ApiResponseError `NOT_FOUND`; `CURSOR_EXPIRED` where the job was deleted meanwhile; `CURSOR_INVALID` for a cursor
   *   that is none of this job's
   */
  async *jobEvents(jobId: string, { afterSeq = 0, signal, types, taskId, subtree }: JobEventsOptions = {}): AsyncGenerator<JobEvent, void> {
    let cursor = afterSeq;
    const narrow = { types: types ?? null, taskId: taskId ?? null, subtree: subtree ?? false };
    const source = this.resumed<{ jobEvents: JobEvent }>(signal, () =>
      this.transport().open(DOCUMENTS.jobEvents, { jobId, afterSeq: cursor, ...narrow }),
    );
    for await (const { jobEvents: event } of source) {
      if (event.seq <= cursor) continue;
      cursor = event.seq;
      yield event;
    }
  }

  /**
   * A job's state now, then each time it changed; ends with the job. Without an id: the open jobs, then all that change.
   * After a lost connection it begins again with the state as it is; a job that ended meanwhile is told of only where its id was given.
   */
  async *jobUpdates(jobId: string | null, { signal }: CallOptions = {}): AsyncGenerator<JobState, void> {
    for await (const data of this.subscribe<{ jobUpdated: JobState }>(DOCUMENTS.jobUpdated, { jobId }, { signal })) yield data.jobUpdated;
  }

  /** The state of each of a job's tasks now, then of each that changed; ends with the job. */
  async *taskUpdates(jobId: string, { signal, taskId, subtree = false }: CallOptions & TaskScope = {}): AsyncGenerator<TaskState, void> {
    const variables = { jobId, taskId: taskId ?? null, subtree };
    for await (const data of this.subscribe<{ taskUpdated: TaskState }>(DOCUMENTS.taskUpdated, variables, { signal }))
      yield data.taskUpdated;
  }

  /** The questions that wait for a person now, then each one when it is asked and when it is closed: of one job, which it ends with, or (`null`) of all. */
  async *humanRequestUpdates(jobId: string | null, { signal }: CallOptions = {}): AsyncGenerator<HumanRequest, void> {
    for await (const data of this.subscribe<{ humanRequested: HumanRequest }>(DOCUMENTS.humanRequested, { jobId }, { signal }))
      yield data.humanRequested;
  }

  /** The alerts that last now, then each one when it is raised, more urgent, acknowledged or over. Does not end. */
  async *alertUpdates({ signal }: CallOptions = {}): AsyncGenerator<Alert, void> {
    for await (const data of this.subscribe<{ alertRaised: Alert }>(DOCUMENTS.alertRaised, {}, { signal })) yield data.alertRaised;
  }

  /** The overview now, then whenever it has changed, at most once a second. Does not end. */
  async *overviewUpdates({ signal }: CallOptions = {}): AsyncGenerator<OverviewState, void> {
    for await (const data of this.subscribe<{ overviewUpdated: OverviewState }>(DOCUMENTS.overviewUpdated, {}, { signal }))
      yield data.overviewUpdated;
  }

  // ── operations of your own ──────────────────────────────────────────────────────────────────────────────────

  /** A query or mutation. */
  async execute<Data>(document: string, variables: Variables = {}, { signal }: CallOptions = {}): Promise<Data> {
    return (await postOperation(this.settings, document, variables, signal)) as Data;
  }

  /** A subscription that begins with the current state, so that it can simply begin again after a lost connection. */
  subscribe<Data>(document: string, variables: Variables = {}, { signal }: CallOptions = {}): AsyncGenerator<Data, void> {
    return this.resumed<Data>(signal, () => this.transport().open(document, variables));
  }

  /** Closes the connection, and with it all streams. The client can be used again. */
  async dispose(): Promise<void> {
    const { live, leaving } = this;
    this.live = null;
    this.leaving = new AbortController();
    leaving.abort();
    await live?.dispose();
  }

  /** One of the client's own operations. Its result is what states.ts says its document asks for. */
  private async ask<Result>(name: OperationName, variables: Variables, call: CallOptions): Promise<Result> {
    return (await this.execute<Readonly<Record<string, Result>>>(DOCUMENTS[name], variables, call))[name] as Result;
  }

  private async steer<Result>(name: OperationName, id: string, { reason, signal }: ControlOptions, more: Variables = {}): Promise<Result> {
    return this.ask(name, { id, reason, ...more }, { signal });
  }

  private async page<Item>(name: OperationName, variables: Variables, { first, after, count, signal }: PageOptions): Promise<Page<Item>> {
    return pageOf(await this.ask<Connection<Item>>(name, { ...variables, first, after, count }, { signal }));
  }

  /** Asked for patiently: whoever waited for the job will not mind that the connection is lost just then. */
  private async outputOf<Output>(id: string, { signal }: CallOptions): Promise<Output> {
    const retries = new Retries(this.settings, signal);
    for (;;) {
      try {
        const found = await this.ask<{ readonly output: Output } | null>('jobOutput', { id }, { signal });
        if (found) return found.output;
        throw new ApiResponseError([{ message: `There is no job ${id} any more.`, extensions: { code: 'NOT_FOUND' } }]);
      } catch (cause) {
        if (signal?.aborted) throw cause;
        await retries.after(cause);
      }
    }
  }

  private resumed<Data>(signal: AbortSignal | undefined, open: () => ReturnType<LiveTransport['open']>): AsyncGenerator<Data, void> {
    const { settings, leaving } = this;
    return resume({ settings, signal: signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal, open }) as AsyncGenerator<
      Data,
      void
    >;
  }

  private transport(): LiveTransport {
    return (this.live ??=
      this.settings.transport === 'sse' ? new EventStreamTransport(this.settings) : new WebSocketTransport(this.settings));
  }
}
