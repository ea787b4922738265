import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ConfigError, type AgentDefinition, type Engine } from '@taskloom/core';

import { registerAll } from './explorer/register-all.js';
import { sealedAgent } from './secrets/sealed-agent.js';
import { ApiServer } from './server/api-server.js';
import { TaskloomExplorer } from './taskloom.explorer.js';
import type { ParsedModuleOptions } from './taskloom.options.js';
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
    const { definitions, problems: found } = this.explorer.explore(this.options);
    const problems = [
      ...this.api.problems,
      ...found,
      ...registerAll([...this.options.definitions, ...definitions], {
        engine: this.engine,
        planner: this.options.planner,
        agents: this.test?.agents ?? null,
        surround: (agent) => this.surrounded(agent),
      }),
    ];
    if (problems.length > 0) throw new ConfigError(problems);
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
