import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';
import type { Manifest } from '@taskloom/decorators';

/** What a feature module brings along beside its decorated classes. Found among the providers, like them. */
export class FeatureDefinitions {
  constructor(
    readonly definitions: readonly (AgentDefinition | WorkflowDefinition)[],
    readonly manifest: Manifest,
    /** What was listed and is neither. */
    readonly problems: readonly string[],
  ) {}
}
