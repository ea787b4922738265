import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
  type Sampler,
} from '@opentelemetry/sdk-trace-base';

import { TaskloomIds } from '../../src/opentelemetry/index.js';

export interface Tracing {
  readonly ids: TaskloomIds;
  readonly tracerProvider: BasicTracerProvider;
  readonly spans: () => readonly ReadableSpan[];
}

/** The OpenTelemetry SDK with its in-memory exporter, as one process has it. */
export function tracing(sampler?: Sampler): Tracing {
  const ids = new TaskloomIds();
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    idGenerator: ids,
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler ? { sampler } : {}),
  });
  return { ids, tracerProvider, spans: () => exporter.getFinishedSpans() };
}

export const named = (spans: readonly ReadableSpan[], name: string): readonly ReadableSpan[] => spans.filter((span) => span.name === name);

export const milliseconds = ([seconds, nanoseconds]: readonly [number, number]): number =>
  seconds * 1_000 + Math.round(nanoseconds / 1_000_000);
