import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import { findJsonProblem, type Json } from '../kernel/json.js';
import { nearest } from '../kernel/nearest.js';
import type { JobOptions } from '../model/job.js';
import { FAILURE_STRATEGIES } from '../model/task.js';

const KNOWN = ['idempotencyKey', 'priority', 'maxParallel', 'failureStrategy', 'allowedAgents', 'metadata'];
const KEY_CHARS = 200;

/** @throws TaskloomError `OPTIONS_INVALID` with everything that is wrong */
export function checkJobOptions(options: JobOptions, agentNames: ReadonlySet<string>): void {
  const problems: string[] = [];
  for (const key of Object.keys(options)) {
    if (KNOWN.includes(key)) continue;
    const [near] = nearest(key, KNOWN, 1);
    problems.push(`\`${key}\` is no option of a job${near ? `; did you mean \`${near}\`?` : '.'}`);
  }
  const { idempotencyKey, priority, maxParallel, failureStrategy, allowedAgents, metadata } = options;
  if (
    idempotencyKey !== undefined &&
    (typeof idempotencyKey !== 'string' ||
      idempotencyKey.trim() === '' ||
      idempotencyKey.length > KEY_CHARS ||
      !idempotencyKey.isWellFormed())
  )
    problems.push(`\`idempotencyKey\` must be 1 to ${KEY_CHARS} whole characters, not only blanks.`);
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= 10))
    problems.push(`\`priority\` is ${String(priority)}; it must be a whole number from 1 to 10.`);
  if (maxParallel !== undefined && !(Number.isInteger(maxParallel) && maxParallel >= 1))
    problems.push(`\`maxParallel\` is ${String(maxParallel)}; it must be a whole number from 1.`);
  if (failureStrategy !== undefined && !FAILURE_STRATEGIES.includes(failureStrategy))
    problems.push(`\`failureStrategy\` is ${JSON.stringify(failureStrategy)}; it must be one of ${FAILURE_STRATEGIES.join(', ')}.`);
  for (const agent of allowedAgents ?? []) {
    if (agentNames.has(agent)) continue;
    const [near] = nearest(agent, agentNames, 1);
    problems.push(`\`allowedAgents\` names "${agent}", which is not registered${near ? `; did you mean ${near}?` : '.'}`);
  }
  const problem = metadata === undefined ? null : findJsonProblem(metadata);
  if (problem) problems.push(`\`metadata\` is not JSON${problem.path === '' ? '' : ` at ${problem.path}`}: ${problem.reason}.`);
  if (problems.length > 0) throw new TaskloomError('OPTIONS_INVALID', problems.join(' '), { details: { problems } });
}

/** What tells two submissions with one idempotency key apart. */
export function bodyHash(body: { readonly workflow: string | null; readonly submission: Json; readonly options: JobOptions }): string {
  const { idempotencyKey: _key, ...options } = body.options;
  return hashJson({ workflow: body.workflow, submission: body.submission, options: options as unknown as Json });
}
