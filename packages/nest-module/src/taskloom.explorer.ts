import { Injectable } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import type { AgentClass, AgentDefinition, WorkflowClass, WorkflowDefinition } from '@taskloom/core';
import {
  isAgentClass,
  isWorkflowClass,
  toAgentDefinition,
  toWorkflowDefinition,
  type DefinitionOptions,
  type Manifest,
} from '@taskloom/decorators';

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

/** What becomes of a decorated class. */
interface DefinitionMakers {
  readonly agent: (target: AgentClass, wrapper: Wrapper, options: DefinitionOptions) => AgentDefinition;
  readonly workflow: (target: WorkflowClass, wrapper: Wrapper, options: DefinitionOptions) => WorkflowDefinition;
}

/** Finds the decorated classes among the providers of all modules of the application. */
@Injectable()
export class TaskloomExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly moduleRef: ModuleRef,
  ) {}

  explore({ manifest, globalEnhancers }: ExploreOptions): Discovery {
    const agents = new EnhancedAgents(this.moduleRef, { globalEnhancers });
    return this.discover(manifest, {
      agent: (target, wrapper, options) => agents.definitionOf(target, wrapper, options),
      workflow: (target, wrapper, options) => toWorkflowDefinition(target, instanceSourceOf(wrapper, this.moduleRef), options),
    });
  }

  /** The same while providers have no instances yet: nothing of it can run, but what is wrong is known. */
  preview(manifest: Manifest): Discovery {
    return this.discover(manifest, {
      agent: (target, _wrapper, options) => toAgentDefinition(target, noInstance, options),
      workflow: (target, _wrapper, options) => toWorkflowDefinition(target, noInstance, options),
    });
  }

  private discover(rootManifest: Manifest, make: DefinitionMakers): Discovery {
    const features = this.features();
    const manifest = mergeManifests([...features.map((feature) => feature.manifest), rootManifest]);
    const definitions: Definition[] = features.flatMap((feature) => feature.definitions);
    const problems: string[] = features.flatMap((feature) => feature.problems);
    for (const [target, wrappers] of this.decoratedProviders()) {
      const [wrapper, ...others] = wrappers;
      if (others.length > 0) problems.push(repeated(target, wrappers));
      try {
        if (isAgentClass(target)) definitions.push(make.agent(target, wrapper!, { manifest }));
        if (isWorkflowClass(target)) definitions.push(make.workflow(target, wrapper!, { manifest }));
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

function noInstance(): never {
  throw new Error('A definition that was only looked at has no instance.');
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
