import { Injectable } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import type { AgentDefinition, WorkflowDefinition } from '@taskloom/core';
import { isAgentClass, isWorkflowClass, toWorkflowDefinition, type Manifest } from '@taskloom/decorators';

import { EnhancedAgents } from './enhancers/enhanced-agents.js';
import { FeatureDefinitions } from './feature/feature-definitions.js';
import { mergeManifests } from './merge-manifests.js';
import { instanceSourceOf } from './explorer/instance-source.js';
import { problemsOf } from './explorer/problems-of.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];
type Definition = AgentDefinition | WorkflowDefinition;

export interface ExploreOptions {
  readonly manifest: Manifest;
  readonly globalEnhancers: boolean;
}

export interface Discovery {
  readonly definitions: readonly Definition[];
  /** Everything that is wrong, each with what to do about it. */
  readonly problems: readonly string[];
}

/** Finds the decorated classes among the providers of all modules of the application. */
@Injectable()
export class TaskloomExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly moduleRef: ModuleRef,
  ) {}

  explore({ manifest: rootManifest, globalEnhancers }: ExploreOptions): Discovery {
    const agents = new EnhancedAgents(this.moduleRef, { globalEnhancers });
    const features = this.features();
    const manifest = mergeManifests([...features.map((feature) => feature.manifest), rootManifest]);
    const definitions: Definition[] = features.flatMap((feature) => feature.definitions);
    const problems: string[] = features.flatMap((feature) => feature.problems);
    for (const [target, wrappers] of this.decoratedProviders()) {
      const [wrapper, ...others] = wrappers;
      if (others.length > 0) problems.push(repeated(target, wrappers));
      try {
        if (isAgentClass(target)) definitions.push(agents.definitionOf(target, wrapper!, { manifest }));
        if (isWorkflowClass(target))
          definitions.push(toWorkflowDefinition(target, instanceSourceOf(wrapper!, this.moduleRef), { manifest }));
      } catch (error) {
        problems.push(...problemsOf(error, `class ${target.name}`));
      }
    }
    return { definitions, problems };
  }

  private features(): readonly FeatureDefinitions[] {
    return this.discovery
      .getProviders()
      .map(({ instance }) => instance as unknown)
      .filter((instance) => instance instanceof FeatureDefinitions);
  }

  /** Each decorated class with its providers; two names for the same instance (`useExisting`) count once. */
  private decoratedProviders(): ReadonlyMap<Function, readonly Wrapper[]> {
    const found = new Map<Function, Wrapper[]>();
    for (const wrapper of this.discovery.getProviders()) {
      const target = classOf(wrapper);
      if (!target || !(isAgentClass(target) || isWorkflowClass(target))) continue;
      const known = found.get(target) ?? [];
      if (!known.some(({ instance }) => instance === wrapper.instance && instance !== null)) found.set(target, [...known, wrapper]);
    }
    return found;
  }
}

/** The decorated class behind a provider: its own; the one it stands in for; for factories and values that of the instance. */
function classOf({ metatype, token, instance }: Wrapper): Function | null {
  for (const own of [metatype, token]) if (isAgentClass(own) || isWorkflowClass(own)) return own;
  const constructor: unknown = (instance as object | null | undefined)?.constructor;
  return typeof constructor === 'function' ? constructor : null;
}

function repeated(target: Function, wrappers: readonly Wrapper[]): string {
  const modules = wrappers.map(({ host }) => host?.metatype?.name ?? 'a module').join(' and ');
  return `The class ${target.name} is a provider of ${modules}, so there are ${wrappers.length} instances of it. List it in one module, and let that module export it to the others.`;
}
