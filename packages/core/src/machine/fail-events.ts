import type { StoredError } from '../errors/serialize-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import type { JsonObject } from '../kernel/json.js';
import type { Actor, JobEvent } from '../model/event.js';
import { FAILURE_DECISIONS, type NewRequest } from '../model/human-request.js';
import type { StatusReason } from '../model/task.js';
import { findFalseConditions } from './find-false-conditions.js';
import type { JobState, TaskState } from './job-state.js';
import { openRequests, withdraw } from './requests.js';
import { cancelBelow } from './select-tasks.js';

export interface FinalFailure {
  readonly error: StoredError;
  readonly timedOut: boolean;
  readonly actor: Actor;
  readonly reason?: Extract<StatusReason, 'BY_PERSON' | 'DEADLINE_PASSED'>;
  readonly strategy?: 'abort';
}

/**
 * What a task's final failure comes to: something stands in for its output, a person is asked, or it is FAILED and its
 * strategy decides about the rest of the job.
 */
export function failEvents(state: JobState, task: TaskState, failure: FinalFailure, at: number): JobEvent[] {
  const below = cancelBelow(state, task, at);
  return [...below, ...(recover(state, task, failure, at) ?? askPerson(state, task, failure, at) ?? fail(task, failure, at))];
}

/** What stands in for the output of a task that has failed; `null` where nothing does. */
export function recover(
  state: JobState,
  task: TaskState,
  { error, timedOut, actor, strategy }: FinalFailure,
  at: number,
): JobEvent[] | null {
  const recovery = task.extras?.recovery ?? null;
  if (recovery === null || strategy === 'abort') return null;
  const { no, attempt } = task;
  if (recovery.kind === 'use-value') {
    const json = JSON.stringify(recovery.value);
    const output = { json, bytes: Buffer.byteLength(json) };
    const falseConditions = findFalseConditions(state, task, recovery.value);
    return [{ type: 'TASK_COMPLETED', at, actor, task: no, attempt, output, summary: null, falseConditions, recovered: error }];
  }
  const fallback = state.tasks[recovery.task]!;
  if (fallback.status !== 'DORMANT') return null;
  const unasked = withdraw(state, openRequests(state, no), at);
  return [...unasked, { type: 'TASK_REROUTED', at, actor, task: no, attempt, error, timedOut, to: fallback.no }];
}

/** Asks a person what becomes of it; `null` where nobody is to be asked. */
export function askPerson(state: JobState, task: TaskState, failure: FinalFailure, at: number): JobEvent[] | null {
  const { error, actor, reason, strategy } = failure;
  if (task.strategy !== 'ask' || strategy === 'abort' || reason !== undefined) return null;
  const cause = { reason: 'WAITING_HUMAN', message: 'A person decides what becomes of it.', error } as const;
  return [
    { type: 'TASK_PARKED', at, actor, task: task.no, cause },
    { type: 'HUMAN_REQUESTED', at, actor: 'engine', task: task.no, request: state.requestCount + 1, ask: failureQuestion(task, error) },
  ];
}

function fail(task: TaskState, { error, timedOut, actor, reason, strategy }: FinalFailure, at: number): JobEvent[] {
  const { no, attempt } = task;
  const aborts = strategy === 'abort' || task.strategy === 'ask';
  return [
    {
      type: 'TASK_FAILED',
      at,
      actor,
      task: no,
      attempt,
      error,
      timedOut,
      ...(reason === undefined ? undefined : { reason }),
      ...(aborts ? ({ strategy: 'abort' } as const) : undefined),
    },
  ];
}

const DECISION_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    decision: { enum: [...FAILURE_DECISIONS], description: 'What becomes of the task.' },
    value: { description: 'With the decision "value": stands in for the output.' },
  },
  required: ['decision'],
  additionalProperties: false,
};

function failureQuestion(task: TaskState, error: StoredError): NewRequest {
  const about = { task: task.key, error: { code: error.code, message: error.message } };
  const question = `"${task.key}" failed: ${error.message} What becomes of it?`;
  return {
    kind: 'failure',
    name: `failure-${task.generation}`,
    question,
    about,
    schema: DECISION_SCHEMA,
    deadline: null,
    onTimeout: 'pause',
    assignee: task.extras?.assignee ?? null,
    hash: hashJson({ question, about }),
  };
}
