import type { ErrorCode, EventView, HumanRequestView, JobView, Json, JsonObject, StoredError, TaskReport, TaskView } from '@taskloom/core';
import { taskIdOf } from '@taskloom/core/internal';

/**
 * What a caller that may not see every task is told. What the engine has written about other tasks is told where those may
 * be seen; where that cannot be known cheaply, this stands in its place. What agents and people wrote stays as it is.
 */
export const UNTOLD = 'Told only to whoever may see every task that it has to do with.';

/** Of these the engine writes about the task alone. */
const OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AGENT_ANSWER_INVALID',
  'AGENT_BUSY',
  'AGENT_FAILED',
  'AGENT_REFUSED',
  'AGENT_TIMEOUT',
  'AGENT_UNAVAILABLE',
  'AGENT_UNREACHABLE',
  'BATCH_RESULT_INVALID',
  'DEADLINE_EXCEEDED',
  'EGRESS_BLOCKED',
  'FAILED_BY_PERSON',
  'HEADER_INVALID',
  'HUMAN_TIMEOUT',
  'INPUT_NOT_JSON',
  'INPUT_SCHEMA',
  'INPUT_TOO_LARGE',
  'JOB_CANCELLED',
  'JOB_TIMEOUT',
  'OUTPUT_NOT_JSON',
  'OUTPUT_SCHEMA',
  'OUTPUT_TOO_LARGE',
  'PLUGIN_FAILED',
  'PLUGIN_VETO',
  'PROCESS_DIED',
  'RESPONSE_TOO_LARGE',
  'STEP_NAME_REUSED',
  'TASK_CANCELLED',
  'TASK_FORBIDDEN',
  'TASK_IDLE',
  'TASK_REJECTED',
  'TASK_TIMEOUT',
]);

/** The engine's words where a fallback has failed as well. */
const NAMES_FALLBACK = /, and its fallback ".*" is [A-Z_]+\.$/s;

const SINGLE = ['by', 'on', 'to', 'outputOf', 'cachedFrom'] as const;
const LISTS = ['tasks', 'superseded', 'falseConditions', 'waitFor'] as const;

type Sees = ReadonlySet<string>;

/** Causes are left out: what an agent throws may have another task's error behind it. */
export function toldError<Stored extends StoredError | null>(error: Stored): Stored | StoredError {
  if (error === null) return error;
  const { code, message, name, details } = error;
  if (!OWN.has(code) || NAMES_FALLBACK.test(message)) return { code, message: UNTOLD };
  return { code, message, ...(name === undefined ? undefined : { name }), ...(details === undefined ? undefined : { details }) };
}

/** @param seen the tasks that may have ended the job and that its caller may see */
export function toldJob(job: JobView, seen: readonly TaskView[]): JobView {
  return {
    ...job,
    error: toldJobError(
      job.error,
      seen.map(({ key }) => key),
    ),
  };
}

/** The engine names in it the task that has ended the job, and no other but in its causes. */
function toldJobError<Stored extends StoredError | null>(error: Stored, seenKeys: readonly string[]): Stored | StoredError {
  const named = error?.details?.['taskKey'];
  if (error?.code !== 'JOB_FAILED' || typeof named !== 'string' || !seenKeys.includes(named)) return toldError(error);
  const { code, message, details } = error;
  return { code, message, ...(details === undefined ? undefined : { details }) };
}

/** Ids of the tasks that a task's view tells of. */
export function namedByTask({ jobId, causedBy, cachedFrom }: TaskView): readonly string[] {
  return [...(causedBy === null ? [] : [taskIdOf(jobId, causedBy)]), ...(cachedFrom === null ? [] : [cachedFrom])];
}

/** All but its summary, for which all that is below it has to be known. */
export function toldTask(task: TaskView, sees: Sees): TaskView {
  const { jobId, causedBy, cachedFrom } = task;
  const isCauseSeen = causedBy === null || sees.has(taskIdOf(jobId, causedBy));
  return {
    ...task,
    ...toldReason(task, isCauseSeen),
    causedBy: isCauseSeen ? causedBy : null,
    cachedFrom: cachedFrom !== null && sees.has(cachedFrom) ? cachedFrom : null,
  };
}

/** @param told the task as its caller is told of it */
export function toldReport(report: TaskReport, told: TaskView, seesBelow: boolean): TaskReport {
  const { statusMessage, error } = told;
  return {
    ...report,
    statusMessage,
    error,
    summary: toldSummary(report.summary, seesBelow),
    runs: report.runs.map((run) => ({ ...run, error: toldError(run.error) })),
  };
}

export function toldSummary(summary: string | null, seesBelow: boolean): string | null {
  return summary === null || seesBelow ? summary : UNTOLD;
}

/** The question of a task that has failed repeats its error. */
export function toldRequest(request: HumanRequestView): HumanRequestView {
  return { ...request, ...toldQuestion(request.kind, request.question, request.about) };
}

/** Ids of the tasks that an event tells of. */
export function namedByEvent({ taskId, data }: EventView): readonly string[] {
  const costs = listOf(data['costs']).map((entry) => taskOfCost(entry));
  const named = [taskId, ...SINGLE.map((key) => data[key]), ...LISTS.flatMap((key) => listOf(data[key])), ...costs];
  return named.filter((id) => typeof id === 'string');
}

/** Ids of questions that an event tells of and that may be another task's than its own. */
export function requestsNamedBy({ type, data }: EventView): readonly string[] {
  if (type !== 'HUMAN_WITHDRAWN' && type !== 'HOLD_PLACED') return [];
  return [data['request'], ...listOf(data['requests'])].filter((id) => typeof id === 'string');
}

/** What of an event its caller may see. */
export interface EventSight {
  readonly tasks: Sees;
  /** Of those that {@link requestsNamedBy} gives. */
  readonly requests: Sees;
  /** Everything below the event's task, and so its summary. */
  readonly isBelowSeen: boolean;
}

/** `null` for an event about hidden tasks alone. */
export function toldEvent(event: EventView, { tasks: sees, requests, isBelowSeen }: EventSight): EventView | null {
  const isOfHidden = event.taskId !== null && !sees.has(event.taskId);
  // That the job has failed is told of the job: only the task that has ended it is left out.
  if (isOfHidden && event.type !== 'JOB_FAILED') return null;
  const asked = requestsNamedBy(event);
  const told = asked.filter((id) => requests.has(id));
  if (event.type === 'HUMAN_WITHDRAWN' && told.length === 0) return null;
  const isSeen = (id: Json | undefined): boolean => typeof id === 'string' && sees.has(id);
  const { cascade: _numbers, ...rest } = event.data;
  const data: { [key: string]: Json | undefined } = { ...rest };
  for (const key of SINGLE) if (data[key] !== undefined && !isSeen(data[key])) delete data[key];
  for (const key of LISTS) if (Array.isArray(data[key])) data[key] = data[key].filter(isSeen);
  const hidden = listOf(event.data['tasks']).length - listOf(data['tasks']).length;
  if (hidden > 0) {
    const count = Number(event.data['count']) - hidden;
    if (count <= 0) return null;
    data['count'] = count;
  }
  if (Array.isArray(data['costs'])) data['costs'] = data['costs'].filter((entry) => isSeen(taskOfCost(entry)));
  for (const key of ['error', 'recovered']) {
    const error: unknown = data[key];
    if (!isStoredError(error)) continue;
    const ended = event.type === 'JOB_FAILED' && !isOfHidden && event.taskKey !== null ? [event.taskKey] : [];
    data[key] = { ...toldJobError<StoredError>(error, ended) };
  }
  if (typeof data['summary'] === 'string') data['summary'] = toldSummary(data['summary'], isBelowSeen);
  if (data['requests'] !== undefined) data['requests'] = [...told];
  // Nobody answered it in time, which is why the job waits: the reason names it.
  if (event.type === 'HOLD_PLACED' && told.length < asked.length) {
    delete data['request'];
    data['reason'] = UNTOLD;
  }
  const { kind, question, about } = data;
  if (event.type === 'HUMAN_REQUESTED' && typeof question === 'string')
    Object.assign(data, toldQuestion(kind, question, (about ?? null) as JsonObject | null));
  return { ...event, ...(isOfHidden ? { taskId: null, taskKey: null } : undefined), data };
}

function toldReason(
  { statusMessage, error }: Pick<TaskView, 'statusMessage' | 'error'>,
  isCauseSeen: boolean,
): Pick<TaskView, 'statusMessage' | 'error'> {
  const told = toldError(error);
  const repeats = error !== null && told?.message !== error.message && statusMessage?.includes(error.message) === true;
  return { error: told, statusMessage: statusMessage !== null && (repeats || !isCauseSeen) ? UNTOLD : statusMessage };
}

function toldQuestion(kind: Json | undefined, question: string, about: JsonObject | null): { question: string; about: JsonObject | null } {
  const error = about?.['error'];
  if (kind !== 'failure' || !isStoredError(error)) return { question, about };
  const told = toldError(error);
  return told.message === error.message
    ? { question, about }
    : { question: UNTOLD, about: { ...about, error: { code: told.code, message: told.message } } };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function taskOfCost(entry: Json): Json | undefined {
  return typeof entry === 'object' && entry !== null && 'task' in entry ? entry['task'] : undefined;
}

function isStoredError(value: unknown): value is StoredError {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
