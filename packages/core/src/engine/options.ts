import { availableParallelism } from 'node:os';

import { ConfigError } from '../errors/definition-errors.js';
import { durationMs, type Duration } from '../kernel/duration.js';
import { systemClock, type Clock } from '../kernel/clock.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { nearest } from '../kernel/nearest.js';
import type { EntryBound } from '../ports/key-value-store.js';
import { silentLogger, type Logger } from '../ports/logger.js';
import type { Store } from '../ports/store.js';
import type { Summarizer } from '../ports/summarizer.js';
import type { DependencyConflictHook } from '../runtime/task-context.js';
import type { SqliteStoreOptions } from '../store/sqlite-store.js';
import type { Redact } from './redact.js';

/** What users may give. docs/configuration.md has the table of defaults. */
export interface EngineOptions {
  /** Where state lives: a SQLite file, or a store of your own. Default: `{ path: '.taskloom/taskloom.db' }`. */
  readonly store?: SqliteStoreOptions | Store;
  /** Most attempts at the same time in this process. Default: twice the cores, at least 4. */
  readonly maxParallel?: number;
  /** Run timeout of agents that set none; 0 means none. Default 300 s. */
  readonly timeout?: Duration;
  /** Waiting this long counts as much as one level of priority. Default 30 s. */
  readonly ageing?: Duration;
  /** How long the place of a cancelled or timed-out attempt stays taken while its agent does not stop. Default 5 s. */
  readonly grace?: Duration;
  readonly limits?: LimitOptions;
  /** How much reused results and `ctx.cache` keep. */
  readonly cache?: EngineCacheOptions;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** Writes summaries. Default: a deterministic one. */
  readonly summarizer?: Summarizer;
  /** Decides what drawings show of inputs, outputs and errors. Default: all of it. */
  readonly redact?: Redact;
  /** Name of the agent that is told of attempts whose `onTimeout` is `notify-planner`. Default: nobody. */
  readonly planner?: string;
  /** Decides about a dependency, asked for while a job runs, that would close a circle. Default: it is refused. */
  readonly onDependencyConflict?: DependencyConflictHook;
  /** For tests. Default: the system's. */
  readonly clock?: Clock;
}

export interface LimitOptions {
  /** Default 100,000. */
  readonly tasksPerJob?: number;
  /** Tasks that one attempt may ask for at once. Default 1,000. */
  readonly dynamicTasksPerCall?: number;
  /** Tasks that agents may add to one job. Default 10,000. */
  readonly dynamicTasksPerJob?: number;
  /** Levels of tasks below the objective. Default 32. */
  readonly depth?: number;
  /** Bytes of a literal input, as JSON. Default 1 MiB. */
  readonly inputBytes?: number;
  /** Bytes of an input once refs are resolved. Default 16 MiB. */
  readonly resolvedInputBytes?: number;
  /** Bytes of an output or a step's result. Default 1 MiB. */
  readonly outputBytes?: number;
}

/** Bounds that hold for reused results and for `ctx.cache`, each by itself: what was used longest ago makes room. */
export interface EngineCacheOptions {
  /** How many. Default 10,000. */
  readonly entries?: number;
  /** How much, counting keys and values. Default 100 MiB. */
  readonly bytes?: number;
}

/** The completed form used inside. */
export interface ParsedEngineOptions {
  readonly store: SqliteStoreOptions | Store;
  readonly maxParallel: number;
  readonly timeoutMs: number;
  readonly ageingMs: number;
  readonly graceMs: number;
  readonly limits: Required<LimitOptions>;
  readonly cache: EntryBound;
  readonly logger: Logger;
  readonly summarizer: Summarizer | null;
  readonly redact: Redact | null;
  readonly planner: string | null;
  readonly onDependencyConflict: DependencyConflictHook | null;
  readonly clock: Clock;
}

export const DEFAULTS = {
  storePath: '.taskloom/taskloom.db',
  timeoutMs: 300_000,
  ageingMs: 30_000,
  graceMs: 5_000,
  limits: {
    tasksPerJob: 100_000,
    dynamicTasksPerCall: 1_000,
    dynamicTasksPerJob: 10_000,
    depth: 32,
    inputBytes: 1_048_576,
    resolvedInputBytes: 16_777_216,
    outputBytes: 1_048_576,
  },
  cache: { entries: 10_000, bytes: 104_857_600 },
} as const;

const KNOWN = [
  'store',
  'maxParallel',
  'timeout',
  'ageing',
  'grace',
  'limits',
  'cache',
  'logger',
  'summarizer',
  'redact',
  'planner',
  'onDependencyConflict',
  'clock',
];
const KNOWN_LIMITS = Object.keys(DEFAULTS.limits);
const KNOWN_CACHE = Object.keys(DEFAULTS.cache);

/**
 * Checks and completes the options.
 *
 * @throws ConfigError with everything that is wrong, unknown options with the nearest known one
 */
export function parseEngineOptions(options: EngineOptions = {}): ParsedEngineOptions {
  const problems: string[] = [];
  refuseUnknown(options, KNOWN, '', problems);
  refuseUnknown(options.limits ?? {}, KNOWN_LIMITS, 'limits.', problems);
  const limits = { ...DEFAULTS.limits, ...options.limits };
  for (const name of KNOWN_LIMITS as (keyof LimitOptions)[]) wholeNumber(`limits.${name}`, limits[name], 1, problems);
  refuseUnknown(options.cache ?? {}, KNOWN_CACHE, 'cache.', problems);
  const cache = { ...DEFAULTS.cache, ...options.cache };
  wholeNumber('cache.entries', cache.entries, 1, problems);
  wholeNumber('cache.bytes', cache.bytes, 1, problems);
  const maxParallel = options.maxParallel ?? Math.max(4, 2 * availableParallelism());
  wholeNumber('maxParallel', maxParallel, 1, problems);
  if (maxParallel > 10_000)
    problems.push(`\`maxParallel\` is ${maxParallel}; at most 10000 attempts can run at the same time in one process.`);
  const timeoutMs = duration('timeout', options.timeout ?? DEFAULTS.timeoutMs, problems);
  const ageingMs = duration('ageing', options.ageing ?? DEFAULTS.ageingMs, problems);
  const graceMs = duration('grace', options.grace ?? DEFAULTS.graceMs, problems);
  if (options.planner !== undefined && !isName(options.planner)) problems.push(`\`planner\` must be the name of an agent: ${NAME_RULE}.`);
  if (options.onDependencyConflict !== undefined && typeof options.onDependencyConflict !== 'function')
    problems.push('`onDependencyConflict` must be a function.');
  const store = options.store ?? { path: DEFAULTS.storePath };
  if (!isStore(store)) checkSqlite(store, problems);
  if (options.redact !== undefined && typeof options.redact !== 'function')
    problems.push('`redact` must be a function of a value and what it is.');
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    store,
    maxParallel,
    timeoutMs,
    ageingMs,
    graceMs,
    limits,
    cache,
    logger: options.logger ?? silentLogger,
    summarizer: options.summarizer ?? null,
    redact: options.redact ?? null,
    planner: options.planner ?? null,
    onDependencyConflict: options.onDependencyConflict ?? null,
    clock: options.clock ?? systemClock,
  };
}

export function isStore(store: SqliteStoreOptions | Store): store is Store {
  return 'commit' in store && typeof store.commit === 'function';
}

function checkSqlite(store: SqliteStoreOptions, problems: string[]): void {
  refuseUnknown(store, ['path', 'synchronous'], 'store.', problems);
  if (typeof store.path !== 'string' || store.path === '') problems.push('`store.path` must name a file, or be ":memory:".');
  if (store.synchronous !== undefined && store.synchronous !== 'FULL' && store.synchronous !== 'NORMAL') {
    problems.push(
      `\`store.synchronous\` is ${JSON.stringify(store.synchronous)}; it must be FULL, or NORMAL, which may lose the last writes in a power loss.`,
    );
  }
}

function refuseUnknown(options: object, known: readonly string[], prefix: string, problems: string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const [near] = nearest(key, known, 1);
    problems.push(`\`${prefix}${key}\` is no option${near ? `; did you mean \`${prefix}${near}\`?` : `; known are ${known.join(', ')}.`}`);
  }
}

function wholeNumber(name: string, value: unknown, least: number, problems: string[]): void {
  if (!Number.isInteger(value) || (value as number) < least)
    problems.push(`\`${name}\` is ${String(value)}; it must be a whole number from ${least}.`);
}

function duration(name: string, value: Duration, problems: string[]): number {
  const ms = durationMs(value);
  if (ms === null) problems.push(`\`${name}\` is ${JSON.stringify(value)}; write a duration such as '30s', or milliseconds.`);
  return ms ?? 0;
}
