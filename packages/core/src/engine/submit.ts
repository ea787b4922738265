import { compileFlow } from '../authoring/compile-flow.js';
import { Flow } from '../authoring/flow.js';
import { describeIssues, validate } from '../authoring/schema.js';
import type { WorkflowDefinition, WorkflowTarget } from '../authoring/workflow-definition.js';
import { GraphError } from '../errors/graph-error.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { buildGraphInSteps } from '../graph/build-graph.js';
import { compileSteps } from '../graph/compile-steps.js';
import { momentMs } from '../kernel/duration.js';
import { newJobId } from '../kernel/ids.js';
import type { Clock } from '../kernel/clock.js';
import { findJsonProblem, type Json } from '../kernel/json.js';
import { runInSlices } from '../kernel/slices.js';
import type { Ledger } from '../ledger/ledger.js';
import type { JobOptions, JobSpec } from '../model/job.js';
import type { JobSubmission } from '../model/submission.js';
import type { TaskSpec } from '../model/task.js';
import { IdempotencyTakenError, type Store } from '../ports/store.js';
import type { Registry } from '../runtime/registry.js';
import { checkDemands } from './check-demands.js';
import { checkInputs, checkStorable, withParsedValues } from './check-inputs.js';
import { actorOf, bodyHash, checkJobOptions, deadlineOf } from './job-options.js';
import type { LimitOptions, ParsedEngineOptions } from './options.js';
import type { Routing } from './routing.js';

export interface SubmitterOptions {
  readonly registry: Registry;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly limits: Required<LimitOptions>;
  readonly routing: Routing;
  readonly capacities: Pick<ParsedEngineOptions, 'pools' | 'namedLimits'>;
}

const DEFAULT_TENANT = 'default';
const DEFAULT_PRIORITY = 5;

/** Brings jobs in: plans, checks everything, and makes the job durable. Nothing is stored of what is refused. */
export class Submitter {
  constructor(private readonly options: SubmitterOptions) {}

  /** @returns the job's id */
  async startWorkflow(target: WorkflowTarget, input: Json, options: JobOptions): Promise<string> {
    const workflow = this.options.registry.requireWorkflow(target);
    checkJobOptions(options, this.options.registry.agentNames());
    const parsed = await this.checkWorkflowInput(workflow, input);
    const identity = { workflow: workflow.name, submission: input, options };
    const known = await this.findKnown(identity);
    if (known !== null) return known;

    const flow = new Flow();
    const returned: unknown = await (workflow.plan as (flow: Flow, input: unknown) => unknown)(flow, parsed);
    const compiled = compileFlow(flow, returned, (agent) => this.options.registry.agentName(agent));
    const objective = compiled.goal
      ? { name: compiled.goal.title, ...(compiled.goal.description === undefined ? undefined : { description: compiled.goal.description }) }
      : { name: workflow.name, ...(workflow.description === '' ? undefined : { description: workflow.description }) };
    const submission: JobSubmission = {
      name: workflow.name,
      tasks: compiled.tasks,
      input,
      options,
      ...(compiled.output ? { output: compiled.output } : undefined),
    };
    return this.store(submission, objective, workflow, identity);
  }

  /** @returns the job's id */
  async submitJob(submission: JobSubmission): Promise<string> {
    // In JSON, `null` says that there are none.
    const options = submission.options ?? {};
    checkJobOptions(options, this.options.registry.agentNames());
    const tooBig = checkStorable(submission.name, submission.input ?? null, this.options.limits.inputBytes);
    if (tooBig) throw new GraphError([tooBig]);
    const { options: _options, ...body } = submission;
    // Only what is JSON can be told from another body.
    const problem = options.idempotencyKey === undefined ? null : findJsonProblem(body);
    if (problem)
      throw new TaskloomError('INPUT_NOT_JSON', `The job is not JSON at ${problem.path}: ${problem.reason}.`, {
        details: { path: problem.path },
      });
    const identity = { workflow: null, submission: body as unknown as Json, options };
    const known = await this.findKnown(identity);
    return known ?? this.store({ ...submission, options }, { name: submission.name }, null, identity);
  }

  private async checkWorkflowInput(workflow: WorkflowDefinition, input: Json): Promise<unknown> {
    const notStorable = checkStorable(workflow.name, input, this.options.limits.inputBytes);
    if (notStorable) throw new TaskloomError(notStorable.code, notStorable.message, { details: notStorable.details ?? {} });
    const checked = await validate(workflow.inputSchema, input);
    if (checked.ok) return checked.value;
    throw new TaskloomError(
      'INPUT_SCHEMA',
      `The input of workflow "${workflow.name}" does not fit its schema: ${describeIssues(checked.issues)}.`,
      {
        details: { workflow: workflow.name, issues: checked.issues.map((issue) => ({ ...issue })) },
      },
    );
  }

  private async store(
    submission: JobSubmission,
    objective: { name: string; description?: string },
    workflow: WorkflowDefinition | null,
    identity: Parameters<typeof bodyHash>[0],
  ): Promise<string> {
    const specs = await this.checkedGraph(submission, objective);
    const spec = this.jobSpec(submission, workflow);
    const { options } = identity;
    const idempotency = options.idempotencyKey === undefined ? null : { key: options.idempotencyKey, bodyHash: bodyHash(identity) };
    try {
      await this.options.ledger.create({ kind: 'submit', specs, confirm: spec.confirm, actor: actorOf(options) }, { spec, idempotency });
      return spec.id;
    } catch (error) {
      if (!(error instanceof IdempotencyTakenError)) throw error;
      const known = await this.findKnown(identity);
      if (known === null) throw error;
      return known;
    }
  }

  private async checkedGraph(submission: JobSubmission, objective: { name: string; description?: string }): Promise<readonly TaskSpec[]> {
    const { registry, limits } = this.options;
    const steps = submission.steps ?? [];
    const ordered = compileSteps(steps);
    const all = steps.length === 0 ? submission.tasks : [...submission.tasks, ...ordered.tasks];
    const allowed = submission.options?.allowedAgents;
    const { tasks, routes } = await this.options.routing.tasks(all, () => (allowed ? new Set(allowed) : null));
    const built = await runInSlices(
      buildGraphInSteps(
        { ...submission, tasks },
        {
          ...registry.facts(),
          ...routes,
          maxTasks: limits.tasksPerJob,
          maxEdges: limits.edgesPerJob,
          maxDepth: limits.depth,
          objective,
        },
      ),
    );
    const problems = [
      ...ordered.problems,
      ...built.problems,
      ...checkDemands(built.specs, this.options.capacities),
      ...(await checkInputs(built.specs, registry, limits.inputBytes)),
    ];
    if (problems.length > 0) throw new GraphError(problems);
    return withParsedValues(built.specs, registry);
  }

  private jobSpec({ name, input, options = {} }: JobSubmission, workflow: WorkflowDefinition | null): JobSpec {
    const now = this.options.clock.now();
    return {
      id: newJobId(),
      tenant: options.tenant ?? DEFAULT_TENANT,
      // Columns hold UTF-8, which has no half characters.
      name: name.toWellFormed(),
      workflow: workflow?.name ?? null,
      workflowVersion: workflow?.version ?? null,
      input: copied(input ?? null),
      priority: options.priority ?? DEFAULT_PRIORITY,
      maxParallel: options.maxParallel ?? null,
      strategy: options.failureStrategy ?? 'abort',
      allowedAgents: options.allowedAgents ?? null,
      confirm: options.confirm ?? false,
      runAt: options.runAt === undefined ? null : momentMs(options.runAt),
      deadline: deadlineOf(options, now),
      metadata: copied(options.metadata ?? null),
      carried: copied(options.carried ?? null),
      createdAt: now,
    };
  }

  /** The job that an earlier submission with the same key and body made. @throws TaskloomError `IDEMPOTENCY_CONFLICT` */
  private async findKnown(identity: Parameters<typeof bodyHash>[0]): Promise<string | null> {
    const { idempotencyKey: key, tenant = DEFAULT_TENANT } = identity.options;
    if (key === undefined) return null;
    const known = await this.options.store.idempotency(tenant, key);
    if (!known) return null;
    if (known.bodyHash === bodyHash(identity)) return known.jobId;
    throw new TaskloomError(
      'IDEMPOTENCY_CONFLICT',
      `The idempotency key ${JSON.stringify(key)} belongs to job ${known.jobId}, which was started with another body.`,
      { details: { jobId: known.jobId } },
    );
  }
}

/** The submitter goes on with an object of its own: what it does to it until the job is written is not meant for the job. */
function copied<Value extends Json>(value: Value): Value {
  return value === null ? value : (JSON.parse(JSON.stringify(value)) as Value);
}
