import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ConfigError, type AgentDefinition, type Engine, type WorkflowDefinition } from '@taskloom/core';

import { findDuplicates } from './explorer/find-duplicates.js';
import { findUnknownAgents } from './explorer/find-unknown-agents.js';
import { problemsOf } from './explorer/problems-of.js';
import { sealedAgent } from './secrets/sealed-agent.js';
import { ApiServer } from './server/api-server.js';
import { TaskloomExplorer } from './taskloom.explorer.js';
import type { ParsedModuleOptions } from './taskloom.options.js';
import { replaceAgents } from './testing/replace-agents.js';
import { TEST_CONDITIONS, type TestConditions } from './testing/test-conditions.js';
import { PARSED_OPTIONS, TASKLOOM_ENGINE } from './tokens.js';

/** Lets the engine live as long as the application: started when all providers are there, stopped before they go. */
@Injectable()
export class TaskloomLifecycle implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Taskloom');
  private stopping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(TASKLOOM_ENGINE) private readonly engine: Engine,
    @Inject(PARSED_OPTIONS) private readonly options: ParsedModuleOptions,
    @Inject(TEST_CONDITIONS) private readonly test: TestConditions | null,
    private readonly explorer: TaskloomExplorer,
    private readonly api: ApiServer,
  ) {
    test?.made(engine);
  }

  /** @throws ConfigError with everything that is wrong with agents and workflows; what the engine's start throws */
  async onApplicationBootstrap(): Promise<void> {
    this.register();
    const { jobs, requeued, parked } = await this.engine.start();
    if (jobs.length > 0)
      this.logger.log(
        `${jobs.length} unfinished jobs go on; ${requeued} tasks start again${parked > 0 ? `, ${parked} wait for a person` : ''}.`,
      );
    if (!this.test) setImmediate(() => this.warnWithoutShutdownHooks()).unref();
  }

  /** Takes no new work and lets go of watchers; running attempts go on. */
  onModuleDestroy(): void {
    this.stopping = this.api.closeConnections().then(() => this.stopEngine());
    // Awaited, and thrown, in the next hook.
    this.stopping.catch(() => {});
  }

  /** Waits for running attempts to end, at most the grace time. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stopping;
    await this.api.stop();
  }

  /** Makes agents and workflows known. @throws ConfigError with everything that is wrong, so that one start shows it all */
  private register(): void {
    const discovery = this.explorer.explore(this.options);
    const found = [...new Set([...this.options.definitions, ...discovery.definitions])];
    const definitions = this.test ? replaceAgents(found, this.test.agents) : found;
    const problems = [
      ...this.api.problems,
      ...discovery.problems,
      ...findDuplicates(definitions),
      ...findUnknownAgents(definitions, this.options.planner),
      ...oneOfEach(definitions).flatMap((definition) => this.registerOne(definition)),
    ];
    if (problems.length > 0) throw new ConfigError(problems);
  }

  private registerOne(definition: AgentDefinition | WorkflowDefinition): readonly string[] {
    try {
      this.engine.register(definition.kind === 'agent' ? this.surrounded(definition) : definition);
      return [];
    } catch (error) {
      return problemsOf(error);
    }
  }

  private surrounded(agent: AgentDefinition): AgentDefinition {
    const { carrier, secrets } = this.options;
    const carried = carrier ? carrier.around(agent) : agent;
    return secrets.isOn ? sealedAgent(carried, secrets.redactor) : carried;
  }

  private stopEngine(): Promise<void> {
    const stopping = this.engine.stop({ graceMs: this.options.shutdownGraceMs });
    return this.test ? this.test.settle(stopping) : stopping;
  }

  private warnWithoutShutdownHooks(): void {
    if (process.listenerCount('SIGTERM') > 0 || process.listenerCount('SIGINT') > 0) return;
    this.logger.warn(
      'Nobody listens for SIGTERM: stopping this process will cut tasks off in the middle (they start again at the next start). Call app.enableShutdownHooks() in main.ts.',
    );
  }
}

/** One definition of each name: that there are others has been told. */
function oneOfEach(definitions: readonly (AgentDefinition | WorkflowDefinition)[]): readonly (AgentDefinition | WorkflowDefinition)[] {
  return [...new Map(definitions.map((definition) => [`${definition.kind} ${definition.name}`, definition])).values()];
}
