import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { defineAgent, defineWorkflow, FatalError } from '@taskloom/core';
import { z } from 'zod';

import { openTelemetry } from '../src/opentelemetry/index.js';
import { startEngine } from './support/run-jobs.js';

const echo = defineAgent({ name: 'echo', input: z.any(), output: z.any(), execute: (input) => input as unknown });
const broken = defineAgent({
  name: 'broken',
  input: z.any(),
  output: z.any(),
  execute: () => {
    throw new FatalError('no');
  },
});
const workflow = defineWorkflow({ name: 'one-step', input: z.any(), plan: (flow, input) => ({ done: flow.add(echo, input).out }) });

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
const meterProvider = new MeterProvider({ readers: [reader] });
afterEach(() => exporter.reset());

interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

async function collect(): Promise<ReadonlyMap<string, MetricData>> {
  await reader.forceFlush();
  const [latest] = exporter.getMetrics().slice(-1);
  return new Map(latest?.scopeMetrics.flatMap(({ metrics }) => metrics.map((metric) => [metric.descriptor.name, metric] as const)));
}

function pointOf(metric: MetricData | undefined, attributes: Record<string, unknown>): Point | undefined {
  return (metric?.dataPoints as readonly Point[] | undefined)?.find(
    (point) => JSON.stringify(point.attributes) === JSON.stringify(attributes),
  );
}

describe('the metrics of jobs', () => {
  it('are counted and timed, with the names that the conventions give them', async () => {
    const engine = await startEngine({ plugins: [openTelemetry({ meterProvider })], definitions: [echo, broken, workflow] });
    await (await engine.startWorkflow(workflow, 'x')).result();
    await (
      await engine.submitJob({ name: 'print', tasks: [{ key: 'p', agent: 'broken', kind: 'paper' }] })
    )
      .result()
      .catch(() => undefined);
    const open = await collect();
    await engine.stop();
    const asked = jest.spyOn(engine, 'limitGauges');
    const metrics = await collect();

    const run = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'echo' };
    const job = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.agent.name': 'one-step' };
    const duration = metrics.get('gen_ai.invoke_agent.duration');
    expect(duration!.descriptor.unit).toBe('s');
    expect(pointOf(duration, run)?.value).toMatchObject({ count: 1 });
    expect(pointOf(duration, job)?.value).toMatchObject({ count: 1 });
    const failed = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'broken', 'taskloom.task.kind': 'paper' };
    expect(pointOf(duration, { ...failed, 'error.type': 'AGENT_FAILED' })?.value).toMatchObject({ count: 1 });

    expect(pointOf(metrics.get('taskloom.task.runs'), { ...run, 'taskloom.task.outcome': 'completed' })?.value).toBe(1);
    expect(pointOf(metrics.get('taskloom.task.runs'), { ...failed, 'taskloom.task.outcome': 'failed' })?.value).toBe(1);
    expect(pointOf(metrics.get('taskloom.jobs.started'), job)?.value).toBe(1);
    expect(pointOf(metrics.get('taskloom.jobs.ended'), { ...job, 'taskloom.job.status': 'completed' })?.value).toBe(1);
    expect(
      pointOf(metrics.get('taskloom.jobs.ended'), { 'gen_ai.operation.name': 'invoke_workflow', 'taskloom.job.status': 'failed' })?.value,
    ).toBe(1);
    expect(pointOf(metrics.get('taskloom.task.wait.duration'), run)?.value).toMatchObject({ count: 1 });
    expect(pointOf(metrics.get('taskloom.task.dependency.depth'), run)?.value).toMatchObject({ count: 1, sum: 1 });

    const limit = { 'taskloom.limit': 'process', 'taskloom.limit.kind': 'process' };
    expect(pointOf(open.get('taskloom.limit.capacity'), limit)?.value).toBeGreaterThanOrEqual(4);
    expect(pointOf(open.get('taskloom.limit.taken'), limit)?.value).toEqual(expect.any(Number));
    expect(pointOf(open.get('taskloom.limit.waiting'), limit)?.value).toBe(0);
    // A stopped engine is not asked any more.
    expect(asked).not.toHaveBeenCalled();
  });
});
