import type { HumanRequested } from '../../model/event.js';
import type { RequestStatus } from '../../model/human-request.js';
import { encodeRequestData, requestKinds, requestStatuses, timeoutActions } from '../codec/request-codec.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
import { TABLES } from '../tables/table-names.js';

/** Questions to people, written with the events that open and close them. */
export class RequestWriter {
  private readonly insertRow: SqliteStatement;
  private readonly closeRow: SqliteStatement;
  private readonly clearDeadline: SqliteStatement;
  private readonly setHold: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.insertRow = database.prepare(
      `INSERT INTO ${TABLES.request} (job_no, no, task, kind, name, status, deadline, on_timeout, hash, data, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
    );
    this.closeRow = database.prepare(`UPDATE ${TABLES.request} SET status = ?, closed_at = ?, closed_seq = ? WHERE job_no = ? AND no = ?`);
    this.clearDeadline = database.prepare(`UPDATE ${TABLES.request} SET deadline = NULL WHERE job_no = ? AND no = ?`);
    this.setHold = database.prepare(
      `UPDATE ${TABLES.request} SET holds_job = (no = ?) WHERE job_no = ? AND (holds_job = 1 OR no = ?) AND status = ${requestStatuses.toIndex('OPEN')}`,
    );
  }

  insert(jobNo: number, { request, task, ask, at }: HumanRequested): void {
    const { kind, name, deadline, onTimeout, hash } = ask;
    const status = requestStatuses.toIndex('OPEN');
    this.insertRow.run(
      jobNo,
      request,
      task,
      requestKinds.toIndex(kind),
      name,
      status,
      deadline,
      timeoutActions.toIndex(onTimeout),
      hash,
      encodeRequestData(ask),
      at,
    );
  }

  close(jobNo: number, request: number, status: RequestStatus, at: number, seq: number): void {
    this.closeRow.run(requestStatuses.toIndex(status), at, seq, jobNo, request);
  }

  /** The hold on the job belongs to this question, or, as 0, to none. */
  giveHold(jobNo: number, request: number): void {
    this.setHold.run(request, jobNo, request);
  }

  forgetDeadline(jobNo: number, request: number): void {
    this.clearDeadline.run(jobNo, request);
  }
}
