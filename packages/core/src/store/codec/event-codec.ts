import type { StoredError } from '../../errors/serialize-error.js';
import { requestIdOf, taskIdOf } from '../../kernel/ids.js';
import type { Json } from '../../kernel/json.js';
import type { Cost, TaskCost } from '../../model/cost.js';
import type { EngineIdentity } from '../../model/engine-identity.js';
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

/** A row for readers: with the key of its task, and the number of the engine that wrote it; `null` where none is told. */
export interface ShownEventRow extends EventRow {
  readonly key: string | null;
  readonly engine: number | null;
}

/** What an event keeps in `data`, and the long text that stands in `body` or in the payload table. */
export interface EncodedEvent {
  readonly task: number | null;
  readonly data: string | null;
  readonly text: JsonText | null;
}

type Data = { [key: string]: unknown };

export function encodeEvent(event: JobEvent): EncodedEvent {
  const encoded = encodeBare(event);
  return event.spent === undefined ? encoded : { ...encoded, data: withSpent(encoded, event.spent) };
}

function encodeBare(event: JobEvent): EncodedEvent {
  switch (event.type) {
    case 'JOB_SUBMITTED':
      return plain(null, { name: event.name, workflow: event.workflow, waitsFor: event.waitsFor });
    case 'TASKS_ADDED':
      return plain(event.by, { from: event.from, count: event.count, reason: event.reason });
    case 'TASK_STARTED':
      return { task: event.task, data: `{"attempt":${event.attempt},"fence":${event.fence}}`, text: null };
    case 'TASK_PROGRESSED':
      return plain(event.task, { percent: event.percent, message: event.message });
    case 'TASK_STEP_RECORDED':
      return {
        task: event.task,
        data: JSON.stringify({ kind: event.kind, name: event.name, bytes: event.value.bytes, generation: event.generation }),
        text: event.value,
      };
    case 'TASK_SUSPENDED':
      return plain(event.task, { fence: event.fence, reason: event.reason, waitFor: formatRanges(event.waitFor), until: event.until });
    case 'TASK_RETRY_SCHEDULED':
      return plain(event.task, { attempt: event.attempt, error: event.error, timedOut: event.timedOut, availableAt: event.availableAt });
    case 'TASK_ABANDONED':
      return plain(event.task, { attempt: event.attempt, strikes: event.strikes });
    case 'TASK_COMPLETED': {
      const { output } = event;
      const text = output === null || typeof output === 'number' || typeof output === 'string' ? null : output;
      const bytes = text === null ? '' : `,"bytes":${text.bytes}`;
      const from = text !== null || output === null ? '' : `,"outputOf":${JSON.stringify(output)}`;
      const conditions = event.falseConditions.length === 0 ? '' : `,"falseConditions":"${formatRanges(event.falseConditions)}"`;
      const cached = event.cachedFrom === undefined ? '' : `,"cachedFrom":${JSON.stringify(event.cachedFrom)}`;
      const recovered = event.recovered ? `,"recovered":${JSON.stringify(event.recovered)}` : '';
      const said = event.reason === undefined ? '' : `,"reason":${JSON.stringify(event.reason)}`;
      const data = `{"attempt":${event.attempt}${bytes}${from}${conditions}${recovered}${cached}${said}${event.summary === null ? '' : `,"summary":${JSON.stringify(event.summary)}`}}`;
      return { task: event.task, data, text };
    }
    case 'TASK_RETURNED': {
      const { attempt, output, summary, falseConditions, reason } = event;
      const data = JSON.stringify({
        attempt,
        ...(output === null ? undefined : { bytes: output.bytes }),
        reason,
        summary,
        falseConditions: formatRanges(falseConditions),
      });
      return { task: event.task, data, text: output };
    }
    case 'TASK_REVIEW_REQUESTED':
      return { task: event.task, data: null, text: null };
    case 'HOLD_LIFTED':
      return { task: event.task, data: event.reason === undefined ? null : JSON.stringify({ reason: event.reason }), text: null };
    case 'TASK_ACCEPTED':
      return plain(event.task, { message: event.message });
    case 'TASK_REJECTED':
      return plain(event.task, {
        message: event.message,
        final: event.final,
        rejections: event.rejections,
        superseded: formatRanges(event.superseded),
      });
    case 'TASK_REROUTED':
      return plain(event.task, { attempt: event.attempt, error: event.error, timedOut: event.timedOut, to: event.to });
    case 'TASK_OVERDUE':
      return plain(event.task, { attempt: event.attempt, error: event.error });
    case 'TASK_STREAMED':
      return plain(event.task, { text: event.text });
    case 'DEPENDENCY_ADDED':
      return plain(event.task, { on: event.on, mode: event.mode, reason: event.reason });
    case 'HUMAN_REQUESTED':
      return plain(event.task, { request: event.request, ...event.ask });
    case 'HUMAN_ANSWERED': {
      const { request, name, generation, answer, reason } = event;
      return { task: event.task, data: JSON.stringify({ request, name, generation, bytes: answer.bytes, reason }), text: answer };
    }
    case 'HUMAN_EXPIRED':
      return plain(event.task, { request: event.request, name: event.name, action: event.action, generation: event.generation });
    case 'HUMAN_WITHDRAWN':
      return plain(null, { requests: [...event.requests] });
    case 'HOLD_PLACED':
      return plain(event.task, { reason: event.reason, ...(event.request === undefined ? undefined : { request: event.request }) });
    case 'JOB_CONFIRMED':
      return plain(null, { waitsFor: event.waitsFor, reason: event.reason });
    case 'JOB_STARTED':
      return { task: null, data: null, text: null };
    case 'JOB_RECOVERED':
      return plain(null, { found: event.found, requeued: event.requeued, parked: event.parked, failed: event.failed });
    case 'TASK_FAILED':
      return plain(event.task, {
        attempt: event.attempt,
        error: event.error,
        timedOut: event.timedOut,
        ...(event.reason === undefined ? undefined : { reason: event.reason }),
        ...(event.strategy === undefined ? undefined : { strategy: event.strategy }),
        ...(event.cascade === undefined ? undefined : { cascade: [...event.cascade] }),
      });
    case 'TASK_SKIPPED':
    case 'TASK_PARKED':
      return plain(event.task, { ...event.cause });
    case 'TASKS_RELEASED':
      return plain(null, { tasks: formatRanges(event.tasks), count: event.tasks.length, reason: event.reason });
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
    case 'TASKS_REOPENED':
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

/** What an event took with it: `cost` where it is that of its own task, else `costs`. */
function withSpent({ task, data }: EncodedEvent, spent: readonly TaskCost[]): string {
  const [first] = spent;
  const isOwn = spent.length === 1 && first!.task === task;
  const json = JSON.stringify(isOwn ? { cost: first!.cost } : { costs: spent.map(({ task: no, cost }) => [no, cost]) });
  return data === null || data === '{}' ? json : `${data.slice(0, -1)},${json.slice(1)}`;
}

function decodeSpent(task: number | null, cost: unknown, costs: unknown): { readonly spent: readonly TaskCost[] } | undefined {
  if (cost !== undefined) return { spent: [{ task: task!, cost: cost as Cost }] };
  return costs === undefined
    ? undefined
    : { spent: (costs as readonly (readonly [number, Cost])[]).map(([no, each]) => ({ task: no, cost: each })) };
}

/** Reads an event back as it was decided. `specs` are the job's task definitions, by number. */
export function decodeEvent(row: EventRow, specs: readonly TaskSpec[]): JobEvent {
  const type: EventType = eventTypes.fromIndex(row.type);
  const { cost, costs, ...data } = (row.data === null ? {} : JSON.parse(row.data)) as Data & {
    from: number;
    count: number;
    tasks: string;
    superseded: string;
    waitFor: string;
    error: StoredError;
    reason: StatusReason;
  };
  const base = { type, at: row.at, actor: row.actor as Actor, ...decodeSpent(row.task, cost, costs) };
  const task = row.task === null ? undefined : { task: row.task };
  switch (type) {
    case 'TASKS_ADDED':
      return {
        ...base,
        from: data.from,
        count: data.count,
        by: row.task,
        // As they were then: what was added to a task later has an event of its own.
        specs: specs.slice(data.from, data.from + data.count).map(withoutLaterDependencies),
        ...saidIn(data),
      } as JobEvent;
    case 'TASK_SUSPENDED':
      return { ...base, ...task, ...data, waitFor: parseRanges(data.waitFor) } as unknown as JobEvent;
    case 'TASK_STEP_RECORDED':
      return {
        ...base,
        ...task,
        kind: data['kind'],
        name: data['name'],
        value: textOf(row, data),
        generation: data['generation'],
      } as unknown as JobEvent;
    case 'TASK_COMPLETED':
      return {
        ...base,
        ...task,
        attempt: data['attempt'],
        output: data['outputOf'] ?? (data['bytes'] === undefined ? null : textOf(row, data)),
        ...(data['recovered'] === undefined ? undefined : { recovered: data['recovered'] }),
        summary: data['summary'] ?? null,
        falseConditions: parseRanges(typeof data['falseConditions'] === 'string' ? data['falseConditions'] : ''),
        ...(data['cachedFrom'] === undefined ? undefined : { cachedFrom: data['cachedFrom'] }),
        ...saidIn(data),
      } as unknown as JobEvent;
    case 'TASK_SKIPPED':
    case 'TASK_PARKED':
      return { ...base, ...task, cause: causeOf(data) } as unknown as JobEvent;
    case 'TASKS_FAILED':
    case 'TASKS_SKIPPED':
    case 'TASKS_CANCELLED':
      return { ...base, tasks: parseRanges(data.tasks), cause: causeOf(data) } as JobEvent;
    case 'TASKS_RELEASED':
      return { ...base, type, tasks: parseRanges(data.tasks), ...saidIn(data) };
    case 'TASK_RETURNED':
      return {
        ...base,
        ...task,
        attempt: data['attempt'],
        output: data['bytes'] === undefined ? null : textOf(row, data),
        summary: data['summary'],
        falseConditions: parseRanges(String(data['falseConditions'])),
        reason: data.reason,
      } as unknown as JobEvent;
    case 'TASK_REJECTED':
      return { ...base, ...task, ...data, superseded: parseRanges(data.superseded) } as unknown as JobEvent;
    case 'HUMAN_REQUESTED': {
      const { request, ...ask } = data;
      return { ...base, ...task, request, ask } as unknown as JobEvent;
    }
    case 'HUMAN_ANSWERED':
      return {
        ...base,
        ...task,
        request: data['request'],
        name: data['name'],
        generation: data['generation'],
        answer: textOf(row, data),
        ...saidIn(data),
      } as unknown as JobEvent;
    case 'JOB_REOPENED':
    case 'TASKS_REOPENED':
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

/** Why a caller from outside wanted it. */
function saidIn({ reason }: { readonly reason?: string }): { readonly reason: string } | undefined {
  return reason === undefined ? undefined : { reason };
}

function withoutLaterDependencies(spec: TaskSpec): TaskSpec {
  return { ...spec, dependencies: spec.dependencies.filter((dependency) => !('since' in dependency)) };
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
export function toEventView(jobId: string, row: ShownEventRow, engines: ReadonlyMap<number, EngineIdentity>): EventView {
  const data = (row.data === null ? {} : JSON.parse(row.data)) as { [key: string]: Json };
  const ids = (ranges: Json): string[] =>
    parseRanges(typeof ranges === 'string' ? ranges : '', SHOWN_TASKS).map((no) => taskIdOf(jobId, no));
  return {
    jobId,
    seq: row.seq,
    type: eventTypes.fromIndex(row.type),
    taskId: row.task === null ? null : taskIdOf(jobId, row.task),
    taskKey: row.key,
    at: row.at,
    actor: row.actor,
    engine: row.engine === null ? null : (engines.get(row.engine) ?? null),
    data: {
      ...data,
      ...(data['tasks'] === undefined ? undefined : { tasks: ids(data['tasks']) }),
      ...(data['superseded'] === undefined ? undefined : { superseded: ids(data['superseded']) }),
      ...(data['falseConditions'] === undefined ? undefined : { falseConditions: ids(data['falseConditions']) }),
      ...(data['costs'] === undefined
        ? undefined
        : { costs: (data['costs'] as [number, Json][]).map(([no, cost]) => ({ task: taskIdOf(jobId, no), cost })) }),
      ...(data['waitFor'] === undefined ? undefined : { waitFor: ids(data['waitFor']) }),
      ...(data['by'] === undefined ? undefined : { by: taskIdOf(jobId, Number(data['by'])) }),
      ...(data['on'] === undefined ? undefined : { on: taskIdOf(jobId, Number(data['on'])) }),
      ...(data['to'] === undefined ? undefined : { to: taskIdOf(jobId, Number(data['to'])) }),
      ...(typeof data['outputOf'] === 'number' ? { outputOf: taskIdOf(jobId, data['outputOf']) } : undefined),
      ...(data['request'] === undefined ? undefined : { request: requestIdOf(jobId, Number(data['request'])) }),
      ...(data['requests'] === undefined
        ? undefined
        : { requests: (data['requests'] as readonly number[]).map((no) => requestIdOf(jobId, no)) }),
    },
  };
}
