import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';

/** Whether that is what `defineAgent` or `defineWorkflow` made. */
export function isDefinition(item: unknown): item is AgentDefinition | WorkflowDefinition {
  if (typeof item !== 'object' || item === null || !('kind' in item)) return false;
  return item.kind === 'agent' || item.kind === 'workflow';
}

/** How a message names what is none. Of an object only keys are read: it may be anything. */
export function nameOfItem(item: unknown): string {
  if (typeof item === 'function') return `the class ${item.name}`;
  if (Array.isArray(item)) return 'a list';
  if (typeof item === 'object' && item !== null) return `an object with ${Object.keys(item).join(', ').slice(0, 80) || 'nothing in it'}`;
  return typeof item === 'string' ? JSON.stringify(item.slice(0, 80)) : String(item);
}
