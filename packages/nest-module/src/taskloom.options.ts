import { ConfigError, type AgentDefinition, type Duration, type EngineOptions, type WorkflowDefinition } from '@taskloom/core';
import { durationMs, ENGINE_OPTIONS } from '@taskloom/core/internal';
import type { Manifest } from '@taskloom/decorators';

import type { ApiOptions, ParsedApiOptions } from './api.options.js';
import { parseApiOptions } from './parse-api-options.js';
import { refuseUnknown } from './refuse-unknown.js';

/** What users give to `TaskloomModule.forRoot`: the engine's options and those of its place in an application. */
export interface TaskloomModuleOptions extends EngineOptions {
  /** What the generator wrote: schemas of classes that give none themselves. */
  readonly manifest?: Manifest | readonly Manifest[];
  /** Agents and workflows made with `defineAgent` and `defineWorkflow`, beside the decorated providers. */
  readonly definitions?: readonly (AgentDefinition | WorkflowDefinition)[];
  /**
   * Whether the application's global guards, interceptors, pipes and filters run around agents, too; they can tell by
   * `context.getType() === 'task'`. Those on an agent's class always do. Default true.
   */
  readonly globalEnhancers?: boolean;
  /** The GraphQL API; `false`: none. Without an HTTP server there is none in any case. */
  readonly api?: ApiOptions | false;
  /** How long running tasks may go on when the application stops. What is left continues at the next start. Default 10 s. */
  readonly shutdownGrace?: Duration;
}

/** The completed form used inside. */
export interface ParsedModuleOptions {
  readonly engine: EngineOptions;
  readonly manifest: Manifest;
  readonly definitions: readonly (AgentDefinition | WorkflowDefinition)[];
  readonly globalEnhancers: boolean;
  /** `null`: no API. */
  readonly api: ParsedApiOptions | null;
  readonly shutdownGraceMs: number;
}

const OWN = [
  'manifest',
  'definitions',
  'globalEnhancers',
  'api',
  'shutdownGrace',
] as const satisfies readonly (keyof TaskloomModuleOptions)[];

/**
 * Checks and completes the module's own options. Values of the engine's are checked by the engine.
 *
 * @throws ConfigError with everything that is wrong
 */
export function parseModuleOptions(options: TaskloomModuleOptions = {}): ParsedModuleOptions {
  const problems: string[] = [];
  refuseUnknown(options, [...ENGINE_OPTIONS, ...OWN], '', problems);
  const { manifest, definitions = [], globalEnhancers = true, api = {}, shutdownGrace = '10s', ...engine } = options;
  const shutdownGraceMs = durationMs(shutdownGrace);
  if (shutdownGraceMs === null)
    problems.push(`\`shutdownGrace\` is ${JSON.stringify(shutdownGrace)}; write a duration such as '10s', or milliseconds.`);
  if (typeof globalEnhancers !== 'boolean') problems.push(`\`globalEnhancers\` is ${String(globalEnhancers)}; it must be true or false.`);
  const parsedApi = api === false ? null : parseApiOptions(api, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    engine,
    manifest: mergeManifests(manifest),
    definitions,
    globalEnhancers,
    api: parsedApi,
    shutdownGraceMs: shutdownGraceMs ?? 0,
  };
}

function mergeManifests(manifest: Manifest | readonly Manifest[] | undefined): Manifest {
  const all = manifest === undefined ? [] : isList(manifest) ? manifest : [manifest];
  return {
    agents: Object.assign({}, ...all.map(({ agents }) => agents)) as Manifest['agents'],
    workflows: Object.assign({}, ...all.map(({ workflows }) => workflows)) as Manifest['workflows'],
  };
}

function isList(manifest: Manifest | readonly Manifest[]): manifest is readonly Manifest[] {
  return Array.isArray(manifest);
}
