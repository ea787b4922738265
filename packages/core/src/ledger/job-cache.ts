import { runInSlices } from '../kernel/slices.js';
import type { Steps } from '../kernel/steps.js';
import { costsOf } from '../machine/costs.js';
import { createJobState, createTaskState, isPlainRow, type JobState } from '../machine/job-state.js';
import { linkLoaded, offerReady, recount } from '../machine/recount.js';
import { noteWork } from '../machine/work.js';
import type { Store, StoredJob } from '../ports/store.js';

/** The jobs that are in memory: those that have not ended. What is not here is read from the store. */
export class JobCache {
  private readonly jobs = new Map<string, JobState>();

  constructor(private readonly store: Store) {}

  get(jobId: string): JobState | undefined {
    return this.jobs.get(jobId);
  }

  add(state: JobState): void {
    this.jobs.set(state.id, state);
  }

  drop(jobId: string): void {
    this.jobs.delete(jobId);
  }

  values(): Iterable<JobState> {
    return this.jobs.values();
  }

  /** Reads a job into memory; its READY tasks are up for dispatch. `null` when there is no such job. */
  async load(jobId: string, now: number): Promise<JobState | null> {
    const stored = await this.store.loadJob(jobId);
    if (!stored) return null;
    const state = await runInSlices(restoreJob(stored));
    offerReady(state, now);
    this.jobs.set(jobId, state);
    return state;
  }
}

/** So many tasks make a step. */
const TASKS_PER_STEP = 256;

/** The state that a job's rows hold. */
export function* restoreJob({ spec, row, tasks, requests, costs }: StoredJob): Steps<JobState> {
  const state = createJobState(spec);
  // What people see as PAUSED is a running job with holds.
  state.status = row.status === 'PAUSED' ? 'RUNNING' : row.status;
  state.begun = row.begun;
  state.requestCount = row.requestCount;
  state.costs = costsOf(costs);
  for (const request of requests) state.requests.set(request.request, request);
  state.success = row.success;
  state.generation = row.generation;
  state.lastSeq = row.lastSeq;
  state.startedAt = row.startedAt;
  state.finishedAt = row.finishedAt;
  state.noteSeq = row.noteSeq;
  for (const task of tasks) {
    if (state.tasks.length % TASKS_PER_STEP === TASKS_PER_STEP - 1) yield;
    const taskState = Object.assign(createTaskState(task.spec), task.row);
    taskState.isPlain = isPlainRow(taskState);
    state.tasks.push(taskState);
    state.numberOf.set(taskState.key, taskState.no);
    state.work.weigh(task.spec.no, task.spec.weight ?? 1);
  }
  state.lastAt = lastMoment(state, spec.createdAt);
  yield;
  linkLoaded(state);
  yield;
  recount(state);
  yield;
  for (const task of state.tasks) noteWork(state, task);
  return state;
}

/** The latest time that anything in the job tells of: no later event is to bear an earlier one. */
function lastMoment(state: JobState, createdAt: number): number {
  let last = Math.max(createdAt, state.startedAt, state.finishedAt);
  for (const { readyAt, startedAt, finishedAt } of state.tasks) last = Math.max(last, readyAt, startedAt, finishedAt);
  return last;
}
