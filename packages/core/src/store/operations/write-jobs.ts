import { TaskloomError } from '../../errors/taskloom-error.js';
import type { DependencyAdded, JobEvent } from '../../model/event.js';
import type { JobSpec } from '../../model/job.js';
import { IdempotencyTakenError, type JobCreation, type JobWrite, type TaskWrite } from '../../ports/store.js';
import { encodeEvent, eventTypes } from '../codec/event-codec.js';
import { attemptReasons, encodeCounts, encodeOutput, jobStatuses, statusReasons, taskStatuses } from '../codec/row-codec.js';
import { memoName } from '../codec/memo-name.js';
import { decodeDependencies, encodeDependencies, encodeSpec, strategies } from '../codec/spec-codec.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
import { RequestWriter } from './write-requests.js';
import { INLINE_BYTES, PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';

/**
 * The statements of the hot path: prepared once, run inside the write lane. `compare-and-append`: the job's row is
 * updated only where `last_seq` is the one that the events were decided on.
 */
export class JobWriter {
  private readonly insertJob: SqliteStatement;
  private readonly insertJobSpec: SqliteStatement;
  private readonly claimKey: SqliteStatement;
  private readonly updateJob: SqliteStatement;
  private readonly insertTask: SqliteStatement;
  private readonly insertPlainTask: SqliteStatement;
  private readonly insertSpec: SqliteStatement;
  private readonly updateTask: SqliteStatement;
  private readonly updatePlainTask: SqliteStatement;
  private readonly insertEvent: SqliteStatement;
  private readonly insertPayload: SqliteStatement;
  private readonly upsertStep: SqliteStatement;
  private readonly selectDependencies: SqliteStatement;
  private readonly updateDependencies: SqliteStatement;
  private readonly requests: RequestWriter;

  constructor(database: SqliteDatabase) {
    this.requests = new RequestWriter(database);
    this.selectDependencies = database.prepare(`SELECT dependencies FROM ${TABLES.taskSpec} WHERE job_no = ? AND no = ?`);
    this.updateDependencies = database.prepare(`UPDATE ${TABLES.taskSpec} SET dependencies = ? WHERE job_no = ? AND no = ?`);
    this.insertJob = database.prepare(
      `INSERT INTO ${TABLES.job} (id, tenant, status, success, generation, last_seq, last_commit, started_at, finished_at, note_seq, wake_at, counts, begun, requests) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    );
    this.insertJobSpec = database.prepare(
      `INSERT INTO ${TABLES.jobSpec} (job_no, name, workflow, workflow_version, priority, max_parallel, strategy, allowed_agents, confirm, run_at, deadline, metadata, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    );
    this.claimKey = database.prepare(`INSERT OR IGNORE INTO ${TABLES.idempotency} (tenant, key, job_id, body_hash) VALUES (?,?,?,?)`);
    this.updateJob = database.prepare(
      `UPDATE ${TABLES.job} SET status = ?, success = ?, generation = ?, last_seq = ?, last_commit = ?, started_at = ?, finished_at = ?, note_seq = ?, wake_at = ?, counts = ?, begun = ?, requests = ? WHERE no = ? AND last_seq = ?`,
    );
    this.insertTask = database.prepare(
      `INSERT INTO ${TABLES.task} (status, reason, caused_by, generation, attempt, fence, strikes, rounds, available_at, started_at, finished_at, output_seq, note_seq, progress, next_reason, ready_at, condition_false, rejections, feedback_seq, held, updated_at, job_no, no) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    );
    // What seldom changes, as it is in the beginning: binding a value costs as much as writing it.
    this.insertPlainTask = database.prepare(
      `INSERT INTO ${TABLES.task} (status, reason, caused_by, generation, attempt, fence, strikes, rounds, available_at, started_at, finished_at, output_seq, note_seq, progress, next_reason, ready_at, condition_false, rejections, feedback_seq, held, updated_at, job_no, no) VALUES (?,?,-1,1,?,?,0,0,0,?,?,?,?,?,${attemptReasons.toIndex('FIRST')},?,0,0,0,0,?,?,?)`,
    );
    this.updateTask = database.prepare(
      `UPDATE ${TABLES.task} SET status = ?, reason = ?, caused_by = ?, generation = ?, attempt = ?, fence = ?, strikes = ?, rounds = ?, available_at = ?, started_at = ?, finished_at = ?, output_seq = ?, note_seq = ?, progress = ?, next_reason = ?, ready_at = ?, condition_false = ?, rejections = ?, feedback_seq = ?, held = ?, updated_at = ? WHERE job_no = ? AND no = ?`,
    );
    this.updatePlainTask = database.prepare(
      `UPDATE ${TABLES.task} SET status = ?, reason = ?, attempt = ?, fence = ?, started_at = ?, finished_at = ?, output_seq = ?, note_seq = ?, progress = ?, ready_at = ?, updated_at = ? WHERE job_no = ? AND no = ?`,
    );
    this.insertSpec = database.prepare(
      `INSERT INTO ${TABLES.taskSpec} (job_no, no, key, name, type, parent, agent, kind, priority, strategy, origin, dependencies, input, details, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    );
    this.insertEvent = database.prepare(
      `INSERT INTO ${TABLES.event} (job_no, seq, type, task, at, actor, data, body) VALUES (?,?,?,?,?,?,?,?)`,
    );
    this.insertPayload = database.prepare(`INSERT INTO ${TABLES.payload} (job_no, kind, n, data) VALUES (?,?,?,?)`);
    this.upsertStep = database.prepare(
      `INSERT INTO ${TABLES.step} (job_no, task, generation, name, seq) VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET seq = excluded.seq`,
    );
  }

  /**
   * Writes one job's part of a flush, inside the caller's transaction. `jobNo` is `null` for a new job.
   *
   * @returns the job's number
   * @throws TaskloomError `STORE_CONFLICT`; IdempotencyTakenError
   */
  write(write: JobWrite, jobNo: number | null): number {
    const no = write.created ? this.create(write, write.created) : this.append(write, jobNo!);
    const at = write.events.length > 0 ? write.events[write.events.length - 1]!.at : 0;
    const firstNew = this.writeEvents(no, write);
    for (const task of write.tasks) {
      const isNew = task.no >= firstNew;
      if (task.isPlain) runPlainTask(isNew ? this.insertPlainTask : this.updatePlainTask, no, task, at);
      else runTask(isNew ? this.insertTask : this.updateTask, no, task, at);
    }
    return no;
  }

  private create(write: JobWrite, created: JobCreation): number {
    const { spec, idempotency } = created;
    if (idempotency && this.claimKey.run(spec.tenant, idempotency.key, spec.id, idempotency.bodyHash).changes === 0)
      throw new IdempotencyTakenError(idempotency.key);
    const { row } = write;
    const { lastInsertRowid } = this.insertJob.run(
      spec.id,
      spec.tenant,
      jobStatuses.toIndex(row.status),
      toInteger(row.success),
      row.generation,
      row.lastSeq,
      write.token,
      row.startedAt,
      row.finishedAt,
      row.noteSeq,
      row.wakeAt,
      encodeCounts(row.counts),
      row.begun ? 1 : 0,
      row.requestCount,
    );
    const no = Number(lastInsertRowid);
    this.writeJobSpec(no, spec);
    return no;
  }

  private writeJobSpec(no: number, spec: JobSpec): void {
    this.insertJobSpec.run(
      no,
      spec.name,
      spec.workflow,
      spec.workflowVersion,
      spec.priority,
      spec.maxParallel,
      strategies.toIndex(spec.strategy),
      spec.allowedAgents && JSON.stringify(spec.allowedAgents),
      spec.confirm ? 1 : 0,
      spec.runAt,
      spec.deadline,
      spec.metadata && JSON.stringify(spec.metadata),
      spec.createdAt,
    );
    this.insertPayload.run(no, PAYLOAD_KINDS.jobInput, 0, JSON.stringify(spec.input));
  }

  private append(write: JobWrite, no: number): number {
    const { row } = write;
    const { changes } = this.updateJob.run(
      jobStatuses.toIndex(row.status),
      toInteger(row.success),
      row.generation,
      row.lastSeq,
      write.token,
      row.startedAt,
      row.finishedAt,
      row.noteSeq,
      row.wakeAt,
      encodeCounts(row.counts),
      row.begun ? 1 : 0,
      row.requestCount,
      no,
      write.expectedSeq,
    );
    if (changes !== 1)
      throw new TaskloomError('STORE_CONFLICT', `Job ${write.jobId} is no longer at event ${write.expectedSeq}.`, {
        details: { jobId: write.jobId, expectedSeq: write.expectedSeq },
      });
    return no;
  }

  /** Returns the number of the first task that the events add; infinity where they add none. */
  private writeEvents(jobNo: number, write: JobWrite): number {
    let firstNew = Number.POSITIVE_INFINITY;
    let seq = write.expectedSeq;
    for (const event of write.events) {
      seq += 1;
      this.writeEvent(jobNo, seq, event);
      if (event.type === 'TASKS_ADDED') {
        firstNew = Math.min(firstNew, event.from);
        for (const spec of event.specs) this.writeSpec(jobNo, spec, event.at);
      }
    }
    return firstNew;
  }

  private writeEvent(jobNo: number, seq: number, event: JobEvent): void {
    const { task, data, text } = encodeEvent(event);
    const isLong = text !== null && text.bytes > INLINE_BYTES;
    this.insertEvent.run(jobNo, seq, eventTypes.toIndex(event.type), task, event.at, event.actor, data, isLong ? null : text && text.json);
    if (isLong) this.insertPayload.run(jobNo, PAYLOAD_KINDS.event, seq, text.json);
    this.writeBeside(jobNo, seq, event);
  }

  /** What an event changes beside the rows of its job and its tasks. */
  private writeBeside(jobNo: number, seq: number, event: JobEvent): void {
    switch (event.type) {
      case 'TASK_STEP_RECORDED':
        this.upsertStep.run(jobNo, event.task, event.generation, memoName(event.kind, event.name), seq);
        return;
      case 'HUMAN_REQUESTED':
        this.requests.insert(jobNo, event);
        return;
      case 'HUMAN_ANSWERED':
        this.requests.close(jobNo, event.request, 'ANSWERED', event.at, seq);
        this.upsertStep.run(jobNo, event.task, event.generation, memoName('ask', event.name), seq);
        return;
      case 'HUMAN_EXPIRED':
        if (event.action === 'pause') return this.requests.forgetDeadline(jobNo, event.request);
        this.requests.close(jobNo, event.request, 'EXPIRED', event.at, seq);
        this.upsertStep.run(jobNo, event.task, event.generation, memoName('ask', event.name), seq);
        return;
      case 'HUMAN_WITHDRAWN':
        for (const request of event.requests) this.requests.close(jobNo, request, 'WITHDRAWN', event.at, seq);
        return;
      case 'HOLD_PLACED':
        if (event.task === 0) this.requests.giveHold(jobNo, event.request ?? 0);
        return;
      case 'HOLD_LIFTED':
        if (event.task === 0) this.requests.giveHold(jobNo, 0);
        return;
      case 'DEPENDENCY_ADDED':
        this.addDependency(jobNo, seq, event);
        return;
      default:
    }
  }

  private addDependency(jobNo: number, since: number, { task, on, mode }: DependencyAdded): void {
    const { dependencies } = this.selectDependencies.get(jobNo, task) as { dependencies: string | null };
    this.updateDependencies.run(encodeDependencies([...decodeDependencies(dependencies), { on, mode, since }]), jobNo, task);
  }

  private writeSpec(jobNo: number, spec: Parameters<typeof encodeSpec>[0], at: number): void {
    const { row, longInput } = encodeSpec(spec);
    this.insertSpec.run(
      jobNo,
      row.no,
      row.key,
      row.name,
      row.type,
      row.parent,
      row.agent,
      row.kind,
      row.priority,
      row.strategy,
      row.origin,
      row.dependencies,
      row.input,
      row.details,
      at,
    );
    if (longInput !== null) this.insertPayload.run(jobNo, PAYLOAD_KINDS.input, row.no, longInput);
  }
}

function runTask(statement: SqliteStatement, jobNo: number, task: TaskWrite, at: number): void {
  statement.run(
    taskStatuses.toIndex(task.status),
    task.reason === null ? null : statusReasons.toIndex(task.reason),
    task.causedBy,
    task.generation,
    task.attempt,
    task.fence,
    task.strikes,
    task.rounds,
    task.availableAt,
    task.startedAt,
    task.finishedAt,
    encodeOutput(task.output),
    task.noteSeq,
    task.progress,
    attemptReasons.toIndex(task.nextReason),
    task.readyAt,
    task.conditionFalse ? 1 : 0,
    task.rejections,
    task.feedbackSeq,
    task.held ? 1 : 0,
    at,
    jobNo,
    task.no,
  );
}

/** Most writes of most tasks: binding a value costs about as much as changing it. */
function runPlainTask(statement: SqliteStatement, jobNo: number, task: TaskWrite, at: number): void {
  statement.run(
    taskStatuses.toIndex(task.status),
    task.reason === null ? null : statusReasons.toIndex(task.reason),
    task.attempt,
    task.fence,
    task.startedAt,
    task.finishedAt,
    encodeOutput(task.output),
    task.noteSeq,
    task.progress,
    task.readyAt,
    at,
    jobNo,
    task.no,
  );
}

function toInteger(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}
