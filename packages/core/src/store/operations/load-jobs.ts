import type { JsonObject } from '../../kernel/json.js';
import { JOB_STATUSES, isTerminalJob, type JobSpec } from '../../model/job.js';
import type { JobEvent } from '../../model/event.js';
import type { TaskSpec } from '../../model/task.js';
import type { JobNews, StoredHistory, StoredJob, StoredJobContext } from '../../ports/store.js';
import { decodeEvent, eventTypes, type EventRow } from '../codec/event-codec.js';
import { decodeJobRow, decodeTaskRow, jobStatuses, type StoredJobRow, type StoredTaskRow } from '../codec/row-codec.js';
import { decodeRequest, requestStatuses, type RequestRow } from '../codec/request-codec.js';
import { decodeSpec, strategies, type TaskSpecRow } from '../codec/spec-codec.js';
import { each, row, rows, type Operation } from '../sql/operation.js';
import { lookup, statement } from '../sql/statement.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';
import { readSpecs, type TaskPlace } from './read-attempt.js';
import { loadCosts } from './task-costs.js';

/** So many tasks are read with one statement. */
const TASKS_AT_ONCE = 500;

const TASKS_ADDED = eventTypes.toIndex('TASKS_ADDED');

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
  readonly carried: string | null;
  readonly created_at: number;
}

/** Statuses of jobs that have not ended, as they are stored. */
export const OPEN = JOB_STATUSES.filter((status) => !isTerminalJob(status)).map((status) => jobStatuses.toIndex(status));

export const LOAD_STATEMENTS = {
  job: statement(
    'load-job',
    `SELECT j.*, s.name, s.workflow, s.workflow_version, s.priority, s.max_parallel, s.strategy, s.allowed_agents, s.confirm, s.run_at, s.deadline, s.metadata, s.carried, s.created_at FROM ${TABLES.job} j JOIN ${TABLES.jobSpec} s ON s.job_no = j.no WHERE j.id = ?`,
  ),
  // Not joined: a plan that PostgreSQL made while jobs were small looks for each task of a large one in all of them.
  specs: statement('load-specs', `SELECT * FROM ${TABLES.taskSpec} WHERE job_no = ? AND no >= ? ORDER BY no LIMIT ?`),
  tasks: statement('load-tasks', `SELECT * FROM ${TABLES.task} WHERE job_no = ? AND no >= ? ORDER BY no LIMIT ?`),
  history: statement(
    'load-history',
    `SELECT e.seq, e.type, e.task, e.at, e.actor, e.data, COALESCE(e.body, p.data) AS body FROM ${TABLES.event} e LEFT JOIN ${TABLES.payload} p ON p.job_no = e.job_no AND p.kind = ${PAYLOAD_KINDS.event} AND p.n = e.seq WHERE e.job_no = ? ORDER BY e.seq`,
  ),
  tail: statement(
    'load-tail',
    `SELECT e.seq, e.type, e.task, e.at, e.actor, e.data, COALESCE(e.body, p.data) AS body FROM ${TABLES.event} e LEFT JOIN ${TABLES.payload} p ON p.job_no = e.job_no AND p.kind = ${PAYLOAD_KINDS.event} AND p.n = e.seq WHERE e.job_no = ? AND e.seq > ? ORDER BY e.seq`,
  ),
  openStanding: statement('open-standing', `SELECT id, last_seq, status FROM ${TABLES.job} WHERE status IN (${OPEN.join(',')})`),
  standing: lookup('job-standing', { select: 'id, last_seq, status', from: TABLES.job, by: { id: 'text' } }),
  requests: statement(
    'load-requests',
    `SELECT * FROM ${TABLES.request} WHERE job_no = ? AND status = ${requestStatuses.toIndex('OPEN')} ORDER BY no`,
  ),
  no: statement('job-no', `SELECT no FROM ${TABLES.job} WHERE id = ?`),
  open: statement('open-jobs', `SELECT id FROM ${TABLES.job} WHERE status IN (${OPEN.join(',')}) ORDER BY no`),
  key: statement('idempotency-key', `SELECT job_id, body_hash FROM ${TABLES.idempotency} WHERE tenant = ? AND key = ?`),
  context: statement(
    'job-context',
    `SELECT p.data AS input, s.metadata, s.carried FROM ${TABLES.jobSpec} s JOIN ${TABLES.payload} p ON p.job_no = s.job_no AND p.kind = ${PAYLOAD_KINDS.jobInput} AND p.n = 0 WHERE s.job_no = ?`,
  ),
} as const;

export interface LoadedJob {
  readonly no: number;
  readonly job: StoredJob;
}

/** Reads a whole job into memory. */
export function* loadJob(jobId: string): Operation<LoadedJob | null> {
  const job = yield* row<JobSpecRow & StoredJobRow>(LOAD_STATEMENTS.job, jobId);
  if (!job) return null;
  const tasks = yield* loadTasks(job.no);
  const requests = (yield* rows<RequestRow>(LOAD_STATEMENTS.requests, job.no)).map(decodeRequest);
  const costs = yield* loadCosts(job.no);
  return { no: job.no, job: { spec: decodeJobSpec(job), row: decodeJobRow(job), tasks, requests, costs } };
}

/** Some at a time: to read all of a large job at once would hold up everybody else. */
function* loadTasks(jobNo: number): Operation<StoredJob['tasks']> {
  const tasks: StoredJob['tasks'][number][] = [];
  for (let from = 0; from === tasks.length; from += TASKS_AT_ONCE) {
    const specs = yield* rows<TaskSpecRow>(LOAD_STATEMENTS.specs, jobNo, from, TASKS_AT_ONCE);
    const states = yield* rows<StoredTaskRow>(LOAD_STATEMENTS.tasks, jobNo, from, TASKS_AT_ONCE);
    // Each task has a row in both, from the one commit that added it.
    for (const [index, spec] of specs.entries()) tasks.push({ spec: decodeSpec(spec, null), row: decodeTaskRow(states[index]!) });
  }
  return tasks;
}

/** Every event of a job as it was decided, oldest first. Long: for replays and audits. */
export function* loadHistory(jobId: string): Operation<StoredHistory | null> {
  const found = yield* loadJob(jobId);
  if (!found) return null;
  const specs = found.job.tasks.map(({ spec }) => spec);
  const events = yield* rows<EventRow>(LOAD_STATEMENTS.history, found.no);
  return { spec: found.job.spec, events: events.map((event) => decodeEvent(event, specs)) };
}

export function* jobNumber(jobId: string): Operation<number | null> {
  return (yield* row<{ no: number }>(LOAD_STATEMENTS.no, jobId))?.no ?? null;
}

/** What happened in a job after an event, as it was decided. */
export function* loadTail(jobNo: number, afterSeq: number): Operation<JobEvent[]> {
  const found = yield* rows<EventRow>(LOAD_STATEMENTS.tail, jobNo, afterSeq);
  const added = found.flatMap(addedTasks);
  const specs: TaskSpec[] = [];
  for (const spec of yield* readSpecs(added.map((no): TaskPlace => [jobNo, no]))) if (spec) specs[spec.no] = spec;
  return found.map((event) => decodeEvent(event, specs));
}

function addedTasks({ type, data }: EventRow): number[] {
  if (type !== TASKS_ADDED) return [];
  const { from, count } = JSON.parse(data ?? '{}') as { readonly from: number; readonly count: number };
  return Array.from({ length: count }, (_, index) => from + index);
}

interface StandingRow {
  readonly id: string;
  readonly last_seq: number;
  readonly status: number;
}

/** Where every job stands that has not ended, and those given. */
export function* standingOf(jobIds: readonly string[]): Operation<JobNews[]> {
  const found = yield* rows<StandingRow>(LOAD_STATEMENTS.openStanding);
  const open = new Set(found.map(({ id }) => id));
  const others = jobIds.filter((id) => !open.has(id));
  for (const [other] of yield* each<StandingRow>(
    LOAD_STATEMENTS.standing,
    others.map((id) => [id]),
  ))
    if (other) found.push(other);
  return found.map(({ id, last_seq: lastSeq, status }) => ({ jobId: id, lastSeq, ended: !OPEN.includes(status) }));
}

/** Ids of the jobs that have work left, oldest first. */
export function* openJobs(): Operation<string[]> {
  return (yield* rows<{ id: string }>(LOAD_STATEMENTS.open)).map(({ id }) => id);
}

export function* idempotencyOf(tenant: string, key: string): Operation<{ jobId: string; bodyHash: string } | null> {
  const found = yield* row<{ job_id: string; body_hash: string }>(LOAD_STATEMENTS.key, tenant, key);
  return found ? { jobId: found.job_id, bodyHash: found.body_hash } : null;
}

export function* jobContext(jobNo: number): Operation<StoredJobContext> {
  return (yield* row<StoredJobContext>(LOAD_STATEMENTS.context, jobNo)) ?? { input: 'null', metadata: null, carried: null };
}

function decodeJobSpec(job: JobSpecRow): JobSpec {
  return {
    id: job.id,
    tenant: job.tenant,
    name: job.name,
    workflow: job.workflow,
    workflowVersion: job.workflow_version,
    // Kept apart: it is not needed to go on with the job.
    input: null,
    priority: job.priority,
    maxParallel: job.max_parallel,
    strategy: strategies.fromIndex(job.strategy),
    allowedAgents: job.allowed_agents === null ? null : (JSON.parse(job.allowed_agents) as string[]),
    confirm: job.confirm === 1,
    runAt: job.run_at,
    deadline: job.deadline,
    metadata: job.metadata === null ? null : (JSON.parse(job.metadata) as JsonObject),
    carried: job.carried === null ? null : (JSON.parse(job.carried) as JsonObject),
    createdAt: job.created_at,
  };
}
