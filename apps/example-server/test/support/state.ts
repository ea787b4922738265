import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  EVENT_TYPES,
  JOB_STATUSES,
  TASK_STATUSES,
  TASK_TYPES,
  type EventType,
  type JobStatus,
  type TaskStatus,
  type TaskType,
} from '@taskloom/core';

/** A job as it lies in the database. */
export interface StoredJob {
  readonly id: string;
  readonly status: JobStatus;
  readonly lastSeq: number;
  readonly tasks: readonly StoredTask[];
  readonly events: readonly StoredEvent[];
  readonly input: { readonly root: string; readonly outDir: string };
}

export interface StoredTask {
  readonly key: string;
  readonly type: TaskType;
  readonly status: TaskStatus;
  readonly parent: string | null;
  /** Planned, asked for at run time, or repeated for a list. */
  readonly origin: (typeof ORIGINS)[number];
  readonly attempt: number;
}

export interface StoredEvent {
  readonly seq: number;
  readonly type: EventType;
  /** `null` for what is about the job, or about several tasks. */
  readonly task: string | null;
}

/** As core stores them. */
const ORIGINS = ['plan', 'need', 'map', 'spawn'] as const;

interface Database {
  prepare(sql: string): { all(...values: readonly unknown[]): unknown[] };
  pragma(text: string, options?: { readonly simple: boolean }): unknown;
  close(): void;
}

type Driver = new (path: string, options: { readonly readonly: boolean; readonly fileMustExist: boolean }) => Database;

/** The driver that core itself uses, found from where core lies. */
const require = createRequire(fileURLToPath(new URL('../../node_modules/@taskloom/core/package.json', import.meta.url)));

/**
 * Reads the state below `cwd` while no server uses it, without a line of the engine's: whatever was committed when the last
 * process died. Jobs oldest first; none where there is no database yet.
 */
export function readState(cwd: string): StoredJob[] {
  const path = join(cwd, '.taskloom', 'taskloom.db');
  if (!existsSync(path)) return [];
  const database = open(path);
  try {
    if (database.pragma('integrity_check', { simple: true }) !== 'ok') throw new Error(`${path} is damaged.`);
    if (database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'taskloom_job'`).all().length === 0) return [];
    return (database.prepare('SELECT no, id, status, last_seq FROM taskloom_job ORDER BY no').all() as JobRow[]).map((job) => ({
      id: job.id,
      status: JOB_STATUSES[job.status] as JobStatus,
      lastSeq: job.last_seq,
      tasks: tasksOf(database, job.no),
      events: eventsOf(database, job.no),
      input: inputOf(database, job.no),
    }));
  } finally {
    database.close();
  }
}

interface JobRow {
  readonly no: number;
  readonly id: string;
  readonly status: number;
  readonly last_seq: number;
}

interface TaskRow {
  readonly key: string;
  readonly type: number;
  readonly status: number;
  readonly parent: string | null;
  readonly origin: number;
  readonly attempt: number;
}

interface EventRow {
  readonly seq: number;
  readonly type: number;
  readonly task: string | null;
}

function tasksOf(database: Database, jobNo: number): StoredTask[] {
  const rows = database
    .prepare(
      `SELECT spec.key, spec.type, task.status, above.key AS parent, spec.origin, task.attempt
       FROM taskloom_task_spec spec JOIN taskloom_task task USING (job_no, no)
       LEFT JOIN taskloom_task_spec above ON above.job_no = spec.job_no AND above.no = spec.parent
       WHERE spec.job_no = ? ORDER BY spec.no`,
    )
    .all(jobNo) as TaskRow[];
  return rows.map((row) => ({
    ...row,
    type: TASK_TYPES[row.type] as TaskType,
    status: TASK_STATUSES[row.status] as TaskStatus,
    origin: ORIGINS[row.origin] as StoredTask['origin'],
  }));
}

function eventsOf(database: Database, jobNo: number): StoredEvent[] {
  const rows = database
    .prepare(
      `SELECT event.seq, event.type, spec.key AS task FROM taskloom_event event
       LEFT JOIN taskloom_task_spec spec ON spec.job_no = event.job_no AND spec.no = event.task
       WHERE event.job_no = ? ORDER BY event.seq`,
    )
    .all(jobNo) as EventRow[];
  return rows.map(({ seq, type, task }) => ({ seq, type: EVENT_TYPES[type] as EventType, task }));
}

/** The task "identify" was given what the job was started with. */
function inputOf(database: Database, jobNo: number): StoredJob['input'] {
  const [row] = database.prepare(`SELECT input FROM taskloom_task_spec WHERE job_no = ? AND key = 'identify'`).all(jobNo) as {
    input: string;
  }[];
  return (JSON.parse(row?.input ?? '{}') as { value: StoredJob['input'] }).value;
}

function open(path: string): Database {
  const problems: unknown[] = [];
  for (const name of ['better-sqlite3', 'better-sqlite3-napi']) {
    try {
      return new (require(name) as Driver)(path, { readonly: true, fileMustExist: true });
    } catch (error) {
      problems.push(error);
    }
  }
  throw new AggregateError(problems, `No SQLite driver opens ${path}.`);
}
