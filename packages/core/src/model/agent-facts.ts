import type { JsonObject } from '../kernel/json.js';
import type { AgentRoute, RouteDoubt } from './agent-choice.js';
import type { Durability, ReviewPolicy } from './task.js';

/** What a task takes over from the definition of its agent where it says nothing itself. */
export interface AgentFact {
  readonly durability: Durability;
  readonly review: ReviewPolicy | null;
}

/** What a graph's build needs to know of the registered agents. */
export interface AgentFacts {
  readonly agentNames: ReadonlySet<string>;
  /** Absent: nothing is declared. */
  readonly factOf?: (agent: string) => AgentFact | null;
  /** JSON Schema of an agent's input; `null`: of an agent that is not known. Absent: nothing is checked against it. */
  readonly inputSchemaOf?: (agent: string) => JsonObject | null;
  /** How the task with a key came to its agent, or its map to the agent that it repeats. Absent: each was named. */
  readonly routeOf?: (taskKey: string) => AgentRoute | undefined;
  /** Why the task with a key was given none. */
  readonly doubtOf?: (taskKey: string) => RouteDoubt | undefined;
}
