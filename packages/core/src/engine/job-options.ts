import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import { durationMs, momentMs } from '../kernel/duration.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { isObject } from '../kernel/is-object.js';
import { byteLength, findJsonProblem, type Json } from '../kernel/json.js';
import { nearest } from '../kernel/nearest.js';
import type { Actor } from '../model/event.js';
import type { JobOptions } from '../model/job.js';
import { FAILURE_STRATEGIES } from '../model/task.js';

const SHOWN_PROBLEMS = 20;
/** Every option of a job. */
export const JOB_OPTIONS: readonly string[] = [
  'tenant',
  'idempotencyKey',
  'priority',
  'maxParallel',
  'failureStrategy',
  'allowedAgents',
  'confirm',
  'runAt',
  'deadline',
  'timeLimit',
  'metadata',
  'carried',
  'actor',
] satisfies readonly (keyof JobOptions)[];
const KEY_CHARS = 200;
const CARRIED_BYTES = 16_384;
const ACTOR_CHARS = 200;

/** @throws TaskloomError `OPTIONS_INVALID` with everything that is wrong */
export function checkJobOptions(options: JobOptions, agentNames: ReadonlySet<string>): void {
  if (!isObject(options)) throw invalid([`The options are ${inMessage(options)}; they must be an object.`]);
  const problems: string[] = [];
  for (const key of Object.keys(options)) {
    if (JOB_OPTIONS.includes(key)) continue;
    const [near] = nearest(key, JOB_OPTIONS, 1);
    problems.push(`\`${key}\` is no option of a job${near ? `; did you mean \`${near}\`?` : '.'}`);
  }
  const { idempotencyKey, priority, maxParallel, failureStrategy, allowedAgents, metadata, tenant } = options;
  if (
    idempotencyKey !== undefined &&
    (typeof idempotencyKey !== 'string' ||
      idempotencyKey.trim() === '' ||
      idempotencyKey.length > KEY_CHARS ||
      !idempotencyKey.isWellFormed())
  )
    problems.push(`\`idempotencyKey\` must be 1 to ${KEY_CHARS} whole characters, not only blanks.`);
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= 10))
    problems.push(`\`priority\` is ${inMessage(priority)}; it must be a whole number from 1 to 10.`);
  if (maxParallel !== undefined && !(Number.isInteger(maxParallel) && maxParallel >= 1))
    problems.push(`\`maxParallel\` is ${inMessage(maxParallel)}; it must be a whole number from 1.`);
  if (failureStrategy !== undefined && !FAILURE_STRATEGIES.includes(failureStrategy))
    problems.push(`\`failureStrategy\` is ${inMessage(failureStrategy)}; it must be one of ${FAILURE_STRATEGIES.join(', ')}.`);
  problems.push(...timeProblems(options));
  problems.push(...allowedProblems(allowedAgents, agentNames));
  if (tenant !== undefined && !isName(tenant)) problems.push(`\`tenant\` is no name: use ${NAME_RULE}.`);
  if (metadata !== null) problems.push(...jsonObjectProblems('metadata', metadata));
  problems.push(...carriedProblems(options.carried), ...actorProblems(options.actor));
  if (problems.length > 0) throw invalid(problems);
}

function invalid(problems: string[]): TaskloomError {
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  if (problems.length > shown.length) shown.push(`… and ${problems.length - shown.length} more.`);
  return new TaskloomError('OPTIONS_INVALID', shown.join(' '), { details: { problems: shown } });
}

function allowedProblems(allowed: unknown, agentNames: ReadonlySet<string>): string[] {
  if (allowed === undefined || allowed === null) return [];
  if (!Array.isArray(allowed) || !allowed.every((name): name is string => typeof name === 'string'))
    return [`\`allowedAgents\` is ${inMessage(allowed)}; it must be a list of names of agents.`];
  return [...new Set(allowed)]
    .filter((name) => !agentNames.has(name))
    .map((name) => {
      const [near] = nearest(name, agentNames, 1);
      return `\`allowedAgents\` names "${name}", which is not registered${near ? `; did you mean ${near}?` : '.'}`;
    });
}

function jsonObjectProblems(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  const problem = findJsonProblem(value);
  if (problem) return [`\`${name}\` is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`];
  return isObject(value) ? [] : [`\`${name}\` must be an object.`];
}

function carriedProblems(carried: unknown): string[] {
  const problems = jsonObjectProblems('carried', carried);
  if (carried === undefined || problems.length > 0) return problems;
  const bytes = byteLength(JSON.stringify(carried));
  return bytes > CARRIED_BYTES ? [`\`carried\` has ${bytes} bytes; at most ${CARRIED_BYTES} are carried.`] : [];
}

function actorProblems(actor: unknown): string[] {
  const isText = typeof actor === 'string' && actor.trim() !== '' && actor.length <= ACTOR_CHARS && actor.isWellFormed();
  return actor === undefined || isText ? [] : [`\`actor\` must be 1 to ${ACTOR_CHARS} whole characters, not only blanks.`];
}

function timeProblems({ confirm, runAt, deadline, timeLimit }: JobOptions): string[] {
  const problems: string[] = [];
  if (confirm !== undefined && typeof confirm !== 'boolean') problems.push('`confirm` must be true or false.');
  for (const [name, moment] of Object.entries({ runAt, deadline })) {
    if (moment !== undefined && momentMs(moment) === null)
      problems.push(`\`${name}\` is ${inMessage(moment)}; it must be a date, an ISO 8601 text or milliseconds since 1970.`);
  }
  if (timeLimit !== undefined && !durationMs(timeLimit))
    problems.push(`\`timeLimit\` is ${inMessage(timeLimit)}; write a duration above 0, such as '2h', or milliseconds.`);
  return problems;
}

/** When a job fails if it has not ended: the earlier of its deadline and the end of its time limit. */
export function deadlineOf({ deadline, timeLimit }: JobOptions, now: number): number | null {
  const times = [deadline === undefined ? null : momentMs(deadline), timeLimit === undefined ? null : now + (durationMs(timeLimit) ?? 0)];
  const given = times.filter((time) => time !== null);
  return given.length === 0 ? null : Math.min(...given);
}

/** Who acts, as events name it. */
export function actorOf({ actor }: { readonly actor?: string }): Actor {
  return actor === undefined ? 'user' : `user:${actor.slice(0, ACTOR_CHARS)}`;
}

/** What tells two submissions with one idempotency key apart. */
export function bodyHash(body: { readonly workflow: string | null; readonly submission: Json; readonly options: JobOptions }): string {
  const { idempotencyKey: _key, tenant: _tenant, carried: _carried, actor: _actor, runAt, deadline, ...rest } = body.options;
  const options = {
    ...rest,
    ...(runAt === undefined ? undefined : { runAt: momentMs(runAt) }),
    ...(deadline === undefined ? undefined : { deadline: momentMs(deadline) }),
  };
  return hashJson({ workflow: body.workflow, submission: body.submission, options: options as unknown as Json });
}
