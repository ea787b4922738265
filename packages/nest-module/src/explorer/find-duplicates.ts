import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';

type Definition = AgentDefinition | WorkflowDefinition;

/** Two agents, or two workflows, of one name. */
export function findDuplicates(definitions: readonly Definition[]): readonly string[] {
  const byName = new Map<string, Definition[]>();
  for (const definition of definitions) {
    const key = `${definition.kind} ${definition.name}`;
    byName.set(key, [...(byName.get(key) ?? []), definition]);
  }
  return [...byName.values()]
    .filter((same) => same.length > 1)
    .map(
      (same) => `${same.length} ${same[0]!.kind}s are called "${same[0]!.name}": ${same.map(describe).join(' and ')}. Rename all but one.`,
    );
}

function describe({ target }: Definition): string {
  return target ? `class ${target.name}` : 'one of `definitions`';
}
