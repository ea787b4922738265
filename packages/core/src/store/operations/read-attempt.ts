import type { StoredError } from '../../errors/serialize-error.js';
import type { TaskSpec } from '../../model/task.js';
import { TASK_TYPES } from '../../model/task.js';
import type { StoredDigest, StoredMemo, StoredNeed } from '../../ports/store.js';
import { statusReasons, taskStatuses } from '../codec/row-codec.js';
import { decodeSpec, type TaskSpecRow } from '../codec/spec-codec.js';
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
      `SELECT p.name, p.seq FROM ${TABLES.step} p WHERE p.job_no = ? AND p.task = ? AND p.generation = ?`,
    );
    this.selectNeeds = database.prepare(
      `SELECT s.no, s.key, s.details, t.status FROM ${TABLES.taskSpec} s JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no WHERE s.job_no = ? AND s.parent = ? AND s.origin = 1 AND t.reason IS NOT ${superseded} ORDER BY s.no`,
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
    if (!row || row.output_seq === 0) return null;
    return row.output_seq > 0 ? this.textOf(jobNo, row.output_seq) : this.gathered(jobNo, no);
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
    const steps = this.selectSteps.all(jobNo, no, generation) as { name: string; seq: number }[];
    const needs = this.selectNeeds.all(jobNo, no) as { no: number; key: string; details: string | null; status: number }[];
    return {
      steps: steps.map(({ name, seq }) => ({ name, json: this.textOf(jobNo, seq) ?? 'null' })),
      needs: needs.map((row): StoredNeed => ({
        no: row.no,
        key: row.key,
        originKey: (row.details === null ? {} : (JSON.parse(row.details) as { originKey?: string })).originKey ?? '',
        status: taskStatuses.fromIndex(row.status),
      })),
    };
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
