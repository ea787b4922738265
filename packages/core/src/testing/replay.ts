import { createStore, type StoreOptions } from '../engine/store-options.js';
import { evolve } from '../machine/evolve.js';
import { createJobState, shownStatus } from '../machine/job-state.js';
import type { JobStatus } from '../model/job.js';
import type { StatusReason, TaskStatus } from '../model/task.js';
import { completeStoreOptions } from './complete-store-options.js';

export interface ReplayedTask {
  readonly key: string;
  readonly status: TaskStatus;
  readonly reason: StatusReason | null;
  readonly generation: number;
  readonly attempt: number;
}

/** A job as its events tell it. */
export interface ReplayedJob {
  readonly status: JobStatus;
  /** The last event that was applied. */
  readonly seq: number;
  readonly tasks: readonly ReplayedTask[];
}

/**
 * Where a job stood after its `upTo`-th event (default: its last one), told by its history alone. Throws where the history
 * makes a move that the state machine does not have. A SQLite file must not be in use by an engine; a schema of PostgreSQL may.
 */
export async function replay(options: StoreOptions, jobId: string, upTo = Number.POSITIVE_INFINITY): Promise<ReplayedJob | null> {
  const store = createStore(completeStoreOptions(options));
  await store.open();
  try {
    const stored = await store.history(jobId);
    if (!stored) return null;
    const state = createJobState(stored.spec);
    for (const event of stored.events.slice(0, upTo)) {
      evolve(state, event);
      // What followed is in the history, too.
      state.agenda.length = 0;
      state.becameReady.length = 0;
    }
    return {
      status: shownStatus(state),
      seq: state.lastSeq,
      tasks: state.tasks.map(({ key, status, reason, generation, attempt }) => ({ key, status, reason, generation, attempt })),
    };
  } finally {
    await store.close();
  }
}
