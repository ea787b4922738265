import { completeOptions, type ClientSettings, type TaskloomClientOptions } from './client-options.js';
import { DOCUMENTS } from './documents.js';
import { ApiResponseError } from './errors.js';
import { EventStreamTransport } from './live/event-stream-transport.js';
import type { LiveTransport } from './live/live-transport.js';
import { resume } from './live/resume.js';
import { WebSocketTransport } from './live/web-socket-transport.js';
import { postOperation } from './post-operation.js';
import type { JobEvent, JobEventsOptions, JobState, Json, StartOptions, StreamOptions, TaskScope, TaskState } from './types.js';

type Variables = Readonly<Record<string, unknown>>;

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/** A client of the Taskloom API. Streams outlive their connections: they go on from where they stood. */
export class TaskloomClient {
  private readonly settings: ClientSettings;
  private live: LiveTransport | null = null;

  constructor(options: TaskloomClientOptions) {
    this.settings = completeOptions(options);
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when the job is durable. @throws ApiResponseError `UNKNOWN_WORKFLOW`, `INPUT_SCHEMA`, `IDEMPOTENCY_CONFLICT` … */
  async startWorkflow(name: string, input: Json, options: StartOptions = {}): Promise<JobState> {
    return (await this.execute<{ startWorkflow: JobState }>(DOCUMENTS.startWorkflow, { name, input, options })).startWorkflow;
  }

  /** Starts a job of an explicit graph: `SubmitJobInput` of the schema. @throws ApiResponseError with every problem of the graph */
  async submitJob(job: { readonly name: string; readonly tasks: readonly Variables[] } & Variables): Promise<JobState> {
    return (await this.execute<{ submitJob: JobState }>(DOCUMENTS.submitJob, { job })).submitJob;
  }

  async cancelJob(id: string, options: { readonly reason?: string } = {}): Promise<JobState> {
    return (await this.execute<{ cancelJob: JobState }>(DOCUMENTS.cancelJob, { id, ...options })).cancelJob;
  }

  async retryJob(id: string, options: { readonly tasks?: readonly string[]; readonly reason?: string } = {}): Promise<JobState> {
    return (await this.execute<{ retryJob: JobState }>(DOCUMENTS.retryJob, { id, ...options })).retryJob;
  }

  /** `null` where there is none, or none for this caller. */
  async job(id: string): Promise<JobState | null> {
    return (await this.execute<{ job: JobState | null }>(DOCUMENTS.job, { id })).job;
  }

  /** Waits for a job to end. @throws ApiResponseError with the job's error, or `JOB_FAILED`, `JOB_CANCELLED`, `NOT_FOUND` */
  async result<Output = Json>(id: string, options: StreamOptions = {}): Promise<Output> {
    for await (const state of this.jobUpdates(id, options)) {
      if (!ENDED.has(state.status)) continue;
      if (state.status === 'COMPLETED') return (await this.execute<{ job: { output: Output } }>(DOCUMENTS.jobOutput, { id })).job.output;
      const { code, message } = state.error ?? { code: `JOB_${state.status}`, message: `Job ${id} is ${state.status}.` };
      throw new ApiResponseError([{ message, extensions: { code, details: { jobId: id, status: state.status } } }]);
    }
    throw options.signal?.reason ?? new Error(`The stream of job ${id} ended before the job.`);
  }

  // ── streams ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A job's events from the cursor on, in order, none left out, none twice, over however many connections. Ends with the job. */
  async *jobEvents(jobId: string, { afterSeq = 0, signal, types, taskId, subtree }: JobEventsOptions = {}): AsyncGenerator<JobEvent, void> {
    let cursor = afterSeq;
    const narrow = { types: types ?? null, taskId: taskId ?? null, subtree: subtree ?? false };
    const source = this.resumed(signal, () => this.transport().open(DOCUMENTS.jobEvents, { jobId, afterSeq: cursor, ...narrow }));
    for await (const data of source) {
      const event = (data as { jobEvents: JobEvent }).jobEvents;
      if (event.seq <= cursor) continue;
      cursor = event.seq;
      yield event;
    }
  }

  /** A job's state now, then each time it changed; ends with the job. Without an id: the open jobs, then all that change. */
  async *jobUpdates(jobId: string | null, { signal }: StreamOptions = {}): AsyncGenerator<JobState, void> {
    for await (const data of this.subscribe<{ jobUpdated: JobState }>(DOCUMENTS.jobUpdated, { jobId }, { ...(signal && { signal }) }))
      yield data.jobUpdated;
  }

  /** The state of each of a job's tasks now, then of each that changed; ends with the job. */
  async *taskUpdates(jobId: string, { signal, ...scope }: StreamOptions & TaskScope = {}): AsyncGenerator<TaskState, void> {
    for await (const data of this.subscribe<{ taskUpdated: TaskState }>(
      DOCUMENTS.taskUpdated,
      { jobId, ...scope },
      { ...(signal && { signal }) },
    ))
      yield data.taskUpdated;
  }

  // ── operations of your own ──────────────────────────────────────────────────────────────────────────────────

  /** A query or mutation. @throws ApiResponseError, ConnectionError */
  async execute<Data>(document: string, variables: Variables = {}, { signal }: StreamOptions = {}): Promise<Data> {
    return (await postOperation(this.settings, document, variables, signal)) as Data;
  }

  /** A subscription that begins with the current state, so that it can simply begin again after a lost connection. */
  subscribe<Data>(document: string, variables: Variables = {}, { signal }: StreamOptions = {}): AsyncGenerator<Data, void> {
    return this.resumed(signal, () => this.transport().open(document, variables)) as AsyncGenerator<Data, void>;
  }

  /** Closes the connection, and with it all streams. The client can be used again. */
  async dispose(): Promise<void> {
    const { live } = this;
    this.live = null;
    await live?.dispose();
  }

  private resumed(signal: AbortSignal | undefined, open: () => ReturnType<LiveTransport['open']>): AsyncGenerator<unknown, void> {
    return resume({ settings: this.settings, signal, open });
  }

  private transport(): LiveTransport {
    return (this.live ??=
      this.settings.transport === 'sse' ? new EventStreamTransport(this.settings) : new WebSocketTransport(this.settings));
  }
}
