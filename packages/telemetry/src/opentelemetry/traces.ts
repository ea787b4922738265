import {
  SpanStatusCode,
  trace,
  TraceFlags,
  ROOT_CONTEXT,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';

import type { Failure, JobFacts, Observation, Run, RunOutcome } from '../observe/observation.js';
import { jobSpanId, runSpanId, traceIdOf, type TaskloomIds } from './deterministic-ids.js';
import { ERROR_TYPE, jobAttributes, jobSpanName, runAttributes, runSpanName } from './names.js';
import { callerOf } from './trace-parent.js';

/**
 * Writes a trace for each job: a span for the job, and below it one for each run of an agent. Ids and times follow from the
 * job's events, so a span that began in one process may end in another.
 */
export class Traces {
  /** Spans of open jobs. They begin with the first need of them in this process; which one ends them is all the same. */
  private readonly jobs = new Map<string, Span>();

  constructor(
    private readonly tracer: Tracer,
    private readonly ids: TaskloomIds,
  ) {}

  take(observation: Observation): void {
    switch (observation.kind) {
      case 'job-opened':
        this.jobSpan(observation.job);
        return;
      case 'run-ended':
        this.writeRun(observation.run, observation.at, observation.outcome, observation.error);
        return;
      case 'job-ended': {
        const { job, at, status, error } = observation;
        const span = this.jobSpan(job);
        span.setAttribute('taskloom.job.status', status);
        setFailure(span, error);
        span.end(at);
        this.jobs.delete(job.id);
        return;
      }
      case 'run-started':
        return;
    }
  }

  /** Where spans of a run belong: below its span, sampled as its job is. */
  contextOfRun(jobId: string, taskId: string, fence: number, active: Context): Context {
    const traceFlags = this.jobs.get(jobId)?.spanContext().traceFlags ?? TraceFlags.SAMPLED;
    return trace.setSpanContext(active, { traceId: traceIdOf(jobId), spanId: runSpanId(taskId, fence), traceFlags });
  }

  /** Whether the SDK takes the ids; `null` where there is none that makes spans. */
  checkIds(): boolean | null {
    const [traceId, spanId] = [traceIdOf('check'), jobSpanId('check', 0)];
    const made = this.ids.with(traceId, spanId, () => this.tracer.startSpan('check', { root: true })).spanContext();
    return /^0+$/.test(made.traceId) ? null : made.traceId === traceId && made.spanId === spanId;
  }

  private jobSpan(job: JobFacts): Span {
    const known = this.jobs.get(job.id);
    if (known) return known;
    const caller = callerOf(job.metadata);
    const links: Link[] = caller ? [{ context: caller }] : [];
    const options = { root: true, startTime: job.openedAt, attributes: jobAttributes(job), links };
    const span = this.ids.with(traceIdOf(job.id), jobSpanId(job.id, job.generation), () =>
      this.tracer.startSpan(jobSpanName(job), options, ROOT_CONTEXT),
    );
    this.jobs.set(job.id, span);
    return span;
  }

  private writeRun(run: Run, at: number, outcome: RunOutcome, error: Failure | null): void {
    const { job, task, fence, startedAt } = run;
    const parent: SpanContext = this.jobSpan(job).spanContext();
    const options = { startTime: startedAt, attributes: { ...runAttributes(run), 'taskloom.task.outcome': outcome } };
    const span = this.ids.with(traceIdOf(job.id), runSpanId(task.id, fence), () =>
      this.tracer.startSpan(runSpanName(run), options, trace.setSpanContext(ROOT_CONTEXT, parent)),
    );
    setFailure(span, error);
    span.end(at);
  }
}

function setFailure(span: Span, error: Failure | null): void {
  if (!error) return;
  span.setAttribute(ERROR_TYPE, error.code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}
