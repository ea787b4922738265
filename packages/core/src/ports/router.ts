import type { Json } from '../kernel/json.js';
import type { RouteDoubt, RoutedBy } from '../model/agent-choice.js';
import type { AgentView } from '../model/views.js';

/** A task that names an agent nobody has registered: a capability, an alias, a name of yesterday. */
export interface RouteRequest {
  readonly wanted: string;
  /** `null` for what an agent asks for with `ctx.need` or `ctx.spawn`. */
  readonly taskKey: string | null;
  /** As it was given: what is still to be filled in is `null`. */
  readonly input: Json;
  /** JSON Pointers to the places in `input` that outputs of other tasks, or the items of a map, will fill. */
  readonly holes: readonly string[];
  /** Every agent that is registered and that the job allows. */
  readonly agents: readonly AgentView[];
  /** Whether the input schema of a registered agent accepts the input as it stands, holes and all. */
  readonly accepts: (agent: string) => Promise<boolean>;
}

/** The name of a registered agent, with or without how it was found; or why there is none; nothing where none fits. */
export type RouteAnswer = string | { readonly agent: string; readonly by: RoutedBy } | RouteDoubt | undefined;

/** Chooses agents. The same request should come to the same agent: an agent's run that is repeated asks again. */
export interface Router {
  route(request: RouteRequest): RouteAnswer | Promise<RouteAnswer>;
}
