import type { DynamicModule, ForwardReference, Type } from '@nestjs/common';
import type { AgentClass, AgentDefinition, WorkflowClass, WorkflowDefinition } from '@taskloom/core';
import type { Manifest } from '@taskloom/decorators';

/** An agent or a workflow: a decorated class, or what `defineAgent` or `defineWorkflow` made. */
export type FeatureItem = AgentClass | WorkflowClass | AgentDefinition | WorkflowDefinition;

export interface FeatureOptions {
  /** Modules with what the constructors of the classes ask for. */
  readonly imports?: (Type | DynamicModule | Promise<DynamicModule> | ForwardReference)[];
  /** What the generator wrote for this feature: schemas of classes that give none themselves. */
  readonly manifest?: Manifest | readonly Manifest[];
}
