import type { Json } from '../kernel/json.js';
import type { AgentView } from '../model/views.js';

/** A task that names an agent nobody has registered: a capability, an alias, a name of yesterday. */
export interface RouteRequest {
  readonly wanted: string;
  /** `null` for what an agent asks for with `ctx.need` or `ctx.spawn`. */
  readonly taskKey: string | null;
  /** As it was given: what refs will fill is still `null`. */
  readonly input: Json;
  /** Every agent that is registered. */
  readonly agents: readonly AgentView[];
}

/** Chooses agents. The same request should come to the same agent: an agent's run that is repeated asks again. */
export interface Router {
  /** The name of a registered agent; nothing where none fits. */
  route(request: RouteRequest): string | undefined | Promise<string | undefined>;
}
