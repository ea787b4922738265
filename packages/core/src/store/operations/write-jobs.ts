import type { Steps } from '../../kernel/steps.js';
import type { JobEvent } from '../../model/event.js';
import type { JobSpec } from '../../model/job.js';
import type { JobCreation, JobWrite, TaskWrite } from '../../ports/store.js';
import { encodeEvent, eventTypes } from '../codec/event-codec.js';
import { attemptReasons, encodeCounts, encodeOutput, jobStatuses, statusReasons, taskStatuses } from '../codec/row-codec.js';
import { memoName } from '../codec/memo-name.js';
import { encodeDependency, encodeSpec, strategies } from '../codec/spec-codec.js';
import type { JobRows, RowSink } from '../sql/job-rows.js';
import type { RowStatement } from '../sql/statement.js';
import { JOB_CHANGES, JOB_ROWS } from './job-statements.js';
import { TASK_COST_ROW } from './task-costs.js';
import { RequestWriter } from './write-requests.js';
import { INLINE_BYTES, PAYLOAD_KINDS } from '../tables/table-names.js';

/** So many rows make a step. */
const ROWS_PER_STEP = 128;

/** Writes what commits hold, row by row. `compare-and-append`: a job's rows stand only on the event they were decided on. */
export class JobWriter {
  private readonly insertJobSpec: RowSink;
  private readonly insertTask: RowSink;
  private readonly insertPlainTask: RowSink;
  private readonly insertSpec: RowSink;
  private readonly updateTask: RowSink;
  private readonly updatePlainTask: RowSink;
  private readonly insertEvent: RowSink;
  private readonly insertPayload: RowSink;
  private readonly upsertStep: RowSink;
  private readonly addDependency: RowSink;
  private readonly upsertCost: RowSink;
  private readonly requests: RequestWriter;

  /** `events`: how an event is written, with or without the engine's number. */
  constructor(
    private readonly rows: JobRows,
    events: RowStatement,
  ) {
    this.requests = new RequestWriter(rows);
    this.insertJobSpec = rows.sink(JOB_ROWS.jobSpec);
    this.insertTask = rows.sink(JOB_ROWS.newTask);
    this.insertPlainTask = rows.sink(JOB_ROWS.newPlainTask);
    this.updateTask = rows.sink(JOB_ROWS.task);
    this.updatePlainTask = rows.sink(JOB_ROWS.plainTask);
    this.insertSpec = rows.sink(JOB_ROWS.taskSpec);
    this.insertEvent = rows.sink(events);
    this.insertPayload = rows.sink(JOB_ROWS.payload);
    this.upsertStep = rows.sink(JOB_ROWS.step);
    this.addDependency = rows.after(JOB_CHANGES.addDependency);
    this.upsertCost = rows.sink(TASK_COST_ROW);
  }

  /**
   * Writes one job's part of a flush, inside the caller's transaction. `jobNo` is `null` for a new job.
   *
   * @returns the job's number
   * @throws TaskloomError `STORE_CONFLICT`; IdempotencyTakenError
   */
  *write(write: JobWrite, jobNo: number | null): Steps<number> {
    const no = write.created ? this.create(write, write.created) : this.append(write, jobNo!);
    const at = write.events.length > 0 ? write.events[write.events.length - 1]!.at : 0;
    const firstNew = yield* this.writeEvents(no, write);
    let rows = 0;
    for (const task of write.tasks) {
      if ((rows += 1) % ROWS_PER_STEP === 0) yield;
      const isNew = task.no >= firstNew;
      if (task.isPlain) runPlainTask(isNew ? this.insertPlainTask : this.updatePlainTask, no, task, at);
      else runTask(isNew ? this.insertTask : this.updateTask, no, task, at);
    }
    if (write.costs !== undefined) for (const { task, unit, amount } of write.costs) this.upsertCost.run(no, task, unit, amount);
    return no;
  }

  private create(write: JobWrite, created: JobCreation): number {
    const { spec, idempotency } = created;
    if (idempotency) this.rows.claimKey(spec.tenant, idempotency.key, spec.id, idempotency.bodyHash);
    const { row } = write;
    const no = this.rows.create(
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
      row.work && row.work.done,
      row.work && row.work.total,
    );
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
      spec.carried && JSON.stringify(spec.carried),
      spec.createdAt,
    );
    this.insertPayload.run(no, PAYLOAD_KINDS.jobInput, 0, JSON.stringify(spec.input));
  }

  private append(write: JobWrite, no: number): number {
    const { row } = write;
    this.rows.append(
      write.jobId,
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
      row.work && row.work.done,
      row.work && row.work.total,
      no,
      write.expectedSeq,
    );
    return no;
  }

  /** Returns the number of the first task that the events add; infinity where they add none. */
  private *writeEvents(jobNo: number, write: JobWrite): Steps<number> {
    let firstNew = Number.POSITIVE_INFINITY;
    let seq = write.expectedSeq;
    for (const event of write.events) {
      seq += 1;
      this.writeEvent(jobNo, seq, event);
      if (event.type !== 'TASKS_ADDED') continue;
      firstNew = Math.min(firstNew, event.from);
      for (let index = 0; index < event.specs.length; index += 1) {
        if (index % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield;
        this.writeSpec(jobNo, event.specs[index]!, event.at);
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
        this.addDependency.run(encodeDependency({ on: event.on, mode: event.mode, since: seq }), jobNo, event.task);
        return;
      default:
    }
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
      row.assignee,
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

function runTask(statement: RowSink, jobNo: number, task: TaskWrite, at: number): void {
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
function runPlainTask(statement: RowSink, jobNo: number, task: TaskWrite, at: number): void {
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
