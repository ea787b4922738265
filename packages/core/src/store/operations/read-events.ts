import type { SelectQueryBuilder } from 'typeorm';

import { TaskloomError } from '../../errors/taskloom-error.js';
import type { EventType, EventView } from '../../model/event.js';
import { eventTypes, toEventView, type EventRow, type ShownEventRow } from '../codec/event-codec.js';
import { isInRanges } from '../codec/ranges.js';
import { each, rows, type Operation } from '../sql/operation.js';
import { lookup, statement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import { expiredJob } from './delete-jobs.js';
import type { KnownEngines } from './engines.js';

/** Most events that are read at once. */
export const MAX_EVENTS = 1_000;

const EVENT_COLUMNS = 'seq, type, task, at, actor, data, NULL AS body, engine';
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
export function* readEvents(engines: KnownEngines, jobId: string, afterSeq: number, first: number): Operation<EventView[]> {
  const jobNo = yield* keptJob(jobId);
  if (jobNo === null) return [];
  return yield* toEventViews(engines, { jobId, jobNo }, yield* rows<ShownEventRow>(EVENT_STATEMENTS.events, jobNo, afterSeq, first));
}

/** What happened to a task: alone, and together with others. */
export function* readHistory(engines: KnownEngines, jobId: string, no: number): Operation<EventView[]> {
  const jobNo = yield* keptJob(jobId);
  if (jobNo === null) return [];
  const own = yield* rows<ShownEventRow>(EVENT_STATEMENTS.history, jobNo, no);
  return (yield* withSetEvents(engines, { jobId, jobNo }, own, new Set([no]), MAX_EVENTS)).get(no)!;
}

/** A job by its id, and by the database's own number. */
export interface NumberedJob {
  readonly jobId: string;
  readonly jobNo: number;
}

/** Histories by task, at most `first` events each: events of their own, and those about many tasks that name them. */
export function* withSetEvents(
  engines: KnownEngines,
  job: NumberedJob,
  own: readonly ShownEventRow[],
  tasks: ReadonlySet<number>,
  first: number,
): Operation<ReadonlyMap<number, EventView[]>> {
  const sets = (yield* rows<ShownEventRow>(EVENT_STATEMENTS.setEvents, job.jobNo)).map((event) => ({ event, names: namesIn(event) }));
  const found = new Map<number, ShownEventRow[]>();
  for (const no of tasks) {
    const alone = own.filter(({ task }) => task === no);
    const together = sets.filter(({ names }) => names.some((ranges) => isInRanges(ranges, no))).map(({ event }) => event);
    found.set(no, [...alone, ...together].sort((a, b) => a.seq - b.seq).slice(0, first));
  }
  const shown = [...new Set([...found.values()].flat())];
  const views = new Map((yield* toEventViews(engines, job, shown)).map((view) => [view.seq, view]));
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

function* toEventViews(engines: KnownEngines, { jobId, jobNo }: NumberedJob, events: readonly ShownEventRow[]): Operation<EventView[]> {
  const nos = [...new Set(events.flatMap(({ task }) => (task === null ? [] : [task])))];
  const keys = yield* each<{ key: string }>(
    EVENT_STATEMENTS.key,
    nos.map((no) => [jobNo, no]),
  );
  const keyOf = new Map(nos.map((no, index) => [no, keys[index]![0]?.key ?? null]));
  const engineOf = yield* engines.at(events.map(({ engine }) => engine));
  const words = { keyOf: (no: number) => keyOf.get(no) ?? null, engineOf: (no: number) => engineOf.get(no) ?? null };
  return events.map((event) => toEventView(jobId, event, words));
}
