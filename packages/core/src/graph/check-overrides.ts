import { BACKOFF_KINDS } from '../kernel/backoff.js';
import { inMessage } from '../kernel/in-message.js';
import { nearest } from '../kernel/nearest.js';
import { MOST_ATTEMPTS, type RetryPolicy } from '../model/retry-policy.js';
import type { TaskSubmission } from '../model/submission.js';
import type { TaskOverrides } from '../model/task.js';
import { show, type GraphProblems } from './graph-problems.js';

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

/** Every name that means something; the compiler keeps it whole. */
const KNOWN = namesOf<TaskOverrides>({
  retry: true,
  timeoutMs: true,
  idleTimeoutMs: true,
  resources: true,
  limits: true,
  concurrencyKey: true,
  exclusive: true,
});
const KNOWN_OF_RETRY = namesOf<RetryPolicy>({ maxAttempts: true, kind: true, delayMs: true, maxDelayMs: true, factor: true, jitter: true });

/**
 * Reports what is wrong with what a task, or each task of a map, says in place of its agent: names that mean nothing, times and
 * retries. What they take is checked by the engine.
 */
export function checkOverrides({ key, map, overrides: own }: TaskSubmission, problems: GraphProblems): void {
  if (map && own)
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`overrides\` of "${show(key)}" mean nothing beside a map; what each task of the map has in place of its agent stands in \`map.overrides\`.`,
    );
  const overrides = map ? map.overrides : own;
  if (!overrides) return;
  const place = map ? 'map.overrides' : 'overrides';
  const check = (name: string, value: unknown, [fits, mustBe]: Rule): void => {
    if (fits(value)) return;
    problems.report('GRAPH_INVALID', key, `\`${place}.${name}\` of "${show(key)}" is ${inMessage(value)}; it must be ${mustBe}.`);
  };
  const refuseUnknown = (at: string, given: object, known: readonly string[]): void => {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined || known.includes(name)) continue;
      const near = nearest(show(name), known, 1);
      const hint = near.length > 0 ? `did you mean \`${at}.${near[0]}\`?` : `known are ${known.join(', ')}.`;
      problems.report('GRAPH_INVALID', key, `\`${at}.${show(name)}\` of "${show(key)}" is no option; ${hint}`, { nearest: near });
    }
  };
  refuseUnknown(place, overrides, KNOWN);
  const values = overrides as { readonly [name: string]: unknown };
  for (const [name, rule] of TIMES) if (values[name] !== undefined && values[name] !== null) check(name, values[name], rule);
  if (!overrides.retry) return;
  const retry = overrides.retry as unknown as { readonly [name: string]: unknown };
  for (const [name, rule] of RETRY) check(`retry.${name}`, retry[name], rule);
  const { retryOn, ...policy } = retry;
  refuseUnknown(`${place}.retry`, policy, KNOWN_OF_RETRY);
  if (retryOn !== undefined)
    problems.report(
      'GRAPH_INVALID',
      key,
      `\`${place}.retry.retryOn\` of "${show(key)}" is code; only agents have it, in their own options.`,
    );
}

function namesOf<T>(names: { readonly [Name in keyof Required<T>]: true }): readonly string[] {
  return Object.keys(names);
}

function isFrom(least: number, most: number): (value: unknown) => boolean {
  return (value) => typeof value === 'number' && value >= least && value <= most;
}
