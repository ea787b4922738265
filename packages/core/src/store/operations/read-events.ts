import type { SelectQueryBuilder } from 'typeorm';

import { TaskloomError } from '../../errors/taskloom-error.js';
import type { EventType, EventView } from '../../model/event.js';
import { eventTypes, toEventView, type EventRow } from '../codec/event-codec.js';
import { isInRanges } from '../codec/ranges.js';
import { each, rows, type Operation } from '../sql/operation.js';
import { lookup, statement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import { expiredJob } from './delete-jobs.js';

/** Most events that are read at once. */
export const MAX_EVENTS = 1_000;

const EVENT_COLUMNS = 'seq, type, task, at, actor, data, NULL AS body';
/** Events about any number of tasks, which they name in their data. */
const ABOUT_SETS: readonly EventType[] = [
  'TASKS_RELEASED',
  'TASKS_FAILED',
  'TASKS_SKIPPED',
  'TASKS_CANCELLED',
  'TASKS_REOPENED',
  'JOB_REOPENED',
];
const SET_TYPES = ABOUT_SETS.map((type) => eventTypes.toIndex(type)).join(', ');

export const EVENT_STATEMENTS = {
  jobNo: lookup('view-job-no', { select: 'no', from: TABLES.job, by: { id: 'text' } }),
  key: lookup('view-task-key', { select: 's.key', from: `${TABLES.taskSpec} s`, by: { 's.job_no': 'long', 's.no': 'integer' } }),
  events: statement(
    'view-events',
    `SELECT ${EVENT_COLUMNS} FROM ${TABLES.event} WHERE job_no = ? AND seq > CAST(? AS bigint) ORDER BY seq LIMIT ?`,
  ),
  history: statement(
    'view-history',
    `SELECT ${EVENT_COLUMNS} FROM ${TABLES.event} WHERE job_no = ? AND task = ? ORDER BY seq LIMIT ${MAX_EVENTS}`,
  ),
  setEvents: statement(
    'view-set-events',
    `SELECT ${EVENT_COLUMNS} FROM ${TABLES.event} WHERE job_no = ? AND task IS NULL AND type IN (${SET_TYPES}) ORDER BY seq`,
  ),
} as const;

/** Events of a job after the one numbered `afterSeq`, at most `first`, as they are shown, with the keys of their tasks. */
export function* readEvents(jobId: string, afterSeq: number, first: number): Operation<EventView[]> {
  const jobNo = yield* keptJob(jobId);
  return jobNo === null ? [] : yield* toEventViews(jobId, jobNo, yield* rows<EventRow>(EVENT_STATEMENTS.events, jobNo, afterSeq, first));
}

/** What happened to a task: alone, and together with others. */
export function* readHistory(jobId: string, no: number): Operation<EventView[]> {
  const jobNo = yield* keptJob(jobId);
  if (jobNo === null) return [];
  const own = yield* rows<EventRow>(EVENT_STATEMENTS.history, jobNo, no);
  return (yield* withSetEvents(jobId, jobNo, own, new Set([no]), MAX_EVENTS)).get(no)!;
}

/** Histories by task, at most `first` events each: events of their own, and those about many tasks that name them. */
export function* withSetEvents(
  jobId: string,
  jobNo: number,
  own: readonly EventRow[],
  tasks: ReadonlySet<number>,
  first: number,
): Operation<ReadonlyMap<number, EventView[]>> {
  const sets = (yield* rows<EventRow>(EVENT_STATEMENTS.setEvents, jobNo)).map((event) => ({ event, names: namesIn(event) }));
  const found = new Map<number, EventRow[]>();
  for (const no of tasks) {
    const alone = own.filter(({ task }) => task === no);
    const together = sets.filter(({ names }) => names.some((ranges) => isInRanges(ranges, no))).map(({ event }) => event);
    found.set(no, [...alone, ...together].sort((a, b) => a.seq - b.seq).slice(0, first));
  }
  const shown = [...new Set([...found.values()].flat())];
  const views = new Map((yield* toEventViews(jobId, jobNo, shown)).map((view) => [view.seq, view]));
  return new Map([...found].map(([no, events]) => [no, events.map(({ seq }) => views.get(seq)!)]));
}

/** Which tasks an event about many is about, as range texts. */
function namesIn({ data }: EventRow): readonly string[] {
  const { tasks, superseded } = JSON.parse(data ?? '{}') as { tasks?: string; superseded?: string };
  return [tasks, superseded].filter((ranges) => ranges !== undefined);
}

/** The first events of each of some tasks of a job. */
export function firstEvents(
  query: SelectQueryBuilder<object>,
  jobNo: number,
  tasks: readonly number[],
  first: number,
): SelectQueryBuilder<object> {
  const place = 'ROW_NUMBER() OVER (PARTITION BY v.task ORDER BY v.seq) AS place';
  return query
    .select('e.*')
    .from(
      (placed) =>
        placed
          .select(`${EVENT_COLUMNS}, ${place}`)
          .from(TABLES.event, 'v')
          .where('v.job_no = :jobNo AND v.task IN (:...tasks)', { jobNo, tasks }),
      'e',
    )
    .where('e.place <= :first', { first })
    .orderBy('e.seq', 'ASC');
}

/** The job's number; `null` where there never was such a job. @throws TaskloomError `CURSOR_EXPIRED` where it was deleted */
function* keptJob(jobId: string): Operation<number | null> {
  const jobNo = (yield* jobNumbers([jobId])).get(jobId);
  if (jobNo !== undefined) return jobNo;
  if (yield* expiredJob(jobId))
    throw new TaskloomError('CURSOR_EXPIRED', `The job ${jobId} ended long ago and was deleted with its events.`, { details: { jobId } });
  return null;
}

/** Numbers of jobs by id, of those that are there. */
export function* jobNumbers(ids: readonly string[]): Operation<ReadonlyMap<string, number>> {
  const found = yield* each<{ no: number }>(
    EVENT_STATEMENTS.jobNo,
    ids.map((id) => [id]),
  );
  return new Map(found.flatMap(([job], index) => (job ? [[ids[index]!, job.no] as const] : [])));
}

function* toEventViews(jobId: string, jobNo: number, events: readonly EventRow[]): Operation<EventView[]> {
  const nos = [...new Set(events.flatMap(({ task }) => (task === null ? [] : [task])))];
  const keys = yield* each<{ key: string }>(
    EVENT_STATEMENTS.key,
    nos.map((no) => [jobNo, no]),
  );
  const keyOf = new Map(nos.map((no, index) => [no, keys[index]![0]?.key ?? null]));
  return events.map((event) => toEventView(jobId, event, (no) => keyOf.get(no) ?? null));
}
