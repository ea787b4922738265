import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { WorkflowDefinition } from '../authoring/workflow-definition.js';
import { requireOptions } from '../authoring/require-options.js';
import type { LocalDispatcherOptions } from '../dispatch/local-dispatcher.js';
import { ConfigError } from '../errors/definition-errors.js';
import { durationMs, type Duration } from '../kernel/duration.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import { PLUGIN_API, type Plugin, type PluginHooks } from '../ports/plugin.js';
import type { Router } from '../ports/router.js';
import type { Store } from '../ports/store.js';
import type { PluginPolicies } from '../ports/policies.js';
import type { Summarizer } from '../ports/summarizer.js';
import type { NamedRule } from '../runtime/failure-rules.js';
import type { Engine } from './contract.js';
import { optionsOf, refuseUnknown } from './option-checks.js';
import type { NamedLimitOptions } from './options.js';

/** What a plugin brings with it. */
export interface PluginContribution {
  /** Keeps the engine's state, where the `store` option names none. */
  readonly store?: Store;
  /** Decides which ready task starts next, instead of the engine's own dispatcher. */
  readonly dispatcher?: (services: LocalDispatcherOptions) => Dispatcher;
  /** Chooses an agent for a task whose own is not registered. */
  readonly router?: Router;
  /** Writes summaries, where the `summarizer` option names none. */
  readonly summarizer?: Summarizer;
  /** Rules that are followed beside the engine's own. */
  readonly policies?: PluginPolicies<NamedLimitOptions>;
  /** Agents and workflows that are registered with it. */
  readonly definitions?: readonly (AgentDefinition | WorkflowDefinition)[];
}

export type EnginePlugin = Plugin<Engine, PluginContribution>;

export interface PluginOptions extends PluginHooks<Engine> {
  /** Unique among the plugins of an engine. */
  readonly name: string;
  /** Whether the engine refuses to go on where the plugin fails. Default false: it goes on without. */
  readonly required?: boolean;
  /** Names of plugins whose hooks run before this one's, where they are there. Default: in the order of the `plugins` option. */
  readonly after?: readonly string[];
  /** How long each hook may take. Default 5 s. */
  readonly timeout?: Duration;
  readonly contributes?: PluginContribution;
}

const HOOKS = [
  'started',
  'beforeStop',
  'afterStop',
  'beforeSubmit',
  'beforeStart',
  'beforeComplete',
  'beforeFail',
  'beforeBlock',
  'beforeCancel',
  'afterSubmit',
  'afterStart',
  'afterComplete',
  'afterFail',
  'afterBlock',
  'afterCancel',
  'onEvent',
] as const satisfies readonly (keyof PluginHooks<Engine>)[];
/** Every option of a plugin. */
export const PLUGIN_OPTIONS = ['name', 'required', 'after', 'timeout', 'contributes', ...HOOKS];
/** Everything that a plugin may bring. */
export const CONTRIBUTIONS = [
  'store',
  'dispatcher',
  'router',
  'summarizer',
  'policies',
  'definitions',
] as const satisfies readonly (keyof PluginContribution)[];
const POLICIES = ['retry', 'namedLimits', 'pools'] as const satisfies readonly (keyof PluginPolicies<NamedLimitOptions>)[];
const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Defines a plugin: pass it to the engine's `plugins`.
 *
 * @throws ConfigError with everything that is wrong
 */
export function definePlugin(options: PluginOptions): EnginePlugin {
  requireOptions(options, 'a plugin', "{ name: 'audit', afterComplete: (event) => … }");
  const { name, required = false, after = [], timeout } = options;
  const shown = inMessage(name);
  const problems: string[] = [];
  const contributes = optionsOf('plugin.contributes', options.contributes, problems);
  refuseUnknown(options, PLUGIN_OPTIONS, 'plugin.', problems);
  refuseUnknown(contributes, CONTRIBUTIONS, 'plugin.contributes.', problems);
  if (!isName(name)) problems.push(`\`name\` of a plugin is ${shown}: use ${NAME_RULE}.`);
  const timeoutMs = timeout === undefined ? DEFAULT_TIMEOUT_MS : durationMs(timeout);
  if (!timeoutMs) problems.push(`\`timeout\` of the plugin ${shown} is ${inMessage(timeout)}; write a duration such as '5s'.`);
  if (typeof required !== 'boolean') problems.push(`\`required\` of the plugin ${shown} must be true or false.`);
  if (!Array.isArray(after) || !after.every((other) => typeof other === 'string'))
    problems.push(`\`after\` of the plugin ${shown} must be a list of names of plugins.`);
  problems.push(...contributionProblems(shown, contributes));
  const hooks: Record<string, unknown> = {};
  for (const hook of HOOKS) {
    const act = options[hook] as unknown;
    if (act === undefined) continue;
    if (typeof act !== 'function') problems.push(`\`${hook}\` of the plugin ${shown} must be a function.`);
    // As a method of the plugin's own object: it may keep its state there.
    else hooks[hook] = act.bind(options) as unknown;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { kind: 'plugin', api: PLUGIN_API, name, required, after: [...after], timeoutMs: timeoutMs!, hooks, contributes };
}

/** The retry rules of plugins, in their order. */
export function retryRules(plugins: readonly EnginePlugin[]): readonly NamedRule[] {
  return plugins.flatMap(({ name: plugin, contributes: { policies } }) => (policies?.retry ? [{ plugin, retry: policies.retry }] : []));
}

function contributionProblems(
  shown: string,
  { store, dispatcher, router, summarizer, definitions, ...contributed }: PluginContribution,
): string[] {
  const problems: string[] = [];
  const policies = optionsOf('plugin.contributes.policies', contributed.policies, problems);
  refuseUnknown(policies, POLICIES, 'plugin.contributes.policies.', problems);
  const refuse = (what: string, wanted: string): void =>
    void problems.push(`\`contributes.${what}\` of the plugin ${shown} must be ${wanted}.`);
  const has = (value: unknown, method: string): boolean =>
    typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';
  if (store !== undefined && !has(store, 'commit')) refuse('store', 'a store');
  if (dispatcher !== undefined && typeof dispatcher !== 'function') refuse('dispatcher', 'a function that makes one');
  if (router !== undefined && !has(router, 'route')) refuse('router', 'an object with a method `route`');
  if (summarizer !== undefined && !has(summarizer, 'summarize')) refuse('summarizer', 'an object with a method `summarize`');
  if (policies.retry !== undefined && typeof policies.retry !== 'function') refuse('policies.retry', 'a function of a failure');
  if (definitions !== undefined && !Array.isArray(definitions)) refuse('definitions', 'a list of agents and workflows');
  return problems;
}
