import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent, defineWorkflow, FatalError, type Engine } from '@taskloom/core';
import { Registry } from 'prom-client';
import { z } from 'zod';

import { prometheus, type PrometheusOptions, type PrometheusPlugin } from '../src/prometheus/index.js';
import { parseExposition, type Family } from './support/parse-exposition.js';
import { startEngine } from './support/run-jobs.js';

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
});

/** Serves the page as an application would, and scrapes it as Prometheus would. */
async function scrape(plugin: PrometheusPlugin): Promise<ReadonlyMap<string, Family>> {
  server ??= createServer((_request, response) => {
    void plugin.page().then(({ contentType, body }) => response.writeHead(200, { 'content-type': contentType }).end(body));
  });
  if (!server.listening) await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return parseExposition(await response.text());
}

const valueOf = (page: ReadonlyMap<string, Family>, family: string, labels: Record<string, string>, name = family): number | undefined =>
  page.get(family)?.samples.find((sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels))?.value;

const echo = defineAgent({ name: 'echo', input: z.any(), output: z.any(), execute: (input) => input as unknown });
let tries = 0;
const flaky = defineAgent({
  name: 'flaky',
  input: z.any(),
  output: z.any(),
  retry: { maxAttempts: 2, delay: 1 },
  execute: () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return 'done';
  },
});
const broken = defineAgent({
  name: 'broken',
  input: z.any(),
  output: z.any(),
  execute: () => {
    throw new FatalError('no');
  },
});
const workflow = defineWorkflow({
  name: 'two-steps',
  input: z.any(),
  plan: (flow, input) => {
    const first = flow.add(echo, input);
    return { done: flow.add(flaky, { text: first.out }).out };
  },
});

async function start(options: PrometheusOptions = {}): Promise<[Engine, PrometheusPlugin]> {
  tries = 0;
  const plugin = prometheus(options);
  return [await startEngine({ plugins: [plugin], definitions: [echo, flaky, broken, workflow] }), plugin];
}

/** Ends the engine, which hands over every event, and reads the page once more. */
async function lastPage(engine: Engine, plugin: PrometheusPlugin): Promise<ReadonlyMap<string, Family>> {
  await engine.stop();
  return scrape(plugin);
}

describe('the page that Prometheus scrapes', () => {
  it('counts jobs and runs, their outcomes and their times', async () => {
    const [engine, plugin] = await start();
    await (await engine.startWorkflow(workflow, 'x')).result();
    await (
      await engine.submitJob({ name: 'print', tasks: [{ key: 'p', agent: 'broken', kind: 'paper' }] })
    )
      .result()
      .catch(() => undefined);
    const page = await lastPage(engine, plugin);

    expect(valueOf(page, 'taskloom_jobs_started_total', { workflow: 'two-steps' })).toBe(1);
    expect(valueOf(page, 'taskloom_jobs_started_total', { workflow: '' })).toBe(1);
    expect(valueOf(page, 'taskloom_jobs_ended_total', { workflow: 'two-steps', status: 'completed' })).toBe(1);
    expect(valueOf(page, 'taskloom_jobs_ended_total', { workflow: '', status: 'failed' })).toBe(1);
    expect(valueOf(page, 'taskloom_task_runs_total', { agent: 'echo', kind: '', outcome: 'completed', code: '' })).toBe(1);
    expect(valueOf(page, 'taskloom_task_runs_total', { agent: 'flaky', kind: '', outcome: 'retried', code: 'AGENT_FAILED' })).toBe(1);
    expect(valueOf(page, 'taskloom_task_runs_total', { agent: 'flaky', kind: '', outcome: 'completed', code: '' })).toBe(1);
    expect(valueOf(page, 'taskloom_task_runs_total', { agent: 'broken', kind: 'paper', outcome: 'failed', code: 'AGENT_FAILED' })).toBe(1);
    // Two runs of the second step of a chain of two; the engine's own agents are nobody's work.
    expect(valueOf(page, 'taskloom_task_dependency_depth', { agent: 'flaky' }, 'taskloom_task_dependency_depth_sum')).toBe(4);
    expect(page.get('taskloom_task_runs_total')!.samples.every(({ labels }) => !labels['agent']!.startsWith('$'))).toBe(true);
    for (const name of ['taskloom_job_duration_seconds', 'taskloom_task_run_duration_seconds', 'taskloom_task_wait_seconds'])
      expect(page.get(name)!.samples.some((sample) => sample.name === `${name}_count` && sample.value > 0)).toBe(true);
  });

  it('shows at each scrape what is open and how full the limits are', async () => {
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const slow = defineAgent({
      name: 'slow',
      input: z.any(),
      output: z.any(),
      concurrency: 1,
      execute: async () => {
        begun();
        await finished;
      },
    });
    const plugin = prometheus();
    const engine = await startEngine({ plugins: [plugin], definitions: [slow] });
    const job = await engine.submitJob({ name: 'two', tasks: ['a', 'b'].map((key) => ({ key, agent: 'slow' })) });
    await running;
    const page = await scrape(plugin);
    expect(valueOf(page, 'taskloom_jobs_open', { status: 'RUNNING' })).toBe(1);
    expect(valueOf(page, 'taskloom_limit_taken', { limit: 'agent:slow', kind: 'agent' })).toBe(1);
    expect(valueOf(page, 'taskloom_limit_capacity', { limit: 'agent:slow', kind: 'agent' })).toBe(1);
    expect(valueOf(page, 'taskloom_limit_waiting', { limit: 'agent:slow', kind: 'agent' })).toBe(1);
    finish();
    await job.result().catch(() => undefined);
    expect(valueOf(await scrape(plugin), 'taskloom_jobs_open', { status: 'RUNNING' })).toBe(0);
    await engine.stop();
    expect((await scrape(plugin)).get('taskloom_jobs_open')!.samples).toEqual([]);
  });

  it('lists every metric with its help, its type and a name that the rules permit', async () => {
    const [engine, plugin] = await start();
    const page = await lastPage(engine, plugin);
    expect([...page.keys()].toSorted()).toEqual([
      'taskloom_job_duration_seconds',
      'taskloom_jobs_ended_total',
      'taskloom_jobs_open',
      'taskloom_jobs_started_total',
      'taskloom_limit_capacity',
      'taskloom_limit_taken',
      'taskloom_limit_waiting',
      'taskloom_task_dependency_depth',
      'taskloom_task_run_duration_seconds',
      'taskloom_task_runs_total',
      'taskloom_task_wait_seconds',
    ]);
    for (const [name, { help, type }] of page) {
      expect(help).toMatch(/^[A-Z`].+\.$/);
      expect(type).toBe(name.endsWith('_total') ? 'counter' : /_open$|_limit_/.test(name) ? 'gauge' : 'histogram');
    }
  });
});

describe('options', () => {
  it('put the metrics into a registry of the application, under a prefix of its own', async () => {
    const registry = new Registry();
    const [engine, plugin] = await start({ registry, prefix: 'shop_' });
    expect(plugin.registry).toBe(registry);
    await (await engine.startWorkflow(workflow, 'x')).result();
    await engine.stop();
    expect(parseExposition(await registry.metrics()).get('shop_jobs_started_total')!.samples).toHaveLength(1);
  });

  it('are checked', () => {
    expect(() => prometheus({ prefx: 'x' } as object)).toThrow('did you mean `prefix`');
    expect(() => prometheus({ prefix: '1x' })).toThrow('must be letters');
  });
});
