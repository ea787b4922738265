import { ConfigError, definePlugin, isTerminalJob, JOB_STATUSES, type Engine, type EnginePlugin } from '@taskloom/core';
import { nearest } from '@taskloom/core/internal';
import { Registry } from 'prom-client';

import { JobObserver } from '../observe/job-observer.js';
import { shownGauges } from '../observe/shown-gauges.js';
import { PrometheusMetrics } from './prometheus-metrics.js';

export interface PrometheusOptions {
  /** Where the metrics are registered. Default: a registry of its own. */
  readonly registry?: Registry;
  /** Stands before each metric's name. Default `taskloom_`. */
  readonly prefix?: string;
}

/** A plugin for `plugins` of an engine, and the page that Prometheus scrapes. */
export interface PrometheusPlugin extends EnginePlugin {
  readonly registry: Registry;
  page(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const KNOWN = ['registry', 'prefix'] as const satisfies readonly (keyof PrometheusOptions)[];
const PREFIX = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const OPEN = JOB_STATUSES.filter((status) => !isTerminalJob(status));

/**
 * Metrics of an engine's jobs for Prometheus, in a registry of prom-client.
 *
 * @throws ConfigError
 */
export function prometheus(options: PrometheusOptions = {}): PrometheusPlugin {
  const { registry = new Registry(), prefix = 'taskloom_' } = options;
  checkOptions(options, prefix);
  const metrics = new PrometheusMetrics(registry, prefix);
  const observer = new JobObserver((observation) => metrics.take(observation));
  const plugin = definePlugin({
    name: 'prometheus',
    // The first event of a long job that began in another process reads all that came before.
    timeout: '60s',
    started(engine) {
      metrics.watch({ limits: () => shownGauges(engine), openJobs: () => countOpen(engine) });
      observer.begin(engine.reader);
    },
    onEvent: (event) => observer.take(event),
    beforeStop: () => metrics.watch(null),
  });
  return Object.assign(plugin, { registry, page: () => metrics.page() });
}

async function countOpen({ reader }: Engine): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(await Promise.all(OPEN.map(async (status) => [status, await reader.countJobs({ status: [status] })] as const)));
}

function checkOptions(options: PrometheusOptions, prefix: string): void {
  const problems = Object.keys(options)
    .filter((key) => !(KNOWN as readonly string[]).includes(key))
    .map((key) => `\`${key}\` is no option of prometheus; did you mean \`${nearest(key, KNOWN, 1)[0] ?? KNOWN.join('`, `')}\`?`);
  if (!PREFIX.test(prefix)) problems.push('`prefix` of prometheus must be letters, digits and "_", and not begin with a digit.');
  if (problems.length > 0) throw new ConfigError(problems);
}
