/**
 * How a task came to its agent: every answer there is, and what it means. `Task.why` and `engine.why` give one of these.
 */
export const AGENT_CHOICES = {
  NAME: 'It was asked for by its name.',
  CAPABILITY: 'It has the capability `wanted`; where others have it, too, it alone accepts the input.',
  INPUT: 'Any agent was wanted that accepts the input, and it alone does.',
  ROUTER: 'The router of a plugin chose it for `wanted`.',
  SUBSCRIPTION: 'It subscribes the topic `wanted`, and the task is a message on it.',
  REVIEWER: 'It judges the task above it.',
  ENGINE: "It is one of the engine's own.",
  NONE: 'The task has no agent: it stands for what is below it.',
} as const satisfies Readonly<Record<string, string>>;

export type AgentChoice = keyof typeof AGENT_CHOICES;

/** How a task whose own agent nobody has registered came to the one that it has. */
export interface AgentRoute {
  /** What the task named. At most 200 characters. */
  readonly wanted: string;
  readonly by: RoutedBy;
}

export const ROUTED_BY = ['CAPABILITY', 'INPUT', 'ROUTER'] as const satisfies readonly AgentChoice[];
export type RoutedBy = (typeof ROUTED_BY)[number];

/** Why nobody was chosen, and who came into question. */
export interface RouteDoubt {
  /** Names of agents. */
  readonly candidates: readonly string[];
  /** The end of a sentence: `2 agents have that capability …`. */
  readonly reason: string;
}
