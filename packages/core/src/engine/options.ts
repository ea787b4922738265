import { amountProblems, parseRate, placesProblems, rateProblems, type RateOptions } from '../authoring/demand-options.js';
import { requireOptions } from '../authoring/require-options.js';
import type { NamedLimit } from '../dispatch/limits.js';
import { ConfigError } from '../errors/definition-errors.js';
import type { Duration } from '../kernel/duration.js';
import { systemClock, type Clock } from '../kernel/clock.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { nearest } from '../kernel/nearest.js';
import type { EntryBound } from '../ports/key-value-store.js';
import type { Logger } from '../ports/logger.js';
import type { Store } from '../ports/store.js';
import type { Summarizer } from '../ports/summarizer.js';
import type { RedactText } from '../ledger/text-redactor.js';
import type { Resources } from '../model/demands.js';
import type { DependencyConflictHook } from '../runtime/dependency-conflict.js';
import type { EnginePlugin, PluginContribution } from './define-plugin.js';
import { parseEngineName } from './engine-name.js';
import { parseGuards, type GuardOptions, type ParsedGuardOptions } from './guard-options.js';
import { parseMonitor, type MonitorOptions, type ParsedMonitorOptions } from './monitor-options.js';
import { duration, notAbove, optionsOf, refuseUnknown, wholeNumber } from './option-checks.js';
import { DEFAULTS, defaultsOf, PRESET_NAMES, type PresetName } from './presets.js';
import type { Redact } from './redact.js';
import { parseStore, type ParsedStoreOptions, type StoreOptions } from './store-options.js';

/** What users may give. docs/configuration.md has the table of defaults. */
export interface EngineOptions {
  /** A set of defaults: `development`, `production` or `high-throughput`. What is given beside it counts. Default: as `production`, unchecked. */
  readonly preset?: PresetName;
  /**
   * What this engine is called where people see who wrote an event: 1 to 100 characters, none of them hidden. Two engines may
   * have one name; their ids differ. Default: the machine's host name.
   */
  readonly name?: string;
  /** Where state lives: a SQLite file, a schema of a PostgreSQL database, or a store of your own. Default: `{ path: '.taskloom/taskloom.db' }`. */
  readonly store?: StoreOptions | Store;
  /**
   * Whether this engine runs tasks. With `false` it submits, controls, answers and watches the jobs that another engine on the
   * same PostgreSQL schema runs; on SQLite it is refused. Default true.
   */
  readonly runTasks?: boolean;
  /** Most attempts at the same time in this process. Default: twice the cores, at least 4. */
  readonly maxParallel?: number;
  /** Run timeout of agents that set none; 0 means none. Default 300 s. */
  readonly timeout?: Duration;
  /** Waiting this long counts as much as one level of priority. Default 30 s. */
  readonly ageing?: Duration;
  /** How long the place of a cancelled or timed-out attempt stays taken while its agent does not stop. Default 5 s. */
  readonly grace?: Duration;
  /** Pools that tasks reserve of while they run, with their capacities: `{ cpu: 4, memoryMb: 4096 }`. Default: none. */
  readonly pools?: Resources;
  /** Limits that agents and tasks share by name. Default: none. */
  readonly namedLimits?: { readonly [name: string]: NamedLimitOptions };
  readonly limits?: LimitOptions;
  /** How long jobs are kept after their end; 0: for ever. Default 30 days. */
  readonly retention?: Duration;
  /** How much reused results and `ctx.cache` keep. */
  readonly cache?: EngineCacheOptions;
  /** What is worth an alert; `false`: nothing is watched over. Default: the thresholds of `MonitorOptions`. */
  readonly monitor?: MonitorOptions | false;
  /** What stops work that goes wrong again and again. Default: nothing does. */
  readonly guards?: GuardOptions;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** Writes summaries. Default: a deterministic one. */
  readonly summarizer?: Summarizer;
  /** Decides what drawings show of inputs, outputs and errors. Default: all of it. */
  readonly redact?: Redact;
  /**
   * Changes each text that people and agents say before it is stored: inputs, outputs, messages, reasons, metadata, what is
   * kept beside jobs. For values that must be nowhere in the database, such as keys. Not keys of tasks, names of agents, names
   * of steps and questions, idempotency keys. Where it throws, nothing of the text is stored. Default: texts are stored as they are.
   */
  readonly redactText?: RedactText;
  /** Name of the agent that is told of attempts whose `onTimeout` is `notify-planner`. Default: nobody. */
  readonly planner?: string;
  /** Decides about a dependency, asked for while a job runs, that would close a circle. Default: it is refused. */
  readonly onDependencyConflict?: DependencyConflictHook;
  /** What extends the engine, in the order in which their hooks run. Default: nothing. */
  readonly plugins?: readonly EnginePlugin[];
  /** For tests. Default: the system's. */
  readonly clock?: Clock;
}

export interface LimitOptions {
  /** Default 100,000. */
  readonly tasksPerJob?: number;
  /** Dependencies of all tasks of a job together, each pair of tasks counted once. Default 1,000,000. */
  readonly edgesPerJob?: number;
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

/** What all tasks together may do that name a limit, in one process. */
export interface NamedLimitOptions {
  /** Most of them that run at the same time. */
  readonly concurrency?: number;
  /** Most of them that start in any stretch of time: `{ starts: 10, per: '1m' }`. */
  readonly rate?: RateOptions;
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
  readonly name: string;
  readonly store: ParsedStoreOptions | Store;
  readonly runTasks: boolean;
  readonly maxParallel: number;
  readonly timeoutMs: number;
  readonly ageingMs: number;
  readonly graceMs: number;
  readonly pools: Resources;
  readonly namedLimits: { readonly [name: string]: NamedLimit };
  readonly limits: Required<LimitOptions>;
  readonly retentionMs: number;
  readonly cache: EntryBound;
  /** `null`: nothing is watched over. */
  readonly monitor: ParsedMonitorOptions | null;
  readonly guards: ParsedGuardOptions;
  readonly logger: Logger;
  readonly summarizer: Summarizer | null;
  readonly redact: Redact | null;
  readonly redactText: RedactText | null;
  readonly planner: string | null;
  readonly onDependencyConflict: DependencyConflictHook | null;
  readonly plugins: readonly EnginePlugin[];
  readonly clock: Clock;
}

/** Every option of an engine; whoever passes options on knows them by this list. */
export const ENGINE_OPTIONS = [
  'preset',
  'name',
  'store',
  'runTasks',
  'maxParallel',
  'timeout',
  'ageing',
  'grace',
  'pools',
  'namedLimits',
  'limits',
  'retention',
  'cache',
  'monitor',
  'guards',
  'logger',
  'summarizer',
  'redact',
  'redactText',
  'planner',
  'onDependencyConflict',
  'plugins',
  'clock',
] as const satisfies readonly (keyof EngineOptions)[];
const KNOWN_LIMITS = Object.keys(DEFAULTS.limits);
const KNOWN_CACHE = Object.keys(DEFAULTS.cache);
const MOST_PARALLEL = 10_000;

/**
 * Checks and completes the options.
 *
 * @throws ConfigError with everything that is wrong, unknown options with the nearest known one
 */
export function parseEngineOptions(options: EngineOptions = {}): ParsedEngineOptions {
  requireOptions(options, 'the engine', "{ store: { path: 'taskloom.db' } }");
  const problems: string[] = [];
  refuseUnknown(options, ENGINE_OPTIONS, '', problems);
  const defaults = defaultsOf(checkPreset(options.preset, problems));
  const engineName = parseEngineName(options.name, problems);
  const given = optionsOf('limits', options.limits, problems);
  refuseUnknown(given, KNOWN_LIMITS, 'limits.', problems);
  const limits = { ...defaults.limits, ...given };
  for (const name of KNOWN_LIMITS as (keyof LimitOptions)[]) wholeNumber(`limits.${name}`, limits[name], 1, problems);
  notAbove('limits.dynamicTasksPerCall', given.dynamicTasksPerCall, 'limits.dynamicTasksPerJob', given.dynamicTasksPerJob, problems);
  notAbove('limits.inputBytes', given.inputBytes, 'limits.resolvedInputBytes', given.resolvedInputBytes, problems);
  const givenCache = optionsOf('cache', options.cache, problems);
  refuseUnknown(givenCache, KNOWN_CACHE, 'cache.', problems);
  const cache = { ...defaults.cache, ...givenCache };
  wholeNumber('cache.entries', cache.entries, 1, problems);
  wholeNumber('cache.bytes', cache.bytes, 1, problems);
  const runTasks = options.runTasks ?? true;
  if (typeof runTasks !== 'boolean') problems.push(`\`runTasks\` is ${inMessage(runTasks)}; it must be true or false.`);
  const maxParallel = options.maxParallel ?? defaults.maxParallel;
  wholeNumber('maxParallel', maxParallel, 1, problems);
  if (Number.isInteger(maxParallel) && maxParallel > MOST_PARALLEL)
    problems.push(`\`maxParallel\` is ${maxParallel}; at most ${MOST_PARALLEL} attempts can run at the same time in one process.`);
  const timeoutMs = duration('timeout', options.timeout ?? defaults.timeoutMs, 0, problems);
  const ageingMs = duration('ageing', options.ageing ?? defaults.ageingMs, 1, problems);
  const graceMs = duration('grace', options.grace ?? defaults.graceMs, 0, problems);
  const retentionMs = duration('retention', options.retention ?? defaults.retentionMs, 0, problems);
  const plugins = Array.isArray(options.plugins) ? (options.plugins as readonly EnginePlugin[]) : [];
  const pools = withPolicies('pools', optionsOf('pools', options.pools, problems) as Resources, plugins, problems);
  for (const [name, capacity] of Object.entries(pools)) problems.push(...amountProblems(`pools.${name}`, name, capacity, 'the engine'));
  const namedLimits = parseNamedLimits(
    withPolicies(
      'namedLimits',
      optionsOf('namedLimits', options.namedLimits, problems) as NonNullable<EngineOptions['namedLimits']>,
      plugins,
      problems,
    ),
    problems,
  );
  if (options.plugins !== undefined && !Array.isArray(options.plugins)) problems.push('`plugins` must be a list.');
  const contributed = contributions(plugins, options, problems);
  const store = parseStore(options.store ?? contributed.store, defaults, options.preset, problems);
  const guards = parseGuards(optionsOf('guards', options.guards, problems), problems);
  const monitor = parseMonitor(options.monitor, store, defaults, options.preset, problems);
  if (options.planner !== undefined && !isName(options.planner)) problems.push(`\`planner\` must be the name of an agent: ${NAME_RULE}.`);
  if (options.onDependencyConflict !== undefined && typeof options.onDependencyConflict !== 'function')
    problems.push('`onDependencyConflict` must be a function.');
  if (options.redact !== undefined && typeof options.redact !== 'function')
    problems.push('`redact` must be a function of a value and what it is.');
  if (options.redactText !== undefined && typeof options.redactText !== 'function')
    problems.push('`redactText` must be a function of a text.');
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    name: engineName,
    store,
    runTasks,
    maxParallel,
    timeoutMs,
    ageingMs,
    graceMs,
    pools,
    namedLimits,
    limits,
    retentionMs,
    cache,
    monitor,
    guards,
    logger: options.logger ?? defaults.logger,
    summarizer: options.summarizer ?? contributed.summarizer ?? null,
    redact: options.redact ?? null,
    redactText: options.redactText ?? null,
    planner: options.planner ?? null,
    onDependencyConflict: options.onDependencyConflict ?? null,
    plugins,
    clock: options.clock ?? systemClock,
  };
}

/** What plugins bring in place of options; two that bring the same are a problem, and so is one beside the option. */
function contributions(
  plugins: readonly EnginePlugin[],
  options: EngineOptions,
  problems: string[],
): Pick<PluginContribution, 'store' | 'summarizer'> {
  const found: { -readonly [Key in keyof PluginContribution]: PluginContribution[Key] } = {};
  const from: Record<string, string> = {};
  for (const { name, contributes = {} } of plugins.filter((plugin) => plugin?.kind === 'plugin')) {
    for (const what of ['store', 'summarizer', 'dispatcher', 'router'] as const) {
      if (contributes[what] === undefined) continue;
      const other =
        from[what] ?? ((what === 'store' || what === 'summarizer') && options[what] !== undefined ? `the option \`${what}\`` : undefined);
      if (other !== undefined) problems.push(`The plugin "${name}" brings a ${what}, and so does ${other}; leave one of them out.`);
      from[what] = `the plugin "${name}"`;
    }
    Object.assign(found, contributes);
  }
  return found;
}

/** What the engine's option says, and what plugins add to it: each name comes once. */
function withPolicies<Value>(
  what: 'pools' | 'namedLimits',
  given: { readonly [name: string]: Value },
  plugins: readonly EnginePlugin[],
  problems: string[],
): { readonly [name: string]: Value } {
  const all: { [name: string]: Value } = { ...given };
  const from = new Map(Object.keys(given).map((name) => [name, `the option \`${what}\``]));
  for (const { name: plugin, contributes = {} } of plugins.filter((one) => one?.kind === 'plugin')) {
    for (const [name, value] of Object.entries(contributes.policies?.[what] ?? {})) {
      const other = from.get(name);
      if (other !== undefined)
        problems.push(`The plugin "${plugin}" brings \`${what}.${name}\`, and so does ${other}; leave one of them out.`);
      from.set(name, `the plugin "${plugin}"`);
      all[name] = value as Value;
    }
  }
  return all;
}

function checkPreset(preset: unknown, problems: string[]): PresetName | undefined {
  if (preset === undefined || (PRESET_NAMES as readonly unknown[]).includes(preset)) return preset as PresetName | undefined;
  const [near] = nearest(inMessage(preset), PRESET_NAMES, 1);
  problems.push(
    `\`preset\` is ${inMessage(preset)}; ${near ? `did you mean '${near}'?` : `it must be one of ${PRESET_NAMES.join(', ')}.`}`,
  );
  return undefined;
}

function parseNamedLimits(given: NonNullable<EngineOptions['namedLimits']>, problems: string[]): ParsedEngineOptions['namedLimits'] {
  const parsed: { [name: string]: NamedLimit } = {};
  for (const [name, limit] of Object.entries(given)) {
    const place = `namedLimits.${name}`;
    const options = optionsOf(place, limit, problems);
    const named: boolean = isName(name);
    if (!named) problems.push(`\`${place}\` cannot name a limit: use ${NAME_RULE}.`);
    refuseUnknown(options, ['concurrency', 'rate'], `${place}.`, problems);
    const { concurrency, rate } = options;
    if (concurrency === undefined && rate === undefined) problems.push(`\`${place}\` limits nothing; give it \`concurrency\` or \`rate\`.`);
    const wrong = [
      ...placesProblems(`${place}.concurrency`, concurrency, 'the engine'),
      ...rateProblems(`${place}.rate`, rate, 'the engine'),
    ];
    problems.push(...wrong);
    if (wrong.length === 0) parsed[name] = { concurrency: concurrency ?? null, rate: rate === undefined ? null : parseRate(rate) };
  }
  return parsed;
}
