import { validate } from '../authoring/schema.js';
import { cutText } from '../context/cut-text.js';
import { inLog } from '../errors/in-log.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { misshapenParts } from '../graph/misshapen.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { within } from '../kernel/within.js';
import type { AgentRoute, RouteDoubt } from '../model/agent-choice.js';
import type { AgentFacts } from '../model/agent-facts.js';
import type { TaskSubmission } from '../model/submission.js';
import type { Logger } from '../ports/logger.js';
import type { RouteRequest } from '../ports/router.js';
import type { Registry } from '../runtime/registry.js';
import { toAgentView } from './agent-views.js';
import type { EnginePlugin } from './define-plugin.js';
import { noRegisteredAgent, readRouteAnswer } from './route-answer.js';

export interface RoutingOptions {
  readonly plugins: readonly EnginePlugin[];
  readonly registry: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Changes what was wanted before it is stored. */
  readonly redact: (text: string) => string;
}

/** Whom a job lets run its tasks; `null`: everybody. */
export type Allowed = ReadonlySet<string> | null;

/** Tasks with agents that are registered, as far as the router knows any. */
export interface RoutedTasks {
  readonly tasks: readonly TaskSubmission[];
  /** How they came to their agents, for the build of their graph. */
  readonly routes: Pick<AgentFacts, 'routeOf' | 'doubtOf'>;
}

/** What was chosen; `route` is `null` for an agent by its own name. */
export interface RoutedAgent {
  readonly agent: string;
  readonly route: AgentRoute | null;
}

type Wanted = Pick<RouteRequest, 'wanted' | 'taskKey' | 'input' | 'holes'>;
type Found = RoutedAgent & { readonly doubt?: RouteDoubt };

const WANTED_CHARS = 200;
const NO_HOLES: readonly string[] = [];

/** Asks the router that a plugin brings which agent a task goes to whose own is not registered. */
export class Routing {
  private readonly plugin: EnginePlugin | null;

  constructor(private readonly options: RoutingOptions) {
    this.plugin = options.plugins.find(({ contributes }) => contributes.router) ?? null;
  }

  /** @throws TaskloomError `PLUGIN_FAILED` for a required plugin */
  async tasks(tasks: readonly TaskSubmission[], allowedIn: () => Allowed | Promise<Allowed>): Promise<RoutedTasks> {
    if (!this.plugin || tasks.every((task) => !this.isUnknown(task.agent) && !this.isUnknown(task.map?.agent)))
      return { tasks, routes: {} };
    const allowed = await allowedIn();
    const routed: TaskSubmission[] = [];
    const routes = new Map<string, AgentRoute>();
    const doubts = new Map<string, RouteDoubt>();
    const find = async (wanted: Wanted): Promise<string> => {
      const { agent, route, doubt } = await this.find(wanted, allowed);
      if (route) routes.set(String(wanted.taskKey), route);
      if (doubt) doubts.set(String(wanted.taskKey), doubt);
      return agent;
    };
    for (const task of tasks) routed.push(misshapenParts(task).length > 0 ? task : await routedTask(task, find));
    return { tasks: routed, routes: { routeOf: (key) => routes.get(key), doubtOf: (key) => doubts.get(key) } };
  }

  /**
   * The agent for what an agent asks for: by its own name where it is registered, or where nobody knows another.
   *
   * @throws TaskloomError `UNKNOWN_AGENT` where several come into question; `PLUGIN_FAILED` for a required plugin
   */
  async agent(wanted: string, input: Json, allowed: Allowed): Promise<RoutedAgent> {
    const { agent, route, doubt } = await this.find({ wanted, input, taskKey: null, holes: NO_HOLES }, allowed);
    if (!doubt) return { agent, route };
    const name = cutText(wanted, 80);
    throw new TaskloomError('UNKNOWN_AGENT', `There is no agent "${name}": ${doubt.reason}.`, {
      details: { name, candidates: [...doubt.candidates] },
    });
  }

  private async find({ wanted, ...request }: Wanted, allowed: Allowed): Promise<Found> {
    const { plugin } = this;
    const asItWas: Found = { agent: wanted, route: null };
    if (!plugin || !this.isUnknown(wanted)) return asItWas;
    const { registry, clock, logger, redact } = this.options;
    try {
      const agents = registry.allAgents().filter(({ name }) => allowed?.has(name) ?? true);
      const asked: RouteRequest = Object.freeze({
        wanted,
        ...request,
        agents: agents.map(toAgentView),
        accepts: (agent: string) => this.accepts(agent, request.input),
      });
      const said: unknown = await within(clock, plugin.timeoutMs, () => plugin.contributes.router!.route(asked));
      const answer = readRouteAnswer(said);
      if (answer === null) return asItWas;
      if ('reason' in answer) return { ...asItWas, doubt: answer };
      if (!this.isUnknown(answer.agent)) {
        return { agent: answer.agent, route: { wanted: cutText(redact(wanted).toWellFormed(), WANTED_CHARS), by: answer.by } };
      }
      throw noRegisteredAgent(said);
    } catch (error) {
      const failure = inLog(error);
      logger.error('The router of a plugin failed.', { plugin: plugin.name, wanted, ...failure });
      if (!plugin.required) return asItWas;
      throw new TaskloomError('PLUGIN_FAILED', `The router of the plugin "${plugin.name}" failed: ${failure.error}.`, {
        details: { plugin: plugin.name, wanted },
      });
    }
  }

  /** A schema whose own code fails accepts nothing. */
  private async accepts(name: string, input: Json): Promise<boolean> {
    const agent = this.options.registry.agent(name);
    if (!agent) return false;
    try {
      return (await validate(agent.inputSchema, structuredClone(input))).ok;
    } catch {
      return false;
    }
  }

  private isUnknown(agent: string | undefined): boolean {
    return agent !== undefined && this.options.registry.agent(agent) === undefined;
  }
}

async function routedTask(task: TaskSubmission, find: (wanted: Wanted) => Promise<string>): Promise<TaskSubmission> {
  const { key: taskKey, agent: wanted, map, input = null, refs } = task;
  if (wanted !== undefined) return { ...task, agent: await find({ wanted, taskKey, input, holes: (refs ?? []).map(({ at }) => at) }) };
  if (map === undefined || map === null) return task;
  const holes = [...map.input.refs, ...map.items].map(({ at }) => at);
  return { ...task, map: { ...map, agent: await find({ wanted: map.agent, taskKey, input: map.input.value, holes }) } };
}
