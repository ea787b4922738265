import { availableParallelism } from 'node:os';

import type { MonitorSettings } from '../services/monitor.js';
import { consoleLogger, silentLogger, type Logger } from '../ports/logger.js';
import type { ParsedPostgresOptions } from '../store/postgres-store.js';
import type { SqliteStoreOptions } from '../store/sqlite-store.js';

/** What an option is where nobody gives it. */
export interface Defaults {
  readonly store: Required<Omit<SqliteStoreOptions, 'type'>>;
  /** What a store in PostgreSQL has beside its `url`. */
  readonly postgres: Omit<ParsedPostgresOptions, 'type' | 'url'>;
  readonly maxParallel: number;
  readonly timeoutMs: number;
  readonly ageingMs: number;
  readonly graceMs: number;
  readonly retentionMs: number;
  readonly limits: {
    readonly tasksPerJob: number;
    readonly edgesPerJob: number;
    readonly dynamicTasksPerCall: number;
    readonly dynamicTasksPerJob: number;
    readonly depth: number;
    readonly inputBytes: number;
    readonly resolvedInputBytes: number;
    readonly outputBytes: number;
  };
  readonly cache: { readonly entries: number; readonly bytes: number };
  readonly monitor: MonitorSettings;
  readonly logger: Logger;
}

export const PRESET_NAMES = ['development', 'production', 'high-throughput'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export const DEFAULTS: Defaults = {
  store: { path: '.taskloom/taskloom.db', synchronous: 'FULL' },
  postgres: { schema: 'taskloom', connections: 8, leaseMs: 30_000, statementTimeoutMs: 60_000 },
  maxParallel: Math.max(4, 2 * availableParallelism()),
  timeoutMs: 300_000,
  ageingMs: 30_000,
  graceMs: 5_000,
  retentionMs: 30 * 86_400_000,
  limits: {
    tasksPerJob: 100_000,
    edgesPerJob: 1_000_000,
    dynamicTasksPerCall: 1_000,
    dynamicTasksPerJob: 10_000,
    depth: 32,
    inputBytes: 1_048_576,
    resolvedInputBytes: 16_777_216,
    outputBytes: 1_048_576,
  },
  cache: { entries: 10_000, bytes: 104_857_600 },
  monitor: {
    intervalMs: 300_000,
    taskDurationMs: 3_600_000,
    resourceUsage: 0.8,
    dependencyWaitMs: 300_000,
    failureRate: 0.1,
    failureWindowMs: 900_000,
    failureTasks: 10,
  },
  logger: silentLogger,
};

/** What each preset sets in place of the defaults. None gives a guarantee up but `development`, which says so. */
const PRESETS: Readonly<Record<PresetName, Partial<Defaults>>> = {
  // What goes wrong is seen, writes do not wait for the disk (a power loss may take the last ones), a stop is quick.
  development: { store: { ...DEFAULTS.store, synchronous: 'NORMAL' }, graceMs: 1_000, logger: consoleLogger },
  // The defaults; the options are checked for what would lose work.
  production: {},
  // Many short tasks that mostly wait for others (models, networks): more places, larger graphs and caches.
  'high-throughput': {
    maxParallel: Math.max(32, 16 * availableParallelism()),
    limits: { ...DEFAULTS.limits, dynamicTasksPerCall: 10_000, dynamicTasksPerJob: 100_000 },
    cache: { entries: 100_000, bytes: 536_870_912 },
  },
};

export function defaultsOf(preset: PresetName | undefined): Defaults {
  return preset === undefined ? DEFAULTS : { ...DEFAULTS, ...PRESETS[preset] };
}
