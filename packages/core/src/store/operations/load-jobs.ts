import type { JsonObject } from '../../kernel/json.js';
import { JOB_STATUSES, isTerminalJob, type JobSpec } from '../../model/job.js';
import type { StoredHistory, StoredJob } from '../../ports/store.js';
import { decodeEvent, type EventRow } from '../codec/event-codec.js';
import { decodeJobRow, decodeTaskRow, jobStatuses, type StoredJobRow, type StoredTaskRow } from '../codec/row-codec.js';
import { decodeRequest, requestStatuses, type RequestRow } from '../codec/request-codec.js';
import { decodeSpec, strategies, type TaskSpecRow } from '../codec/spec-codec.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';

interface JobSpecRow {
  readonly no: number;
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly workflow_version: string | null;
  readonly priority: number;
  readonly max_parallel: number | null;
  readonly strategy: number;
  readonly allowed_agents: string | null;
  readonly confirm: number;
  readonly run_at: number | null;
  readonly deadline: number | null;
  readonly metadata: string | null;
  readonly created_at: number;
}

/** Reads whole jobs into memory, and finds those that have work left. */
export class JobLoader {
  private readonly selectJob: SqliteStatement;
  private readonly selectNo: SqliteStatement;
  private readonly selectTasks: SqliteStatement;
  private readonly selectHistory: SqliteStatement;
  private readonly selectRequests: SqliteStatement;
  private readonly selectOpen: SqliteStatement;
  private readonly selectKey: SqliteStatement;
  private readonly selectJobInput: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.selectJob = database.prepare(
      `SELECT j.*, s.name, s.workflow, s.workflow_version, s.priority, s.max_parallel, s.strategy, s.allowed_agents, s.confirm, s.run_at, s.deadline, s.metadata, s.created_at FROM ${TABLES.job} j JOIN ${TABLES.jobSpec} s ON s.job_no = j.no WHERE j.id = ?`,
    );
    this.selectTasks = database.prepare(
      `SELECT s.*, t.* FROM ${TABLES.taskSpec} s JOIN ${TABLES.task} t ON t.job_no = s.job_no AND t.no = s.no WHERE s.job_no = ? ORDER BY s.no`,
    );
    this.selectHistory = database.prepare(
      `SELECT e.seq, e.type, e.task, e.at, e.actor, e.data, COALESCE(e.body, p.data) AS body FROM ${TABLES.event} e LEFT JOIN ${TABLES.payload} p ON p.job_no = e.job_no AND p.kind = ${PAYLOAD_KINDS.event} AND p.n = e.seq WHERE e.job_no = ? ORDER BY e.seq`,
    );
    this.selectRequests = database.prepare(
      `SELECT * FROM ${TABLES.request} WHERE job_no = ? AND status = ${requestStatuses.toIndex('OPEN')} ORDER BY no`,
    );
    this.selectNo = database.prepare(`SELECT no FROM ${TABLES.job} WHERE id = ?`);
    const open = JOB_STATUSES.filter((status) => !isTerminalJob(status)).map((status) => jobStatuses.toIndex(status));
    this.selectOpen = database.prepare(`SELECT id FROM ${TABLES.job} WHERE status IN (${open.join(',')}) ORDER BY no`);
    this.selectKey = database.prepare(`SELECT job_id, body_hash FROM ${TABLES.idempotency} WHERE tenant = ? AND key = ?`);
    this.selectJobInput = database.prepare(
      `SELECT data FROM ${TABLES.payload} WHERE job_no = ? AND kind = ${PAYLOAD_KINDS.jobInput} AND n = 0`,
    );
  }

  load(jobId: string): { readonly no: number; readonly job: StoredJob } | null {
    const job = this.selectJob.get(jobId) as (JobSpecRow & StoredJobRow) | undefined;
    if (!job) return null;
    const rows = this.selectTasks.all(job.no) as (TaskSpecRow & StoredTaskRow)[];
    const tasks = rows.map((row) => ({ spec: decodeSpec(row, null), row: decodeTaskRow(row) }));
    const requests = (this.selectRequests.all(job.no) as RequestRow[]).map(decodeRequest);
    return { no: job.no, job: { spec: decodeJobSpec(job), row: decodeJobRow(job), tasks, requests } };
  }

  /** Every event of a job as it was decided, oldest first. Long: for replays and audits. */
  history(jobId: string): StoredHistory | null {
    const found = this.load(jobId);
    if (!found) return null;
    const specs = found.job.tasks.map(({ spec }) => spec);
    const rows = this.selectHistory.all(found.no) as EventRow[];
    return { spec: found.job.spec, events: rows.map((row) => decodeEvent(row, specs)) };
  }

  numberOf(jobId: string): number | null {
    return (this.selectNo.get(jobId) as { no: number } | undefined)?.no ?? null;
  }

  openJobs(): string[] {
    return (this.selectOpen.all() as { id: string }[]).map(({ id }) => id);
  }

  idempotency(tenant: string, key: string): { jobId: string; bodyHash: string } | null {
    const row = this.selectKey.get(tenant, key) as { job_id: string; body_hash: string } | undefined;
    return row ? { jobId: row.job_id, bodyHash: row.body_hash } : null;
  }

  jobInput(jobNo: number): string {
    return (this.selectJobInput.get(jobNo) as { data: string } | undefined)?.data ?? 'null';
  }
}

function decodeJobSpec(row: JobSpecRow): JobSpec {
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    workflow: row.workflow,
    workflowVersion: row.workflow_version,
    // Kept apart: it is not needed to go on with the job.
    input: null,
    priority: row.priority,
    maxParallel: row.max_parallel,
    strategy: strategies.fromIndex(row.strategy),
    allowedAgents: row.allowed_agents === null ? null : (JSON.parse(row.allowed_agents) as string[]),
    confirm: row.confirm === 1,
    runAt: row.run_at,
    deadline: row.deadline,
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as JsonObject),
    createdAt: row.created_at,
  };
}
