import type { EventView, StoreReader, TaskView } from '@taskloom/core';
import { parseTaskId } from '@taskloom/core/internal';

import type { Failure, JobFacts, Observation, Run, RunOutcome, TaskFacts } from './observation.js';

type Tell = (observation: Observation) => void;

const MOST_SHOWN = 100;
const STOPPED: Failure = { code: 'PROCESS_DIED', message: 'The process stopped or died while it ran.' };

/** What the events of one job come to, as far as telemetry needs it. */
export class JobRecord {
  lastSeq = 0;
  hasEnded = false;
  /** Runs that go on, by the numbers of their tasks. */
  private readonly runs = new Map<number, Run>();
  private readonly tasks = new Map<
    number,
    { readonly facts: TaskFacts; readonly parent: number | null; readonly dependencies: readonly number[] }
  >();
  /** When something came that a task waited for: its dependencies and children ended, it was released, its retry came due. */
  private readonly readyAt = new Map<number, number>();

  constructor(
    private job: JobFacts,
    private readonly reader: StoreReader,
  ) {}

  get facts(): JobFacts {
    return this.job;
  }

  /** Takes the next event. */
  async take(event: EventView, tell: Tell): Promise<void> {
    this.lastSeq = event.seq;
    const no = event.taskId === null ? null : (parseTaskId(event.taskId)?.no ?? null);
    switch (event.type) {
      case 'JOB_SUBMITTED':
        this.job = { ...this.job, openedAt: event.at };
        tell({ kind: 'job-opened', job: this.job });
        return;
      case 'JOB_REOPENED':
        this.job = { ...this.job, openedAt: event.at, generation: this.job.generation + 1 };
        this.hasEnded = false;
        this.ready(this.numbersIn(event), event.at);
        tell({ kind: 'job-opened', job: this.job });
        return;
      case 'TASK_STARTED':
        return this.start(no!, event, tell);
      case 'TASK_SUSPENDED':
        return this.end(no!, event.at, 'suspended', null, tell);
      case 'TASK_RETRY_SCHEDULED':
        this.ready([no!], Number(event.data['availableAt']));
        return this.end(no!, event.at, 'retried', failureIn(event), tell);
      case 'TASK_ABANDONED':
        this.ready([no!], event.at);
        return this.end(no!, event.at, 'abandoned', STOPPED, tell);
      case 'TASK_PARKED':
        return this.end(no!, event.at, 'parked', null, tell);
      case 'TASK_RETURNED':
        return this.end(no!, event.at, 'completed', null, tell);
      case 'TASK_COMPLETED':
      case 'TASK_ACCEPTED':
        this.finish([no!], event.at);
        return this.end(no!, event.at, 'completed', null, tell);
      case 'TASK_FAILED':
      case 'TASK_REROUTED':
        this.finish([no!], event.at);
        return this.end(no!, event.at, 'failed', failureIn(event), tell);
      case 'TASK_REJECTED':
        this.ready([no!], event.at);
        return;
      case 'TASK_SKIPPED':
        this.finish([no!], event.at);
        return this.end(no!, event.at, 'skipped', null, tell);
      case 'TASKS_RELEASED':
      case 'HOLD_LIFTED':
      case 'HUMAN_ANSWERED':
      case 'HUMAN_EXPIRED':
        this.ready(no === null ? this.numbersIn(event) : [no], event.at);
        return;
      case 'TASKS_REOPENED':
        this.ready(this.numbersIn(event), event.at);
        return this.endSome(event, 'cancelled', tell);
      case 'TASKS_CANCELLED':
        return this.endSome(event, 'cancelled', tell);
      case 'TASKS_FAILED':
        return this.endSome(event, 'failed', tell, causeIn(event));
      case 'TASKS_SKIPPED':
        return this.endSome(event, 'skipped', tell);
      case 'JOB_COMPLETED':
        return this.close(event, 'completed', null, tell);
      case 'JOB_FAILED':
        return this.close(event, 'failed', failureIn(event), tell);
      case 'JOB_CANCELLED':
        return this.close(event, 'cancelled', null, tell);
      default:
        return;
    }
  }

  private async start(no: number, event: EventView, tell: Tell): Promise<void> {
    const task = await this.taskAt(no);
    // The engine's own agents lay out and gather; they are not anybody's work.
    if (!task || task.facts.agent.startsWith('$')) return;
    const { at, data } = event;
    const readyAt = Math.max(this.job.openedAt, this.readyAt.get(no) ?? 0, ...task.dependencies.map((on) => this.readyAt.get(on) ?? 0));
    const run: Run = {
      job: this.job,
      task: task.facts,
      fence: Number(data['fence']),
      attempt: Number(data['attempt']),
      startedAt: at,
      waitedMs: Math.max(0, at - readyAt),
    };
    this.runs.set(no, run);
    tell({ kind: 'run-started', run });
  }

  private end(no: number, at: number, outcome: RunOutcome, error: Failure | null, tell: Tell): void {
    const run = this.runs.get(no);
    if (!run) return;
    this.runs.delete(no);
    tell({ kind: 'run-ended', run, at, outcome, error });
  }

  /** Ends the runs of an event that moves many tasks. It names 100 of them: of more, the rows tell which ones do not run any more. */
  private async endSome(event: EventView, outcome: RunOutcome, tell: Tell, error: Failure | null = null): Promise<void> {
    const numbers = this.numbersIn(event);
    this.finish(numbers, event.at);
    for (const no of numbers) this.end(no, event.at, outcome, error, tell);
    if (Number(event.data['count']) <= MOST_SHOWN) return;
    for (const no of Array.from(this.runs.keys())) {
      const [view] = await this.reader.tasksAt([{ jobId: this.job.id, no }]);
      if (view?.status !== 'IN_PROGRESS') this.end(no, event.at, outcome, error, tell);
    }
  }

  private close(event: EventView, status: 'completed' | 'failed' | 'cancelled', error: Failure | null, tell: Tell): void {
    for (const no of Array.from(this.runs.keys())) this.end(no, event.at, 'cancelled', null, tell);
    this.hasEnded = true;
    tell({ kind: 'job-ended', job: this.job, at: event.at, status, error });
  }

  private ready(numbers: readonly number[], at: number): void {
    for (const no of numbers) this.readyAt.set(no, Math.max(at, this.readyAt.get(no) ?? 0));
  }

  /** What has ended was waited for by what depends on it, and by the task above it. */
  private finish(numbers: readonly number[], at: number): void {
    this.ready(numbers, at);
    this.ready(
      numbers.flatMap((no) => this.tasks.get(no)?.parent ?? []),
      at,
    );
  }

  private numbersIn({ data }: EventView): readonly number[] {
    const ids = Array.isArray(data['tasks']) ? (data['tasks'] as readonly unknown[]) : [];
    return ids.flatMap((id) => parseTaskId(String(id))?.no ?? []);
  }

  private async taskAt(no: number): Promise<{ readonly facts: TaskFacts; readonly dependencies: readonly number[] } | null> {
    const known = this.tasks.get(no);
    if (known) return known;
    const [view] = await this.reader.tasksAt([{ jobId: this.job.id, no }]);
    if (!view) return null;
    const dependencies = view.dependencies.map(({ on }) => on);
    const depth = 1 + Math.max(0, ...dependencies.map((on) => this.tasks.get(on)?.facts.depth ?? 0));
    const task = { facts: factsOf(view, depth), parent: view.parent, dependencies };
    this.tasks.set(no, task);
    return task;
  }
}

function factsOf({ id, jobId, key, agent, type, kind, parent }: TaskView, depth: number): TaskFacts {
  return { id, key, agent: agent ?? '$none', type, kind: kind ?? '', parent: parent === null ? null : `${jobId}:${parent}`, depth };
}

/** Why an event made tasks fail that had not failed themselves. */
function causeIn({ data }: EventView): Failure {
  const { reason, message } = data;
  return { code: typeof reason === 'string' ? reason : 'INTERNAL', message: typeof message === 'string' ? message : '' };
}

function failureIn({ data }: EventView): Failure {
  const { code, message } = (data['error'] ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return { code: typeof code === 'string' ? code : 'INTERNAL', message: typeof message === 'string' ? message : '' };
}
