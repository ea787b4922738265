import { isTaskloomError } from '../errors/taskloom-error.js';
import { AGENTS_OF_THE_ENGINE } from '../graph/engine-agents.js';
import { step } from '../machine/decide.js';
import { STRIKES_BEFORE_ALONE } from '../machine/decide-failure.js';
import type { MachineLimits } from '../machine/machine-limits.js';
import { isHeld, type JobState } from '../machine/job-state.js';
import type { Command } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { JobCreation, JobWrite } from '../ports/store.js';
import type { Grant } from './committed.js';
import { criticalPathOf } from './critical-path-of.js';
import { createJobWrite } from './job-write.js';
import { StartedTask } from './started-task.js';
import type { UnwrittenCosts } from './unwritten-costs.js';

/** A new job, decided. */
export interface NewJob {
  readonly state: JobState;
  readonly events: JobEvent[];
}

/** A command in the queue, and who waits for its answer. */
export class Entry {
  /** After failing together with others, it is tried alone. */
  alone = false;
  /** How often others have written the job between its decision and its write. */
  conflicts = 0;

  constructor(
    readonly jobId: string,
    readonly command: Command,
    readonly created: JobCreation | null,
    /** What was decided of a large new job before it came here; it stands for one try. */
    public decided: NewJob | null,
    /** `null` where nobody waits for the events. */
    readonly resolve: ((events: readonly JobEvent[]) => void) | null,
    readonly reject: (error: unknown) => void,
  ) {}
}

/** What somebody will be told when it is durable. */
export interface Answer {
  readonly resolve: (events: readonly JobEvent[]) => void;
  readonly events: readonly JobEvent[];
}

/** What is decided for one job, before it is written. */
export interface DecidedJob {
  readonly state: JobState;
  /** The job's last event before this flush. */
  readonly expectedSeq: number;
  readonly events: JobEvent[];
  readonly entries: Entry[];
  readonly answers: Answer[];
  readonly created: JobCreation | null;
}

/** How a command was taken: `defect` means that the job's state can no longer be trusted. */
export type Taken = 'decided' | 'refused' | 'defect';

/**
 * The decisions of one flush: commands one by one, each on the state the one before has left, then the start of ready tasks
 * for which there is room. Nothing is written here, and nobody is answered.
 */
export class Flush {
  readonly jobs = new Map<string, DecidedJob>();
  readonly grants: Grant[] = [];

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly limits: MachineLimits,
    private readonly now: number,
    private readonly costs: UnwrittenCosts,
  ) {}

  /** Decides a command. One that the state does not permit rejects its caller at once, and has changed nothing. */
  decide(entry: Entry, state: JobState): Taken {
    const job = this.jobOf(state, entry.created);
    try {
      const events = entry.decided?.events ?? step(state, entry.command, this.limits, this.timeOf(state), this.costs.of(state.id));
      entry.decided = null;
      for (const event of events) job.events.push(event);
      job.entries.push(entry);
      if (entry.resolve !== null) job.answers.push({ resolve: entry.resolve, events });
      offerReady(state, this.dispatcher);
      return 'decided';
    } catch (error) {
      entry.reject(error);
      return isTaskloomError(error) && error.code !== 'INTERNAL' ? 'refused' : 'defect';
    }
  }

  /** Takes a job's decisions back out. */
  forget(jobId: string): DecidedJob | undefined {
    const job = this.jobs.get(jobId);
    this.jobs.delete(jobId);
    return job;
  }

  /**
   * Starts ready tasks while there is room. Looks at no more than `max`: of a job that was cancelled, all may be in line that
   * have nothing left to do.
   *
   * @returns whether there may be more to start
   */
  startReady(stateOf: (jobId: string) => JobState | undefined, max: number): boolean {
    for (let looked = 0; looked < max; looked += 1) {
      const place = this.dispatcher.take();
      if (!place) return false;
      const state = stateOf(place.jobId);
      const task = state?.tasks[place.no];
      if (
        !state ||
        task?.status !== 'READY' ||
        state.status !== 'RUNNING' ||
        task.availableAt > this.timeOf(state) ||
        isHeld(state, task.no)
      ) {
        this.dispatcher.release(place, 'never-started');
        continue;
      }
      const job = this.jobOf(state, null);
      const reason = task.nextReason;
      for (const event of step(state, { kind: 'claim', task: task.no }, this.limits, this.timeOf(state))) job.events.push(event);
      this.grants.push(new StartedTask(place, state, task, reason));
    }
    return true;
  }

  /** Jobs for which something has to be written. */
  changed(): DecidedJob[] {
    return [...this.jobs.values()].filter(({ events }) => events.length > 0);
  }

  /** Within a job time never goes back, even where the clock does. */
  private timeOf({ lastAt }: JobState): number {
    return Math.max(this.now, lastAt);
  }

  private jobOf(state: JobState, created: JobCreation | null): DecidedJob {
    let job = this.jobs.get(state.id);
    if (!job)
      this.jobs.set(state.id, (job = { state, expectedSeq: created ? 0 : state.lastSeq, events: [], entries: [], answers: [], created }));
    return job;
  }
}

/** What the store has to write of a job. */
export function writeOf({ state, expectedSeq, events, created }: DecidedJob): JobWrite {
  return createJobWrite(state, expectedSeq, events, created);
}

/** Puts what has become ready in line. */
export function offerReady(state: JobState, dispatcher: Dispatcher): void {
  if (state.becameReady.length === 0) return;
  for (const no of state.becameReady) {
    const task = state.tasks[no]!;
    // What is held is offered again when the hold is lifted.
    if (task.status !== 'READY' || isHeld(state, no)) continue;
    dispatcher.offer({
      jobId: state.id,
      no,
      agent: task.agent ?? AGENTS_OF_THE_ENGINE.rollUp,
      priority: task.priority,
      readyAt: task.readyAt,
      maxParallelInJob: state.maxParallel,
      deadline: task.extras !== null && task.extras.deadline > 0 ? task.extras.deadline : null,
      criticalPath: criticalPathOf(state, no),
      alone: task.strikes >= STRIKES_BEFORE_ALONE,
      demands: task.demands,
    });
  }
  state.becameReady.length = 0;
}
