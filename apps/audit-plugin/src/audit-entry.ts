import type { EventType, EventView, JobView } from '@taskloom/core';

/** A line of the file, as JSON. What does not apply is left out. */
export interface AuditEntry {
  /** When it happened, as ISO 8601 in UTC. */
  readonly at: string;
  readonly job?: string;
  /** The event's number in its job: 1, 2, 3 … Refusals have none. */
  readonly seq?: number;
  readonly what: EventType | Refusal;
  /** Key of the task. */
  readonly task?: string;
  readonly attempt?: number;
  /** Ids of the tasks that one event is about, at most 100; `count` is how many there are. */
  readonly tasks?: readonly string[];
  readonly count?: number;
  /** Of a job that was submitted or refused. */
  readonly name?: string;
  readonly workflow?: string;
  readonly tenant?: string;
  /** `engine`, `agent`, `user`, or `user:` and a name. */
  readonly who?: string;
  /** At most 1,000 characters. */
  readonly why?: string;
}

export type Refusal = 'SUBMIT_REFUSED' | 'CANCEL_REFUSED';

const WHY_CHARS = 1_000;
const NAME_CHARS = 200;
/** Events whose message is what the agent says of its work, not a reason. */
const TALK: ReadonlySet<EventType> = new Set(['TASK_PROGRESSED', 'TASK_STREAMED']);
/** What a terminal, an editor or a reader of lines might act on, or not show. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Who did what, when and why; no inputs, outputs, summaries or answers. `job` is given for its submission. */
export function entryOf({ jobId, seq, type, at, taskKey, actor, data }: EventView, job: JobView | null): AuditEntry {
  const { attempt, tasks, count } = data;
  const why = TALK.has(type) ? null : whyOf(data);
  return {
    at: new Date(at).toISOString(),
    job: jobId,
    seq,
    what: type,
    ...(taskKey !== null && { task: taskKey }),
    ...(typeof attempt === 'number' && { attempt }),
    ...(Array.isArray(tasks) && { tasks: tasks as readonly string[] }),
    ...(typeof count === 'number' && { count }),
    ...(job && { name: job.name, tenant: job.tenant, ...(job.workflow !== null && { workflow: job.workflow }) }),
    who: actor,
    ...(why !== null && { why: cut(why, WHY_CHARS) }),
  };
}

/** What was refused, as it was asked for: nothing of it has been checked. */
export interface Refused {
  readonly job?: string;
  readonly tasks?: readonly string[];
  readonly name?: string;
  readonly workflow?: string;
  readonly tenant?: string;
  readonly who?: string;
}

/** A refusal is no event of any job: the line is all that is left of it. */
export function refusalOf(what: Refusal, now: number, why: string, refused: Refused): AuditEntry {
  const about = Object.fromEntries(
    Object.entries(refused).map(([part, said]) => [part, Array.isArray(said) ? said : cut(String(said), NAME_CHARS)]),
  );
  return { at: new Date(now).toISOString(), what, ...about, why: cut(why, WHY_CHARS) };
}

/** One line that shows what it holds: everything invisible is escaped, so that it can neither steer a terminal nor end the line. */
export function lineOf(entry: AuditEntry): string {
  return `${JSON.stringify(entry).replace(UNSEEN, escape)}\n`;
}

function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function whyOf({ reason, message, error, recovered }: EventView['data']): string | null {
  const failure = (error ?? recovered ?? null) as { readonly code: string; readonly message: string } | null;
  const said: readonly unknown[] = [reason, message, failure && `${failure.code}: ${failure.message}`];
  const parts = said.filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(': ') : null;
}

function cut(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars - 1)}…` : text;
}
