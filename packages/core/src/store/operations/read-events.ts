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

const SHOWN_COLUMNS = 'e.seq, e.type, e.task, e.at, e.actor, e.data, NULL AS body, e.engine, s.key';
const ITS_TASK = 's.job_no = e.job_no AND s.no = e.task';
const SHOWN = `SELECT ${SHOWN_COLUMNS} FROM ${TABLES.event} e LEFT JOIN ${TABLES.taskSpec} s ON ${ITS_TASK}`;
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
  events: statement('view-events', `${SHOWN} WHERE e.job_no = ? AND e.seq > CAST(? AS bigint) ORDER BY e.seq LIMIT ?`),
  history: statement('view-history', `${SHOWN} WHERE e.job_no = ? AND e.task = ? ORDER BY e.seq LIMIT ${MAX_EVENTS}`),
  setEvents: statement('view-set-events', `${SHOWN} WHERE e.job_no = ? AND e.task IS NULL AND e.type IN (${SET_TYPES}) ORDER BY e.seq`),
} as const;

/** Events of a job after the one numbered `afterSeq`, at most `first`, as they are shown, with the keys of their tasks. */
export function* readEvents(engines: KnownEngines, jobId: string, afterSeq: number, first: number): Operation<EventView[]> {
  const jobNo = yield* keptJob(jobId);
  if (jobNo === null) return [];
  return yield* toEventViews(engines, jobId, yield* rows<ShownEventRow>(EVENT_STATEMENTS.events, jobNo, afterSeq, first));
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
  const views = new Map((yield* toEventViews(engines, job.jobId, shown)).map((view) => [view.seq, view]));
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
  const place = 'ROW_NUMBER() OVER (PARTITION BY e.task ORDER BY e.seq) AS place';
  return query
    .select('placed.*')
    .from(
      (events) =>
        events
          .select(`${SHOWN_COLUMNS}, ${place}`)
          .from(TABLES.event, 'e')
          .leftJoin(TABLES.taskSpec, 's', ITS_TASK)
          .where('e.job_no = :jobNo AND e.task IN (:...tasks)', { jobNo, tasks }),
      'placed',
    )
    .where('placed.place <= :first', { first })
    .orderBy('placed.seq', 'ASC');
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

function* toEventViews(engines: KnownEngines, jobId: string, events: readonly ShownEventRow[]): Operation<EventView[]> {
  const named = yield* engines.at(events.map(({ engine }) => engine));
  return events.map((event) => toEventView(jobId, event, named));
}
