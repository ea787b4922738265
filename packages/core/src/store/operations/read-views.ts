import type { DataSource, SelectQueryBuilder } from 'typeorm';

import { TaskloomError } from '../../errors/taskloom-error.js';
import { parseTaskId } from '../../kernel/ids.js';
import { byteLength, type Json } from '../../kernel/json.js';
import type { EventView } from '../../model/event.js';
import { JOB_STATUSES } from '../../model/job.js';
import { TASK_STATUSES, TASK_TYPES } from '../../model/task.js';
import type {
  HumanRequestFilter,
  HumanRequestView,
  JobFilter,
  JobView,
  Page,
  PageRequest,
  PayloadView,
  TaskFilter,
  TaskView,
} from '../../model/views.js';
import type { StoreReader, TaskAddress } from '../../ports/reader.js';
import { toEventView, type EventRow } from '../codec/event-codec.js';
import { decodeDependencies, decodeSpec, type TaskSpecRow } from '../codec/spec-codec.js';
import { FOLD, foldText } from '../sqlite/open-database.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';
import type { AttemptReader } from './read-attempt.js';
import { RequestReader } from './read-requests.js';
import { checkPage, decodeCursor, encodeCursor, toPage } from './page.js';
import { toJobView, toTaskView, type JobViewRow, type TaskViewRow } from './view-rows.js';

/** Where a search by text looks. */
const SEARCHED = ['s.key', 's.name', "json_extract(s.details, '$.description')"];

const MAX_ADDRESSES = 1_000;
const MAX_EVENTS = 1_000;

const JOB_COLUMNS =
  'j.no, j.id, j.tenant, j.status, j.success, j.generation, j.last_seq, j.started_at, j.finished_at, j.counts, s.name, s.workflow, s.priority, s.max_parallel, s.strategy, s.run_at, s.deadline, s.metadata, s.created_at, n.data AS note';
const TASK_JOINS = `JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no JOIN ${TABLES.job} j ON j.no = s.job_no LEFT JOIN ${TABLES.event} n ON n.job_no = t.job_no AND n.seq = t.note_seq LEFT JOIN ${TABLES.taskSpec} c ON c.job_no = t.job_no AND c.no = t.caused_by`;
const TASK_COLUMNS = 's.*, t.*, j.id AS job_id, n.data AS note, c.key AS cause_key';

/** Committed state for the API. Lists are composed with TypeORM's query builder, look-ups by key are prepared. */
export class ViewReader implements StoreReader {
  private readonly requests: RequestReader;
  private readonly selectJob: SqliteStatement;
  private readonly selectJobNo: SqliteStatement;
  private readonly selectTask: SqliteStatement;
  private readonly selectKey: SqliteStatement;
  private readonly selectSpec: SqliteStatement;
  private readonly selectDependencies: SqliteStatement;
  private readonly selectEvents: SqliteStatement;
  private readonly selectHistory: SqliteStatement;
  private readonly selectJobInput: SqliteStatement;
  private readonly selectLongInput: SqliteStatement;

  constructor(
    private readonly dataSource: DataSource,
    database: SqliteDatabase,
    private readonly attempts: AttemptReader,
  ) {
    this.requests = new RequestReader(dataSource);
    this.selectJob = database.prepare(
      `SELECT ${JOB_COLUMNS} FROM ${TABLES.job} j JOIN ${TABLES.jobSpec} s ON s.job_no = j.no LEFT JOIN ${TABLES.event} n ON n.job_no = j.no AND n.seq = j.note_seq WHERE j.id = ?`,
    );
    this.selectJobNo = database.prepare(`SELECT no FROM ${TABLES.job} WHERE id = ?`);
    this.selectTask = database.prepare(`SELECT ${TASK_COLUMNS} FROM ${TABLES.taskSpec} s ${TASK_JOINS} WHERE s.job_no = ? AND s.no = ?`);
    this.selectKey = database.prepare(`SELECT key FROM ${TABLES.taskSpec} WHERE job_no = ? AND no = ?`);
    this.selectSpec = database.prepare(`SELECT * FROM ${TABLES.taskSpec} WHERE job_no = ? AND no = ?`);
    this.selectDependencies = database.prepare(
      `SELECT no, dependencies FROM ${TABLES.taskSpec} WHERE job_no = ? AND dependencies IS NOT NULL ORDER BY no`,
    );
    this.selectEvents = database.prepare(
      `SELECT seq, type, task, at, actor, data, NULL AS body FROM ${TABLES.event} WHERE job_no = ? AND seq > ? ORDER BY seq LIMIT ?`,
    );
    this.selectHistory = database.prepare(
      `SELECT seq, type, task, at, actor, data, NULL AS body FROM ${TABLES.event} WHERE job_no = ? AND task = ? ORDER BY seq LIMIT ${MAX_EVENTS}`,
    );
    this.selectJobInput = database.prepare(
      `SELECT data FROM ${TABLES.payload} WHERE job_no = ? AND kind = ${PAYLOAD_KINDS.jobInput} AND n = 0`,
    );
    this.selectLongInput = database.prepare(
      `SELECT data FROM ${TABLES.payload} WHERE job_no = ? AND kind = ${PAYLOAD_KINDS.input} AND n = ?`,
    );
  }

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  async job(id: string): Promise<JobView | null> {
    const row = this.selectJob.get(id) as JobViewRow | undefined;
    return row ? toJobView(row) : null;
  }

  async jobs(filter: JobFilter, page: PageRequest): Promise<Page<JobView>> {
    checkPage(page);
    const query = this.jobQuery(filter)
      .select(JOB_COLUMNS)
      .leftJoin(TABLES.event, 'n', 'n.job_no = j.no AND n.seq = j.note_seq')
      .orderBy('j.no', 'DESC')
      .limit(page.first + 1);
    if (page.after !== undefined) query.andWhere('j.no < :after', { after: decodeCursor('job', page.after, 1)[0] });
    const rows = await query.getRawMany<JobViewRow>();
    return toPage(rows, page.first, toJobView, (row) => encodeCursor('job', [row.no]));
  }

  async countJobs(filter: JobFilter): Promise<number> {
    return count(this.jobQuery(filter));
  }

  private jobQuery(filter: JobFilter): SelectQueryBuilder<object> {
    const query = this.dataSource.createQueryBuilder().from(TABLES.job, 'j').innerJoin(TABLES.jobSpec, 's', 's.job_no = j.no');
    if (filter.status) query.andWhere('j.status IN (:...status)', { status: indexes(filter.status, JOB_STATUSES) });
    if (filter.workflow !== undefined) query.andWhere('s.workflow = :workflow', { workflow: filter.workflow });
    if (filter.name !== undefined) query.andWhere('s.name = :name', { name: filter.name });
    if (filter.tenant !== undefined) query.andWhere('j.tenant = :tenant', { tenant: filter.tenant });
    return query;
  }

  // ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────

  async task(id: string): Promise<TaskView | null> {
    const address = parseTaskId(id);
    return address ? this.taskAt(address) : null;
  }

  async tasksAt(addresses: readonly TaskAddress[]): Promise<readonly (TaskView | null)[]> {
    checkAddresses(addresses);
    return addresses.map((address) => this.taskAt(address));
  }

  private taskAt({ jobId, no }: TaskAddress): TaskView | null {
    const jobNo = this.jobNo(jobId);
    const row = jobNo === null ? undefined : (this.selectTask.get(jobNo, no) as TaskViewRow | undefined);
    return row ? toTaskView(row) : null;
  }

  async tasks(filter: TaskFilter, page: PageRequest): Promise<Page<TaskView>> {
    checkPage(page);
    const query = this.taskQuery(filter)
      .select(TASK_COLUMNS)
      .leftJoin(TABLES.event, 'n', 'n.job_no = t.job_no AND n.seq = t.note_seq')
      .leftJoin(TABLES.taskSpec, 'c', 'c.job_no = t.job_no AND c.no = t.caused_by')
      .orderBy('s.job_no', 'DESC')
      .addOrderBy('s.no', 'ASC')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [jobNo, no] = decodeCursor('task', page.after, 2) as [number, number];
      query.andWhere('(s.job_no < :jobNo OR (s.job_no = :jobNo AND s.no > :no))', { jobNo, no });
    }
    const rows = await query.getRawMany<TaskViewRow>();
    return toPage(rows, page.first, toTaskView, (row) => encodeCursor('task', [row.job_no, row.no]));
  }

  async countTasks(filter: TaskFilter): Promise<number> {
    return count(this.taskQuery(filter));
  }

  private taskQuery(filter: TaskFilter): SelectQueryBuilder<object> {
    const query = this.dataSource
      .createQueryBuilder()
      .from(TABLES.taskSpec, 's')
      .innerJoin(TABLES.task, 't', 't.job_no = s.job_no AND t.no = s.no')
      .innerJoin(TABLES.job, 'j', 'j.no = s.job_no');
    if (filter.jobId !== undefined) query.andWhere('s.job_no = :job', { job: this.jobNo(filter.jobId) ?? -1 });
    if (filter.status) query.andWhere('t.status IN (:...status)', { status: indexes(filter.status, TASK_STATUSES) });
    if (filter.type) query.andWhere('s.type IN (:...type)', { type: indexes(filter.type, TASK_TYPES) });
    if (filter.agent !== undefined) query.andWhere('s.agent = :agent', { agent: filter.agent });
    if (filter.kind !== undefined) query.andWhere('s.kind = :kind', { kind: filter.kind });
    if (filter.parentId !== undefined) {
      const parent = parseTaskId(filter.parentId);
      query.andWhere('s.job_no = :parentJob AND s.parent = :parentNo', {
        parentJob: parent ? (this.jobNo(parent.jobId) ?? -1) : -1,
        parentNo: parent?.no ?? -1,
      });
    }
    if (filter.tenant !== undefined) query.andWhere('j.tenant = :tenant', { tenant: filter.tenant });
    if (filter.text !== undefined)
      query.andWhere(`(${SEARCHED.map((column) => `instr(${FOLD}(${column}), :text) > 0`).join(' OR ')})`, { text: foldText(filter.text) });
    return query;
  }

  async dependentsOf(addresses: readonly TaskAddress[]): Promise<readonly (readonly number[])[]> {
    checkAddresses(addresses);
    const found = addresses.map((): readonly number[] => []);
    for (const jobId of new Set(addresses.map((address) => address.jobId))) {
      const jobNo = this.jobNo(jobId);
      if (jobNo === null) continue;
      const dependents = new Map<number, number[]>();
      for (const { jobId: of, no } of addresses) if (of === jobId) dependents.set(no, []);
      for (const row of this.selectDependencies.all(jobNo) as { no: number; dependencies: string }[]) {
        for (const { on } of decodeDependencies(row.dependencies)) dependents.get(on)?.push(row.no);
      }
      addresses.forEach(({ jobId: of, no }, index) => {
        if (of === jobId) found[index] = dependents.get(no)!;
      });
    }
    return found;
  }

  // ── questions to people ─────────────────────────────────────────────────────────────────────────────────────

  humanRequest(id: string): Promise<HumanRequestView | null> {
    return this.requests.request(id);
  }

  humanRequests(filter: HumanRequestFilter, page: PageRequest): Promise<Page<HumanRequestView>> {
    return this.requests.requests(filter, page);
  }

  // ── payloads ────────────────────────────────────────────────────────────────────────────────────────────────

  async taskInputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    checkAddresses(addresses);
    return addresses.map(({ jobId, no }) => {
      const jobNo = this.jobNo(jobId);
      const row = jobNo === null ? undefined : (this.selectSpec.get(jobNo, no) as TaskSpecRow | undefined);
      if (!row) return null;
      const longInput = row.input === null ? (this.selectLongInput.get(jobNo!, no) as { data: string } | undefined) : undefined;
      return toPayload(JSON.stringify(decodeSpec(row, longInput?.data ?? null).input.value), maxBytes);
    });
  }

  async taskOutputs(addresses: readonly TaskAddress[], maxBytes: number): Promise<readonly (PayloadView | null)[]> {
    checkAddresses(addresses);
    return addresses.map(({ jobId, no }) => {
      const jobNo = this.jobNo(jobId);
      const text = jobNo === null ? null : this.attempts.output(jobNo, no);
      return text === null ? null : toPayload(text, maxBytes);
    });
  }

  async jobInput(id: string, maxBytes: number): Promise<PayloadView | null> {
    const jobNo = this.jobNo(id);
    const row = jobNo === null ? undefined : (this.selectJobInput.get(jobNo) as { data: string } | undefined);
    return row ? toPayload(row.data, maxBytes) : null;
  }

  async jobOutput(id: string, maxBytes: number): Promise<PayloadView | null> {
    return (await this.taskOutputs([{ jobId: id, no: 0 }], maxBytes))[0] ?? null;
  }

  // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

  async events(jobId: string, afterSeq: number, first: number): Promise<readonly EventView[]> {
    if (!Number.isInteger(first) || first < 1 || first > MAX_EVENTS)
      throw new TaskloomError('PAGE_SIZE', `\`first\` is ${String(first)}; it must be a whole number from 1 to ${MAX_EVENTS}.`);
    if (!Number.isSafeInteger(afterSeq) || afterSeq < 0)
      throw new TaskloomError('CURSOR_INVALID', `\`afterSeq\` is ${String(afterSeq)}; it must be a whole number from 0.`);
    const jobNo = this.jobNo(jobId);
    if (jobNo === null) return [];
    return (this.selectEvents.all(jobNo, afterSeq, first) as EventRow[]).map((row) => this.toEvent(jobId, jobNo, row));
  }

  async taskHistory({ jobId, no }: TaskAddress): Promise<readonly EventView[]> {
    const jobNo = this.jobNo(jobId);
    if (jobNo === null) return [];
    return (this.selectHistory.all(jobNo, no) as EventRow[]).map((row) => this.toEvent(jobId, jobNo, row));
  }

  private toEvent(jobId: string, jobNo: number, row: EventRow): EventView {
    return toEventView(jobId, row, (no) => (this.selectKey.get(jobNo, no) as { key: string } | undefined)?.key ?? null);
  }

  private jobNo(id: string): number | null {
    return (this.selectJobNo.get(id) as { no: number } | undefined)?.no ?? null;
  }
}

async function count(query: SelectQueryBuilder<object>): Promise<number> {
  const row = await query.select('COUNT(*)', 'count').getRawOne<{ count: number | string }>();
  return Number(row?.count ?? 0);
}

function indexes<T extends string>(words: readonly T[], all: readonly T[]): number[] {
  // No word at all matches nothing; -1 is no index.
  return words.length === 0 ? [-1] : words.map((word) => all.indexOf(word));
}

function checkAddresses(addresses: readonly TaskAddress[]): void {
  if (addresses.length > MAX_ADDRESSES)
    throw new TaskloomError('PAGE_SIZE', `${addresses.length} tasks were asked for at once; at most ${MAX_ADDRESSES} are given.`);
}

function toPayload(json: string, maxBytes: number): PayloadView {
  const bytes = byteLength(json);
  const truncated = bytes > maxBytes;
  return { bytes, truncated, value: truncated ? json.slice(0, maxBytes).toWellFormed() : (JSON.parse(json) as Json) };
}
