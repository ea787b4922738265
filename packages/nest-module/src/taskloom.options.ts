import { Logger } from '@nestjs/common';
import {
  ConfigError,
  createEngine,
  TaskloomError,
  type AgentDefinition,
  type Duration,
  type Engine,
  type EngineOptions,
  type EnginePlugin,
  type WorkflowDefinition,
} from '@taskloom/core';
import { durationMs, ENGINE_OPTIONS } from '@taskloom/core/internal';
import type { Manifest } from '@taskloom/decorators';

import type { ApiOptions, ParsedApiOptions } from './api.options.js';
import { Carrier } from './carry/carrier.js';
import type { CarryOptions } from './carry/carry.options.js';
import { isDefinition, nameOfItem } from './explorer/is-definition.js';
import { registerAll, type RegisterOptions } from './explorer/register-all.js';
import { mergeManifests } from './merge-manifests.js';
import { NestEngineLogger } from './nest-logger.js';
import { parseApiOptions } from './parse-api-options.js';
import { refuseUnknown } from './refuse-unknown.js';
import { redactedLogger } from './secrets/redacting-logger.js';
import type { Redactor } from './secrets/redactor.js';
import { sealedSummarizer } from './secrets/sealed-contribution.js';
import { sealedPlugin } from './secrets/sealed-plugin.js';
import type { Secret } from './secrets/secret.js';
import { parseSecrets, type TaskloomSecrets } from './secrets/taskloom-secrets.js';
import type { TaskloomExplorer } from './taskloom.explorer.js';
import type { TestConditions } from './testing/test-conditions.js';

export const TASKLOOM_ROLES = ['api', 'worker'] as const;
export type TaskloomRole = (typeof TASKLOOM_ROLES)[number];

/** What users give to `TaskloomModule.forRoot`: the engine's options and those of its place in an application. */
export interface TaskloomModuleOptions extends Omit<EngineOptions, 'runTasks'> {
  /** What the generator wrote: schemas of classes that give none themselves. */
  readonly manifest?: Manifest | readonly Manifest[];
  /** Agents and workflows made with `defineAgent` and `defineWorkflow`, beside the decorated providers. */
  readonly definitions?: readonly (AgentDefinition | WorkflowDefinition)[];
  /**
   * Whether the application's global guards, interceptors, pipes and filters run around agents, too; they can tell by
   * `context.getType() === 'task'`. Those on an agent's class always do. Default true.
   */
  readonly globalEnhancers?: boolean;
  /**
   * What this process does of the work of one installation: `api` serves the API, `worker` runs tasks. Default both. Each
   * alone needs PostgreSQL, and the same agents and workflows as the other.
   */
  readonly roles?: readonly TaskloomRole[];
  /** Context of the application that jobs take along, for example of the request that started them. Default: none. */
  readonly carry?: CarryOptions;
  /**
   * Secrets by name, made with `secret(…)`. Agents get them from TaskloomSecrets; wherever a value of one appears in what the
   * application, agents and plugins hand to the engine, in its log or in the API, it is replaced by `[secret:name]`. Default:
   * nothing is looked through.
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** The GraphQL API; `false`: none. Without an HTTP server there is none in any case. */
  readonly api?: ApiOptions | false;
  /** How long running tasks may go on when the application stops. What is left continues at the next start. Default 10 s. */
  readonly shutdownGrace?: Duration;
}

/** The completed form used inside. */
export interface ParsedModuleOptions {
  /** Not started. */
  readonly engine: Engine;
  readonly manifest: Manifest;
  readonly definitions: readonly (AgentDefinition | WorkflowDefinition)[];
  readonly globalEnhancers: boolean;
  /** `null`: jobs carry nothing. */
  readonly carrier: Carrier | null;
  readonly secrets: TaskloomSecrets;
  /** `null`: no API. */
  readonly api: ParsedApiOptions | null;
  readonly shutdownGraceMs: number;
  /** Name of the agent that is told of timeouts. */
  readonly planner: string | null;
}

const OWN = [
  'manifest',
  'definitions',
  'globalEnhancers',
  'roles',
  'carry',
  'secrets',
  'api',
  'shutdownGrace',
] as const satisfies readonly (keyof TaskloomModuleOptions)[];

/**
 * Checks and completes the options, and makes the engine of its own.
 *
 * @throws ConfigError with everything that is wrong, in agents and workflows, too, where an explorer can look for them;
 *   TaskloomError `SQLITE_SINGLE_PROCESS` where roles are parted on a store that is one process's own
 */
export function parseModuleOptions(
  given: TaskloomModuleOptions = {},
  test: TestConditions | null = null,
  explorer: TaskloomExplorer | null = null,
): ParsedModuleOptions {
  const options = { ...given, ...test?.options };
  const problems: string[] = [];
  refuseUnknown(given, [...ENGINE_OPTIONS.filter((name) => name !== 'runTasks'), ...OWN], '', problems);
  const {
    manifest: givenManifest,
    definitions: givenDefinitions,
    globalEnhancers = true,
    roles: givenRoles,
    carry,
    secrets: givenSecrets,
    api = {},
    shutdownGrace = '10s',
    ...engineOptions
  } = options;
  const shutdownGraceMs = durationMs(shutdownGrace);
  if (shutdownGraceMs === null)
    problems.push(`\`shutdownGrace\` is ${JSON.stringify(shutdownGrace)}; write a duration such as '10s', or milliseconds.`);
  if (typeof globalEnhancers !== 'boolean') problems.push(`\`globalEnhancers\` is ${String(globalEnhancers)}; it must be true or false.`);
  const roles = parseRoles(givenRoles, problems);
  const manifest = parseManifest(givenManifest, problems);
  const definitions = parseDefinitions(givenDefinitions, problems);
  checkCarry(carry, problems);
  const secrets = parseSecrets(givenSecrets, problems);
  const parsedApi = api === false || !roles.includes('api') ? null : parseApiOptions(api, problems);
  const known = {
    ...Object.fromEntries(Object.entries(engineOptions).filter(([name]) => isEngineOption(name))),
    runTasks: roles.includes('worker'),
  };
  const engine = makeEngine(secrets.isOn ? sealed(known, secrets.redactor) : known, problems);
  if (!engine || problems.length > 0)
    throw new ConfigError([
      ...problems,
      ...faultsIn(explorer, manifest, definitions, {
        engine,
        planner: typeof options.planner === 'string' ? options.planner : null,
        agents: test?.agents ?? null,
        surround: (agent) => agent,
      }),
    ]);
  requireShared(roles, options.store);
  return {
    engine,
    manifest,
    definitions,
    globalEnhancers,
    carrier: carry ? new Carrier(carry) : null,
    secrets,
    api: parsedApi,
    shutdownGraceMs: shutdownGraceMs ?? 0,
    planner: options.planner ?? null,
  };
}

/** What is wrong with agents and workflows, so that whoever mends the options does not hear of it only at the next start. */
function faultsIn(
  explorer: TaskloomExplorer | null,
  manifest: Manifest,
  definitions: ParsedModuleOptions['definitions'],
  options: RegisterOptions,
): readonly string[] {
  if (!explorer) return [];
  const found = explorer.preview(manifest);
  return [...found.problems, ...registerAll([...definitions, ...found.definitions], options)];
}

function isEngineOption(name: string): boolean {
  return (ENGINE_OPTIONS as readonly string[]).includes(name);
}

/** What the engine logs and stores, and what plugins and the summarizer hand to it, has no secrets in it. */
function sealed(options: EngineOptions, redactor: Redactor): EngineOptions {
  const { logger = engineLogger(), redactText = (text: string) => text, summarizer, plugins } = options;
  return {
    ...options,
    logger: redactedLogger(logger, redactor),
    // What is no function is the engine's to refuse.
    redactText: typeof redactText === 'function' ? (text) => redactor.text(redactText(text)) : redactText,
    ...(typeof summarizer?.summarize === 'function' && { summarizer: sealedSummarizer(summarizer, redactor) }),
    ...(Array.isArray(plugins) ? { plugins: plugins.map((plugin: EnginePlugin) => sealedPlugin(plugin, redactor)) } : undefined),
  };
}

function engineLogger(): NestEngineLogger {
  return new NestEngineLogger(new Logger('Taskloom'));
}

/** What is unknown has been listed already. */
function makeEngine(options: EngineOptions, problems: string[]): Engine | null {
  try {
    return createEngine({ logger: engineLogger(), ...options });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** What is no list of roles goes to `problems`. */
function parseRoles(given: unknown, problems: string[]): readonly TaskloomRole[] {
  if (given === undefined) return TASKLOOM_ROLES;
  const isRole = (role: unknown): role is TaskloomRole => (TASKLOOM_ROLES as readonly unknown[]).includes(role);
  if (Array.isArray(given) && given.length > 0 && given.every(isRole)) return given;
  problems.push(`\`roles\` is ${JSON.stringify(given)}; it must be a list of ${TASKLOOM_ROLES.join(' and ')}.`);
  return TASKLOOM_ROLES;
}

function parseManifest(given: TaskloomModuleOptions['manifest'], problems: string[]): Manifest {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given ?? {}];
  if (all.every((one) => typeof one === 'object' && one !== null)) return mergeManifests(given ?? undefined);
  problems.push('`manifest` must be what `npx taskloom generate` wrote, or a list of such manifests.');
  return mergeManifests(undefined);
}

/** What is no definition goes to `problems` and is left out. */
function parseDefinitions(given: unknown, problems: string[]): ParsedModuleOptions['definitions'] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    problems.push('`definitions` must be a list of what defineAgent and defineWorkflow made.');
    return [];
  }
  const others = given.filter((item: unknown) => !isDefinition(item));
  for (const item of others)
    problems.push(
      `\`definitions\` lists ${nameOfItem(item)}, which is no agent and no workflow. List what defineAgent or defineWorkflow made; decorated classes are providers of a module.`,
    );
  return given.filter(isDefinition);
}

function checkCarry(carry: unknown, problems: string[]): void {
  if (carry === undefined) return;
  refuseUnknown(carry as object, ['capture', 'run'], 'carry.', problems);
  const { capture, run } = (carry ?? {}) as Partial<CarryOptions>;
  for (const [name, act] of Object.entries({ capture, run }))
    if (typeof act !== 'function') problems.push(`\`carry.${name}\` must be a function.`);
}

function requireShared(roles: readonly TaskloomRole[], store: TaskloomModuleOptions['store']): void {
  const missing = TASKLOOM_ROLES.find((role) => !roles.includes(role));
  if (missing === undefined || isShared(store)) return;
  throw new TaskloomError(
    'SQLITE_SINGLE_PROCESS',
    `\`roles\` leaves \`${missing}\` to another process, but a SQLite file belongs to one process.`,
    {
      remedy:
        "Leave `roles` out, or give both processes a PostgreSQL store: `store: { type: 'postgres', url }`. To run tasks without the API, set `api: false`.",
    },
  );
}

function isShared(store: TaskloomModuleOptions['store']): boolean {
  if (!store) return false;
  return 'commit' in store ? store.shared === true : store.type === 'postgres';
}
