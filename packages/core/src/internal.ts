// What the sibling packages use; may change with any release.
export { createAgentDefinition, createBatchAgentDefinition } from './authoring/agent-definition.js';
export { createPubSubAgentDefinition } from './authoring/pubsub-agent.js';
export { compileFlow, type CompiledFlow } from './authoring/compile-flow.js';
export { isSchema, jsonSchemaOf, validate, type ValidationResult } from './authoring/schema.js';
export { createWorkflowDefinition } from './authoring/workflow-definition.js';
export { ENGINE_OPTIONS } from './engine/options.js';
export { JobRuns } from './graph/job-runs.js';
export { durationMs, formatDuration } from './kernel/duration.js';
export { isName, NAME_RULE, parseTaskId, taskIdOf } from './kernel/ids.js';
export { NO_COST } from './model/cost.js';
export { isSteeringSignal } from './runtime/wait-gatherer.js';
export { nearest } from './kernel/nearest.js';
