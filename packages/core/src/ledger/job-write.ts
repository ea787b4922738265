import { newWriteToken } from '../kernel/ids.js';
import { changedCosts } from '../machine/costs.js';
import { shownStatus, wakeAt, type JobState } from '../machine/job-state.js';
import type { JobEvent } from '../model/event.js';
import type { JobCreation, JobWrite } from '../ports/store.js';
import { takeTouched } from './take-touched.js';

/** What a flush has to write of one job: its state after the events, and the events. Takes the job's touched tasks. */
export function createJobWrite(state: JobState, expectedSeq: number, events: readonly JobEvent[], created: JobCreation | null): JobWrite {
  const tasks = takeTouched(state);
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
      work: { done: state.work.done, total: state.work.total },
    },
    events,
    tasks,
    ...(state.costs === null ? undefined : { costs: changedCosts(state, events) }),
    ...(created ? { created } : undefined),
  };
}
