import { requestIdOf, taskIdOf } from '../../kernel/ids.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import { REQUEST_KINDS, REQUEST_STATUSES, TIMEOUT_ACTIONS, type NewRequest } from '../../model/human-request.js';
import type { HumanRequestView } from '../../model/views.js';
import type { StoredRequest } from '../../ports/store.js';
import { indexed } from './indexed.js';

export const requestKinds = indexed(REQUEST_KINDS);
export const requestStatuses = indexed(REQUEST_STATUSES);
export const timeoutActions = indexed(TIMEOUT_ACTIONS);

interface RequestData {
  readonly question: string;
  readonly about: JsonObject | null;
  readonly schema: JsonObject | null;
}

export function encodeRequestData({ question, about, schema }: NewRequest): string {
  return JSON.stringify({ question, about, schema } satisfies RequestData);
}

export interface RequestRow {
  readonly no: number;
  readonly task: number;
  readonly kind: number;
  readonly name: string;
  readonly status: number;
  readonly deadline: number | null;
  readonly on_timeout: number;
  readonly hash: string;
  readonly data: string;
  readonly created_at: number;
  readonly closed_at: number | null;
  readonly holds_job: number;
  readonly assignee: string | null;
}

export function decodeRequest(row: RequestRow): StoredRequest {
  const { no: request, task, name, deadline, hash } = row;
  return {
    request,
    task,
    kind: requestKinds.fromIndex(row.kind),
    name,
    deadline,
    onTimeout: timeoutActions.fromIndex(row.on_timeout),
    hash,
    holdsJob: row.holds_job === 1,
  };
}

/** A request joined with its job, its task and the event that closed it. */
export interface RequestViewRow extends RequestRow {
  readonly job_no: number;
  readonly job_id: string;
  readonly task_key: string;
  readonly actor: string | null;
  readonly answer: string | null;
}

export function toRequestView(row: RequestViewRow): HumanRequestView {
  const { question, about, schema } = JSON.parse(row.data) as RequestData;
  const { request, kind, name, deadline, onTimeout, hash } = decodeRequest(row);
  const status = requestStatuses.fromIndex(row.status);
  const isAnswered = status === 'ANSWERED';
  return {
    id: requestIdOf(row.job_id, request),
    jobId: row.job_id,
    taskId: taskIdOf(row.job_id, row.task),
    taskKey: row.task_key,
    kind,
    name,
    question,
    about,
    schema,
    status,
    deadline,
    onTimeout,
    hash,
    createdAt: row.created_at,
    closedAt: row.closed_at,
    answer: isAnswered && row.answer !== null ? (JSON.parse(row.answer) as Json) : null,
    answeredBy: isAnswered ? row.actor : null,
    assignee: row.assignee,
  };
}
