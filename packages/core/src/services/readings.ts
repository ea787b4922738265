import { formatDuration } from '../kernel/duration.js';
import { taskIdOf } from '../kernel/ids.js';
import type { JobState, TaskState } from '../machine/job-state.js';
import type { LimitGauge } from '../ports/dispatcher.js';
import type { RunningTask } from './activity.js';
import type { Reading } from './alert-rules.js';

/** From which value on something is worth an alert; 0: never. */
export interface Thresholds {
  readonly taskDurationMs: number;
  /** Of any pool, 0–1. */
  readonly resourceUsage: number;
  readonly dependencyWaitMs: number;
  /** Of the tasks of one agent that ended within the window, 0–1. */
  readonly failureRate: number;
  readonly failureWindowMs: number;
  /** A rate counts from so many ended tasks on. */
  readonly failureTasks: number;
}

export interface Facts {
  readonly running: Iterable<RunningTask>;
  readonly open: readonly JobState[];
  readonly limits: readonly LimitGauge[];
  /** By agent. */
  readonly failures: Iterable<readonly [agent: string, { readonly count: number; readonly share: number }]>;
}

/** Everything that is watched over, as it stands at `now`. */
export function readingsOf(facts: Facts, thresholds: Thresholds, now: number): Reading[] {
  const readings: Reading[] = [];
  if (thresholds.taskDurationMs > 0) for (const task of facts.running) readings.push(durationOf(task, thresholds.taskDurationMs, now));
  if (thresholds.resourceUsage > 0) {
    for (const gauge of facts.limits) if (gauge.kind === 'pool') readings.push(usageOf(gauge, thresholds.resourceUsage));
  }
  if (thresholds.dependencyWaitMs > 0) {
    for (const job of facts.open) {
      const reading = waitOf(job, thresholds.dependencyWaitMs, now);
      if (reading) readings.push(reading);
    }
  }
  if (thresholds.failureRate > 0) {
    for (const [agent, { count, share }] of facts.failures)
      if (count >= thresholds.failureTasks) readings.push(failuresOf(agent, count, share, thresholds));
  }
  return readings;
}

function durationOf({ jobId, no, tenant, key, agent, startedAt }: RunningTask, threshold: number, now: number): Reading {
  const taskId = taskIdOf(jobId, no);
  const value = now - startedAt;
  const message = (): string => `"${key}" has been running on ${agent} for ${formatDuration(value)}.`;
  return { kind: 'TASK_DURATION', subject: taskId, tenant, jobId, taskId, value, threshold, message };
}

function usageOf({ limit, taken, capacity, waiting }: LimitGauge, threshold: number): Reading {
  const value = capacity === 0 ? 0 : taken / capacity;
  const message = (): string =>
    `${taken} of ${capacity} of the ${limit.replace(':', ' ')} are taken; ${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'} for it.`;
  return { kind: 'RESOURCE_USAGE', subject: limit, tenant: null, jobId: null, taskId: null, value, threshold, message };
}

function failuresOf(agent: string, count: number, value: number, { failureRate, failureWindowMs }: Thresholds): Reading {
  const message = (): string =>
    `${Math.round(value * 100)} % of the last ${count} tasks of ${agent} failed (within ${formatDuration(failureWindowMs)}).`;
  return {
    kind: 'FAILURE_RATE',
    subject: `agent:${agent}`,
    tenant: null,
    jobId: null,
    taskId: null,
    value,
    threshold: failureRate,
    message,
  };
}

/** The longest that a task of a job has waited for others without any of them having ended; one reading a job. */
function waitOf(job: JobState, threshold: number, now: number): Reading | null {
  let longest: TaskState | null = null;
  let since = now;
  let waiting = 0;
  if (!job.begun || job.startedAt === 0) return null;
  for (const task of job.tasks) {
    if (!isWaiting(task)) continue;
    const began = waitingSince(job, task);
    if (now - began >= threshold) waiting += 1;
    if (longest !== null && began >= since) continue;
    longest = task;
    since = began;
  }
  if (longest === null) return null;
  const { key, no } = longest;
  const value = now - since;
  const others = Math.max(0, waiting - 1);
  const message = (): string =>
    `"${key}" has waited for its dependencies for ${formatDuration(value)}${others === 0 ? '' : `, and so ${others === 1 ? 'has 1 other task' : `have ${others} other tasks`} of the job`}.`;
  return {
    kind: 'DEPENDENCY_WAIT',
    subject: job.id,
    tenant: job.tenant,
    jobId: job.id,
    taskId: taskIdOf(job.id, no),
    value,
    threshold,
    message,
  };
}

function isWaiting({ status, reason, openDependencies }: TaskState): boolean {
  return (status === 'PENDING' && openDependencies > 0) || (status === 'BLOCKED' && reason === 'WAITING_DEPENDENCIES');
}

/** Since its job or its parent began, it ran itself, or one of its dependencies ended, whatever came last. */
function waitingSince(job: JobState, task: TaskState): number {
  const parent = task.parent === null ? 0 : job.tasks[task.parent]!.startedAt;
  return task.dependencies.reduce(
    (since, on) => Math.max(since, job.tasks[on]!.finishedAt),
    Math.max(job.startedAt, parent, task.startedAt),
  );
}
