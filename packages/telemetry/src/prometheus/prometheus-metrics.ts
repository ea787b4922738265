import type { LimitGauge } from '@taskloom/core';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import type { Observation } from '../observe/observation.js';

/** Bounds of durations in seconds, from a hundredth to an hour. */
const SECONDS = [0.01, 0.04, 0.16, 0.64, 2.5, 10, 40, 160, 600, 3_600];
const DEPTHS = [1, 2, 4, 8, 16, 32, 64, 128];

/** What is asked for at each scrape. */
export interface Now {
  readonly limits: () => readonly LimitGauge[];
  /** Open jobs by status. */
  readonly openJobs: () => Promise<Readonly<Record<string, number>>>;
}

/** The metrics of jobs and runs in a registry of prom-client; docs/guides/telemetry.md lists them. */
export class PrometheusMetrics {
  private readonly jobsStarted: Counter<'workflow'>;
  private readonly jobsEnded: Counter<'workflow' | 'status'>;
  private readonly jobDuration: Histogram<'workflow' | 'status'>;
  private readonly runs: Counter<'agent' | 'kind' | 'outcome' | 'code'>;
  private readonly runDuration: Histogram<'agent' | 'kind' | 'outcome'>;
  private readonly wait: Histogram<'agent' | 'kind'>;
  private readonly depth: Histogram<'agent'>;
  /** The registry holds them; they are asked at each scrape. */
  readonly shownNow: readonly Gauge[];
  private now: Now | null = null;

  constructor(
    private readonly registry: Registry,
    prefix: string,
  ) {
    const registers = [registry];
    const named = (name: string, help: string): { name: string; help: string; registers: Registry[] } => ({
      name: `${prefix}${name}`,
      help,
      registers,
    });
    this.jobsStarted = new Counter({ ...named('jobs_started_total', 'Jobs that were submitted or reopened.'), labelNames: ['workflow'] });
    this.jobsEnded = new Counter({ ...named('jobs_ended_total', 'Jobs that have ended.'), labelNames: ['workflow', 'status'] });
    this.jobDuration = new Histogram({
      ...named('job_duration_seconds', 'From the submission of jobs to their ends.'),
      labelNames: ['workflow', 'status'],
      buckets: SECONDS,
    });
    this.runs = new Counter({
      ...named('task_runs_total', 'Runs of agents that have ended; `code` says why those failed that did.'),
      labelNames: ['agent', 'kind', 'outcome', 'code'],
    });
    this.runDuration = new Histogram({
      ...named('task_run_duration_seconds', 'Duration of runs of agents.'),
      labelNames: ['agent', 'kind', 'outcome'],
      buckets: SECONDS,
    });
    this.wait = new Histogram({
      ...named('task_wait_seconds', 'How long tasks that were ready waited for their start.'),
      labelNames: ['agent', 'kind'],
      buckets: SECONDS,
    });
    this.depth = new Histogram({
      ...named('task_dependency_depth', 'Length of the longest way of dependencies that leads to a task.'),
      labelNames: ['agent'],
      buckets: DEPTHS,
    });
    this.shownNow = this.gaugesOf(named);
  }

  take(observation: Observation): void {
    switch (observation.kind) {
      case 'job-opened':
        this.jobsStarted.inc({ workflow: observation.job.workflow ?? '' });
        return;
      case 'job-ended': {
        const { job, at, status } = observation;
        const labels = { workflow: job.workflow ?? '', status };
        this.jobsEnded.inc(labels);
        this.jobDuration.observe(labels, (at - job.openedAt) / 1_000);
        return;
      }
      case 'run-started': {
        const { task, waitedMs } = observation.run;
        this.wait.observe({ agent: task.agent, kind: task.kind }, waitedMs / 1_000);
        this.depth.observe({ agent: task.agent }, task.depth);
        return;
      }
      case 'run-ended': {
        const { run, at, outcome, error } = observation;
        const labels = { agent: run.task.agent, kind: run.task.kind, outcome };
        this.runs.inc({ ...labels, code: error?.code ?? '' });
        this.runDuration.observe(labels, (at - run.startedAt) / 1_000);
        return;
      }
    }
  }

  /** Asks this engine at each scrape; `null` asks nobody any more. */
  watch(now: Now | null): void {
    this.now = now;
  }

  /** The page that Prometheus scrapes. */
  async page(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  private gaugesOf(named: (name: string, help: string) => { name: string; help: string; registers: Registry[] }): readonly Gauge[] {
    const gauges = (): readonly LimitGauge[] => this.now?.limits() ?? [];
    const openJobs = (): Promise<Readonly<Record<string, number>>> => this.now?.openJobs() ?? Promise.resolve({});
    const ofLimit = (name: string, help: string, part: 'taken' | 'capacity' | 'waiting'): Gauge =>
      new Gauge({
        ...named(name, help),
        labelNames: ['limit', 'kind'],
        collect() {
          this.reset();
          for (const gauge of gauges()) this.set({ limit: gauge.limit, kind: gauge.kind }, gauge[part]);
        },
      });
    return [
      ofLimit('limit_taken', 'Places or units of a limit that are taken.', 'taken'),
      ofLimit('limit_capacity', 'Places or units that a limit has.', 'capacity'),
      ofLimit('limit_waiting', 'Tasks that wait for a limit.', 'waiting'),
      new Gauge({
        ...named('jobs_open', 'Jobs that have not ended.'),
        labelNames: ['status'],
        async collect() {
          this.reset();
          for (const [status, count] of Object.entries(await openJobs())) this.set({ status }, count);
        },
      }),
    ];
  }
}
