import type { AgentDefinition, AgentInputOf, AgentOutputOf, AgentTarget } from '../authoring/agent-definition.js';
import type { NeedOptions, SpawnOptions } from '../authoring/task-context.js';
import { DependencyError } from '../errors/job-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { hashJson } from '../kernel/canonical-json.js';
import { taskIdOf } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Json } from '../kernel/json.js';
import type { AgentRoute } from '../model/agent-choice.js';
import type { AgentFact } from '../model/agent-facts.js';
import { ASSIGNEE_RULE, isAssignee } from '../model/assignee.js';
import type { NewTask } from '../model/command.js';
import { isTerminalTask, PLAIN_TASK, type TaskSpec } from '../model/task.js';
import { checkedInput } from './checked-input.js';
import type { Run } from './run.js';
import type { RunQuestions } from './run-questions.js';

const UNSTABLE_ROUNDS = 3;

/** Who runs what an agent asks for, and how it was found where it was not named. */
interface FoundAgent {
  readonly agent: AgentDefinition;
  readonly route: AgentRoute | null;
}

/** The tasks that a run adds: those it needs the answers of, and those it only starts. */
export class RunTasks {
  /** By their memo keys. */
  private readonly added = new Map<string, Promise<{ key: string; id: string }>>();

  constructor(
    private readonly run: Run,
    private readonly questions: () => RunQuestions,
  ) {}

  async need<Target extends AgentTarget>(
    target: Target,
    input: AgentInputOf<Target>,
    options: NeedOptions,
  ): Promise<AgentOutputOf<Target>> {
    this.run.requireCurrent();
    const { agent, route } = await this.find(target, input as Json);
    const value = await this.checkedFor(agent, input as Json);
    const key = options.key === undefined ? `${agent.name}:${hashJson(value)}` : `key:${options.key}`;
    const known = await this.run.memo.need(key);
    this.run.requireCurrent();
    if (known && isTerminalTask(known.status)) return (await this.run.memo.answer(known)) as AgentOutputOf<Target>;
    if (!known) await this.refuseUnstable();
    const task = newTask('need', this.run.parts.spec, { agent, route, fact: this.run.services.factOf(agent.name) }, value, key, options);
    return this.run.gatherer.wait({ key, ...(known ? { asked: known.no } : { task }) });
  }

  async spawn(target: AgentTarget, input: Json, options: SpawnOptions): Promise<{ key: string; id: string }> {
    this.run.requireCurrent();
    const { assignee } = options;
    if (assignee !== undefined && !isAssignee(assignee))
      throw new TaskloomError('OPTIONS_INVALID', `\`assignee\` of ctx.spawn is ${inMessage(assignee)}; it must be ${ASSIGNEE_RULE}.`);
    const found = await this.find(target, input);
    const { agent } = found;
    const value = await this.checkedFor(agent, input);
    const key = options.key === undefined ? `${agent.name}:${hashJson(value)}` : `key:${options.key}`;
    const added = this.added.get(key) ?? this.addOnce(key, found, value, options);
    this.added.set(key, added);
    // What was refused may be asked for again, otherwise.
    added.catch(() => this.added.delete(key));
    return added;
  }

  private async addOnce(key: string, found: FoundAgent, value: Json, options: SpawnOptions): Promise<{ key: string; id: string }> {
    const known = await this.run.memo.spawned(key);
    this.run.requireCurrent();
    if (known) return { key: known.key, id: taskIdOf(this.run.grant.jobId, known.no) };
    const after = (options.after ?? []).map((task) => ({ task, mode: 'completed' as const }));
    const task = newTask('spawn', this.run.parts.spec, { ...found, fact: this.run.services.factOf(found.agent.name) }, value, key, options);
    const added = await this.addOrDrop({ ...task, after });
    return { key: added.key, id: taskIdOf(this.run.grant.jobId, added.no) };
  }

  /** A dependency that would close a circle is decided about by the application's hook. */
  private async addOrDrop(task: NewTask): Promise<{ readonly key: string; readonly no: number }> {
    try {
      return await this.run.services.spawn(this.run.grant, task);
    } catch (error) {
      if (!(error instanceof DependencyError) || !this.run.services.onDependencyConflict) throw error;
      const { jobId, key: taskKey } = this.run.grant;
      const conflict = { jobId, taskKey, newTask: task.key, after: (task.after ?? []).map((one) => one.task), cycle: error.cycle };
      const decision = await this.run.services.onDependencyConflict(conflict);
      const isDropped = decision === 'ask' ? await this.questions().mayDrop(task.key, error) : decision === 'drop';
      if (!isDropped) throw error;
      return this.run.services.spawn(this.run.grant, { ...task, after: [] });
    }
  }

  private checkedFor({ name, inputSchema }: AgentDefinition, input: Json): Promise<Json> {
    return checkedInput(inputSchema, input, this.run.services.inputBytes, `The input for "${name}"`, { agent: name });
  }

  /** @throws TaskloomError `UNKNOWN_AGENT`, `AGENT_NOT_ALLOWED`, `PLUGIN_FAILED` */
  private async find(target: AgentTarget, input: Json): Promise<FoundAgent> {
    const { allowedAgents } = this.run.grant;
    const routed = typeof target === 'string' ? await this.run.services.route(target, input, allowedAgents) : null;
    const agent = this.run.services.requireAgent(routed?.agent ?? target);
    if (allowedAgents && !allowedAgents.has(agent.name))
      throw new TaskloomError('AGENT_NOT_ALLOWED', `The job does not allow the agent "${agent.name}".`, { details: { agent: agent.name } });
    return { agent, route: routed?.route ?? null };
  }

  /** An agent whose questions differ at each run would grow the job for ever. */
  private async refuseUnstable(): Promise<void> {
    if (this.run.grant.rounds < UNSTABLE_ROUNDS || this.run.memo.needsUsed > 0) return;
    const asked = await this.run.memo.needsAsked();
    if (asked < UNSTABLE_ROUNDS || this.run.memo.needsUsed > 0) return;
    throw new TaskloomError(
      'NEED_UNSTABLE',
      `"${this.run.grant.key}" asked for new tasks in ${this.run.grant.rounds} rounds and used none of the ${asked} answers.`,
      { details: { task: this.run.grant.key, rounds: this.run.grant.rounds } },
    );
  }
}

function newTask(
  origin: 'need' | 'spawn',
  asker: TaskSpec,
  { agent, route, fact }: FoundAgent & { readonly fact: AgentFact },
  value: Json,
  originKey: string,
  options: NeedOptions & SpawnOptions,
): NewTask {
  return {
    key: `${asker.key}.${agent.name}`.slice(-150),
    spec: {
      ...PLAIN_TASK,
      ...fact,
      type: 'SUBTASK',
      agent: agent.name,
      name: options.name ?? agent.name,
      assignee: options.assignee?.toWellFormed() ?? null,
      priority: options.priority ?? asker.priority,
      // The failure of what was asked for is an answer too: the agent that asked decides what it means.
      strategy: origin === 'need' ? 'continue' : (options.failureStrategy ?? asker.strategy),
      input: { value, refs: [] },
      origin,
      originKey,
      ...(route && { routed: route }),
    },
  };
}
