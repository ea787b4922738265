import type { CanActivate, NestInterceptor, PipeTransform } from '@nestjs/common';
import type { ExceptionFilterMetadata } from '@nestjs/common/internal';
import type { ApplicationConfig, ContextId, DiscoveryService, ModuleRef } from '@nestjs/core';
import { GuardsContextCreator, InterceptorsContextCreator, PipesContextCreator } from '@nestjs/core/internal';

import { containerOf } from './nest-container.js';
import { TaskFiltersContext } from './task-filters-context.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** An instance of a decorated class; its method, to be called on it. */
export interface AgentInstance {
  readonly execute: (this: AgentInstance, ...args: unknown[]) => unknown;
}

/** Everything that the application put around an agent: globally, on its class, on its `execute`; in NestJS's order. */
export interface EnhancersOfAgent {
  readonly guards: CanActivate[];
  readonly interceptors: NestInterceptor[];
  readonly pipes: PipeTransform[];
  /** The one to be asked first is the first. */
  readonly filters: ExceptionFilterMetadata[];
}

/** Collects guards, interceptors, pipes and filters with NestJS's own means, as it does for controllers. */
export class Enhancers {
  /** `undefined`: without the application's global ones. */
  private readonly config: ApplicationConfig | undefined;
  private readonly guards: GuardsContextCreator;
  private readonly interceptors: InterceptorsContextCreator;
  private readonly pipes: PipesContextCreator;
  private readonly filters: TaskFiltersContext;

  constructor(
    moduleRef: ModuleRef,
    /** Whether the application's global ones apply to agents, too. */
    withGlobal: boolean,
  ) {
    const container = containerOf(moduleRef);
    const config = (this.config = withGlobal ? container.applicationConfig : undefined);
    this.guards = new GuardsContextCreator(container, config);
    this.interceptors = new InterceptorsContextCreator(container, config);
    this.pipes = new PipesContextCreator(container, config);
    this.filters = new TaskFiltersContext(container, config);
  }

  /**
   * Makes global enhancers of request or transient scope part of what an agent's instances are made with, which NestJS
   * does for controllers. After this the agent's `isDependencyTreeStatic` counts them.
   */
  addScopedGlobals(agent: Wrapper): void {
    const { config } = this;
    if (!config) return;
    const known = agent.getEnhancersMetadata() ?? [];
    const scoped = [
      ...config.getGlobalRequestGuards(),
      ...config.getGlobalRequestInterceptors(),
      ...config.getGlobalRequestPipes(),
      ...config.getGlobalRequestFilters(),
    ];
    for (const enhancer of scoped) if (!known.includes(enhancer)) agent.addEnhancerMetadata(enhancer);
  }

  get hasGlobalGuards(): boolean {
    const { config } = this;
    return config !== undefined && config.getGlobalGuards().length + config.getGlobalRequestGuards().length > 0;
  }

  /** `contextId`: of the task for which the instance was made; absent for the one instance of a singleton. */
  of(agent: Wrapper, instance: AgentInstance, contextId?: ContextId): EnhancersOfAgent {
    const place = [instance, instance.execute, agent.host?.token ?? '', contextId, agent.id] as const;
    return {
      guards: this.guards.create(...place),
      interceptors: this.interceptors.create(...place),
      pipes: this.pipes.create(...place),
      filters: this.filters.filtersOf(...place),
    };
  }
}
