/* A job played by hand whose every step is committed to a store, as the ledger would. */
import type { Store, JobCreation, JobWrite, TaskRow } from '../../ports/store.js';
import { changedCosts } from '../../machine/costs.js';
import { createTaskState, wakeAt, type JobState, type TaskState } from '../../machine/job-state.js';
import { noteWork } from '../../machine/work.js';
import type { JobEvent } from '../../model/event.js';
import type { JobSpec } from '../../model/job.js';
import type { TaskSpec } from '../../model/task.js';
import { Scenario } from '../machine/scenario.js';
import { plainSpec } from '../machine/specs.js';

let tokens = 0;

export function jobSpec(id: string, fields: Partial<JobSpec> = {}): JobSpec {
  return {
    id,
    tenant: 'default',
    name: 'job',
    workflow: null,
    workflowVersion: null,
    input: null,
    priority: 5,
    maxParallel: null,
    strategy: 'abort',
    allowedAgents: null,
    confirm: false,
    runAt: null,
    deadline: null,
    metadata: null,
    carried: null,
    createdAt: 1_000,
    ...fields,
  };
}

/** What is written of a new job with the given tasks, and nothing else yet. */
export function creationOf(spec: JobSpec, tasks: readonly TaskSpec[], idempotency: JobCreation['idempotency'] = null): JobWrite {
  const play = new Scenario(tasks);
  return { ...writeOf(play, spec.id, 0, play.events), created: { spec, idempotency } };
}

/** What is written after some events of a job. */
export function writeOf(
  { state }: { readonly state: JobState },
  jobId: string,
  expectedSeq: number,
  events: readonly JobEvent[],
): JobWrite {
  for (const no of state.touched) noteWork(state, state.tasks[no]!);
  const tasks = [...state.touched].map((no) => rowOf(state.tasks[no]!));
  state.touched.clear();
  return {
    jobId,
    expectedSeq,
    token: `test.${(tokens += 1)}`,
    row: {
      status: state.status,
      success: state.success,
      generation: state.generation,
      lastSeq: state.lastSeq,
      startedAt: state.startedAt,
      finishedAt: state.finishedAt,
      noteSeq: state.noteSeq,
      wakeAt: wakeAt(state),
      counts: Int32Array.from(state.counts),
      begun: state.begun,
      requestCount: state.requestCount,
      work: { done: state.work.done, total: state.work.total },
    },
    events,
    tasks,
    ...(state.costs && { costs: changedCosts(state, events) }),
  };
}

/** Exactly the columns of a task's row. */
export function rowOf(task: TaskState): TaskRow {
  const { no, status, reason, causedBy, generation, attempt, fence, strikes, rounds, availableAt } = task;
  const { startedAt, finishedAt, output, noteSeq, progress, nextReason, readyAt, conditionFalse, rejections, feedbackSeq, held } = task;
  return {
    no,
    status,
    reason,
    causedBy,
    generation,
    attempt,
    fence,
    strikes,
    rounds,
    availableAt,
    startedAt,
    finishedAt,
    output,
    noteSeq,
    progress,
    nextReason,
    readyAt,
    conditionFalse,
    rejections,
    feedbackSeq,
    held,
  };
}

/** A row that says nothing yet. */
export function plainRow(no: number, fields: Partial<TaskRow> = {}): TaskRow {
  return { ...rowOf(createTaskState(plainSpec(no))), ...fields };
}

/** A scenario that commits what each verb comes to. */
export class StoredJob {
  readonly play: Scenario;
  private committed = 0;

  private constructor(
    private readonly store: Store,
    readonly spec: JobSpec,
    tasks: readonly TaskSpec[],
  ) {
    this.play = new Scenario(tasks);
  }

  static async create(
    store: Store,
    tasks: readonly TaskSpec[],
    spec: JobSpec,
    idempotency: JobCreation['idempotency'] = null,
  ): Promise<StoredJob> {
    const job = new StoredJob(store, spec, tasks);
    await job.commit({ spec, idempotency });
    return job;
  }

  get id(): string {
    return this.spec.id;
  }

  /** Does something to the job and commits what it came to. */
  async do(act: (play: Scenario) => unknown): Promise<void> {
    act(this.play);
    await this.commit();
  }

  /** What would be committed now. */
  pending(): JobWrite {
    return writeOf(this.play, this.id, this.committed, this.play.events.slice(this.committed));
  }

  private async commit(created?: JobCreation): Promise<void> {
    const write = this.pending();
    await this.store.commit([created ? { ...write, created } : write]);
    this.committed = this.play.events.length;
  }
}
