import { durationMs, type Duration } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json } from '../kernel/json.js';

/** Which tasks share a result: all of the tenant, or those of one job. */
export const CACHE_SCOPES = ['global', 'job'] as const;
export type CacheScopeName = (typeof CACHE_SCOPES)[number];

/** Reuse of results: only for an agent whose output depends on its input and version alone. */
export interface CacheOptions<Input = unknown> {
  /** How long a result is reused. */
  readonly ttl: Duration;
  /** Who reuses it. `job`: only tasks of the same job. Default `global`. */
  readonly scope?: CacheScopeName;
  /** What tells inputs apart, as JSON. It gets the input as callers give it. Default: the whole input, whatever the order of its keys. */
  key?(this: void, input: Input): Json;
}

/** What the engine reads: complete and checked. */
export interface CachePolicy {
  readonly ttlMs: number;
  readonly scope: CacheScopeName;
  readonly keyOf: ((input: unknown) => Json) | null;
}

const KNOWN = ['ttl', 'scope', 'key'];

/** Everything that is wrong with an agent's `cache`. */
export function cacheProblems(options: CacheOptions | undefined, owner: string): string[] {
  if (options === undefined) return [];
  if (typeof options !== 'object' || options === null) return [`\`cache\` of ${owner} must be an object with a \`ttl\`.`];
  const problems: string[] = [];
  for (const key of Object.keys(options))
    if (!KNOWN.includes(key)) problems.push(`\`cache\` of ${owner} has an unknown option "${key}"; known are ${KNOWN.join(', ')}.`);
  const { ttl, scope, key } = options;
  if (!((durationMs(ttl) ?? 0) > 0))
    problems.push(
      `\`cache.ttl\` of ${owner} is ${ttl === undefined ? 'missing' : inMessage(ttl)}; write how long a result is reused, such as '1h'.`,
    );
  if (scope !== undefined && !CACHE_SCOPES.includes(scope))
    problems.push(`\`cache.scope\` of ${owner} is ${inMessage(scope)}; it must be one of ${CACHE_SCOPES.join(', ')}.`);
  if (key !== undefined && typeof key !== 'function') problems.push(`\`cache.key\` of ${owner} must be a function of the input.`);
  return problems;
}

/** Options that have been checked. */
export function parseCache(options: CacheOptions | undefined): CachePolicy | null {
  if (options === undefined) return null;
  return {
    ttlMs: durationMs(options.ttl)!,
    scope: options.scope ?? 'global',
    keyOf: options.key ?? null,
  };
}
