import { isSpanContextValid, trace, type Context, type SpanContext } from '@opentelemetry/api';

const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const RADIX = 16;

/** The span that is active, as a `traceparent` (W3C Trace Context); `null` where none is. */
export function traceParentOf(context: Context): string | null {
  const span = trace.getSpanContext(context);
  if (!span || !isSpanContextValid(span)) return null;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(RADIX).padStart(2, '0')}`;
}

/** The span that submitted a job, from its metadata; `null` where none did. */
export function callerOf(metadata: { readonly [key: string]: unknown } | null): SpanContext | null {
  const match = FORM.exec(String(metadata?.['traceparent']));
  if (!match) return null;
  const [, traceId, spanId, flags] = match as unknown as [string, string, string, string];
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, RADIX), isRemote: true };
  return isSpanContextValid(span) ? span : null;
}
