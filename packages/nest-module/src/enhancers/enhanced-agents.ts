import { Logger } from '@nestjs/common';
import { ContextIdFactory, type DiscoveryService, type ModuleRef } from '@nestjs/core';
import type { AgentClass, AgentDefinition, TaskContext } from '@taskloom/core';
import { toAgentDefinition, type DefinitionOptions } from '@taskloom/decorators';

import { instanceSourceOf } from '../explorer/instance-source.js';
import { callEnhanced } from './call-enhanced.js';
import { checkBatch } from './check-batch.js';
import { dispose } from './dispose.js';
import { Enhancers, type AgentInstance } from './enhancers.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Makes agents of decorated providers: each called with the guards, interceptors, pipes and filters that stand around it. */
export class EnhancedAgents {
  private readonly enhancers: Enhancers;
  private readonly logger = new Logger('Taskloom');

  constructor(
    private readonly moduleRef: ModuleRef,
    options: { readonly globalEnhancers: boolean },
  ) {
    this.enhancers = new Enhancers(moduleRef, options.globalEnhancers);
  }

  /** @throws as `toAgentDefinition` does; ConfigError where something stands around batches */
  definitionOf(target: AgentClass, wrapper: Wrapper, options: DefinitionOptions): AgentDefinition {
    this.enhancers.addScopedGlobals(wrapper);
    const source = instanceSourceOf(wrapper, this.moduleRef);
    const definition = toAgentDefinition(target, source, options);
    if (definition.batch) {
      checkBatch(target, this.enhancers.hasGlobalGuards);
      return definition;
    }
    if (typeof source === 'function') return { ...definition, execute: this.withInstanceForEachTask(wrapper) };

    const instance = source as AgentInstance;
    const around = this.enhancers.of(wrapper, instance);
    const isPlain = Object.values(around).every((enhancers: readonly unknown[]) => enhancers.length === 0);
    return isPlain ? definition : { ...definition, execute: (input, task) => callEnhanced(instance, around, input, task) };
  }

  /** The agent, and what it and its enhancers need of request or transient scope, live as long as the attempt. */
  private withInstanceForEachTask(wrapper: Wrapper): AgentDefinition['execute'] {
    return async (input: unknown, task: TaskContext) => {
      const contextId = ContextIdFactory.getByRequest(task);
      this.moduleRef.registerRequestByContextId(task, contextId);
      const instance = await this.moduleRef.resolve<AgentInstance>(wrapper.token, contextId, { strict: false });
      try {
        return await callEnhanced(instance, this.enhancers.of(wrapper, instance, contextId), input, task);
      } finally {
        await dispose(instance, this.logger);
      }
    };
  }
}
