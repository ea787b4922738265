import type { StoredError } from '../errors/serialize-error.js';
import type { Json } from '../kernel/json.js';
import type { EventType, EventView } from '../model/event.js';

/** One run of a task's agent: an attempt, or the part of it up to a suspension. */
export interface TaskRun {
  /** Counts from 1 in each generation of the task. */
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** `null` while it runs, and where it ended with so many other tasks that the event does not name it. */
  readonly endedAt: number | null;
  /** The event that ended it, such as `TASK_COMPLETED`, `TASK_RETRY_SCHEDULED` or `TASK_SUSPENDED`. */
  readonly end: EventType | null;
  /** Who brought its end about, as the event says. */
  readonly endedBy: string | null;
  /** Whether it ended because its time was up. */
  readonly timedOut: boolean;
  /** What it failed with. */
  readonly error: StoredError | null;
}

type OpenRun = { -readonly [Key in keyof TaskRun]: TaskRun[Key] };

const ENDS_A_RUN: ReadonlySet<EventType> = new Set([
  'TASK_COMPLETED',
  'TASK_RETURNED',
  'TASK_FAILED',
  'TASK_RETRY_SCHEDULED',
  'TASK_REROUTED',
  'TASK_SUSPENDED',
  'TASK_PARKED',
  'TASK_SKIPPED',
  'TASK_ABANDONED',
]);
const ENDS_RUNS: ReadonlySet<EventType> = new Set(['TASKS_CANCELLED', 'TASKS_FAILED', 'TASKS_SKIPPED']);
const ENDS_ALL: ReadonlySet<EventType> = new Set(['JOB_COMPLETED', 'JOB_FAILED', 'JOB_CANCELLED']);

/** The runs of a job's tasks, told from its events, which come in their order. */
export class JobRuns {
  private readonly runs = new Map<string, OpenRun[]>();
  private readonly open = new Map<string, OpenRun>();

  take(event: EventView): void {
    const { type, taskId, data } = event;
    if (type === 'TASK_STARTED' && taskId !== null) this.begin(taskId, Number(data['attempt']), event.at);
    else if (ENDS_A_RUN.has(type) && taskId !== null) this.end(taskId, event, (data['error'] as StoredError | undefined) ?? null);
    else if (ENDS_RUNS.has(type)) for (const id of idsIn(data['tasks'])) this.end(id, event, null);
    else if (ENDS_ALL.has(type)) for (const id of Array.from(this.open.keys())) this.end(id, event, null);
  }

  /** The runs of a task, oldest first. */
  of(taskId: string): readonly TaskRun[] {
    return this.runs.get(taskId) ?? [];
  }

  private begin(taskId: string, attempt: number, startedAt: number): void {
    const run: OpenRun = { attempt, startedAt, endedAt: null, end: null, endedBy: null, timedOut: false, error: null };
    const before = this.runs.get(taskId);
    if (before) before.push(run);
    else this.runs.set(taskId, [run]);
    this.open.set(taskId, run);
  }

  private end(taskId: string, { type: end, at: endedAt, actor: endedBy, data }: EventView, error: StoredError | null): void {
    const run = this.open.get(taskId);
    if (!run) return;
    this.open.delete(taskId);
    Object.assign(run, { endedAt, end, endedBy, timedOut: data['timedOut'] === true, error } satisfies Partial<TaskRun>);
  }
}

/** An event of many tasks names the first hundred of them; the others end with their job. */
function idsIn(tasks: Json | undefined): readonly string[] {
  return Array.isArray(tasks) ? tasks.map(String) : [];
}
