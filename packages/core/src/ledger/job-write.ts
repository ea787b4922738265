import { newWriteToken } from '../kernel/ids.js';
import { isPlainRow, shownStatus, wakeAt, type JobState, type TaskState } from '../machine/job-state.js';
import type { JobEvent } from '../model/event.js';
import type { JobCreation, JobWrite } from '../ports/store.js';

/** What a flush has to write of one job: its state after the events, and the events. Takes the job's touched tasks. */
export function createJobWrite(state: JobState, expectedSeq: number, events: readonly JobEvent[], created: JobCreation | null): JobWrite {
  const touched: TaskState[] = [];
  state.touched.forEach((no) => touched.push(state.tasks[no]!));
  touched.sort((a, b) => a.no - b.no);
  state.touched.clear();
  // What has changed once is written from then on: it may have changed back since the last write.
  for (const task of touched) task.isPlain = task.isPlain && isPlainRow(task);
  return {
    jobId: state.id,
    expectedSeq,
    token: newWriteToken(),
    row: {
      status: shownStatus(state),
      success: state.success,
      generation: state.generation,
      lastSeq: state.lastSeq,
      startedAt: state.startedAt,
      finishedAt: state.finishedAt,
      noteSeq: state.noteSeq,
      wakeAt: wakeAt(state),
      counts: state.counts,
      begun: state.begun,
      requestCount: state.requestCount,
    },
    events,
    tasks: touched,
    ...(created ? { created } : undefined),
  };
}
