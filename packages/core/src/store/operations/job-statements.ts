import { requestStatuses } from '../codec/request-codec.js';
import { attemptReasons } from '../codec/row-codec.js';
import { insertInto, rewriteOf, statement, updateOf, upsertInto, type RowStatement } from '../sql/statement.js';
import { eventTable, payloadTable } from '../tables/event.table.js';
import { idempotencyTable, jobSpecTable, jobTable } from '../tables/job.table.js';
import { TABLES } from '../tables/table-names.js';
import { stepTable, taskSpecTable, taskTable } from '../tables/task.table.js';

const namesOf = ({ columns }: { readonly columns: readonly { readonly name: string }[] }, ...without: readonly string[]): string[] =>
  columns.map(({ name }) => name).filter((name) => !without.includes(name));

/** What a job's row says, but which job it is. */
const JOB_STATE = namesOf(jobTable, 'no', 'id', 'tenant');
/** What of it has an index, and changes when the job begins, waits and ends. */
const INDEXED_STATE = ['status', 'finished_at'];
const TASK_STATE = namesOf(taskTable, 'job_no', 'no');

/** What changes with most moves of a task. */
const PLAIN_STATE = [
  'status',
  'reason',
  'attempt',
  'fence',
  'started_at',
  'finished_at',
  'output_seq',
  'note_seq',
  'progress',
  'ready_at',
  'updated_at',
];
/** The rest, as it is in the beginning. */
const AT_FIRST = {
  caused_by: -1,
  generation: 1,
  strikes: 0,
  rounds: 0,
  available_at: 0,
  next_reason: attemptReasons.toIndex('FIRST'),
  condition_false: 0,
  rejections: 0,
  feedback_seq: 0,
  held: 0,
};

/** The rows that a commit writes. */
export const JOB_ROWS = {
  claimKey: insertInto('claim-key', idempotencyTable),
  createJob: insertInto('create-job', jobTable, ['id', 'tenant', ...JOB_STATE]),
  /** Compare-and-append: each database adds that it stands only where `last_seq` is the one that the events were decided on. */
  appendJob: updateOf('append-job', jobTable, JOB_STATE, ['no']),
  /** The same where what has an index stays as it is: most appends. */
  advanceJob: updateOf('advance-job', jobTable, namesOf(jobTable, 'no', 'id', 'tenant', ...INDEXED_STATE), ['no', ...INDEXED_STATE]),
  jobSpec: insertInto('insert-job-spec', jobSpecTable),
  /** Of nobody; see `eventsOf`. */
  event: insertInto('insert-event', eventTable, namesOf(eventTable, 'engine')),
  payload: insertInto('insert-payload', payloadTable),
  taskSpec: insertInto('insert-task-spec', taskSpecTable),
  newTask: insertInto('insert-task', taskTable, [...TASK_STATE, 'job_no', 'no']),
  newPlainTask: insertInto('insert-plain-task', taskTable, [...PLAIN_STATE, 'job_no', 'no'], AT_FIRST),
  plainTask: rewriteOf('update-plain-task', taskTable, PLAIN_STATE, ['job_no', 'no'], AT_FIRST),
  task: rewriteOf('update-task', taskTable, TASK_STATE, ['job_no', 'no']),
  step: upsertInto('upsert-step', stepTable),
} as const;

/**
 * The rows of the events that one engine writes. Its number stands in the text: a connection belongs to one engine, and so no
 * row has to be given it.
 */
export function eventsOf(engine: number): RowStatement {
  return { ...JOB_ROWS.event, name: `insert-event-of-engine-${engine}`, constants: { engine } };
}

/** Statements of a commit that change what a row of the same commit may have made. None is on a hot path. */
export const JOB_CHANGES = {
  addDependency: statement(
    'add-dependency',
    `UPDATE ${TABLES.taskSpec} SET dependencies = CASE WHEN dependencies IS NULL THEN '[' ELSE substr(dependencies, 1, length(dependencies) - 1) || ',' END || CAST(? AS text) || ']' WHERE job_no = ? AND no = ?`,
  ),
  openRequest: statement(
    'open-request',
    `INSERT INTO ${TABLES.request} (job_no, no, task, kind, name, status, deadline, on_timeout, hash, data, created_at, assignee) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
  ),
  closeRequest: statement(
    'close-request',
    `UPDATE ${TABLES.request} SET status = ?, closed_at = ?, closed_seq = ? WHERE job_no = ? AND no = ?`,
  ),
  forgetDeadline: statement('forget-deadline', `UPDATE ${TABLES.request} SET deadline = NULL WHERE job_no = ? AND no = ?`),
  giveHold: statement(
    'give-hold',
    `UPDATE ${TABLES.request} SET holds_job = CASE WHEN no = ? THEN 1 ELSE 0 END WHERE job_no = ? AND (holds_job = 1 OR no = ?) AND status = ${requestStatuses.toIndex('OPEN')}`,
  ),
} as const;
