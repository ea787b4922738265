import { serializeError } from '../errors/serialize-error.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { within } from '../kernel/within.js';
import type { TaskSubmission } from '../model/submission.js';
import type { Logger } from '../ports/logger.js';
import type { Registry } from '../runtime/registry.js';
import { toAgentView } from './agent-views.js';
import type { EnginePlugin } from './define-plugin.js';

export interface RoutingOptions {
  readonly plugins: readonly EnginePlugin[];
  readonly registry: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Asks the router that a plugin brings which agent a task goes to whose own is not registered. */
export class Routing {
  private readonly plugin: EnginePlugin | null;

  constructor(private readonly options: RoutingOptions) {
    this.plugin = options.plugins.find(({ contributes }) => contributes.router) ?? null;
  }

  /** The tasks, with agents that are registered as far as the router knows any. @throws TaskloomError `PLUGIN_FAILED` */
  async tasks(tasks: readonly TaskSubmission[]): Promise<readonly TaskSubmission[]> {
    if (!this.plugin || tasks.every((task) => !this.isUnknown(task.agent) && !this.isUnknown(task.map?.agent))) return tasks;
    const routed: TaskSubmission[] = [];
    for (const task of tasks) {
      const { key, agent, map, input = null } = task;
      routed.push({
        ...task,
        ...(agent === undefined ? undefined : { agent: await this.agent(agent, input, key) }),
        ...(map === undefined ? undefined : { map: { ...map, agent: await this.agent(map.agent, map.input.value, key) } }),
      });
    }
    return routed;
  }

  /** The agent's own name where it is registered, or where nobody knows another. @throws TaskloomError `PLUGIN_FAILED` for a required plugin */
  async agent(wanted: string, input: Json, taskKey: string | null): Promise<string> {
    const { plugin } = this;
    if (!plugin || !this.isUnknown(wanted)) return wanted;
    const { registry, clock, logger } = this.options;
    try {
      const agents = registry.allAgents().map(toAgentView);
      const request = Object.freeze({ wanted, taskKey, input, agents });
      const said: unknown = await within(clock, plugin.timeoutMs, () => plugin.contributes.router!.route(request));
      if (said === undefined || said === null) return wanted;
      if (typeof said === 'string' && !this.isUnknown(said)) return said;
      throw new TypeError(`it chose ${JSON.stringify(said)?.slice(0, 80) ?? typeof said}, which is no registered agent`);
    } catch (error) {
      const { message } = serializeError(error);
      logger.error('The router of a plugin failed.', { plugin: plugin.name, wanted, error: message });
      if (!plugin.required) return wanted;
      throw new TaskloomError('PLUGIN_FAILED', `The router of the plugin "${plugin.name}" failed: ${message}.`, {
        details: { plugin: plugin.name, wanted },
      });
    }
  }

  private isUnknown(agent: string | undefined): boolean {
    return agent !== undefined && this.options.registry.agent(agent) === undefined;
  }
}
