import type { HumanRequested } from '../../model/event.js';
import type { RequestStatus } from '../../model/human-request.js';
import { encodeRequestData, requestKinds, requestStatuses, timeoutActions } from '../codec/request-codec.js';
import type { JobRows, RowSink } from '../sql/job-rows.js';
import { JOB_CHANGES } from './job-statements.js';

/** Questions to people, written with the events that open and close them. */
export class RequestWriter {
  private readonly insertRow: RowSink;
  private readonly closeRow: RowSink;
  private readonly clearDeadline: RowSink;
  private readonly setHold: RowSink;

  constructor(rows: JobRows) {
    this.insertRow = rows.after(JOB_CHANGES.openRequest);
    this.closeRow = rows.after(JOB_CHANGES.closeRequest);
    this.clearDeadline = rows.after(JOB_CHANGES.forgetDeadline);
    this.setHold = rows.after(JOB_CHANGES.giveHold);
  }

  insert(jobNo: number, { request, task, ask, at }: HumanRequested): void {
    const { kind, name, deadline, onTimeout, hash, assignee } = ask;
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
      assignee,
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
