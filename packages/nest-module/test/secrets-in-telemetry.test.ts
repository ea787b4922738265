import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header } from '@nestjs/common';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { openTelemetry, TaskloomIds } from '@taskloom/telemetry/opentelemetry';
import { prometheus } from '@taskloom/telemetry/prometheus';

import { secret } from '../src/index.js';
import { CANARY, Echo, Leak, LEAKS, tracesIn } from './support/leaks.js';
import { post, rawHttp } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

afterEach(stopApps);

interface ObservedApp extends TestApp {
  /** What Prometheus scrapes. */
  readonly scrape: () => Promise<string>;
  /** What the exporters of OpenTelemetry were given. */
  readonly exported: () => Promise<string>;
}

/** An application with both plugins, as docs/guides/telemetry.md puts them into one. */
async function start(): Promise<ObservedApp> {
  const metrics = prometheus();
  @Controller()
  class MetricsController {
    @Get('metrics')
    @Header('content-type', metrics.registry.contentType)
    async metrics(): Promise<string> {
      return (await metrics.page()).body;
    }
  }
  const ids = new TaskloomIds();
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ idGenerator: ids, spanProcessors: [new SimpleSpanProcessor(spans)] });
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 2 ** 30 })],
  });
  const app = await startApp({
    providers: [Leak],
    controllers: [MetricsController],
    taskloom: {
      definitions: [Echo],
      secrets: { 'api-key': secret(CANARY) },
      plugins: [metrics, openTelemetry({ ids, tracerProvider, meterProvider })],
    },
  });
  return {
    ...app,
    scrape: async () => (await rawHttp(`${app.origin}/metrics`)).body,
    exported: async () => {
      await meterProvider.forceFlush();
      const told = spans
        .getFinishedSpans()
        .map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links }));
      return JSON.stringify([told, measured.getMetrics().map(({ scopeMetrics }) => scopeMetrics)]);
    },
  };
}

describe('the value of a secret', () => {
  it('is in no metric and no span, however an agent or a caller lets it out', async () => {
    const app = await start();
    const value = JSON.stringify(CANARY);
    const submit = async (task: string): Promise<void> => {
      const job = `{ name: ${value}, tasks: [${task}], options: { metadata: { traceparent: ${value} } } }`;
      const { body } = await post(app.url, `mutation { submitJob(job: ${job}) { id } }`);
      const { id } = (JSON.parse(body) as { data: { submitJob: { id: string } } }).data.submitJob;
      for await (const { type } of app.engine.events(id)) if (type === 'HUMAN_REQUESTED') break;
      await post(app.url, `mutation { cancelJob(id: "${id}", reason: ${value}) { id } }`);
    };
    for (const how of Object.keys(LEAKS))
      await submit(`{ key: "a", name: ${value}, kind: ${value}, agent: "leak", input: { how: "${how}" } }`);
    // Hands every event over; the application goes on answering.
    await app.engine.stop();
    const [scraped, exported] = [await app.scrape(), await app.exported()];
    expect({ scraped: tracesIn(scraped), exported: tracesIn(exported) }).toEqual({ scraped: [], exported: [] });
    // It was there to be found, and everything was told.
    expect(scraped).toContain('kind="[secret:api-key]",outcome="failed",code="AGENT_FAILED"');
    expect(exported).toContain('"message":"401 for [secret:api-key]"');
    expect(exported).toContain('"taskloom.task.runs"');
    expect(exported.match(/"invoke_workflow \[secret:api-key\]"/g)).toHaveLength(Object.keys(LEAKS).length);
  });
});
