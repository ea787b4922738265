import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  SimpleSpanProcessor,
  InMemorySpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { defineAgent, defineWorkflow, FatalError, type AgentDefinition } from '@taskloom/core';
import { z } from 'zod';

import { jobSpanId, openTelemetry, runSpanId, TaskloomIds, traceIdOf } from '../src/opentelemetry/index.js';
import { startEngine } from './support/run-jobs.js';
import { milliseconds, named, tracing } from './support/spans.js';

const folder = mkdtempSync(join(tmpdir(), 'taskloom-telemetry-'));
beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  context.disable();
  rmSync(folder, { recursive: true });
});

const Text = z.object({ text: z.string() });
const agent = (name: string, execute: AgentDefinition['execute'], retry = 1): AgentDefinition =>
  defineAgent({
    name,
    input: z.any(),
    output: z.any(),
    retry: { maxAttempts: retry, delay: 1 },
    execute: execute as (input: unknown) => unknown,
  });

const echo = agent('echo', (input: unknown) => input);
let tries = 0;
const flaky = agent(
  'flaky',
  () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return 'done';
  },
  2,
);
const broken = agent('broken', () => {
  throw new FatalError('out of paper');
});

describe('the trace of a job', () => {
  it('has a span for the job and one below it for each run of an agent, with the names that the conventions give them', async () => {
    const { spans, ...options } = tracing();
    const workflow = defineWorkflow({
      name: 'two-steps',
      input: Text,
      plan: (flow, input) => {
        const first = flow.add(echo, input).named('first');
        return { done: flow.add(flaky, { text: first.out }).out };
      },
    });
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [echo, flaky, workflow] });
    const job = await engine.startWorkflow(workflow, { text: 'x' }, { tenant: 'acme' });
    await job.result();
    const events = await engine.reader.events(job.id, 0, 100);
    await engine.stop();

    const [root] = named(spans(), 'invoke_workflow two-steps');
    expect(root!.spanContext()).toMatchObject({ traceId: job.id.replaceAll('-', ''), spanId: jobSpanId(job.id, 0) });
    expect(root!.parentSpanContext).toBeUndefined();
    expect(root!.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.agent.name': 'two-steps',
      'taskloom.job.id': job.id,
      'taskloom.job.status': 'completed',
      'taskloom.tenant': 'acme',
    });
    expect(milliseconds(root!.startTime)).toBe(events[0]!.at);
    expect(milliseconds(root!.endTime)).toBe(events.at(-1)!.at);
    expect(root!.status.code).toBe(SpanStatusCode.UNSET);

    const runs = [...named(spans(), 'invoke_agent echo'), ...named(spans(), 'invoke_agent flaky')];
    expect(
      runs.map(({ attributes }) => [attributes['taskloom.task.attempt'], attributes['taskloom.task.outcome'], attributes['error.type']]),
    ).toEqual([
      [1, 'completed', undefined],
      [1, 'retried', 'AGENT_FAILED'],
      [2, 'completed', undefined],
    ]);
    for (const run of runs) {
      expect(run.spanContext().traceId).toBe(root!.spanContext().traceId);
      expect(run.parentSpanContext?.spanId).toBe(root!.spanContext().spanId);
      expect(run.attributes['gen_ai.operation.name']).toBe('invoke_agent');
    }
    expect(runs[1]!.status).toEqual({ code: SpanStatusCode.ERROR, message: 'not yet' });
    expect(runs[0]!.attributes).toMatchObject({ 'taskloom.task.key': 'first', 'taskloom.task.type': 'TASK' });
    // The engine's own agents are nobody's work.
    expect(spans()).toHaveLength(4);
  });

  it('tells why a job failed', async () => {
    const { spans, ...options } = tracing();
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [broken] });
    const job = await engine.submitJob({ name: 'print', tasks: [{ key: 'p', agent: 'broken' }] });
    await job.result().catch(() => undefined);
    await engine.stop();
    const [root] = named(spans(), 'invoke_workflow print');
    const [run] = named(spans(), 'invoke_agent broken');
    expect(run).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'out of paper' },
      attributes: { 'error.type': 'AGENT_FAILED' },
    });
    expect(root).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'taskloom.job.status': 'failed' } });
    expect(typeof root!.attributes['error.type']).toBe('string');
  });

  it('has a span for each part of a run that waits in between', async () => {
    const { spans, ...options } = tracing();
    const asking = agent('asking', async (_: unknown, ctx) => ctx.need(echo, { text: 'x' }));
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [echo, asking] });
    await (await engine.submitJob({ name: 'ask', tasks: [{ key: 'a', agent: 'asking' }] })).result();
    await engine.stop();
    const runs = named(spans(), 'invoke_agent asking');
    expect(runs.map(({ attributes }) => attributes['taskloom.task.outcome'])).toEqual(['suspended', 'completed']);
    expect(new Set(runs.map((run) => run.spanContext().spanId)).size).toBe(2);
    expect(named(spans(), 'invoke_agent echo')[0]!.attributes).toMatchObject({
      'taskloom.task.type': 'SUBTASK',
      'taskloom.task.parent': runs[0]!.attributes['taskloom.task.id'],
    });
  });

  it('goes on in a new root when the job is reopened', async () => {
    const { spans, ...options } = tracing();
    let works = false;
    const mended = agent('mended', () => {
      if (!works) throw new FatalError('no');
      return 'yes';
    });
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [mended] });
    const job = await engine.submitJob({ name: 'twice', tasks: [{ key: 'a', agent: 'mended' }] });
    await job.result().catch(() => undefined);
    works = true;
    await engine.retryJob(job.id);
    await engine.job(job.id).result();
    await engine.stop();
    const roots = named(spans(), 'invoke_workflow twice');
    expect(roots.map((root) => root.spanContext())).toMatchObject(
      [0, 1].map((no) => ({ traceId: traceIdOf(job.id), spanId: jobSpanId(job.id, no) })),
    );
    const runs = named(spans(), 'invoke_agent mended');
    expect(runs.map((run) => run.parentSpanContext?.spanId)).toEqual(roots.map((root) => root.spanContext().spanId));
  });

  it('closes the runs of a job that is cancelled', async () => {
    const { spans, ...options } = tracing();
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const endless = agent('endless', (_: unknown, ctx) => {
      begun();
      return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
    });
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [endless] });
    const job = await engine.submitJob({ name: 'stop', tasks: [{ key: 'a', agent: 'endless' }] });
    await running;
    await job.cancel();
    await engine.stop();
    expect(named(spans(), 'invoke_agent endless')[0]!.attributes['taskloom.task.outcome']).toBe('cancelled');
    expect(named(spans(), 'invoke_workflow stop')[0]!.attributes['taskloom.job.status']).toBe('cancelled');
  });
});

describe('the trace of a job that outlives its process', () => {
  it('is one trace: what began in one process ends in another, with the same ids and times', async () => {
    const path = join(folder, 'restart.db');
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    let isFirst = true;
    const slow = agent('slow', (input: unknown, ctx) => {
      if (!isFirst) return input;
      begun();
      return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
    });
    const definitions = [echo, slow];
    const before = tracing();
    const first = await startEngine({
      plugins: [openTelemetry({ ids: before.ids, tracerProvider: before.tracerProvider })],
      definitions,
      path,
    });
    const job = await first.submitJob({
      name: 'long',
      tasks: [
        { key: 'a', agent: 'echo', input: 1 },
        { key: 'b', agent: 'slow', input: 2, dependsOn: ['a'] },
      ],
    });
    await running;
    await first.stop({ graceMs: 0 });

    isFirst = false;
    const after = tracing();
    const second = await startEngine({
      plugins: [openTelemetry({ ids: after.ids, tracerProvider: after.tracerProvider })],
      definitions,
      path,
    });
    await second.job(job.id).result();
    const [submitted] = await second.reader.events(job.id, 0, 1);
    await second.stop();

    const all = [...before.spans(), ...after.spans()];
    expect(new Set(all.map((span) => span.spanContext().traceId))).toEqual(new Set([traceIdOf(job.id)]));
    expect(new Set(all.map((span) => span.spanContext().spanId)).size).toBe(all.length);
    const [root, ...others] = named(all, 'invoke_workflow long');
    expect(others).toEqual([]);
    expect(named(after.spans(), 'invoke_workflow long')).toHaveLength(1);
    expect(milliseconds(root!.startTime)).toBe(submitted!.at);
    expect(all.filter((span) => span !== root).every((span) => span.parentSpanContext?.spanId === root!.spanContext().spanId)).toBe(true);
    expect(named(all, 'invoke_agent slow').map(({ attributes }) => attributes['taskloom.task.outcome'])).toEqual([
      'abandoned',
      'completed',
    ]);
  });
});

describe('spans that an agent makes', () => {
  it('lie below the span of its run', async () => {
    const { spans, ...options } = tracing();
    const telemetry = openTelemetry(options);
    const tracer = options.tracerProvider.getTracer('application');
    const calling = agent('calling', (_: unknown, ctx) =>
      telemetry.run(ctx, async () => {
        await Promise.resolve();
        tracer.startSpan('chat some-model').end();
        return 'said';
      }),
    );
    const engine = await startEngine({ plugins: [telemetry], definitions: [calling] });
    const job = await engine.submitJob({ name: 'talk', tasks: [{ key: 'a', agent: 'calling' }] });
    await expect(job.result()).resolves.toBeDefined();
    await engine.stop();
    const [run] = named(spans(), 'invoke_agent calling');
    const [chat] = named(spans(), 'chat some-model');
    expect(chat!.spanContext().traceId).toBe(traceIdOf(job.id));
    expect(chat!.parentSpanContext?.spanId).toBe(run!.spanContext().spanId);
    expect(run!.spanContext().spanId).toBe(
      runSpanId(String(run!.attributes['taskloom.task.id']), Number(run!.attributes['taskloom.task.fence'])),
    );
  });
});

describe('the span that submits a job', () => {
  const submitInSpan = async (idempotencyKey?: string): Promise<{ caller: string; links: readonly string[]; traceId: string }> => {
    const { spans, ...options } = tracing();
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [echo] });
    const caller = options.tracerProvider.getTracer('application').startSpan('POST /orders');
    const job = await context.with(trace.setSpan(context.active(), caller), () =>
      engine.submitJob({
        name: 'order',
        tasks: [{ key: 'a', agent: 'echo' }],
        options: idempotencyKey === undefined ? {} : { idempotencyKey },
      }),
    );
    await job.result();
    await engine.stop();
    const [root] = named(spans(), 'invoke_workflow order');
    return {
      caller: caller.spanContext().spanId,
      links: root!.links.map((link) => link.context.spanId),
      traceId: root!.spanContext().traceId,
    };
  };

  it('is linked to from its trace', async () => {
    const { caller, links } = await submitInSpan();
    expect(links).toEqual([caller]);
  });

  it('is not remembered where that would make another request of the same one', async () => {
    expect((await submitInSpan('key-1')).links).toEqual([]);
  });
});

describe('the SDK', () => {
  it('decides which jobs are traced; their runs follow', async () => {
    const { spans, ...options } = tracing(new ParentBasedSampler({ root: new AlwaysOffSampler() }));
    const engine = await startEngine({ plugins: [openTelemetry(options)], definitions: [echo] });
    await (await engine.submitJob({ name: 'quiet', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    await engine.stop();
    expect(spans()).toEqual([]);
  });

  it('that makes ids of its own is told so, and jobs run without traces', async () => {
    const errors: string[] = [];
    const note = (message: string, data?: unknown): void => void errors.push(`${message} ${JSON.stringify(data)}`);
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const engine = await startEngine({
      plugins: [openTelemetry({ ids: new TaskloomIds(), tracerProvider })],
      definitions: [echo],
      logger: { debug: note, info: note, warn: note, error: note },
    });
    await (await engine.submitJob({ name: 'quiet', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    await engine.stop();
    expect(errors.join('\n')).toContain('idGenerator');
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('need not be there', async () => {
    const engine = await startEngine({ plugins: [openTelemetry({ ids: new TaskloomIds() })], definitions: [echo] });
    const job = await engine.submitJob({ name: 'alone', tasks: [{ key: 'a', agent: 'echo' }] });
    await expect(job.result()).resolves.toBeDefined();
    await engine.stop();
  });

  it('gets options that are checked', () => {
    expect(() => openTelemetry({ idz: 1 } as object)).toThrow('did you mean `ids`');
    expect(() => openTelemetry({ ids: {} as TaskloomIds })).toThrow('must be a TaskloomIds');
  });
});
