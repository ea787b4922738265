import { createHash, randomBytes } from 'node:crypto';

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/** A job's trace: its id without the dashes, so that each can be found by the other. */
export function traceIdOf(jobId: string): string {
  const digits = jobId.replaceAll('-', '');
  return /^[0-9a-f]{32}$/.test(digits) ? digits : hexDigest(jobId, TRACE_DIGITS);
}

/** The span of a job, anew each time it is reopened. */
export function jobSpanId(jobId: string, generation: number): string {
  return hexDigest(`job ${jobId} ${generation}`, SPAN_DIGITS);
}

/** The span of one run of an agent. */
export function runSpanId(taskId: string, fence: number): string {
  return hexDigest(`run ${taskId} ${fence}`, SPAN_DIGITS);
}

function hexDigest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/**
 * Gives spans of jobs the ids that follow from the jobs, in every process, and all other spans random ones. Give it to the
 * OpenTelemetry SDK as `idGenerator` and to `openTelemetry` as `ids`.
 */
export class TaskloomIds {
  private nextTraceId: string | null = null;
  private nextSpanId: string | null = null;

  /** Gives the span that `make` starts these ids. */
  with<T>(traceId: string, spanId: string, make: () => T): T {
    this.nextTraceId = traceId;
    this.nextSpanId = spanId;
    try {
      return make();
    } finally {
      this.nextTraceId = null;
      this.nextSpanId = null;
    }
  }

  generateTraceId(): string {
    const traceId = this.nextTraceId ?? randomBytes(TRACE_DIGITS / 2).toString('hex');
    this.nextTraceId = null;
    return traceId;
  }

  generateSpanId(): string {
    const spanId = this.nextSpanId ?? randomBytes(SPAN_DIGITS / 2).toString('hex');
    this.nextSpanId = null;
    return spanId;
  }
}
