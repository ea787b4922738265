import type { StoredError } from '../../errors/serialize-error.js';
import type { TaskSpec } from '../../model/task.js';
import { TASK_TYPES } from '../../model/task.js';
import type { StoredDigest, StoredMemo, StoredNeed, StoredStep } from '../../ports/store.js';
import { decodeOutput, statusReasons, taskStatuses } from '../codec/row-codec.js';
import { parseMemoName } from '../codec/memo-name.js';
import { requestStatuses } from '../codec/request-codec.js';
import { decodeSpec, taskOrigins, type TaskSpecRow } from '../codec/spec-codec.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';

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

/** What an attempt reads before and while it runs. Hot: every statement is prepared and finds its rows by key. */
export class AttemptReader {
  private readonly selectSpec: SqliteStatement;
  private readonly selectInput: SqliteStatement;
  private readonly selectOutputSeq: SqliteStatement;
  private readonly selectBody: SqliteStatement;
  private readonly selectPayload: SqliteStatement;
  private readonly selectChildren: SqliteStatement;
  private readonly selectDigest: SqliteStatement;
  private readonly selectSteps: SqliteStatement;
  private readonly selectNeeds: SqliteStatement;
  private readonly selectEventData: SqliteStatement;
  private readonly selectOpenAsks: SqliteStatement;

  constructor(database: SqliteDatabase) {
    const superseded = statusReasons.toIndex('SUPERSEDED');
    const digest = `SELECT s.no, s.key, s.name, s.type, t.status, e.data AS note FROM ${TABLES.taskSpec} s JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no LEFT JOIN ${TABLES.event} e ON e.job_no = t.job_no AND e.seq = t.note_seq`;
    this.selectSpec = database.prepare(`SELECT * FROM ${TABLES.taskSpec} WHERE job_no = ? AND no = ?`);
    this.selectInput = database.prepare(`SELECT data FROM ${TABLES.payload} WHERE job_no = ? AND kind = ${PAYLOAD_KINDS.input} AND n = ?`);
    this.selectOutputSeq = database.prepare(`SELECT output_seq FROM ${TABLES.task} WHERE job_no = ? AND no = ?`);
    this.selectBody = database.prepare(`SELECT body FROM ${TABLES.event} WHERE job_no = ? AND seq = ?`);
    this.selectPayload = database.prepare(
      `SELECT data FROM ${TABLES.payload} WHERE job_no = ? AND kind = ${PAYLOAD_KINDS.event} AND n = ?`,
    );
    this.selectChildren = database.prepare(`${digest} WHERE s.job_no = ? AND s.parent = ? AND t.reason IS NOT ${superseded} ORDER BY s.no`);
    this.selectDigest = database.prepare(`${digest} WHERE s.job_no = ? AND s.no = ?`);
    this.selectSteps = database.prepare(
      `SELECT p.name, p.seq, e.actor, e.data FROM ${TABLES.step} p JOIN ${TABLES.event} e ON e.job_no = p.job_no AND e.seq = p.seq WHERE p.job_no = ? AND p.task = ? AND p.generation = ?`,
    );
    this.selectOpenAsks = database.prepare(
      `SELECT name FROM ${TABLES.request} WHERE job_no = ? AND task = ? AND status = ${requestStatuses.toIndex('OPEN')}`,
    );
    this.selectEventData = database.prepare(`SELECT data FROM ${TABLES.event} WHERE job_no = ? AND seq = ?`);
    this.selectNeeds = database.prepare(
      `SELECT s.no, s.key, s.origin, s.details, t.status FROM ${TABLES.taskSpec} s JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no WHERE s.job_no = ? AND s.parent = ? AND s.origin IN (${taskOrigins.toIndex('need')}, ${taskOrigins.toIndex('spawn')}) AND t.reason IS NOT ${superseded} ORDER BY s.no`,
    );
  }

  spec(jobNo: number, no: number): TaskSpec | null {
    const row = this.selectSpec.get(jobNo, no) as TaskSpecRow | undefined;
    if (!row) return null;
    const longInput = row.input === null ? (this.selectInput.get(jobNo, no) as { data: string } | undefined) : undefined;
    return decodeSpec(row, longInput?.data ?? null);
  }

  output(jobNo: number, no: number): string | null {
    const row = this.selectOutputSeq.get(jobNo, no) as { output_seq: number } | undefined;
    if (!row) return null;
    const location = decodeOutput(row.output_seq);
    switch (location.kind) {
      case 'none':
        return null;
      case 'event':
        return this.textOf(jobNo, location.seq);
      case 'children':
        return this.gathered(jobNo, no);
      case 'task':
        return this.output(jobNo, location.no);
    }
  }

  /** The outputs of a map's tasks as one list; those without one are left out. */
  private gathered(jobNo: number, no: number): string {
    const parts: string[] = [];
    for (const child of this.selectChildren.all(jobNo, no) as DigestRow[]) {
      const text = this.output(jobNo, child.no);
      if (text !== null) parts.push(text);
    }
    return `[${parts.join(',')}]`;
  }

  /** The text an event holds: beside it, or in the payload table. */
  textOf(jobNo: number, seq: number): string | null {
    const { body } = (this.selectBody.get(jobNo, seq) as { body: string | null } | undefined) ?? { body: null };
    return body ?? (this.selectPayload.get(jobNo, seq) as { data: string } | undefined)?.data ?? null;
  }

  memo(jobNo: number, no: number, generation: number): StoredMemo {
    const steps = this.selectSteps.all(jobNo, no, generation) as StepRow[];
    const needs = this.selectNeeds.all(jobNo, no) as (DigestRow & { origin: number; details: string | null })[];
    return {
      steps: steps.map((row) => this.toStep(jobNo, row)),
      needs: needs.map((row): StoredNeed => ({
        origin: taskOrigins.fromIndex(row.origin) as StoredNeed['origin'],
        no: row.no,
        key: row.key,
        originKey: (row.details === null ? {} : (JSON.parse(row.details) as { originKey?: string })).originKey ?? '',
        status: taskStatuses.fromIndex(row.status),
      })),
      openAsks: (this.selectOpenAsks.all(jobNo, no) as { name: string }[]).map(({ name }) => name),
    };
  }

  private toStep(jobNo: number, row: StepRow): StoredStep {
    const memo = parseMemoName(row.name);
    const text = this.textOf(jobNo, row.seq);
    if (memo.kind !== 'ask') return { ...memo, json: text ?? 'null' };
    const { action } = JSON.parse(row.data ?? '{}') as { action?: string };
    const json =
      action === undefined ? `{"answer":${text ?? 'null'},"by":${JSON.stringify(row.actor)}}` : JSON.stringify({ timedOut: action });
    return { ...memo, json };
  }

  feedback(jobNo: number, seq: number): string | null {
    const row = this.selectEventData.get(jobNo, seq) as { data: string | null } | undefined;
    return row?.data ? ((JSON.parse(row.data) as { message?: string }).message ?? null) : null;
  }

  children(jobNo: number, no: number): StoredDigest[] {
    return (this.selectChildren.all(jobNo, no) as DigestRow[]).map(toDigest);
  }

  digests(jobNo: number, nos: readonly number[]): StoredDigest[] {
    return nos.flatMap((no) => {
      const row = this.selectDigest.get(jobNo, no) as DigestRow | undefined;
      return row ? [toDigest(row)] : [];
    });
  }
}

function toDigest(row: DigestRow): StoredDigest {
  const note = (row.note === null ? {} : JSON.parse(row.note)) as { summary?: string; error?: StoredError };
  return {
    no: row.no,
    key: row.key,
    name: row.name ?? row.key,
    type: TASK_TYPES[row.type]!,
    status: taskStatuses.fromIndex(row.status),
    summary: note.summary ?? null,
    error: note.error ?? null,
  };
}
