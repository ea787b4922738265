import type { StoredError } from '../../errors/serialize-error.js';
import { wholePercent } from '../../graph/progress.js';
import { taskIdOf } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import { TASK_STATUSES, isTerminalTask, type StatusReason, type TaskStatus } from '../../model/task.js';
import { isTerminalJob } from '../../model/job.js';
import type { JobView, TaskView } from '../../model/views.js';
import { decodeCounts, decodeTaskRow, decodeWork, jobStatuses, type StoredTaskRow } from '../codec/row-codec.js';
import { decodeSpec, strategies, type TaskSpecRow } from '../codec/spec-codec.js';

/** A task joined with its job's id, the event its note points at, and the key of the task that caused its status. */
export interface TaskViewRow extends TaskSpecRow, StoredTaskRow {
  readonly job_no: number;
  readonly job_id: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly note: string | null;
  readonly cause_key: string | null;
}

interface Note {
  readonly error?: StoredError;
  readonly summary?: string;
  /** Why the task's own attempts failed, where something stands in for their output. */
  readonly recovered?: StoredError;
  readonly message?: string | null;
  readonly cachedFrom?: string;
}

export function toTaskView(row: TaskViewRow): TaskView {
  const spec = decodeSpec(row, null);
  const task = decodeTaskRow(row);
  const note = (row.note === null ? {} : JSON.parse(row.note)) as Note;
  return {
    id: taskIdOf(row.job_id, row.no),
    jobId: row.job_id,
    no: row.no,
    key: spec.key,
    type: spec.type,
    kind: spec.kind,
    name: spec.name,
    description: spec.description,
    agent: spec.agent,
    routed: spec.routed ?? null,
    topic: spec.origin === 'delivery' ? spec.originKey : null,
    assignee: spec.assignee,
    status: task.status,
    statusReason: task.reason,
    causedBy: task.causedBy < 0 ? null : task.causedBy,
    statusMessage: statusMessage(task.reason, row.cause_key, note),
    error: note.error ?? note.recovered ?? null,
    summary: note.summary ?? null,
    cachedFrom: note.cachedFrom ?? null,
    acceptanceCriteria: spec.acceptanceCriteria,
    priority: spec.priority,
    weight: spec.weight ?? 1,
    failureStrategy: spec.strategy,
    metadata: spec.metadata,
    parent: spec.parent,
    dependencies: spec.dependencies,
    origin: spec.origin,
    generation: task.generation,
    attempt: task.attempt,
    maxAttempts: spec.overrides?.retry?.maxAttempts ?? null,
    timeoutMs: spec.overrides?.timeoutMs ?? null,
    idleTimeoutMs: spec.overrides?.idleTimeoutMs ?? null,
    durability: spec.durability,
    runAt: spec.runAt,
    deadline: spec.deadline,
    review: spec.review,
    recovery: spec.recovery,
    resources: spec.overrides?.resources ?? spec.resources,
    held: task.held,
    rejections: task.rejections,
    strikes: task.strikes,
    availableAt: task.availableAt || null,
    progress: isTerminalTask(task.status) && (task.status === 'COMPLETED' || task.status === 'ACCEPTED') ? 100 : task.progress,
    progressMessage: task.status === 'IN_PROGRESS' ? (note.message ?? null) : null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    startedAt: task.startedAt || null,
    finishedAt: task.finishedAt || null,
  };
}

/** A reason as a sentence; `null` where the status says it all. */
function statusMessage(reason: StatusReason | null, by: string | null, note: Note): string | null {
  const who = by === null ? 'another task' : `"${by}"`;
  switch (reason) {
    case null:
      return null;
    case 'WAITING_DEPENDENCIES':
      return 'Waits for the tasks it asked for.';
    case 'WAITING_CHILDREN':
      return 'Waits for the tasks below it.';
    case 'WAITING_REVIEW':
      return 'Waits for a review.';
    case 'WAITING_TIMER':
      return 'Sleeps.';
    case 'WAITING_HUMAN':
      return note.error ? `It failed; a person decides what becomes of it: ${note.error.message}` : 'Waits for a person.';
    case 'AGENT_UNAVAILABLE':
    case 'MANUAL':
    case 'AGENT_SKIPPED':
      return note.message ?? null;
    case 'DEPENDENCY_FAILED':
      return `Skipped because ${who} failed.`;
    case 'DEPENDENCY_SKIPPED':
      return `Skipped because ${who} was skipped.`;
    case 'CONDITION_FALSE':
      return `Skipped because its condition on ${who} is false.`;
    case 'PARENT_SKIPPED':
      return `Skipped with ${who}.`;
    case 'CHILDREN_SKIPPED':
      return 'Skipped because every task below it was.';
    case 'NOT_NEEDED':
      return 'Skipped because it was not needed.';
    case 'JOB_CANCELLED':
      return 'Cancelled with its job.';
    case 'JOB_FAILED':
      return by === null ? 'Cancelled because the job failed.' : `Cancelled because ${who} failed and ended the job.`;
    case 'PARENT_ENDED':
      return `Cancelled because ${who} had ended.`;
    case 'SUPERSEDED':
      return 'Belongs to an earlier generation of the task that added it.';
    case 'ATTEMPTS_EXHAUSTED':
      return note.error?.message ?? null;
    case 'CHILD_FAILED':
      return `Failed because ${who} below it failed.`;
    case 'WAITING_FALLBACK':
      return 'It failed; the task that stands in for it runs.';
    case 'BY_PERSON':
      return note.message ?? note.error?.message ?? 'A person decided so.';
    case 'RECOVERED':
      return by === null ? 'It failed; a given value stands in for its output.' : `It failed; the output of ${who} stands in for its own.`;
    case 'DEADLINE_PASSED':
      return note.error?.message ?? 'It had not ended by its deadline.';
    case 'REVIEW_FAILED':
      return note.message ?? 'Its reviews rejected it.';
    case 'JOB_TIMED_OUT':
      return 'Cancelled because the job had not ended by its deadline.';
  }
}

export interface JobViewRow {
  readonly no: number;
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly status: number;
  readonly success: number | null;
  readonly priority: number;
  readonly max_parallel: number | null;
  readonly strategy: number;
  readonly metadata: string | null;
  readonly counts: string;
  readonly work_done: number | null;
  readonly work_total: number | null;
  readonly generation: number;
  readonly run_at: number | null;
  readonly deadline: number | null;
  readonly created_at: number;
  readonly started_at: number;
  readonly finished_at: number;
  readonly last_seq: number;
  readonly note: string | null;
}

export function toJobView(row: JobViewRow): JobView {
  const status = jobStatuses.fromIndex(row.status);
  const counts = decodeCounts(row.counts);
  const note = (row.note === null ? {} : JSON.parse(row.note)) as { error?: StoredError; reason?: string | null };
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    workflow: row.workflow,
    status,
    success: row.success === null ? null : row.success === 1,
    error: note.error ?? (status === 'CANCELLED' ? { code: 'JOB_CANCELLED', message: note.reason ?? 'The job was cancelled.' } : null),
    priority: row.priority,
    maxParallel: row.max_parallel,
    failureStrategy: strategies.fromIndex(row.strategy),
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as JsonObject),
    counts: Object.fromEntries(TASK_STATUSES.map((word, index) => [word, counts[index] ?? 0])) as Record<TaskStatus, number>,
    progress: isTerminalJob(status) ? 100 : Math.min(99, percentOf(workOf(row))),
    generation: row.generation,
    runAt: row.run_at,
    deadline: row.deadline,
    createdAt: row.created_at,
    startedAt: row.started_at || null,
    finishedAt: row.finished_at || null,
    lastSeq: row.last_seq,
  };
}

function percentOf({ done, total }: { readonly done: number; readonly total: number }): number {
  return total === 0 ? 0 : wholePercent(done / total);
}

/** What a job's tasks weigh, and how much of it is done, in percent. */
export function workOf(row: Pick<JobViewRow, 'counts' | 'work_done' | 'work_total'>): { readonly done: number; readonly total: number } {
  return decodeWork(row) ?? endedOf(decodeCounts(row.counts));
}

/** Where only numbers of tasks are known: those below the objective, which ends with the job. */
function endedOf(counts: ArrayLike<number>): { readonly done: number; readonly total: number } {
  let total = -1;
  let ended = 0;
  TASK_STATUSES.forEach((word, index) => {
    const count = counts[index] ?? 0;
    if (word !== 'DORMANT') total += count;
    if (isTerminalTask(word)) ended += count;
  });
  return { done: ended * 100, total: Math.max(0, total) };
}
