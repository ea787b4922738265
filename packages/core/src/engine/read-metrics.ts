import { dependencyDepth } from '../graph/dependency-depth.js';
import type { JobState } from '../machine/job-state.js';
import type { JobStatus } from '../model/job.js';
import type { NamedTaskMetrics, TaskMetrics } from '../model/metrics.js';
import { TASK_STATUSES, type TaskStatus } from '../model/task.js';
import type { LimitGauge } from '../ports/dispatcher.js';
import type { Activity } from '../services/activity.js';
import type { TaskTally } from '../services/task-tally.js';

/** What this engine has done since its start, and what it has before it now. */
export interface EngineMetrics {
  /** When the engine was started; counts begin with 0 there. */
  readonly since: number;
  readonly at: number;
  readonly jobs: { readonly submitted: number; readonly completed: number; readonly failed: number; readonly cancelled: number };
  readonly tasks: TaskMetrics;
  /** By the name of the agent. */
  readonly agents: readonly NamedTaskMetrics[];
  /** By the label `kind`, of tasks that have one; after 1,000 of them the others are `(others)`. */
  readonly kinds: readonly NamedTaskMetrics[];
  readonly open: {
    readonly jobs: Readonly<Partial<Record<JobStatus, number>>>;
    readonly tasks: Readonly<Record<TaskStatus, number>>;
    /** Tasks on the longest chain of dependencies in a job that has not ended; 0 without one. */
    readonly dependencyDepth: number;
  };
  /** Places and units in use: the process, agents, named limits, pools. `waiting` of them together is the depth of the queue. */
  readonly limits: readonly LimitGauge[];
}

export interface MetricsSources {
  readonly activity: Activity;
  readonly open: readonly JobState[];
  readonly limits: readonly LimitGauge[];
  readonly since: number;
  readonly at: number;
}

/** What an engine has done and has before it. */
export function readMetrics({ activity, open, limits, since, at }: MetricsSources): EngineMetrics {
  return {
    since,
    at,
    jobs: { ...activity.jobs },
    tasks: activity.all.view(),
    agents: named(activity.byAgent),
    kinds: named(activity.byKind),
    open: {
      jobs: countJobs(open),
      tasks: countTasks(open),
      dependencyDepth: open.reduce((deepest, { tasks }) => Math.max(deepest, dependencyDepth(tasks)), 0),
    },
    limits,
  };
}

function named(tallies: ReadonlyMap<string, TaskTally>): NamedTaskMetrics[] {
  return Array.from(tallies, ([name, tally]) => ({ name, ...tally.view() })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function countJobs(open: readonly JobState[]): Partial<Record<JobStatus, number>> {
  const counts: Partial<Record<JobStatus, number>> = {};
  for (const { status, holds } of open) {
    const shown = status === 'RUNNING' && holds.has(0) ? 'PAUSED' : status;
    counts[shown] = (counts[shown] ?? 0) + 1;
  }
  return counts;
}

function countTasks(open: readonly JobState[]): Record<TaskStatus, number> {
  const sums = TASK_STATUSES.map((_, index) => open.reduce((sum, { counts }) => sum + counts[index]!, 0));
  return Object.fromEntries(TASK_STATUSES.map((status, index) => [status, sums[index]!])) as Record<TaskStatus, number>;
}
