import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';

/** Whether that is what `defineAgent` or `defineWorkflow` made. */
export function isDefinition(item: unknown): item is AgentDefinition | WorkflowDefinition {
  if (typeof item !== 'object' || item === null || !('kind' in item)) return false;
  return item.kind === 'agent' || item.kind === 'workflow';
}

/** How a message names what is none. */
export function nameOfItem(item: unknown): string {
  return typeof item === 'function' ? `the class ${item.name}` : (JSON.stringify(item)?.slice(0, 80) ?? String(item));
}
