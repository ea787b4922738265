import { BACKOFF_KINDS } from '../kernel/backoff.js';
import { MOST_ATTEMPTS } from '../model/retry-policy.js';
import type { TaskSubmission } from '../model/submission.js';
import { inJson, show, type GraphProblems } from './graph-problems.js';

type Rule = readonly [fits: (value: unknown) => boolean, mustBe: string];

const MILLISECONDS: Rule = [isFrom(0, Number.MAX_VALUE), 'a number of milliseconds, 0 or more'];
const TIMES: readonly (readonly [name: string, Rule])[] = [
  ['timeoutMs', MILLISECONDS],
  ['idleTimeoutMs', MILLISECONDS],
];
/** Nothing is filled in where a policy is read: each of these must be there. */
const RETRY: readonly (readonly [name: string, Rule])[] = [
  ['maxAttempts', [(value) => Number.isInteger(value) && isFrom(1, MOST_ATTEMPTS)(value), `a whole number from 1 to ${MOST_ATTEMPTS}`]],
  ['kind', [(value) => BACKOFF_KINDS.some((kind) => kind === value), `one of ${BACKOFF_KINDS.join(', ')}`]],
  ['delayMs', MILLISECONDS],
  ['maxDelayMs', MILLISECONDS],
  ['factor', [isFrom(1, 100), 'a number from 1 to 100']],
  ['jitter', [isFrom(0, 1), 'a number from 0 to 1']],
];

/** Reports what is wrong with what a task, or each task of a map, says of times and retries. What they take is checked by the engine. */
export function checkOverrides({ key, map, overrides: own }: TaskSubmission, problems: GraphProblems): void {
  const overrides = map ? map.overrides : own;
  if (!overrides) return;
  const place = map ? 'map.overrides' : 'overrides';
  const check = (name: string, value: unknown, [fits, mustBe]: Rule): void => {
    if (fits(value)) return;
    problems.report('GRAPH_INVALID', key, `\`${place}.${name}\` of "${show(key)}" is ${inJson(value)}; it must be ${mustBe}.`);
  };
  const values = overrides as { readonly [name: string]: unknown };
  for (const [name, rule] of TIMES) if (values[name] !== undefined && values[name] !== null) check(name, values[name], rule);
  if (!overrides.retry) return;
  const retry = overrides.retry as unknown as { readonly [name: string]: unknown };
  for (const [name, rule] of RETRY) check(`retry.${name}`, retry[name], rule);
  if (Object.hasOwn(retry, 'retryOn'))
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`${place}.retry.retryOn\` of "${show(key)}" is code; only agents have it, in their own options.`,
    );
}

function isFrom(least: number, most: number): (value: unknown) => boolean {
  return (value) => typeof value === 'number' && value >= least && value <= most;
}
