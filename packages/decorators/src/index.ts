export type { AnyClass, ClassWithExecute, ClassWithPlan } from './decorated-class.js';
export type { Manifest, ManifestEntry } from './manifest/manifest.js';
export { agentOptionsOf, isAgentClass, isWorkflowClass, workflowOptionsOf } from './metadata/metadata-reader.js';
export { TaskAgent, type TaskAgentOptions } from './task-agent.decorator.js';
export { toAgentDefinition, toWorkflowDefinition, type DefinitionOptions, type InstanceSource } from './to-definition.js';
export { Workflow, type WorkflowDecoratorOptions } from './workflow.decorator.js';
