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
}
