import { taskIdOf } from '../kernel/ids.js';
import type { CommittedJob, CommittedTask } from '../ledger/committed.js';
import type { JobEvent } from '../model/event.js';
import { TaskTally } from './task-tally.js';

/** An attempt that runs in this process. */
export interface RunningTask {
  readonly taskId: string;
  readonly jobId: string;
  readonly tenant: string;
  readonly key: string;
  readonly agent: string;
  readonly kind: string | null;
  /** Wall clock. */
  readonly startedAt: number;
}

/** An attempt has ended: well, for good or not. */
export type Ending = (agent: string, outcome: 'completed' | 'failed' | 'retried', at: number) => void;

const MOST_KINDS = 1_000;
export const OTHER_KINDS = '(others)';

/**
 * What this engine's tasks come to, counted from the events that were committed since its start: by agent, by kind, and
 * together. Nothing of it is stored; a new process begins with 0.
 */
export class Activity {
  readonly jobs = { submitted: 0, completed: 0, failed: 0, cancelled: 0 };
  readonly all = new TaskTally();
  readonly byAgent = new Map<string, TaskTally>();
  readonly byKind = new Map<string, TaskTally>();
  /** Oldest first. */
  readonly running = new Map<string, RunningTask>();

  constructor(private readonly ended: Ending) {}

  committed(jobs: readonly CommittedJob[]): void {
    for (const job of jobs) for (const event of job.events) this.take(job, event);
  }

  private take(job: CommittedJob, event: JobEvent): void {
    switch (event.type) {
      case 'JOB_SUBMITTED':
        this.jobs.submitted += 1;
        break;
      case 'JOB_COMPLETED':
        this.jobs.completed += 1;
        break;
      case 'JOB_FAILED':
        this.jobs.failed += 1;
        break;
      case 'JOB_CANCELLED':
        this.jobs.cancelled += 1;
        break;
      case 'TASK_STARTED':
        this.start(job, event.task, event.at);
        break;
      case 'TASK_COMPLETED':
        // With `recovered` its own attempts have failed.
        this.end(job, event.task, event.at, event.recovered ? 'failed' : 'completed');
        break;
      case 'TASK_ACCEPTED':
        this.end(job, event.task, event.at, 'completed');
        break;
      case 'TASK_FAILED':
      case 'TASK_REROUTED':
        this.end(job, event.task, event.at, 'failed', event.timedOut);
        break;
      case 'TASK_REJECTED':
        this.end(job, event.task, event.at, event.final ? 'failed' : 'retried');
        break;
      case 'TASK_RETRY_SCHEDULED':
        this.end(job, event.task, event.at, 'retried', event.timedOut);
        break;
      case 'TASK_SKIPPED':
        this.end(job, event.task, event.at, 'skipped');
        break;
      case 'TASK_RETURNED':
      case 'TASK_SUSPENDED':
      case 'TASK_PARKED':
      case 'TASK_ABANDONED':
        this.end(job, event.task, event.at, null);
        break;
      case 'TASKS_FAILED':
        for (const no of event.tasks) this.end(job, no, event.at, 'failed');
        break;
      case 'TASKS_SKIPPED':
        for (const no of event.tasks) this.end(job, no, event.at, 'skipped');
        break;
      case 'TASKS_CANCELLED':
        for (const no of event.tasks) this.end(job, no, event.at, 'cancelled');
        break;
      default:
    }
  }

  private start(job: CommittedJob, no: number, at: number): void {
    const task = job.standing(no);
    if (!isCounted(task)) return;
    const { agent, kind, key, readyAt } = task;
    const taskId = taskIdOf(job.jobId, no);
    this.running.set(taskId, { taskId, jobId: job.jobId, tenant: job.tenant, key, agent, kind, startedAt: at });
    for (const tally of this.tallies(agent, kind)) {
      tally.started += 1;
      tally.wait.add(at - readyAt);
    }
  }

  /** @param outcome what became of the task; `null` where it may go on later */
  private end(
    job: CommittedJob,
    no: number,
    at: number,
    outcome: 'completed' | 'failed' | 'retried' | 'skipped' | 'cancelled' | null,
    timedOut = false,
  ): void {
    const task = job.standing(no);
    if (!isCounted(task)) return;
    const { agent, kind } = task;
    const taskId = taskIdOf(job.jobId, no);
    const run = this.running.get(taskId);
    if (run) this.running.delete(taskId);
    for (const tally of this.tallies(agent, kind)) {
      if (outcome !== null) tally[outcome] += 1;
      if (timedOut) tally.timedOut += 1;
      if (run) tally.duration.add(at - run.startedAt);
    }
    if (outcome === 'completed' || outcome === 'failed' || outcome === 'retried') this.ended(agent, outcome, at);
  }

  private tallies(agent: string, kind: string | null): readonly TaskTally[] {
    const tallies = [this.all, tallyOf(this.byAgent, agent)];
    if (kind !== null) tallies.push(tallyOf(this.byKind, this.byKind.has(kind) || this.byKind.size < MOST_KINDS ? kind : OTHER_KINDS));
    return tallies;
  }
}

type CountedTask = CommittedTask & { readonly agent: string };

function isCounted(task: CommittedTask | undefined): task is CountedTask {
  return typeof task?.agent === 'string' && !task.agent.startsWith('$');
}

function tallyOf(tallies: Map<string, TaskTally>, name: string): TaskTally {
  let tally = tallies.get(name);
  if (!tally) tallies.set(name, (tally = new TaskTally()));
  return tally;
}
