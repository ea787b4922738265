import type { AgentDefinition } from '../authoring/agent-definition.js';
import type { WorkflowDefinition } from '../authoring/workflow-definition.js';
import { inLog } from '../errors/in-log.js';
import type { Parts } from './assemble.js';
import { requireCapacity } from './check-demands.js';

/** Takes in agents and workflows, before the start or while the engine runs. */
export class Registration {
  constructor(
    private readonly parts: Parts,
    private readonly isRunning: () => boolean,
  ) {
    for (const { contributes } of parts.options.plugins) this.register(contributes.definitions ?? []);
  }

  register(definitions: readonly (AgentDefinition | WorkflowDefinition)[]): void {
    const { options, scheduling, registry } = this.parts;
    for (const definition of definitions) {
      if (definition.kind === 'agent') requireCapacity(definition, options);
      if (definition.kind === 'workflow') scheduling.check(definition);
      registry.register(definition);
      if (options.runTasks) this.letWork(definition);
    }
  }

  private letWork(definition: AgentDefinition | WorkflowDefinition): void {
    const { dispatcher, missingAgents } = this.parts;
    if (definition.kind === 'workflow') {
      if (definition.schedule && this.isRunning()) this.declareSchedules();
      return;
    }
    dispatcher.setAgent(definition.name, definition);
    if (this.isRunning()) missingAgents.arrived(definition.name);
  }

  private declareSchedules(): void {
    const { scheduling, registry, options } = this.parts;
    scheduling
      .declare(registry.allWorkflows())
      .catch((error: unknown) => options.logger.error('Schedules could not be kept.', inLog(error)));
  }
}
