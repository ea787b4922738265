import { parseTaskId } from '../kernel/ids.js';
import type { CommittedJob, CommittedTask } from '../ledger/committed.js';
import type { JobEvent } from '../model/event.js';
import { TaskTally, type TaskOutcome } from './task-tally.js';

/** An attempt that runs in this process. */
export interface RunningTask {
  readonly jobId: string;
  readonly no: number;
  readonly tenant: string;
  readonly key: string;
  readonly agent: string;
  /** Wall clock. */
  readonly startedAt: number;
}

/** An attempt has ended: well, for good or not. */
export type Ending = (agent: string, outcome: 'completed' | 'failed' | 'retried', at: number) => void;

const DOLLAR = 36;
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
  /** By job and number; within a job oldest first. */
  private readonly byJob = new Map<string, Map<number, RunningTask>>();

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
        // Where something stands in for its output (a value, or another task's), its own attempts have failed.
        this.end(job, event.task, event.at, event.recovered || typeof event.output === 'number' ? 'failed' : 'completed');
        break;
      case 'TASK_ACCEPTED':
        this.end(job, event.task, event.at, 'completed');
        break;
      case 'TASK_REROUTED':
        // Counted when the task that stands in for it has ended.
        this.end(job, event.task, event.at, null, event.timedOut);
        break;
      case 'TASK_FAILED':
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

  /** Every attempt that runs, oldest first within each job. */
  *running(): Iterable<RunningTask> {
    for (const tasks of this.byJob.values()) yield* tasks.values();
  }

  isRunning(taskId: string): boolean {
    const address = parseTaskId(taskId);
    return address !== null && this.byJob.get(address.jobId)?.has(address.no) === true;
  }

  private start(job: CommittedJob, no: number, startedAt: number): void {
    const task = job.standing(no);
    if (!isCounted(task)) return;
    const { jobId, tenant } = job;
    const { agent, kind, key } = task;
    const waitMs = startedAt - task.readyAt;
    let tasks = this.byJob.get(jobId);
    if (!tasks) this.byJob.set(jobId, (tasks = new Map<number, RunningTask>()));
    tasks.set(no, { jobId, no, tenant, key, agent, startedAt });
    this.all.start(waitMs);
    tallyOf(this.byAgent, agent).start(waitMs);
    if (kind !== null) this.tallyOfKind(kind).start(waitMs);
  }

  /** @param outcome what became of the task; `null` where it may go on later */
  private end(job: CommittedJob, no: number, at: number, outcome: TaskOutcome | null, timedOut = false): void {
    const task = job.standing(no);
    if (!isCounted(task)) return;
    const { agent, kind } = task;
    const ranMs = this.leave(job.jobId, no, at);
    this.all.end(outcome, timedOut, ranMs);
    tallyOf(this.byAgent, agent).end(outcome, timedOut, ranMs);
    if (kind !== null) this.tallyOfKind(kind).end(outcome, timedOut, ranMs);
    if (outcome === 'completed' || outcome === 'failed' || outcome === 'retried') this.ended(agent, outcome, at);
  }

  /** How long the attempt ran; -1 where there was none. */
  private leave(jobId: string, no: number, at: number): number {
    const tasks = this.byJob.get(jobId);
    const run = tasks?.get(no);
    if (!tasks || !run) return -1;
    tasks.delete(no);
    if (tasks.size === 0) this.byJob.delete(jobId);
    return Math.max(0, at - run.startedAt);
  }

  private tallyOfKind(kind: string): TaskTally {
    return tallyOf(this.byKind, this.byKind.has(kind) || this.byKind.size < MOST_KINDS ? kind : OTHER_KINDS);
  }
}

type CountedTask = CommittedTask & { readonly agent: string };

function isCounted(task: CommittedTask | undefined): task is CountedTask {
  return typeof task?.agent === 'string' && task.agent.charCodeAt(0) !== DOLLAR;
}

function tallyOf(tallies: Map<string, TaskTally>, name: string): TaskTally {
  let tally = tallies.get(name);
  if (!tally) tallies.set(name, (tally = new TaskTally()));
  return tally;
}
