import type { JobState, TaskState } from '../machine/job-state.js';
import { missingFor } from '../machine/missing.js';
import type { AttemptReason } from '../model/task.js';
import type { ReadyTask } from '../ports/dispatcher.js';
import type { Grant } from './committed.js';

const NO_CHILDREN: readonly TaskState[] = [];
const NO_TASKS: readonly number[] = [];

/** Deliveries stand below the objective to hold the job open; they are no part of its work. */
function isCurrent({ reason, origin }: TaskState): boolean {
  return reason !== 'SUPERSEDED' && origin !== 'delivery';
}

/**
 * A class because V8 takes a literal for long-lived when all that it saw of one were in use at once, as the first hundred grants
 * of a job are: from then on each would begin among the old objects, and keep what it refers to until they are collected.
 */
export class StartedTask implements Grant {
  readonly tenant: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly workflow: string | null;
  readonly no: number;
  readonly key: string;
  readonly agent: string;
  readonly attempt: number;
  readonly fence: number;
  readonly startedAt: number;
  readonly generation: number;
  readonly rounds: number;
  readonly dependencies: readonly number[];
  readonly missing: readonly number[];
  readonly keyOf: Grant['keyOf'];
  readonly children: Grant['children'];
  readonly allowedAgents: ReadonlySet<string> | null;
  readonly feedbackSeq: number;

  constructor(
    readonly place: ReadyTask,
    state: JobState,
    task: TaskState,
    readonly reason: AttemptReason,
  ) {
    // A delivery waits for the one before it, and reads nothing of it.
    const reads = task.origin !== 'delivery';
    this.tenant = state.tenant;
    this.jobId = state.id;
    this.jobName = state.name;
    this.workflow = state.workflow;
    this.no = task.no;
    this.key = task.key;
    this.agent = place.agent;
    this.attempt = task.attempt;
    this.fence = task.fence;
    this.startedAt = state.lastAt;
    this.generation = task.generation;
    this.rounds = task.rounds;
    this.dependencies = reads ? task.dependencies : NO_TASKS;
    this.missing = reads ? missingFor(state, task) : NO_TASKS;
    this.keyOf = (no) => state.tasks[no]!.key;
    this.children = () => (task.children.length === 0 ? NO_CHILDREN : task.children.map((no) => state.tasks[no]!).filter(isCurrent));
    this.allowedAgents = state.allowedAgents;
    this.feedbackSeq = task.feedbackSeq;
  }
}
