import type { GraphProblem } from '../errors/graph-error.js';
import { inMessage } from '../kernel/in-message.js';
import { runAtOnce, type Steps } from '../kernel/steps.js';
import type { AgentFacts } from '../model/agent-facts.js';
import type { JobSubmission, TaskSubmission } from '../model/submission.js';
import type { Recovery, TaskSpec } from '../model/task.js';
import { checkAgent } from './check-agent.js';
import { checkHoles } from './check-holes.js';
import { checkTaskOptions } from './check-task-options.js';
import { findCycle } from './cycle.js';
import { Edges } from './edges.js';
import { AGENTS_OF_THE_ENGINE } from './engine-agents.js';
import { GraphProblems, show } from './graph-problems.js';
import { EMPTY_INPUT, InputTemplates } from './input-templates.js';
import { isInput } from './misshapen.js';
import { readExtras } from './task-extras.js';
import { TaskTable } from './task-table.js';

export interface BuildOptions extends AgentFacts {
  readonly maxTasks: number;
  /** Most dependencies of all tasks together, each pair of tasks counted once. */
  readonly maxEdges: number;
  /** Most levels of tasks below the objective. Default: any number. */
  readonly maxDepth?: number;
  /** The objective's name where the submission has no OBJECTIVE task: the job's. */
  readonly objective?: { readonly name: string; readonly description?: string };
}

/** `specs` may be stored only where there are no problems; else they are as good as could be made of the submission. */
export interface BuiltGraph {
  readonly specs: readonly TaskSpec[];
  readonly problems: readonly GraphProblem[];
}

/** So many tasks make a step. */
const TASKS_PER_STEP = 256;
const DEFAULT_PRIORITY = 5;

/**
 * Checks a submitted graph and numbers it: task 0 is the objective, the others follow in submitted order. Keys become
 * numbers, refs become dependencies, strategies are inherited. Every problem is found and reported, not only the first.
 */
export function buildGraph(submission: JobSubmission, options: BuildOptions): BuiltGraph {
  return runAtOnce(buildGraphInSteps(submission, options));
}

/** The same, for graphs that may be large. */
export function buildGraphInSteps(submission: JobSubmission, options: BuildOptions): Steps<BuiltGraph> {
  return new GraphBuilder(submission, options).build();
}

class GraphBuilder {
  private readonly problems = new GraphProblems();
  private readonly table: TaskTable;
  private readonly inputs: InputTemplates;
  private readonly edges: Edges;
  /** Tasks that stand in for others, and for which. */
  private readonly fallbacks = new Map<number, number>();

  constructor(
    private readonly submission: JobSubmission,
    private readonly options: BuildOptions,
  ) {
    this.table = new TaskTable(submission, options.objective ?? { name: submission.name }, this.problems);
    this.inputs = new InputTemplates(this.table, this.problems);
    this.edges = new Edges(this.table, this.problems);
  }

  *build(): Steps<BuiltGraph> {
    const { table } = this;
    const total = this.submission.tasks.length;
    if (total > this.options.maxTasks) {
      const message = `The job has ${total} tasks; at most ${this.options.maxTasks} are allowed.`;
      return { specs: [], problems: [{ code: 'GRAPH_LIMIT', message, details: { tasks: total, limit: this.options.maxTasks } }] };
    }
    table.number();
    yield;
    table.findParents();
    if (this.isTooDeep()) return { specs: [], problems: this.problems.found };
    table.findStrategies();
    const made: TaskSpec[] = [];
    for (let no = 0; no < table.tasks.length; no += 1) {
      if (no % TASKS_PER_STEP === 0) yield;
      made.push(this.spec(table.tasks[no]!, no));
    }
    const specs = this.fallbacks.size === 0 ? made : made.map((spec) => this.withFallbackEdge(spec));
    yield;
    if (this.hasTooManyEdges(specs)) return { specs: [], problems: this.problems.found };
    this.refuseCycle(specs);
    yield* this.checkHoles(specs);
    return { specs, problems: this.problems.found };
  }

  private isTooDeep(): boolean {
    const depth = this.table.depth();
    const { maxDepth = Number.POSITIVE_INFINITY } = this.options;
    if (depth <= maxDepth) return false;
    const message = `The hierarchy has ${depth} levels below the objective; at most ${maxDepth} are allowed.`;
    this.problems.report('GRAPH_LIMIT', this.table.tasks[0]!.key, message, { depth, limit: maxDepth });
    return true;
  }

  private hasTooManyEdges(specs: readonly TaskSpec[]): boolean {
    const edges = specs.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
    const { maxEdges } = this.options;
    if (edges <= maxEdges) return false;
    const message = `The job has ${edges} dependencies; at most ${maxEdges} are allowed.`;
    this.problems.report('GRAPH_LIMIT', this.table.tasks[0]!.key, message, { edges, limit: maxEdges });
    return true;
  }

  private refuseCycle(specs: readonly TaskSpec[]): void {
    // Where a dependency could not be found there is a problem already.
    const isWhole = this.problems.found.length === 0;
    const cycle = findCycle(
      isWhole && this.fallbacks.size === 0
        ? specs
        : specs.map(({ no, parent, dependencies }) => ({
            parent,
            dependencies: dependencies.filter(({ on }) => on >= 0),
            fallbackOf: this.fallbacks.get(no) ?? -1,
          })),
    );
    if (cycle) this.table.reportCycle(cycle);
  }

  private *checkHoles(specs: readonly TaskSpec[]): Steps<void> {
    const { inputSchemaOf } = this.options;
    if (!inputSchemaOf) return;
    for (let index = 0; index < specs.length; index += 1) {
      if (index % TASKS_PER_STEP === 0) yield;
      const spec = specs[index]!;
      const agent = spec.map ? spec.map.agent : spec.agent;
      const schema = agent === null || (spec.input.refs.length === 0 && !spec.map) ? null : inputSchemaOf(agent);
      if (schema) checkHoles(spec, schema, this.problems);
    }
  }

  /**
   * A task that stands in for another waits for that one to fail. Should it fail too, the other's strategy decides, unless it
   * was given one of its own.
   */
  private withFallbackEdge(spec: TaskSpec): TaskSpec {
    const source = this.fallbacks.get(spec.no);
    if (source === undefined) return spec;
    const others = spec.dependencies.filter(({ on }) => on !== source);
    const isInherited = this.table.tasks[spec.no]!.failureStrategy === undefined && spec.strategy !== 'continue';
    return { ...spec, dependencies: [...others, { on: source, mode: 'failed' }], strategy: isInherited ? 'skip' : spec.strategy };
  }

  // ── one task ────────────────────────────────────────────────────────────────────────────────────────────────

  private spec(task: TaskSubmission, no: number): TaskSpec {
    const { output } = this.submission;
    const isJobOutput = no === 0 && output !== undefined && output !== null;
    if (isJobOutput && !isInput(output))
      this.problems.report(
        'GRAPH_INVALID',
        task.key,
        `\`output\` of the job is ${inMessage(output)}; it must be an object, \`{ value, refs: […] }\`.`,
      );
    if (isJobOutput && task.agent !== undefined)
      this.problems.report(
        'GRAPH_INVALID',
        task.key,
        `The objective "${task.key}" has an agent and the job has an output of its own; give one of them.`,
      );
    checkTaskOptions(task, this.problems);
    const given = isJobOutput ? output : { value: task.input ?? null, refs: task.refs ?? [] };
    const input = isInput(given) ? this.inputs.template(given, task.key) : EMPTY_INPUT;
    const routed = this.options.routeOf?.(task.key);
    if (task.map) this.checkAgent(task.map.agent, task.key);
    const map = task.map ? this.inputs.map(task, routed) : null;
    const fact = task.agent === undefined ? null : (this.options.factOf?.(task.agent) ?? null);
    const extras = readExtras(task, fact, (what) =>
      this.problems.report('GRAPH_INVALID', task.key, what.replace('` is', `\` of "${show(task.key)}" is`)),
    );
    if (extras.review?.agent !== undefined) this.checkAgent(extras.review.agent, task.key);
    const condition = task.when ? this.inputs.condition(task) : null;
    const spec: TaskSpec = {
      no,
      key: task.key,
      type: this.table.typeOf(task, no),
      parent: this.table.parents[no]!,
      agent: isJobOutput ? AGENTS_OF_THE_ENGINE.output : task.map ? AGENTS_OF_THE_ENGINE.map : this.agentOf(task),
      // Columns hold UTF-8, which has no half characters.
      name: (task.name ?? task.key).toWellFormed(),
      description: task.description ?? null,
      kind: task.kind?.toWellFormed() ?? null,
      assignee: extras.assignee,
      acceptanceCriteria: task.acceptanceCriteria ?? null,
      priority: task.priority ?? this.submission.options?.priority ?? DEFAULT_PRIORITY,
      strategy: this.table.strategies[no]!,
      dependencies: this.edges.dependencies(task, no, map ? [...input.refs, ...map.template.input.refs, map.over] : input.refs, condition),
      input: map ? { value: { items: null }, refs: [{ at: '/items', task: map.over.task, path: map.over.path }] } : input,
      condition,
      map: map?.template ?? null,
      overrides: task.map ? null : (task.overrides ?? null),
      durability: extras.durability,
      deadline: extras.deadline,
      runAt: extras.runAt,
      review: extras.review,
      resources: extras.resources,
      recovery: this.recovery(task, no),
      metadata: task.metadata ?? null,
      origin: 'plan',
      originKey: null,
    };
    const isRouted = routed !== undefined && !task.map;
    if (task.weight === undefined && !isRouted) return spec;
    return { ...spec, ...(task.weight === undefined ? undefined : { weight: task.weight }), ...(isRouted && { routed }) };
  }

  private recovery(task: TaskSubmission, no: number): Recovery | null {
    if (task.useValue !== undefined && task.routeTo !== undefined)
      this.problems.report('GRAPH_INVALID', task.key, `"${show(task.key)}" has both \`useValue\` and \`routeTo\`; give one of them.`);
    if (task.useValue !== undefined) return { kind: 'use-value', value: task.useValue };
    if (task.routeTo === undefined) return null;
    const to = this.table.numberOf(task.routeTo, task.key, 'routes to');
    if (to < 0) return null;
    const taken = this.fallbacks.get(to);
    if (to === no || to === 0 || this.table.isBelow(no, to) || this.table.isBelow(to, no))
      this.problems.report(
        'GRAPH_INVALID',
        task.key,
        `"${show(task.key)}" cannot route to "${show(task.routeTo)}": it must be another task, neither above nor below it.`,
      );
    else if (taken !== undefined)
      this.problems.report(
        'GRAPH_INVALID',
        task.key,
        `"${show(task.routeTo)}" stands in for "${show(this.table.tasks[taken]!.key)}" already; it can stand in for one task.`,
      );
    else this.fallbacks.set(to, no);
    return { kind: 'route-to', task: to };
  }

  private agentOf(task: TaskSubmission): string | null {
    if (task.agent === undefined) return null;
    this.checkAgent(task.agent, task.key);
    return task.agent;
  }

  private checkAgent(agent: string, taskKey: string): void {
    checkAgent(agent, taskKey, this.options, this.submission.options?.allowedAgents, this.problems);
  }
}
