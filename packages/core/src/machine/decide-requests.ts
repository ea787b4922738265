import { TaskloomError } from '../errors/taskloom-error.js';
import type { Json } from '../kernel/json.js';
import type { Answer } from '../model/command.js';
import type { Actor, JobEvent } from '../model/event.js';
import { FAILURE_DECISIONS, type FailureDecision } from '../model/human-request.js';
import { failEvents } from './fail-events.js';
import { findFalseConditions } from './find-false-conditions.js';
import type { JobState, TaskState } from './job-state.js';
import { saying } from './saying.js';
import { cancelBelow } from './select-tasks.js';

/** A person answers an open question. The first answer counts; one to a question that reads otherwise by now is refused. */
export function decideAnswer(state: JobState, command: Answer, at: number): JobEvent[] {
  const request = state.requests.get(command.request);
  const about = { details: { jobId: state.id, request: command.request } };
  if (!request) {
    const existed = command.request >= 1 && command.request <= state.requestCount;
    throw existed
      ? new TaskloomError('REQUEST_CLOSED', `Request ${command.request} of job ${state.id} is not open any more.`, about)
      : new TaskloomError('NOT_FOUND', `Job ${state.id} has no request ${command.request}.`, about);
  }
  if (command.hash !== null && command.hash !== request.hash)
    throw new TaskloomError('REQUEST_CHANGED', `Request ${command.request} of job ${state.id} is not the one that was read.`, about);
  const task = state.tasks[request.task]!;
  const { actor, answer, reason } = command;
  const base = { at, actor, task: task.no } as const;
  const answered: JobEvent = {
    type: 'HUMAN_ANSWERED',
    ...base,
    request: request.request,
    name: request.name,
    answer,
    generation: task.generation,
    ...saying(reason),
  };
  if (request.kind === 'failure') return [answered, ...decided(state, task, command.value, actor, at)];
  return request.holdsJob ? [{ type: 'HOLD_LIFTED', at, actor, task: 0 }, answered] : [answered];
}

function decided(state: JobState, task: TaskState, value: Json, actor: Actor, at: number): JobEvent[] {
  const answer = readDecision(value);
  if (!answer)
    throw new TaskloomError('INPUT_SCHEMA', `The answer must be { decision } with one of ${FAILURE_DECISIONS.join(', ')}.`, {
      details: { task: task.key },
    });
  const { no, attempt } = task;
  const error = { code: 'FAILED_BY_PERSON', message: `A person decided to end the job because "${task.key}" failed.` } as const;
  switch (answer.decision) {
    case 'retry':
      return [
        {
          type: 'TASK_RETRY_SCHEDULED',
          at,
          actor,
          task: no,
          attempt,
          error: { ...error, message: 'A person lets it run again.' },
          timedOut: false,
          availableAt: 0,
        },
      ];
    case 'skip':
      return [
        ...cancelBelow(state, task, at),
        {
          type: 'TASK_SKIPPED',
          at,
          actor,
          task: no,
          cause: { reason: 'BY_PERSON', message: 'It failed, and a person let it be skipped.' },
        },
      ];
    case 'abort':
      return failEvents(state, task, { error, timedOut: false, actor, reason: 'BY_PERSON', strategy: 'abort' }, at);
    case 'value': {
      const json = JSON.stringify(answer.value);
      const output = { json, bytes: Buffer.byteLength(json) };
      const falseConditions = findFalseConditions(state, task, answer.value);
      return [
        ...cancelBelow(state, task, at),
        {
          type: 'TASK_COMPLETED',
          at,
          actor,
          task: no,
          attempt,
          output,
          summary: null,
          falseConditions,
          recovered: { ...error, message: 'It failed; a person gave the output.' },
        },
      ];
    }
  }
}

/** `{ decision, value? }`, or `null` where it is something else. */
export function readDecision(answer: Json): { readonly decision: FailureDecision; readonly value: Json } | null {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return null;
  const { decision, value = null } = answer as { decision?: Json; value?: Json };
  const known = FAILURE_DECISIONS.find((candidate) => candidate === decision);
  return known ? { decision: known, value } : null;
}
