import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { WorkflowDefinition } from '../authoring/workflow-definition.js';
import type { AgentView, WorkflowView } from '../model/views.js';

export function toAgentView(agent: AgentDefinition): AgentView {
  const { name, description, version, capabilities, inputJsonSchema, outputJsonSchema } = agent;
  const publishes = agent.publishes.map((topic) => topic.name);
  const subscribes = agent.subscribes.map((topic) => topic.name);
  return { name, description, version, capabilities, publishes, subscribes, inputSchema: inputJsonSchema, outputSchema: outputJsonSchema };
}

export function toWorkflowView({ name, description, version, inputJsonSchema, outputJsonSchema }: WorkflowDefinition): WorkflowView {
  return { name, description, version, inputSchema: inputJsonSchema, outputSchema: outputJsonSchema };
}
