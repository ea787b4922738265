import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { WorkflowDefinition } from '../authoring/workflow-definition.js';
import type { AgentView, WorkflowView } from '../model/views.js';

export function toAgentView({ name, description, version, capabilities, inputJsonSchema, outputJsonSchema }: AgentDefinition): AgentView {
  return { name, description, version, capabilities, inputSchema: inputJsonSchema, outputSchema: outputJsonSchema };
}

export function toWorkflowView({ name, description, version, inputJsonSchema, outputJsonSchema }: WorkflowDefinition): WorkflowView {
  return { name, description, version, inputSchema: inputJsonSchema, outputSchema: outputJsonSchema };
}
