import { JOB_STATUSES } from '../../model/job.js';
import { ATTEMPT_REASONS, STATUS_REASONS, TASK_STATUSES, type OutputLocation } from '../../model/task.js';
import type { JobRow, TaskRow } from '../../ports/store.js';
import { indexed } from './indexed.js';

export const taskStatuses = indexed(TASK_STATUSES);
export const statusReasons = indexed(STATUS_REASONS);
export const attemptReasons = indexed(ATTEMPT_REASONS);
export const jobStatuses = indexed(JOB_STATUSES);

/** `output_seq`: 0 none, above 0 the event that holds it, -1 the children's outputs, from -2 down the output of task 0, 1, … */
export function encodeOutput(output: OutputLocation): number {
  switch (output.kind) {
    case 'none':
      return 0;
    case 'event':
      return output.seq;
    case 'children':
      return CHILDREN;
    case 'task':
      return CHILDREN - 1 - output.no;
  }
}

export function decodeOutput(outputSeq: number): OutputLocation {
  if (outputSeq > 0) return { kind: 'event', seq: outputSeq };
  if (outputSeq === 0) return { kind: 'none' };
  return outputSeq === CHILDREN ? { kind: 'children' } : { kind: 'task', no: CHILDREN - 1 - outputSeq };
}

const CHILDREN = -1;

export interface StoredTaskRow {
  readonly no: number;
  readonly status: number;
  readonly reason: number | null;
  readonly caused_by: number;
  readonly generation: number;
  readonly attempt: number;
  readonly fence: number;
  readonly strikes: number;
  readonly rounds: number;
  readonly available_at: number;
  readonly started_at: number;
  readonly finished_at: number;
  readonly output_seq: number;
  readonly note_seq: number;
  readonly progress: number;
  readonly next_reason: number;
  readonly ready_at: number;
  readonly condition_false: number;
  readonly rejections: number;
  readonly feedback_seq: number;
  readonly held: number;
}

export function decodeTaskRow(row: StoredTaskRow): TaskRow {
  return {
    no: row.no,
    status: taskStatuses.fromIndex(row.status),
    reason: row.reason === null ? null : statusReasons.fromIndex(row.reason),
    causedBy: row.caused_by,
    generation: row.generation,
    attempt: row.attempt,
    fence: row.fence,
    strikes: row.strikes,
    rounds: row.rounds,
    availableAt: row.available_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    output: decodeOutput(row.output_seq),
    noteSeq: row.note_seq,
    progress: row.progress,
    nextReason: attemptReasons.fromIndex(row.next_reason),
    readyAt: row.ready_at,
    conditionFalse: row.condition_false === 1,
    rejections: row.rejections,
    feedbackSeq: row.feedback_seq,
    held: row.held === 1,
  };
}

export interface StoredJobRow {
  readonly status: number;
  readonly success: number | null;
  readonly generation: number;
  readonly last_seq: number;
  readonly started_at: number;
  readonly finished_at: number;
  readonly note_seq: number;
  readonly wake_at: number | null;
  readonly counts: string;
  readonly begun: number;
  readonly requests: number;
  readonly work_done: number | null;
  readonly work_total: number | null;
}

export function decodeJobRow(row: StoredJobRow): JobRow {
  return {
    status: jobStatuses.fromIndex(row.status),
    success: row.success === null ? null : row.success === 1,
    generation: row.generation,
    lastSeq: row.last_seq,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    noteSeq: row.note_seq,
    wakeAt: row.wake_at,
    counts: decodeCounts(row.counts),
    begun: row.begun === 1,
    requestCount: row.requests,
    work: decodeWork(row),
  };
}

/** `null` in rows that were last written before it was counted. */
export function decodeWork({ work_done: done, work_total: total }: Pick<StoredJobRow, 'work_done' | 'work_total'>): JobRow['work'] {
  return done === null || total === null ? null : { done, total };
}

export function encodeCounts(counts: ArrayLike<number>): string {
  let text = String(counts[0]);
  for (let index = 1; index < counts.length; index += 1) text += `,${counts[index]!}`;
  return text;
}

export function decodeCounts(text: string): number[] {
  return text.split(',').map(Number);
}
