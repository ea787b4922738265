import { context, metrics, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { ConfigError, definePlugin, type Engine, type EnginePlugin, type JobOptions, type TaskContext } from '@taskloom/core';
import { nearest, parseTaskId } from '@taskloom/core/internal';

import { JobObserver } from '../observe/job-observer.js';
import { shownGauges } from '../observe/shown-gauges.js';
import { TaskloomIds } from './deterministic-ids.js';
import { Metrics } from './metrics.js';
import { traceParentOf } from './trace-parent.js';
import { Traces } from './traces.js';

export interface OpenTelemetryOptions {
  /** The one that the SDK has as `idGenerator`. Default: none; there are metrics then, and no traces. */
  readonly ids?: TaskloomIds;
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
}

/** A plugin for `plugins` of an engine, and what agents do with it. */
export interface OpenTelemetryPlugin extends EnginePlugin {
  /** Runs a part of an agent below the span of its run, so that spans which are made there lie below it. */
  run<T>(ctx: TaskContext, act: () => T | Promise<T>): Promise<T>;
}

const SCOPE = '@taskloom/telemetry';
const KNOWN = ['ids', 'tracerProvider', 'meterProvider'] as const satisfies readonly (keyof OpenTelemetryOptions)[];

/**
 * Traces and metrics of an engine's jobs through OpenTelemetry. Never holds a job up.
 *
 * @throws ConfigError
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): OpenTelemetryPlugin {
  checkOptions(options);
  const { ids, tracerProvider = trace.getTracerProvider(), meterProvider = metrics.getMeterProvider() } = options;
  const measured = new Metrics(meterProvider.getMeter(SCOPE));
  let traces = ids ? new Traces(tracerProvider.getTracer(SCOPE), ids) : null;
  let engine: Engine | null = null;
  let stopLimits = (): void => undefined;
  const observer = new JobObserver((observation) => {
    traces?.take(observation);
    measured.take(observation);
  });

  const plugin = definePlugin({
    name: 'opentelemetry',
    // The first event of a long job that began in another process reads all that came before.
    timeout: '60s',
    started(started) {
      const takesIds = traces?.checkIds();
      if (takesIds === false) traces = null;
      engine = started;
      stopLimits = measured.watchLimits(() => shownGauges(started));
      observer.begin(started.reader);
      if (takesIds === false)
        throw new ConfigError([
          'There will be no traces: the OpenTelemetry SDK makes ids of its own. Give it the same TaskloomIds as `idGenerator`.',
        ]);
    },
    beforeSubmit: ({ options: given }) => (traces ? withCaller(given) : undefined),
    onEvent: (event) => observer.take(event),
    afterStop() {
      stopLimits();
      engine = null;
    },
  });

  const run: OpenTelemetryPlugin['run'] = async (ctx, act) => {
    const fence = engine && traces ? await fenceOf(engine, ctx) : null;
    if (!traces || fence === null) return act();
    return context.with(traces.contextOfRun(ctx.job.id, ctx.task.id, fence, context.active()), act);
  };
  return Object.assign(plugin, { run });
}

/**
 * Remembers in a new job the span that submits it: the job's trace links to it. Not with an idempotency key: the same
 * request from another span would be another request.
 */
function withCaller(options: JobOptions): { readonly options: JobOptions } | undefined {
  const traceparent = traceParentOf(context.active());
  if (traceparent === null || options.idempotencyKey !== undefined || options.metadata?.['traceparent'] !== undefined) return undefined;
  return { options: { ...options, metadata: { ...options.metadata, traceparent } } };
}

/** Of the task's latest start: a run that is no longer the current one has nothing to say. */
async function fenceOf(engine: Engine, { job, task }: TaskContext): Promise<number | null> {
  const no = parseTaskId(task.id)?.no;
  if (no === undefined) return null;
  const history = await engine.reader.taskHistory({ jobId: job.id, no });
  const fence = history.findLast(({ type }) => type === 'TASK_STARTED')?.data['fence'];
  return typeof fence === 'number' ? fence : null;
}

function checkOptions(options: OpenTelemetryOptions): void {
  const problems = Object.keys(options)
    .filter((key) => !(KNOWN as readonly string[]).includes(key))
    .map((key) => `\`${key}\` is no option of openTelemetry; did you mean \`${nearest(key, KNOWN, 1)[0] ?? KNOWN.join('`, `')}\`?`);
  if (options.ids !== undefined && !(options.ids instanceof TaskloomIds)) problems.push('`ids` of openTelemetry must be a TaskloomIds.');
  if (problems.length > 0) throw new ConfigError(problems);
}
