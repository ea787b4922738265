import type { Duration } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import type { Store } from '../ports/store.js';
import type { MonitorSettings } from '../services/monitor.js';
import { duration, optionsOf, refuseUnknown, wholeNumber } from './option-checks.js';
import type { Defaults, PresetName } from './presets.js';
import { parseStore, type ParsedStoreOptions, type StoreOptions } from './store-options.js';

/** What is worth an alert, and how often it is looked for. A threshold of 0 turns its alerts off. */
export interface MonitorOptions {
  /** How often everything is looked at; long tasks are noticed at once, and failures within a second. Default 5 m. */
  readonly interval?: Duration;
  /** An attempt that runs so long. Default 1 h. */
  readonly taskDuration?: Duration;
  /** This share of any pool is taken, 0–1. Default 0.8. */
  readonly resourceUsage?: number;
  /** A task that has waited so long for its dependencies without any of them ending. Default 5 m. */
  readonly dependencyWait?: Duration;
  /** This share of an agent's tasks failed within the window, 0–1. Default 0.1. */
  readonly failureRate?: number;
  /** Default 15 m. */
  readonly failureWindow?: Duration;
  /** A rate counts from so many ended tasks on. Default 10. */
  readonly failureTasks?: number;
  /** Where alerts are kept. Default: where everything is. */
  readonly store?: StoreOptions | Store;
}

export interface ParsedMonitorOptions extends MonitorSettings {
  /** `null`: where everything is. */
  readonly store: ParsedStoreOptions | Store | null;
}

const KNOWN = [
  'interval',
  'taskDuration',
  'resourceUsage',
  'dependencyWait',
  'failureRate',
  'failureWindow',
  'failureTasks',
  'store',
] as const satisfies readonly (keyof MonitorOptions)[];

/** `null`: nothing is watched. */
export function parseMonitor(
  given: MonitorOptions | false | undefined,
  main: ParsedStoreOptions | Store,
  defaults: Defaults,
  preset: PresetName | undefined,
  problems: string[],
): ParsedMonitorOptions | null {
  if (given === false) return null;
  const options = optionsOf('monitor', given, problems);
  const { monitor } = defaults;
  refuseUnknown(options, KNOWN, 'monitor.', problems);
  const settings = {
    intervalMs: duration('monitor.interval', options.interval ?? monitor.intervalMs, 1, problems),
    taskDurationMs: duration('monitor.taskDuration', options.taskDuration ?? monitor.taskDurationMs, 0, problems),
    resourceUsage: share('monitor.resourceUsage', options.resourceUsage ?? monitor.resourceUsage, problems),
    dependencyWaitMs: duration('monitor.dependencyWait', options.dependencyWait ?? monitor.dependencyWaitMs, 0, problems),
    failureRate: share('monitor.failureRate', options.failureRate ?? monitor.failureRate, problems),
    failureWindowMs: duration('monitor.failureWindow', options.failureWindow ?? monitor.failureWindowMs, 1_000, problems),
    failureTasks: options.failureTasks ?? monitor.failureTasks,
  };
  wholeNumber('monitor.failureTasks', settings.failureTasks, 1, problems);
  const store = options.store === undefined ? null : parseStore(options.store, defaults, preset, problems, 'monitor.store');
  if (store !== null && 'path' in store && 'path' in main && store.path === main.path && store.path !== ':memory:')
    problems.push(
      `\`monitor.store\` is the file that the jobs are in, ${JSON.stringify(store.path)}; leave it out, or give alerts a file of their own.`,
    );
  return { ...settings, store };
}

function share(name: string, value: unknown, problems: string[]): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  problems.push(`\`${name}\` is ${inMessage(value)}; it must be a share, from 0 to 1.`);
  return 0;
}
