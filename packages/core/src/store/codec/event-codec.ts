import type { StoredError } from '../../errors/serialize-error.js';
import { taskIdOf } from '../../kernel/ids.js';
import type { Json } from '../../kernel/json.js';
import { EVENT_TYPES, type Actor, type EventType, type EventView, type JobEvent, type JsonText } from '../../model/event.js';
import type { StatusReason, TaskCause, TaskSpec } from '../../model/task.js';
import { indexed } from './indexed.js';
import { formatRanges, parseRanges } from './ranges.js';

export const eventTypes = indexed(EVENT_TYPES);

export interface EventRow {
  readonly seq: number;
  readonly type: number;
  readonly task: number | null;
  readonly at: number;
  readonly actor: string;
  readonly data: string | null;
  readonly body: string | null;
}

/** What an event keeps in `data`, and the long text that stands in `body` or in the payload table. */
export interface EncodedEvent {
  readonly task: number | null;
  readonly data: string | null;
  readonly text: JsonText | null;
}

type Data = { [key: string]: unknown };

export function encodeEvent(event: JobEvent): EncodedEvent {
  switch (event.type) {
    case 'JOB_SUBMITTED':
      return plain(null, { name: event.name, workflow: event.workflow });
    case 'TASKS_ADDED':
      return plain(event.by, { from: event.from, count: event.count });
    case 'TASK_STARTED':
      return { task: event.task, data: `{"attempt":${event.attempt},"fence":${event.fence}}`, text: null };
    case 'TASK_PROGRESSED':
      return plain(event.task, { percent: event.percent, message: event.message });
    case 'TASK_STEP_RECORDED':
      return {
        task: event.task,
        data: JSON.stringify({ name: event.name, bytes: event.value.bytes, generation: event.generation }),
        text: event.value,
      };
    case 'TASK_SUSPENDED':
      return plain(event.task, { fence: event.fence, reason: event.reason, waitFor: formatRanges(event.waitFor) });
    case 'TASK_RETRY_SCHEDULED':
      return plain(event.task, { attempt: event.attempt, error: event.error, timedOut: event.timedOut, availableAt: event.availableAt });
    case 'TASK_ABANDONED':
      return plain(event.task, { attempt: event.attempt, strikes: event.strikes });
    case 'TASK_COMPLETED': {
      const { output } = event;
      const bytes = output === null || output === 'children' ? '' : `,"bytes":${output.bytes}`;
      const from = output === 'children' ? ',"outputOf":"children"' : '';
      const conditions = event.falseConditions.length === 0 ? '' : `,"falseConditions":"${formatRanges(event.falseConditions)}"`;
      const cached = event.cachedFrom === undefined ? '' : `,"cachedFrom":${JSON.stringify(event.cachedFrom)}`;
      const data = `{"attempt":${event.attempt}${bytes}${from}${conditions}${cached}${event.summary === null ? '' : `,"summary":${JSON.stringify(event.summary)}`}}`;
      return { task: event.task, data, text: output === 'children' ? null : output };
    }
    case 'TASK_FAILED':
      return plain(event.task, { attempt: event.attempt, error: event.error, timedOut: event.timedOut });
    case 'TASK_SKIPPED':
    case 'TASK_PARKED':
      return plain(event.task, { ...event.cause });
    case 'TASKS_RELEASED':
      return plain(null, { tasks: formatRanges(event.tasks), count: event.tasks.length });
    case 'TASKS_FAILED':
    case 'TASKS_SKIPPED':
    case 'TASKS_CANCELLED':
      return plain(null, { tasks: formatRanges(event.tasks), count: event.tasks.length, ...event.cause });
    case 'JOB_COMPLETED':
      return plain(null, { success: event.success });
    case 'JOB_FAILED':
      return plain(event.task, { error: event.error });
    case 'JOB_CANCELLED':
      return plain(null, { reason: event.reason });
    case 'JOB_REOPENED':
      return plain(null, {
        tasks: formatRanges(event.tasks),
        count: event.tasks.length,
        superseded: formatRanges(event.superseded),
        reason: event.reason,
      });
  }
}

function plain(task: number | null, data: Data): EncodedEvent {
  return { task, data: JSON.stringify(data), text: null };
}

/** Reads an event back as it was decided. `specs` are the job's task definitions, by number. */
export function decodeEvent(row: EventRow, specs: readonly TaskSpec[]): JobEvent {
  const type: EventType = eventTypes.fromIndex(row.type);
  const data = (row.data === null ? {} : JSON.parse(row.data)) as Data & {
    from: number;
    count: number;
    tasks: string;
    superseded: string;
    waitFor: string;
    error: StoredError;
    reason: StatusReason;
  };
  const base = { type, at: row.at, actor: row.actor as Actor };
  const task = row.task === null ? undefined : { task: row.task };
  switch (type) {
    case 'TASKS_ADDED':
      return {
        ...base,
        from: data.from,
        count: data.count,
        by: row.task,
        specs: specs.slice(data.from, data.from + data.count),
      } as JobEvent;
    case 'TASK_SUSPENDED':
      return { ...base, ...task, ...data, waitFor: parseRanges(data.waitFor) } as unknown as JobEvent;
    case 'TASK_STEP_RECORDED':
      return { ...base, ...task, name: data['name'], value: textOf(row, data), generation: data['generation'] } as unknown as JobEvent;
    case 'TASK_COMPLETED':
      return {
        ...base,
        ...task,
        attempt: data['attempt'],
        output: data['outputOf'] === 'children' ? 'children' : data['bytes'] === undefined ? null : textOf(row, data),
        summary: data['summary'] ?? null,
        falseConditions: parseRanges(typeof data['falseConditions'] === 'string' ? data['falseConditions'] : ''),
        ...(data['cachedFrom'] === undefined ? undefined : { cachedFrom: data['cachedFrom'] }),
      } as unknown as JobEvent;
    case 'TASK_SKIPPED':
    case 'TASK_PARKED':
      return { ...base, ...task, cause: causeOf(data) } as unknown as JobEvent;
    case 'TASKS_FAILED':
    case 'TASKS_SKIPPED':
    case 'TASKS_CANCELLED':
      return { ...base, tasks: parseRanges(data.tasks), cause: causeOf(data) } as JobEvent;
    case 'TASKS_RELEASED':
      return { ...base, type, tasks: parseRanges(data.tasks) };
    case 'JOB_REOPENED':
      return {
        ...base,
        tasks: parseRanges(data.tasks),
        superseded: parseRanges(data.superseded),
        reason: data.reason,
      } as unknown as JobEvent;
    case 'JOB_FAILED':
      return { ...base, type, task: row.task, error: data.error };
    default:
      return { ...base, ...task, ...data } as unknown as JobEvent;
  }
}

function textOf(row: EventRow, data: Data): JsonText {
  return { json: row.body ?? '', bytes: Number(data['bytes']) };
}

function causeOf(data: Data): TaskCause {
  const { tasks: _tasks, count: _count, ...cause } = data;
  return cause as unknown as TaskCause;
}

const SHOWN_TASKS = 100;

/** An event for readers: task numbers become ids, long sets are cut to 100 (`count` tells the whole). */
export function toEventView(jobId: string, row: EventRow, keyOf: (no: number) => string | null): EventView {
  const data = (row.data === null ? {} : JSON.parse(row.data)) as { [key: string]: Json };
  const ids = (ranges: Json): string[] =>
    parseRanges(typeof ranges === 'string' ? ranges : '', SHOWN_TASKS).map((no) => taskIdOf(jobId, no));
  return {
    jobId,
    seq: row.seq,
    type: eventTypes.fromIndex(row.type),
    taskId: row.task === null ? null : taskIdOf(jobId, row.task),
    taskKey: row.task === null ? null : keyOf(row.task),
    at: row.at,
    actor: row.actor,
    data: {
      ...data,
      ...(data['tasks'] === undefined ? undefined : { tasks: ids(data['tasks']) }),
      ...(data['superseded'] === undefined ? undefined : { superseded: ids(data['superseded']) }),
      ...(data['falseConditions'] === undefined ? undefined : { falseConditions: ids(data['falseConditions']) }),
      ...(data['waitFor'] === undefined ? undefined : { waitFor: ids(data['waitFor']) }),
      ...(data['by'] === undefined ? undefined : { by: taskIdOf(jobId, Number(data['by'])) }),
    },
  };
}
