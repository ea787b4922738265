import { evolve } from '../machine/evolve.js';
import { wakeAt, type JobState, type TaskState } from '../machine/job-state.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import type { CommittedJob } from './committed.js';
import { takeTouched } from './take-touched.js';

/** A change is told once more where it was made so shortly before a job was first looked at. */
const LATELY_MS = 10_000;

/**
 * Applies what another engine has written of a job in memory. Its rows are in the store, and what had to follow from its
 * events was decided with them.
 *
 * @returns what to tell of it
 */
export function takeOver(state: JobState, events: readonly JobEvent[]): CommittedJob {
  const firstSeq = state.lastSeq + 1;
  for (const event of events) evolve(state, event);
  state.agenda.length = 0;
  return told(
    state,
    events,
    firstSeq,
    takeTouched(state).map(({ no }) => no),
  );
}

/** What to tell of a job that was read from the store after others had written `events`, its last. */
export function readAgain(state: JobState, events: readonly JobEvent[]): CommittedJob {
  const since = events[0]?.at ?? state.lastAt - LATELY_MS;
  const tasks = state.tasks.filter((task) => mayHaveMoved(task, since)).map(({ no }) => no);
  return told(state, events, state.lastSeq - events.length + 1, tasks);
}

/** A job that has ended and nobody here knows begins with its last reopening: what was before was told in its time. */
export function sinceReopened(events: readonly JobEvent[]): readonly JobEvent[] {
  for (let index = events.length - 1; index > 0; index -= 1) if (events[index]!.type === 'JOB_REOPENED') return events.slice(index);
  return events;
}

/** Rows do not tell when they were last written: what waits for nothing but others, or ended long before, has not moved. */
function mayHaveMoved({ status, held, readyAt, startedAt, finishedAt }: TaskState, since: number): boolean {
  if (status === 'READY' || status === 'IN_PROGRESS' || status === 'BLOCKED' || held) return true;
  return Math.max(readyAt, startedAt, finishedAt) >= since;
}

function told(state: JobState, events: readonly JobEvent[], firstSeq: number, tasks: readonly number[]): CommittedJob {
  return {
    jobId: state.id,
    tenant: state.tenant,
    created: null,
    events,
    firstSeq,
    tasks,
    ended: isTerminalJob(state.status),
    wakeAt: wakeAt(state),
    standing: (no) => state.tasks[no],
    keyOf: (no) => state.tasks[no]?.key ?? null,
  };
}
