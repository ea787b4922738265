import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';
import { nearest } from '@taskloom/core/internal';

/** Agents that are named and are not there: as reviewers of agents, and as the engine's planner. */
export function findUnknownAgents(
  definitions: readonly (AgentDefinition | WorkflowDefinition)[],
  planner: string | null,
): readonly string[] {
  const agents = definitions.filter((definition) => definition.kind === 'agent');
  const names = new Set(agents.map(({ name }) => name));
  const named = [
    ...agents.map(({ name, review }) => ({ agent: review?.agent, by: `The agent "${name}" is reviewed by` })),
    { agent: planner ?? undefined, by: '`planner` names' },
  ];
  return named
    .filter(({ agent }) => agent !== undefined && !names.has(agent))
    .map(({ agent, by }) => {
      const [near] = nearest(agent!, names, 1);
      return `${by} the agent "${agent}", which does not exist${near === undefined ? '. Add it to the providers of a module.' : `; did you mean "${near}"?`}`;
    });
}
