/*
 * Where decorators leave what they were told. The keys are global symbols, so that they are the same in every installed
 * copy of this package.
 */

/** Own metadata of a class that carries `@TaskAgent`: its options. */
export const AGENT_OPTIONS = Symbol.for('taskloom.agent-options');

/** Own metadata of a class that carries `@PubSubAgent`: its options. */
export const PUBSUB_AGENT_OPTIONS = Symbol.for('taskloom.pubsub-agent-options');

/** Own metadata of a class that carries `@Workflow`: its options. */
export const WORKFLOW_OPTIONS = Symbol.for('taskloom.workflow-options');

/** NestJS: constructor parameter types, written by the compiler under `emitDecoratorMetadata`. */
export const NEST_PARAMETER_TYPES = 'design:paramtypes';

/** NestJS: constructor parameters with a token of their own (`@Inject(TOKEN)`). */
export const NEST_INJECTED_PARAMETERS = 'self:paramtypes';
