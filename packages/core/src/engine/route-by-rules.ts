import { ConfigError } from '../errors/definition-errors.js';
import { inMessage } from '../kernel/in-message.js';
import type { AgentView } from '../model/views.js';
import type { RouteAnswer, RouteRequest } from '../ports/router.js';
import { definePlugin, type EnginePlugin } from './define-plugin.js';
import { refuseUnknown } from './option-checks.js';

export const ROUTE_RULES = ['capability', 'input'] as const;
export type RouteRule = (typeof ROUTE_RULES)[number];

/** What a task names that wants whichever agent accepts its input. */
export const ANY_AGENT = '*';

export interface RouteRulesOptions {
  /**
   * `capability`: a task may name a capability in place of an agent. `input`: a task may name `*`, and of several agents with a
   * capability the one is meant whose input schema accepts the task's input. Default: both.
   */
  readonly by?: readonly RouteRule[];
}

const SHOWN = 5;

/**
 * A plugin that finds agents for tasks that name none: pass it to the engine's `plugins`. It chooses only where one agent fits;
 * where several do, or none, the task is refused with `UNKNOWN_AGENT`, which names them.
 *
 * @throws ConfigError for a rule that there is not
 */
export function routeByRules(options: RouteRulesOptions = {}): EnginePlugin {
  const problems: string[] = [];
  refuseUnknown(options, ['by'], 'routeByRules.', problems);
  const { by = ROUTE_RULES } = options;
  if (!Array.isArray(by) || by.length === 0 || !by.every((rule: unknown) => ROUTE_RULES.includes(rule as RouteRule)))
    problems.push(`\`by\` of routeByRules is ${inMessage(by)}; it must be a list of at least one of ${ROUTE_RULES.join(', ')}.`);
  if (problems.length > 0) throw new ConfigError(problems);
  const rules = new Set<RouteRule>(by);
  return definePlugin({ name: 'route-by-rules', contributes: { router: { route: (request) => choose(request, rules) } } });
}

async function choose({ wanted, holes, agents, accepts }: RouteRequest, rules: ReadonlySet<RouteRule>): Promise<RouteAnswer> {
  const isAny = wanted === ANY_AGENT;
  if (!rules.has(isAny ? 'input' : 'capability')) return undefined;
  const able = namesOf(isAny ? agents : agents.filter(({ capabilities }) => capabilities.includes(wanted)));
  const [only, ...others] = able;
  if (only === undefined) return undefined;
  // Whether it accepts the input is checked with the graph, which says what does not fit.
  if (others.length === 0 && !isAny) return { agent: only, by: 'CAPABILITY' };

  const several = isAny ? 'any agent is wanted' : `${able.length} agents have that capability (${listed(able)})`;
  const inDoubt = (candidates: readonly string[], why: string): RouteAnswer => ({ candidates, reason: `${several}, ${why}` });
  if (!rules.has('input')) return inDoubt(able, 'and only one may');
  if (holes.length > 0) return inDoubt(able, 'and its input, which could tell, is complete only when it starts');
  const fitting: string[] = [];
  for (const agent of able) if (await accepts(agent)) fitting.push(agent);
  const [fits, ...more] = fitting;
  if (fits === undefined) return inDoubt(able, 'but none of them accepts its input');
  if (more.length > 0) return inDoubt(fitting, `and ${fitting.length} of them accept its input (${listed(fitting)})`);
  return { agent: fits, by: isAny ? 'INPUT' : 'CAPABILITY' };
}

function namesOf(agents: readonly AgentView[]): string[] {
  return agents.map(({ name }) => name).sort();
}

function listed(names: readonly string[]): string {
  return names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
}
