import type { Json } from '../kernel/json.js';
import { GraphError } from '../errors/graph-error.js';
import { DependencyError } from '../errors/job-errors.js';
import { noTaskInJob, notFound } from '../errors/not-found.js';
import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import { misshapenList, withoutMisshapen } from '../graph/misshapen.js';
import { isName, parseRequestId, parseTaskId, taskIdOf } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Command } from '../model/command.js';
import type { JsonText } from '../model/event.js';
import type { TaskSubmission } from '../model/submission.js';
import { DEPENDENCY_MODES, type DependencyMode } from '../model/task.js';
import type { HumanRequestView, JobView, TaskView } from '../model/views.js';
import type { StoreReader, TaskAddress } from '../ports/reader.js';
import { toJsonText } from '../runtime/memo.js';
import type { PluginRunner } from '../runtime/plugin-runner.js';
import type { Registry } from '../runtime/registry.js';
import type { DependencyConflictHook } from '../runtime/dependency-conflict.js';
import { answerText, checkAnswer } from './check-answer.js';
import { checkDemands } from './check-demands.js';
import { checkSubmittedInputs, withSubmittedValuesParsed } from './check-inputs.js';
import type { AddDependencyOptions, AnswerOptions, ControlOptions, ResumeTaskOptions, RetryJobOptions } from './contract.js';
import { fromPerson } from './from-person.js';
import type { LimitOptions, ParsedEngineOptions } from './options.js';
import type { Allowed, Routing } from './routing.js';
import type { StoredStates } from './stored-states.js';
import { checkOutput } from '../runtime/check-values.js';

export interface JobControlOptions {
  readonly ledger: Ledger;
  readonly registry: Registry;
  readonly reader: StoreReader;
  readonly limits: Required<LimitOptions>;
  readonly capacities: Pick<ParsedEngineOptions, 'pools' | 'namedLimits'>;
  readonly onDependencyConflict: DependencyConflictHook | null;
  readonly plugins: PluginRunner;
  readonly routing: Routing;
  readonly stored: StoredStates;
}

/** What people and programs may do to jobs and tasks from outside. Each is a command with its actor and reason. */
export class JobControl {
  constructor(private readonly options: JobControlOptions) {}

  // ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

  async cancelJob(id: string, options: ControlOptions): Promise<JobView> {
    await this.askPlugins(options, id, null);
    return this.toJob(id, { kind: 'cancel', ...fromPerson(options) });
  }

  async confirmJob(id: string, options: ControlOptions): Promise<JobView> {
    return this.toJob(id, { kind: 'confirm', ...fromPerson(options) });
  }

  async pauseJob(id: string, options: ControlOptions): Promise<JobView> {
    return this.toJob(id, { kind: 'hold', task: 0, ...fromPerson(options) });
  }

  async resumeJob(id: string, options: ControlOptions): Promise<JobView> {
    return this.toJob(id, { kind: 'lift-hold', task: 0, ...fromPerson(options) });
  }

  async retryJob(id: string, options: RetryJobOptions): Promise<JobView> {
    const person = fromPerson(options);
    if (!isName(id)) throw notFound('job', id);
    return this.toJob(id, { kind: 'reopen', tasks: numbersOf(options.tasks, id), ...person });
  }

  /** Plugins are asked about what is there only. */
  private async askPlugins(options: ControlOptions, jobId: string, taskId: string | null): Promise<void> {
    const { plugins } = this.options;
    if (!plugins.has('beforeCancel')) return;
    const person = fromPerson(options);
    if (taskId === null) await this.requireJob(jobId);
    else await this.requireTask(taskId);
    await plugins.beforeCancel({ jobId, taskId, ...person });
  }

  async requireJob(id: string): Promise<JobView> {
    const job = isName(id) ? await this.options.reader.job(id) : null;
    if (!job) throw notFound('job', id);
    return job;
  }

  // ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────

  async retryTask(id: string, options: ControlOptions): Promise<TaskView> {
    const { jobId, no } = addressOf(id);
    await this.options.ledger.send(jobId, { kind: 'reopen', tasks: [no], ...fromPerson(options) });
    return this.requireTask(id);
  }

  async skipTask(id: string, options: ControlOptions): Promise<TaskView> {
    return this.toTask(id, (task) => ({ kind: 'skip-task', task, ...fromPerson(options) }));
  }

  async cancelTask(id: string, options: ControlOptions): Promise<TaskView> {
    const { jobId } = addressOf(id);
    await this.askPlugins(options, jobId, id);
    return this.toTask(id, (task) => ({ kind: 'cancel-task', task, ...fromPerson(options) }));
  }

  async pauseTask(id: string, options: ControlOptions): Promise<TaskView> {
    return this.toTask(id, (task) => ({ kind: 'hold', task, ...fromPerson(options) }));
  }

  async acceptTask(id: string, options: ControlOptions): Promise<TaskView> {
    return this.toTask(id, (task) => ({ kind: 'accept-task', task, ...fromPerson(options) }));
  }

  async rejectTask(id: string, options: ControlOptions & { readonly reason: string }): Promise<TaskView> {
    const person = fromPerson(options);
    if (person.reason?.trim() === '')
      throw new TaskloomError(
        'OPTIONS_INVALID',
        '`reason` says nothing: the agent that does the task again is told what is wrong with it.',
      );
    return this.toTask(id, (task) => ({ kind: 'reject-task', task, ...person }));
  }

  /** Without `as`, lifts a hold; with it, decides what a parked task comes to. */
  async resumeTask(id: string, options: ResumeTaskOptions): Promise<TaskView> {
    const person = fromPerson(options);
    const { as } = options;
    if (as === undefined) return this.toTask(id, (task) => ({ kind: 'lift-hold', task, ...person }));
    if (!RESUME_AS.includes(as))
      throw new TaskloomError('OPTIONS_INVALID', `\`as\` is ${inMessage(as)}; it must be one of ${RESUME_AS.join(', ')}.`);
    const { output, value } = as === 'COMPLETED' ? await this.givenOutput(id, options.output) : { output: null, value: undefined };
    return this.toTask(id, (task) => ({ kind: 'resume-task', task, as, output, value, ...person }));
  }

  /** An output that a person gives must be what the agent's would have to be. */
  private async givenOutput(id: string, given: Json | undefined): Promise<{ output: JsonText | null; value: Json | undefined }> {
    const task = await this.requireTask(id);
    const agent = task.agent === null ? undefined : this.options.registry.agent(task.agent);
    if (!agent) return given === undefined ? { output: null, value: undefined } : this.asText(given, task.key);
    try {
      const checked = (await checkOutput(agent.outputSchema, given, `The output given for "${task.key}"`)) as Json;
      return this.asText(checked, task.key);
    } catch (error) {
      if (!isTaskloomError(error) || error.code !== 'OUTPUT_SCHEMA') throw error;
      const { code, message, details } = error;
      throw new TaskloomError(code, message, { details, remedy: `Give an \`output\` as "${agent.name}" would return it.` });
    }
  }

  private asText(value: Json, key: string): { output: JsonText; value: Json } {
    return { output: toJsonText(value, this.options.limits.outputBytes, `The output given for "${key}"`), value };
  }

  // ── growth ──────────────────────────────────────────────────────────────────────────────────────────────────

  async addTasks(jobId: string, tasks: readonly TaskSubmission[], options: ControlOptions): Promise<readonly TaskView[]> {
    const person = fromPerson(options);
    const { ledger, registry, limits, reader } = this.options;
    const misshapen = misshapenList('tasks', tasks);
    if (misshapen.length > 0) throw new GraphError(misshapen);
    const routed = await this.options.routing.tasks(tasks, () => this.allowedIn(jobId));
    const shaped = routed.tasks.map(withoutMisshapen);
    const problems = [
      ...checkDemands(shaped, this.options.capacities),
      ...(await checkSubmittedInputs(shaped, registry, limits.inputBytes)),
    ];
    const events = await ledger.send(jobId, {
      kind: 'add-tasks',
      tasks: problems.length > 0 ? routed.tasks : await withSubmittedValuesParsed(routed.tasks, registry),
      agents: { ...registry.facts(), ...routed.routes },
      problems,
      ...person,
    });
    const added = events.flatMap((event) => (event.type === 'TASKS_ADDED' && event.by === null ? event.specs : []));
    const views: TaskView[] = [];
    for (let from = 0; from < added.length; from += READ_AT_ONCE) {
      const addresses = added.slice(from, from + READ_AT_ONCE).map(({ no }): TaskAddress => ({ jobId, no }));
      for (const view of await reader.tasksAt(addresses)) if (view) views.push(view);
    }
    return views;
  }

  /** Where another engine has the job in memory, it is read. */
  private allowedIn(jobId: string): Allowed | Promise<Allowed> {
    const job = this.options.ledger.openStates().find(({ id }) => id === jobId);
    return job ? job.allowedAgents : this.options.stored.allowedAgents(jobId);
  }

  async addDependency(taskId: string, dependsOn: string, options: AddDependencyOptions): Promise<TaskView> {
    const person = fromPerson(options);
    const { jobId, no } = addressOf(taskId);
    const on = addressOf(dependsOn);
    if (on.jobId !== jobId)
      throw new TaskloomError('UNKNOWN_DEPENDENCY', `The task ${dependsOn} belongs to another job than ${taskId}.`, {
        details: { taskId, dependsOn },
      });
    const mode: DependencyMode = options.mode ?? 'completed';
    if (!DEPENDENCY_MODES.includes(mode))
      throw new TaskloomError('OPTIONS_INVALID', `\`mode\` is ${inMessage(mode)}; it must be one of ${DEPENDENCY_MODES.join(', ')}.`);
    try {
      await this.options.ledger.send(jobId, { kind: 'add-dependency', task: no, on: on.no, mode, ...person });
    } catch (error) {
      if (!(await this.isDropped(error, jobId, taskId, dependsOn))) throw error;
    }
    return this.requireTask(taskId);
  }

  /**
   * `ask` refuses the dependency like `fail`: a question belongs to a run that waits for its answer, and here there is none.
   * Nor would an answer change anything, for the graph stays as it is in either case; whoever called knows the circle at once.
   */
  private async isDropped(error: unknown, jobId: string, taskId: string, dependsOn: string): Promise<boolean> {
    const { onDependencyConflict } = this.options;
    if (!(error instanceof DependencyError) || !onDependencyConflict) return false;
    const [task, source] = [await this.requireTask(taskId), await this.requireTask(dependsOn)];
    return (await onDependencyConflict({ jobId, taskKey: task.key, newTask: null, after: [source.key], cycle: error.cycle })) === 'drop';
  }

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────────

  async answer(id: string, answer: Json, options: AnswerOptions): Promise<HumanRequestView> {
    const person = fromPerson(options);
    const request = await this.requireRequest(id);
    const { jobId, request: no } = parseRequestId(id)!;
    const text = answerText(request, answer, this.options.limits.outputBytes);
    checkAnswer(request, answer);
    const value = request.kind === 'failure' ? await this.withCheckedValue(request, answer) : answer;
    await this.options.ledger.send(jobId, {
      kind: 'answer',
      request: no,
      answer: text,
      value,
      hash: options.hash ?? null,
      ...person,
    });
    return this.requireRequest(id);
  }

  /** The decision about a failure; an output that comes with it is what the task's agent would have stored. */
  private async withCheckedValue({ taskId }: HumanRequestView, answer: Json): Promise<Json> {
    const { decision, value } = answer as { decision?: Json; value?: Json };
    if (decision !== 'value') return answer;
    return { decision, value: (await this.givenOutput(taskId, value)).value ?? null };
  }

  private async requireRequest(id: string): Promise<HumanRequestView> {
    const request = await this.options.reader.humanRequest(id);
    if (!request) throw notFound('request', id);
    return request;
  }

  private async requireTask(id: string): Promise<TaskView> {
    const task = await this.options.reader.task(id);
    if (!task) throw notFound('task', id);
    return task;
  }

  private async toJob(id: string, command: Command): Promise<JobView> {
    if (!isName(id)) throw notFound('job', id);
    await this.options.ledger.send(id, command);
    return this.requireJob(id);
  }

  private async toTask(id: string, commandFor: (task: number) => Command): Promise<TaskView> {
    const { jobId, no } = addressOf(id);
    await this.options.ledger.send(jobId, commandFor(no));
    return this.requireTask(taskIdOf(jobId, no));
  }
}

const READ_AT_ONCE = 1_000;
const RESUME_AS = ['RERUN', 'COMPLETED', 'FAILED'] as const;

function addressOf(id: string): TaskAddress {
  const address = parseTaskId(id);
  if (!address) throw notFound('task', id);
  return address;
}

/** Numbers of the tasks that are to run again; `null` where none were named. */
function numbersOf(taskIds: unknown, jobId: string): readonly number[] | null {
  if (taskIds === undefined || taskIds === null) return null;
  if (!Array.isArray(taskIds))
    throw new TaskloomError('OPTIONS_INVALID', `\`tasks\` is ${inMessage(taskIds)}; it must be a list of ids of tasks.`);
  return taskIds.map((taskId: unknown) => {
    const address = parseTaskId(taskId);
    if (address?.jobId !== jobId) throw noTaskInJob(jobId, taskId);
    return address.no;
  });
}
