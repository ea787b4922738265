import type { StoredError } from '../../errors/serialize-error.js';
import type { TaskSpec } from '../../model/task.js';
import { TASK_TYPES } from '../../model/task.js';
import type { StoredDigest, StoredMemo, StoredNeed, StoredStep } from '../../ports/store.js';
import { decodeOutput, statusReasons, taskStatuses } from '../codec/row-codec.js';
import { memoKind } from '../codec/memo-name.js';
import { requestStatuses } from '../codec/request-codec.js';
import { decodeSpec, taskOrigins, type TaskSpecRow } from '../codec/spec-codec.js';
import { each, row, rows, type Operation } from '../sql/operation.js';
import { lookup, statement } from '../sql/statement.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';

/** A job's number, and the number of a task, or of an event, in it. */
export type TaskPlace = readonly [jobNo: number, no: number];

interface DigestRow {
  readonly no: number;
  readonly key: string;
  readonly name: string | null;
  readonly type: number;
  readonly status: number;
  readonly note: string | null;
}

interface StepRow {
  readonly name: string;
  readonly seq: number;
  readonly actor: string;
  readonly data: string | null;
}

const SUPERSEDED = statusReasons.toIndex('SUPERSEDED');
const DIGEST = {
  select: 's.no, s.key, s.name, s.type, t.status, e.data AS note',
  from: `${TABLES.taskSpec} s JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no LEFT JOIN ${TABLES.event} e ON e.job_no = t.job_no AND e.seq = t.note_seq`,
} as const;
/** Deliveries stand below the objective to hold the job open; they are no part of its work. */
const ITS_OWN = `s.origin <> ${taskOrigins.toIndex('delivery')}`;
const CURRENT = `t.reason IS DISTINCT FROM ${SUPERSEDED}`;

const OF_TASK = { job_no: 'long', no: 'integer' } as const;

/** Every statement finds its rows by key. */
export const ATTEMPT_STATEMENTS = {
  spec: lookup('task-spec', { select: 's.*', from: `${TABLES.taskSpec} s`, by: { 's.job_no': 'long', 's.no': 'integer' } }),
  input: lookup('task-input', {
    select: 'data',
    from: TABLES.payload,
    by: { job_no: 'long', n: 'integer' },
    where: `kind = ${PAYLOAD_KINDS.input}`,
  }),
  outputSeq: lookup('output-seq', { select: 'output_seq', from: TABLES.task, by: OF_TASK }),
  body: lookup('event-body', { select: 'body', from: TABLES.event, by: { job_no: 'long', seq: 'integer' } }),
  payload: lookup('event-payload', {
    select: 'data',
    from: TABLES.payload,
    by: { job_no: 'long', n: 'integer' },
    where: `kind = ${PAYLOAD_KINDS.event}`,
  }),
  children: lookup('children', {
    ...DIGEST,
    by: { 's.job_no': 'long', 's.parent': 'integer' },
    where: `${CURRENT} AND ${ITS_OWN}`,
    order: 's.no',
  }),
  digest: lookup('digest', { ...DIGEST, by: { 's.job_no': 'long', 's.no': 'integer' } }),
  steps: statement(
    'memo-steps',
    `SELECT p.name, p.seq, e.actor, e.data FROM ${TABLES.step} p JOIN ${TABLES.event} e ON e.job_no = p.job_no AND e.seq = p.seq WHERE p.job_no = ? AND p.task = ? AND p.generation = ?`,
  ),
  needs: statement(
    'memo-needs',
    `SELECT s.no, s.key, s.origin, s.details, t.status FROM ${TABLES.taskSpec} s JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no WHERE s.job_no = ? AND s.parent = ? AND s.origin IN (${taskOrigins.toIndex('need')}, ${taskOrigins.toIndex('spawn')}) AND ${CURRENT} ORDER BY s.no`,
  ),
  openAsks: statement(
    'memo-open-asks',
    `SELECT name FROM ${TABLES.request} WHERE job_no = ? AND task = ? AND status = ${requestStatuses.toIndex('OPEN')}`,
  ),
  eventData: statement('event-data', `SELECT data FROM ${TABLES.event} WHERE job_no = ? AND seq = ?`),
} as const;

/** Definitions of tasks by job and number, with their inputs. */
export function* readSpecs(at: readonly TaskPlace[]): Operation<(TaskSpec | null)[]> {
  const found = (yield* each<TaskSpecRow>(ATTEMPT_STATEMENTS.spec, at)).map(([spec]) => spec);
  const long = at.filter((_, index) => found[index]?.input === null);
  const texts = yield* each<{ data: string }>(ATTEMPT_STATEMENTS.input, long);
  let next = 0;
  return found
    .map((spec) => spec && decodeSpec(spec, spec.input === null ? (texts[next++]?.[0]?.data ?? null) : null))
    .map((spec) => spec ?? null);
}

/** Outputs as JSON texts, `null` where a task has none. What tasks gathered is read from the tasks below them, level by level. */
export function* readOutputs(at: readonly TaskPlace[]): Operation<(string | null)[]> {
  const found = yield* each<{ output_seq: number }>(ATTEMPT_STATEMENTS.outputSeq, at);
  const outputs = new Array<string | null>(at.length).fill(null);
  const inEvents = new Wanted();
  const ofOthers = new Wanted();
  const gathered: number[] = [];
  found.forEach(([task], index) => {
    if (!task) return;
    const [jobNo] = at[index]!;
    const location = decodeOutput(task.output_seq);
    if (location.kind === 'event') inEvents.add(index, [jobNo, location.seq]);
    else if (location.kind === 'task') ofOthers.add(index, [jobNo, location.no]);
    else if (location.kind === 'children') gathered.push(index);
  });
  inEvents.give(outputs, yield* readTexts(inEvents.places));
  if (ofOthers.places.length > 0) ofOthers.give(outputs, yield* readOutputs(ofOthers.places));
  if (gathered.length > 0) yield* gather(at, gathered, outputs);
  return outputs;
}

/** The outputs of maps' tasks as lists; those without one are left out. */
function* gather(at: readonly TaskPlace[], indexes: readonly number[], outputs: (string | null)[]): Operation<void> {
  const children = yield* each<DigestRow>(
    ATTEMPT_STATEMENTS.children,
    indexes.map((index) => at[index]!),
  );
  const below = indexes.flatMap((index, nth) => children[nth]!.map(({ no }): TaskPlace => [at[index]![0], no]));
  const texts = yield* readOutputs(below);
  let next = 0;
  indexes.forEach((index, nth) => {
    const parts = texts.slice(next, (next += children[nth]!.length)).filter((text) => text !== null);
    outputs[index] = `[${parts.join(',')}]`;
  });
}

/** The texts that events hold: beside them, or in the payload table. */
function* readTexts(at: readonly TaskPlace[]): Operation<(string | null)[]> {
  const bodies = yield* each<{ body: string | null }>(ATTEMPT_STATEMENTS.body, at);
  const texts = bodies.map(([event]) => event?.body ?? null);
  const long = new Wanted();
  texts.forEach((text, index) => {
    if (text === null) long.add(index, at[index]!);
  });
  const payloads = yield* each<{ data: string }>(ATTEMPT_STATEMENTS.payload, long.places);
  long.give(
    texts,
    payloads.map(([payload]) => payload?.data ?? null),
  );
  return texts;
}

export function* readMemo(jobNo: number, no: number, generation: number): Operation<StoredMemo> {
  const steps = yield* rows<StepRow>(ATTEMPT_STATEMENTS.steps, jobNo, no, generation);
  const texts = yield* readTexts(steps.map(({ seq }): TaskPlace => [jobNo, seq]));
  const needs = yield* rows<DigestRow & { origin: number; details: string | null }>(ATTEMPT_STATEMENTS.needs, jobNo, no);
  const openAsks = yield* rows<{ name: string }>(ATTEMPT_STATEMENTS.openAsks, jobNo, no);
  return {
    steps: steps.map((step, index) => toStep(step, texts[index]!)),
    needs: needs.map((need): StoredNeed => ({
      origin: taskOrigins.fromIndex(need.origin) as StoredNeed['origin'],
      no: need.no,
      key: need.key,
      originKey: (need.details === null ? {} : (JSON.parse(need.details) as { originKey?: string })).originKey ?? '',
      status: taskStatuses.fromIndex(need.status),
    })),
    openAsks: openAsks.map(({ name }) => name),
  };
}

function toStep({ name: stored, actor, data }: StepRow, text: string | null): StoredStep {
  const kind = memoKind(stored);
  const { name, action } = JSON.parse(data ?? '{}') as { name: string; action?: string };
  const memo = { kind, name };
  if (kind !== 'ask') return { ...memo, json: text ?? 'null' };
  const json = action === undefined ? `{"answer":${text ?? 'null'},"by":${JSON.stringify(actor)}}` : JSON.stringify({ timedOut: action });
  return { ...memo, json };
}

export function* readFeedback(jobNo: number, seq: number): Operation<string | null> {
  const event = yield* row<{ data: string | null }>(ATTEMPT_STATEMENTS.eventData, jobNo, seq);
  return event?.data ? ((JSON.parse(event.data) as { message?: string }).message ?? null) : null;
}

export function* readChildren(jobNo: number, no: number): Operation<StoredDigest[]> {
  return (yield* rows<DigestRow>(ATTEMPT_STATEMENTS.children, jobNo, no)).map(toDigest);
}

export function* readDigests(jobNo: number, nos: readonly number[]): Operation<StoredDigest[]> {
  const found = yield* each<DigestRow>(
    ATTEMPT_STATEMENTS.digest,
    nos.map((no) => [jobNo, no]),
  );
  return found.flatMap(([digest]) => (digest ? [toDigest(digest)] : []));
}

/** Some of a list, to be asked for together, and their places in it. */
class Wanted {
  readonly places: TaskPlace[] = [];
  private readonly indexes: number[] = [];

  add(index: number, place: TaskPlace): void {
    this.places.push(place);
    this.indexes.push(index);
  }

  give<T>(into: T[], answers: readonly T[]): void {
    this.indexes.forEach((index, nth) => (into[index] = answers[nth]!));
  }
}

function toDigest(digest: DigestRow): StoredDigest {
  const note = (digest.note === null ? {} : JSON.parse(digest.note)) as { summary?: string; error?: StoredError };
  return {
    no: digest.no,
    key: digest.key,
    name: digest.name ?? digest.key,
    type: TASK_TYPES[digest.type]!,
    status: taskStatuses.fromIndex(digest.status),
    summary: note.summary ?? null,
    error: note.error ?? null,
  };
}
