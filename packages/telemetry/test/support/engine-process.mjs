// An application with traces, as users have it installed. It tells its parent each span that it ends.
import { createEngine, defineAgent } from '@taskloom/core';
import { openTelemetry, TaskloomIds } from '@taskloom/telemetry/opentelemetry';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { z } from 'zod';

const { path, hangs } = JSON.parse(process.argv[2]);
const exporter = {
  export: (spans, done) => {
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext();
      const { name, attributes } = span;
      process.send({
        span: {
          name,
          traceId,
          spanId,
          parentSpanId: span.parentSpanContext?.spanId ?? null,
          outcome: attributes['taskloom.task.outcome'] ?? null,
        },
      });
    }
    done({ code: 0 });
  },
  shutdown: async () => {},
};
const ids = new TaskloomIds();
const tracerProvider = new BasicTracerProvider({ idGenerator: ids, spanProcessors: [new SimpleSpanProcessor(exporter)] });
const engine = createEngine({ store: { path }, plugins: [openTelemetry({ ids, tracerProvider })] });
engine.register(
  defineAgent({ name: 'quick', input: z.any(), output: z.any(), execute: () => 1 }),
  defineAgent({
    name: 'slow',
    input: z.any(),
    output: z.any(),
    execute: () => {
      process.send({ running: true });
      return hangs ? new Promise(() => {}) : 2;
    },
  }),
);
const { jobs } = await engine.start();
const job =
  jobs.length > 0
    ? engine.job(jobs[0].id)
    : await engine.submitJob({
        name: 'long',
        tasks: [
          { key: 'a', agent: 'quick' },
          { key: 'b', agent: 'slow', dependsOn: ['a'] },
        ],
      });
await job.result();
await engine.stop();
process.send({ ended: job.id });
process.disconnect();
