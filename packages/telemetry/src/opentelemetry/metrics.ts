import type { Counter, Histogram, Meter, ObservableResult } from '@opentelemetry/api';
import type { LimitGauge } from '@taskloom/core';

import type { Observation } from '../observe/observation.js';
import {
  AGENT_DURATION,
  ERROR_TYPE,
  jobLabels,
  JOBS_ENDED,
  JOBS_STARTED,
  LIMIT_CAPACITY,
  LIMIT_TAKEN,
  LIMIT_WAITING,
  runLabels,
  SECONDS,
  TASK_DEPTH,
  TASK_RUNS,
  TASK_WAIT,
} from './names.js';

/** Records the metrics of jobs and runs with a meter. */
export class Metrics {
  private readonly duration: Histogram;
  private readonly wait: Histogram;
  private readonly depth: Histogram;
  private readonly runs: Counter;
  private readonly jobsStarted: Counter;
  private readonly jobsEnded: Counter;

  constructor(private readonly meter: Meter) {
    const seconds = { unit: 's', advice: { explicitBucketBoundaries: SECONDS } };
    this.duration = meter.createHistogram(AGENT_DURATION, { ...seconds, description: 'Duration of jobs, and of runs of agents.' });
    this.wait = meter.createHistogram(TASK_WAIT, { ...seconds, description: 'How long tasks that were ready waited for their start.' });
    this.depth = meter.createHistogram(TASK_DEPTH, {
      unit: '{task}',
      description: 'Length of the longest way of dependencies that leads to a task.',
      advice: { explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128] },
    });
    this.runs = meter.createCounter(TASK_RUNS, { unit: '{run}', description: 'Runs of agents that have ended, by outcome.' });
    this.jobsStarted = meter.createCounter(JOBS_STARTED, { unit: '{job}', description: 'Jobs that were submitted or reopened.' });
    this.jobsEnded = meter.createCounter(JOBS_ENDED, { unit: '{job}', description: 'Jobs that have ended, by status.' });
  }

  take(observation: Observation): void {
    switch (observation.kind) {
      case 'job-opened':
        this.jobsStarted.add(1, jobLabels(observation.job));
        return;
      case 'job-ended': {
        const { job, at, status, error } = observation;
        this.jobsEnded.add(1, { ...jobLabels(job), 'taskloom.job.status': status });
        this.duration.record((at - job.openedAt) / 1_000, { ...jobLabels(job), ...(error ? { [ERROR_TYPE]: error.code } : undefined) });
        return;
      }
      case 'run-started': {
        const { run } = observation;
        this.wait.record(run.waitedMs / 1_000, runLabels(run));
        this.depth.record(run.task.depth, runLabels(run));
        return;
      }
      case 'run-ended': {
        const { run, at, outcome, error } = observation;
        this.runs.add(1, { ...runLabels(run), 'taskloom.task.outcome': outcome });
        this.duration.record((at - run.startedAt) / 1_000, { ...runLabels(run), ...(error ? { [ERROR_TYPE]: error.code } : undefined) });
        return;
      }
    }
  }

  /** Shows how full the limits are, whenever they are asked for. Returns what ends that. */
  watchLimits(gauges: () => readonly LimitGauge[]): () => void {
    const shown = [
      [LIMIT_TAKEN, 'Places or units of a limit that are taken.', 'taken'],
      [LIMIT_CAPACITY, 'Places or units that a limit has.', 'capacity'],
      [LIMIT_WAITING, 'Tasks that wait for a limit.', 'waiting'],
    ] as const;
    const stops = shown.map(([name, description, part]) => {
      const gauge = this.meter.createObservableGauge(name, { description });
      const observe = (result: ObservableResult): void => {
        for (const { limit, kind, ...amounts } of gauges())
          result.observe(amounts[part], { 'taskloom.limit': limit, 'taskloom.limit.kind': kind });
      };
      gauge.addCallback(observe);
      return (): void => gauge.removeCallback(observe);
    });
    return () => {
      for (const stop of stops) stop();
    };
  }
}
