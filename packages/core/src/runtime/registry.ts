import type { AgentClass, AgentDefinition, AgentTarget, BatchAgentClass } from '../authoring/agent-definition.js';
import type { WorkflowClass, WorkflowDefinition, WorkflowTarget } from '../authoring/workflow-definition.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { inMessage } from '../kernel/in-message.js';
import { nearest } from '../kernel/nearest.js';
import type { TopicDefinition } from '../authoring/topic.js';
import type { AgentFact, AgentFacts } from '../model/agent-facts.js';
import type { Subscriber } from '../model/command.js';

/** The agents and workflows that this process can run. */
export class Registry {
  private readonly agents = new Map<string, AgentDefinition>();
  /** Of all agents; made anew when one more is registered. */
  private names: ReadonlySet<string> | null = null;
  private readonly workflows = new Map<string, WorkflowDefinition>();
  private readonly topics = new Map<string, TopicDefinition>();
  private readonly agentsByClass = new Map<AgentClass | BatchAgentClass, string>();
  private readonly workflowsByClass = new Map<WorkflowClass, string>();

  /** @throws TaskloomError `DUPLICATE_AGENT`, `DUPLICATE_WORKFLOW`, `DUPLICATE_TOPIC` when another definition has the name */
  register(definition: AgentDefinition | WorkflowDefinition): void {
    if (definition.kind === 'agent') this.registerAgent(definition);
    else this.registerWorkflow(definition);
  }

  private registerAgent(definition: AgentDefinition): void {
    const known = this.agents.get(definition.name);
    if (known && known !== definition)
      throw new TaskloomError('DUPLICATE_AGENT', `Two agents are called "${definition.name}"${both(known.target, definition.target)}.`, {
        details: { agent: definition.name },
      });
    for (const topic of [...definition.publishes, ...definition.subscribes]) this.noteTopic(topic);
    this.agents.set(definition.name, definition);
    this.names = null;
    if (definition.target) this.agentsByClass.set(definition.target, definition.name);
  }

  private noteTopic(topic: TopicDefinition): void {
    const known = this.topics.get(topic.name);
    if (known && known !== topic)
      throw new TaskloomError('DUPLICATE_TOPIC', `Two topics are called "${topic.name}".`, { details: { topic: topic.name } });
    this.topics.set(topic.name, topic);
  }

  private registerWorkflow(definition: WorkflowDefinition): void {
    const known = this.workflows.get(definition.name);
    if (known && known !== definition)
      throw new TaskloomError(
        'DUPLICATE_WORKFLOW',
        `Two workflows are called "${definition.name}"${both(known.target, definition.target)}.`,
        { details: { workflow: definition.name } },
      );
    this.workflows.set(definition.name, definition);
    if (definition.target) this.workflowsByClass.set(definition.target, definition.name);
  }

  agent(name: string): AgentDefinition | undefined {
    return this.agents.get(name);
  }

  allAgents(): AgentDefinition[] {
    return [...this.agents.values()];
  }

  /** As they are now: what is registered later is not in it. */
  agentNames(): ReadonlySet<string> {
    return (this.names ??= new Set(this.agents.keys()));
  }

  /** What a graph's build needs to know of the agents, as they are now. */
  facts(): AgentFacts {
    return {
      agentNames: this.agentNames(),
      factOf: (name) => this.factOf(name),
      inputSchemaOf: (name) => this.agents.get(name)?.inputJsonSchema ?? null,
    };
  }

  /** What tasks of an agent take over from its definition; of one that is not here, the defaults. */
  factOf(name: string): AgentFact {
    const agent = this.agents.get(name);
    return { durability: agent?.durability ?? 'retry', review: agent?.review ?? null };
  }

  /** The agents that are run by messages on a topic, in the order of their names. */
  subscribersOf(topic: string): readonly Subscriber[] {
    const agents = [...this.agents.values()].filter(({ subscribes }) => subscribes.some(({ name }) => name === topic));
    return agents.map(({ name }) => ({ agent: name, fact: this.factOf(name) })).sort((a, b) => (a.agent < b.agent ? -1 : 1));
  }

  allWorkflows(): WorkflowDefinition[] {
    return [...this.workflows.values()];
  }

  workflow(name: string): WorkflowDefinition | undefined {
    return this.workflows.get(name);
  }

  /** The name of whatever stands for an agent. @throws TaskloomError `UNKNOWN_AGENT` for a class that is not registered */
  agentName(target: AgentTarget): string {
    if (typeof target === 'string') return target;
    if (typeof target !== 'function') return nameIn(target, 'UNKNOWN_AGENT', 'agent');
    const name = this.agentsByClass.get(target);
    if (name === undefined)
      throw new TaskloomError(
        'UNKNOWN_AGENT',
        `The class ${target.name || '(unnamed)'} is not registered as an agent: decorate it with @TaskAgent and add it to the providers of a module.`,
      );
    return name;
  }

  /** @throws TaskloomError `UNKNOWN_AGENT` with the nearest names */
  requireAgent(target: AgentTarget): AgentDefinition {
    const name = this.agentName(target);
    const definition = this.agents.get(name);
    if (!definition) throw unknown('UNKNOWN_AGENT', 'agent', name, this.agents.keys());
    return definition;
  }

  /** @throws TaskloomError `UNKNOWN_WORKFLOW` with the nearest names */
  requireWorkflow(target: WorkflowTarget): WorkflowDefinition {
    const name =
      typeof target === 'string'
        ? target
        : typeof target === 'function'
          ? this.workflowsByClass.get(target)
          : nameIn(target, 'UNKNOWN_WORKFLOW', 'workflow');
    if (name === undefined)
      throw new TaskloomError(
        'UNKNOWN_WORKFLOW',
        `The class ${(target as WorkflowClass).name || '(unnamed)'} is not registered as a workflow: decorate it with @Workflow and add it to the providers of a module.`,
      );
    const definition = this.workflows.get(name);
    if (!definition) throw unknown('UNKNOWN_WORKFLOW', 'workflow', name, this.workflows.keys());
    return definition;
  }
}

/** The name of a definition, or of what may have been given in place of one. */
function nameIn(target: unknown, code: 'UNKNOWN_AGENT' | 'UNKNOWN_WORKFLOW', what: string): string {
  const name = typeof target === 'object' && target !== null && 'name' in target ? target.name : undefined;
  if (typeof name === 'string') return name;
  throw new TaskloomError(code, `${inMessage(target)} is no ${what}: give its name, its class or its definition.`);
}

function unknown(code: 'UNKNOWN_AGENT' | 'UNKNOWN_WORKFLOW', what: string, name: string, known: Iterable<string>): TaskloomError {
  const near = nearest(name.slice(0, 80), known);
  return new TaskloomError(
    code,
    `There is no ${what} "${name.slice(0, 80)}"${near.length > 0 ? `; did you mean ${near.join(', ')}?` : '.'}`,
    { details: { name: name.slice(0, 80), nearest: near } },
  );
}

function both(a: { readonly name: string } | null, b: { readonly name: string } | null): string {
  return a && b ? ` (the classes ${a.name} and ${b.name})` : '';
}
