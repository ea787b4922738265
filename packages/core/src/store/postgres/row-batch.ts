import { IdempotencyTakenError } from '../../ports/store.js';
import { foldText } from '../codec/fold-text.js';
import { stored } from '../dialect/postgres.js';
import { JOB_ROWS } from '../operations/job-statements.js';
import type { JobRows, RowSink } from '../sql/job-rows.js';
import { insertInto, typesOf, type RowStatement, type Statement, type Value } from '../sql/statement.js';
import { jobTable } from '../tables/job.table.js';
import { encodeArray } from './arrays.js';

/** What one statement carries at most; a commit with more is a transaction of several. */
const MAX_ROWS = 5_000;
const MAX_BYTES = 8_388_608;

const CREATE_JOB = insertInto('create-job', jobTable, ['no', ...JOB_ROWS.createJob.columns]);

/** Rows of one kind, column by column. */
class Rows {
  private readonly columns: Value[][];

  constructor(readonly statement: RowStatement) {
    this.columns = statement.columns.map(() => []);
  }

  add(values: readonly Value[]): void {
    for (let index = 0; index < values.length; index += 1) this.columns[index]!.push(values[index]!);
  }

  /** One array for each column. */
  encode(): string[] {
    const types = typesOf(this.statement);
    return this.columns.map((column, index) => encodeArray(column, types[index]!));
  }
}

/** What goes into one statement. */
export class Chunk {
  private readonly kinds = new Map<RowStatement, Rows>();
  private size = 0;
  private bytes = 0;

  get isFull(): boolean {
    return this.size >= MAX_ROWS || this.bytes >= MAX_BYTES;
  }

  add(statement: RowStatement, values: readonly Value[]): void {
    let rows = this.kinds.get(statement);
    if (!rows) this.kinds.set(statement, (rows = new Rows(statement)));
    rows.add(values);
    this.size += 1;
    for (const value of values) if (typeof value === 'string') this.bytes += value.length;
  }

  /** In an order of its own, so that the same kinds make the same statement. */
  rows(): Rows[] {
    return [...this.kinds.values()].sort((a, b) => (a.statement.name < b.statement.name ? -1 : 1));
  }
}

/** A job as the commit that goes on with it expects it. */
export interface Expected {
  readonly jobId: string;
  readonly no: number;
  readonly lastSeq: number;
}

/** Gathers the rows of one commit, to be written with as few statements as they fit in. */
export class RowBatch implements JobRows {
  readonly chunks: Chunk[] = [new Chunk()];
  readonly expected: Expected[] = [];
  readonly keys: { readonly tenant: string; readonly key: string }[] = [];
  /** Statements that come after the rows. */
  readonly later: { readonly statement: Statement; readonly params: readonly Value[] }[] = [];
  private readonly claimed = new Set<string>();
  private readonly steps = new Map<string, readonly Value[]>();
  private created = 0;

  /** `numbers` are those of the jobs that are made, in their order; `notices` tell other engines of the commit. */
  constructor(
    readonly numbers: readonly number[],
    readonly notices: readonly string[],
  ) {}

  claimKey(tenant: string, key: string, jobId: string, bodyHash: string): void {
    const claim = JSON.stringify([tenant, key]);
    if (this.claimed.has(claim)) throw new IdempotencyTakenError(key);
    this.claimed.add(claim);
    this.keys.push({ tenant, key });
    this.add(JOB_ROWS.claimKey, [tenant, key, jobId, bodyHash]);
  }

  create(...values: readonly Value[]): number {
    const no = this.numbers[this.created++]!;
    this.add(CREATE_JOB, [no, ...values]);
    return no;
  }

  append(jobId: string, ...values: readonly Value[]): void {
    const last = values.length - 1;
    this.expected.push({ jobId, no: Number(values[last - 1]), lastSeq: Number(values[last]) });
    this.add(JOB_ROWS.appendJob, values.slice(0, last));
  }

  sink(statement: RowStatement): RowSink {
    if (statement === JOB_ROWS.step) return { run: (...values) => void this.steps.set(JSON.stringify(values.slice(0, 4)), values) };
    const kind = stored(statement);
    if (kind === statement) return { run: (...values) => this.add(kind, values) };
    const [key, name, details] = ['key', 'name', 'details'].map((column) => statement.columns.indexOf(column));
    return { run: (...values) => this.add(kind, [...values, searchedText(values[key!], values[name!], values[details!])]) };
  }

  after(statement: Statement): RowSink {
    return { run: (...params) => void this.later.push({ statement, params }) };
  }

  /** After the last row: of a step that was recorded twice, the last result counts. */
  finish(): this {
    for (const values of this.steps.values()) this.add(JOB_ROWS.step, values);
    return this;
  }

  private add(statement: RowStatement, values: readonly Value[]): void {
    let chunk = this.chunks[this.chunks.length - 1]!;
    if (chunk.isFull) this.chunks.push((chunk = new Chunk()));
    chunk.add(statement, values);
  }
}

/** A search finds a text within one of these, not across two of them. */
const BETWEEN = '\u001f';

function searchedText(key: Value | undefined, name: Value | undefined, details: Value | undefined): string {
  const parts = [key, name];
  if (typeof details === 'string' && details.includes('"description"'))
    parts.push((JSON.parse(details) as { description?: string }).description);
  return foldText(parts.filter((part) => typeof part === 'string').join(BETWEEN));
}
