export type { AnyClass, ClassOfAgent, ClassWithExecute, ClassWithExecuteBatch, ClassWithPlan } from './decorated-class.js';
export type { Manifest, ManifestEntry } from './manifest/manifest.js';
export {
  agentOptionsOf,
  isAgentClass,
  isWorkflowClass,
  pubSubAgentOptionsOf,
  workflowOptionsOf,
  type GivenPubSubAgentOptions,
} from './metadata/metadata-reader.js';
export { PubSubAgent } from './pubsub-agent.decorator.js';
export { TaskAgent, type TaskAgentOptions } from './task-agent.decorator.js';
export { toAgentDefinition, toWorkflowDefinition, type DefinitionOptions, type InstanceSource } from './to-definition.js';
export { Workflow, type WorkflowDecoratorOptions } from './workflow.decorator.js';
