import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';

type Definition = AgentDefinition | WorkflowDefinition;

/** Lets agents do what a test says; an agent that the application does not have is added. */
export function replaceAgents(definitions: readonly Definition[], agents: ReadonlyMap<string, AgentDefinition>): readonly Definition[] {
  const names = new Set(definitions.filter(({ kind }) => kind === 'agent').map(({ name }) => name));
  const replaced = definitions.map((definition) => {
    const scripted = definition.kind === 'agent' ? agents.get(definition.name) : undefined;
    return scripted ? ({ ...definition, execute: scripted.execute } as Definition) : definition;
  });
  return [...replaced, ...[...agents.values()].filter(({ name }) => !names.has(name))];
}
