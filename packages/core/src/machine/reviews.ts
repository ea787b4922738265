import { freeKey } from '../kernel/free-key.js';
import type { Json } from '../kernel/json.js';
import type { Actor, JobEvent } from '../model/event.js';
import { PLAIN_TASK, type TaskSpec } from '../model/task.js';
import { askPerson, recover } from './fail-events.js';
import type { JobState, TaskState } from './job-state.js';
import { openRequests, withdraw } from './requests.js';
import { addedBelow, cancelBelow } from './select-tasks.js';

/** Asks the reviewing agent, where there is one; a person is asked by the task's standing at WAITING_REVIEW. */
export function reviewRequest(state: JobState, task: TaskState, at: number): JobEvent[] {
  const review = task.extras?.review;
  if (review?.by !== 'agent' || review.agent === undefined) return [];
  const spec = reviewTask(state, task, review.agent);
  return [{ type: 'TASKS_ADDED', at, actor: 'engine', from: spec.no, count: 1, by: task.no, specs: [spec] }];
}

/** The reviewing agent gets `{ task, acceptanceCriteria, output }` and returns `{ accepted, feedback? }`. */
function reviewTask(state: JobState, task: TaskState, agent: string): TaskSpec {
  return {
    ...PLAIN_TASK,
    no: state.tasks.length,
    key: freeKey(`${task.key}.review`.slice(-150), (key) => state.numberOf.has(key)),
    type: 'SUBTASK',
    parent: task.no,
    agent,
    name: `Review of ${task.key}`,
    priority: task.priority,
    // A reviewer that fails leaves the decision to a person.
    strategy: 'continue',
    input: {
      value: { task: task.key, acceptanceCriteria: task.extras?.acceptanceCriteria ?? null, output: null },
      refs: [{ at: '/output', task: task.no, path: '' }],
    },
    origin: 'review',
  };
}

/**
 * What a reviewing agent's output means for the task above it; nothing where it is no verdict, or nobody waits for one. It
 * counts when it is returned, as a person's word does; what the reviewer has open below it ends with that.
 */
export function judged(state: JobState, reviewer: TaskState, output: Json | undefined, at: number): JobEvent[] {
  const task = state.tasks[reviewer.parent ?? 0]!;
  const verdict = readVerdict(output);
  if (!verdict || task.reason !== 'WAITING_REVIEW') return [];
  const ended = reviewer.openChildren === 0 ? reviewer.no : task.no;
  return verdict.accepted
    ? [...cancelBelow(state, task, at, ended), accept(task.no, 'agent', verdict.feedback, at)]
    : reject(state, task, verdict.feedback ?? 'The reviewer did not accept the output.', 'agent', at, ended);
}

/** `{ accepted: boolean, feedback?: string }`, or `null` where the value is something else. */
export function readVerdict(value: Json | undefined): { readonly accepted: boolean; readonly feedback: string | null } | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { accepted, feedback } = value as { accepted?: Json; feedback?: Json };
  if (typeof accepted !== 'boolean') return null;
  return { accepted, feedback: typeof feedback === 'string' ? feedback : null };
}

export function accept(task: number, actor: Actor, message: string | null, at: number): JobEvent {
  return { type: 'TASK_ACCEPTED', at, actor, task, message };
}

/**
 * Another attempt with the feedback while the policy permits one. After that the task is REJECTED, unless something stands
 * in for it, or a person is to decide: then it is dealt with like any other failure.
 */
export function reject(state: JobState, task: TaskState, message: string, actor: Actor, at: number, ended = task.no): JobEvent[] {
  const rejections = task.rejections + 1;
  const final = rejections > (task.extras?.review?.maxRejections ?? 0);
  const { no } = task;
  if (!final) {
    const superseded = addedBelow(state, task);
    const unasked = withdraw(state, state.requests.size === 0 ? [] : superseded.flatMap((added) => openRequests(state, added)), at);
    return [...unasked, { type: 'TASK_REJECTED', at, actor, task: no, message, final, rejections, superseded }];
  }
  const failure = { error: { code: 'TASK_REJECTED', message }, timedOut: false, actor } as const;
  const below = cancelBelow(state, task, at, ended);
  const instead = recover(state, task, failure, at) ?? askPerson(state, task, failure, at);
  if (instead) return [...below, ...instead];
  return [...below, { type: 'TASK_REJECTED', at, actor, task: no, message, final, rejections, superseded: [] }];
}
