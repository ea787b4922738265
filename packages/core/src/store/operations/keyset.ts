import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

import type { JobOrder, PageRequest, TaskOrder } from '../../model/views.js';
import { decodeCursor, encodeCursor, MAX_POSITION } from './page.js';

/** One of the values that rows are ordered by: an SQL expression that is a whole number from 0, never null. */
interface Term {
  readonly value: string;
  readonly direction: 'ASC' | 'DESC';
}

/** What makes the order of a list total, so that a page can begin behind any row. */
export interface Keyset {
  /** Cursors carry it: those of one list or order are no cursors of another. */
  readonly kind: string;
  readonly terms: readonly Term[];
}

const JOB_OF_TASK = 's.job_no';
const NEWEST_JOB: Term = { value: 'j.no', direction: 'DESC' };
const PLACE: readonly Term[] = [
  { value: JOB_OF_TASK, direction: 'DESC' },
  { value: 's.no', direction: 'ASC' },
];

/** Of jobs `j` with their definitions `s`. */
export const JOB_KEYSETS: Readonly<Record<JobOrder, Keyset>> = {
  NEWEST: { kind: 'job', terms: [NEWEST_JOB] },
  OLDEST: { kind: 'job-oldest', terms: [{ value: 'j.no', direction: 'ASC' }] },
  PRIORITY: { kind: 'job-priority', terms: [{ value: 's.priority', direction: 'DESC' }, NEWEST_JOB] },
  DEADLINE: { kind: 'job-deadline', terms: [{ value: `COALESCE(s.deadline, ${MAX_POSITION})`, direction: 'ASC' }, NEWEST_JOB] },
  FINISHED: { kind: 'job-finished', terms: [{ value: 'j.finished_at', direction: 'DESC' }, NEWEST_JOB] },
};

/** Of tasks `t` with their definitions `s`. */
export const TASK_KEYSETS: Readonly<Record<TaskOrder, Keyset>> = {
  PLACE: { kind: 'task', terms: PLACE },
  PRIORITY: { kind: 'task-priority', terms: [{ value: 's.priority', direction: 'DESC' }, ...PLACE] },
  RUNNING_LONGEST: {
    kind: 'task-running',
    terms: [{ value: `CASE WHEN t.started_at = 0 THEN ${MAX_POSITION} ELSE t.started_at END`, direction: 'ASC' }, ...PLACE],
  },
  UPDATED: { kind: 'task-updated', terms: [{ value: 't.updated_at', direction: 'DESC' }, ...PLACE] },
};

/** Orders a list, lets it begin behind a cursor, and reads one row more than was asked for. @throws TaskloomError `CURSOR_INVALID` */
export function paged<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  { kind, terms }: Keyset,
  { first, after }: PageRequest,
): SelectQueryBuilder<T> {
  terms.forEach(({ value, direction }, index) => query.addSelect(value, nameOf(index)).addOrderBy(nameOf(index), direction));
  query.limit(first + 1);
  if (after === undefined) return query;
  const position = decodeCursor(kind, after, terms.length);
  return query.andWhere(behind(terms), Object.fromEntries(position.map((value, index) => [nameOf(index), value])));
}

/** The number of the job in which a cursor of tasks stands. @throws TaskloomError `CURSOR_INVALID` */
export function jobOfCursor({ kind, terms }: Keyset, cursor: string): number {
  return decodeCursor(kind, cursor, terms.length)[terms.findIndex(({ value }) => value === JOB_OF_TASK)]!;
}

export function cursorOf({ kind, terms }: Keyset, row: object): string {
  return encodeCursor(
    kind,
    terms.map((_, index) => (row as Record<string, number>)[nameOf(index)]!),
  );
}

/** `a < :a OR (a = :a AND (b > :b …))`: databases differ in what they make of comparing rows as a whole. */
function behind(terms: readonly Term[], from = 0): string {
  const { value, direction } = terms[from]!;
  const given = `CAST(:${nameOf(from)} AS bigint)`;
  const further = `${value} ${direction === 'ASC' ? '>' : '<'} ${given}`;
  return from === terms.length - 1 ? further : `(${further} OR (${value} = ${given} AND ${behind(terms, from + 1)}))`;
}

function nameOf(index: number): string {
  return `place_${index}`;
}
