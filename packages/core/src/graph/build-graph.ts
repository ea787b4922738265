import type { ErrorCode } from '../errors/error-codes.js';
import type { GraphProblem } from '../errors/graph-error.js';
import { freeKey } from '../kernel/free-key.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { parsePointer, type Json } from '../kernel/json.js';
import { hasPlaceAt } from '../kernel/json-place.js';
import { nearest } from '../kernel/nearest.js';
import { runAtOnce, type Steps } from '../kernel/steps.js';
import type { AgentFacts } from '../model/agent-facts.js';
import type { InputSubmission, JobSubmission, RefSubmission, TaskSubmission } from '../model/submission.js';
import {
  DEPENDENCY_MODES,
  FAILURE_STRATEGIES,
  TASK_TYPES,
  type Condition,
  type Dependency,
  type DependencyMode,
  type FailureStrategy,
  type InputTemplate,
  type MapTemplate,
  type Recovery,
  type RefBinding,
  type TaskSpec,
  type TaskType,
} from '../model/task.js';
import { findCycle, type WaitingTask } from './cycle.js';
import { AGENTS_OF_THE_ENGINE } from './engine-agents.js';
import { isInput, misshapenParts } from './misshapen.js';
import { readExtras } from './task-extras.js';

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
const MAX_WEIGHT = 1_000_000;
const SHOWN_IN_CYCLE = 10;
/** Problems beyond these are not shown one by one, so nothing is looked up for them. */
const SUGGESTIONS = 20;
/** Among more keys than these no likely one is sought: it would take longer than reading them. */
const MOST_KEYS_TO_COMPARE = 2_000;
const NO_DEPENDENCIES: readonly Dependency[] = [];
const EMPTY_INPUT: InputTemplate = { value: null, refs: [] };

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

interface DeclaredDependency {
  readonly on: number;
  readonly mode: DependencyMode | null;
}

class GraphBuilder {
  private readonly problems: GraphProblem[] = [];
  private readonly numbers = new Map<string, number>();
  /** Index: task number. Entry 0 is the objective's own submission, or the engine's stand-in for it. */
  private readonly tasks: TaskSubmission[] = [];
  private readonly parents: (number | null)[] = [];
  private readonly strategies: FailureStrategy[] = [];
  /** Tasks that stand in for others, and for which. */
  private readonly fallbacks = new Map<number, number>();

  constructor(
    private readonly submission: JobSubmission,
    private readonly options: BuildOptions,
  ) {}

  *build(): Steps<BuiltGraph> {
    const total = this.submission.tasks.length;
    if (total > this.options.maxTasks) {
      return {
        specs: [],
        problems: [
          {
            code: 'GRAPH_LIMIT',
            message: `The job has ${total} tasks; at most ${this.options.maxTasks} are allowed.`,
            details: { tasks: total, limit: this.options.maxTasks },
          },
        ],
      };
    }
    this.number();
    yield;
    this.findParents();
    const depth = this.depth();
    const { maxDepth = Number.POSITIVE_INFINITY } = this.options;
    if (depth > maxDepth) {
      this.report(
        'GRAPH_LIMIT',
        this.tasks[0]!.key,
        `The hierarchy has ${depth} levels below the objective; at most ${maxDepth} are allowed.`,
        { depth, limit: maxDepth },
      );
      return { specs: [], problems: this.problems };
    }
    this.findStrategies();
    const made: TaskSpec[] = [];
    for (const [no, task] of this.tasks.entries()) {
      if (no % TASKS_PER_STEP === 0) yield;
      made.push(this.spec(task, no));
    }
    const specs = made.map((spec) => this.withFallbackEdge(spec));
    yield;
    const edges = specs.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
    const { maxEdges } = this.options;
    if (edges > maxEdges) {
      this.report('GRAPH_LIMIT', this.tasks[0]!.key, `The job has ${edges} dependencies; at most ${maxEdges} are allowed.`, {
        edges,
        limit: maxEdges,
      });
      return { specs: [], problems: this.problems };
    }
    this.refuseCycle(
      specs.map(({ no, parent, dependencies }) => ({
        parent,
        dependencies: this.problems.length === 0 ? dependencies : dependencies.filter(({ on }) => on >= 0),
        fallbackOf: this.fallbacks.get(no) ?? -1,
      })),
    );
    return { specs, problems: this.problems };
  }

  /**
   * A task that stands in for another waits for that one to fail. Should it fail too, the other's strategy decides, unless it
   * was given one of its own.
   */
  private withFallbackEdge(spec: TaskSpec): TaskSpec {
    const source = this.fallbacks.get(spec.no);
    if (source === undefined) return spec;
    const others = spec.dependencies.filter(({ on }) => on !== source);
    const isInherited = this.tasks[spec.no]!.failureStrategy === undefined && spec.strategy !== 'continue';
    return { ...spec, dependencies: [...others, { on: source, mode: 'failed' }], strategy: isInherited ? 'skip' : spec.strategy };
  }

  // ── numbers and places ──────────────────────────────────────────────────────────────────────────────────────

  private number(): void {
    const submitted = this.submission.tasks.map((task) => this.withoutMisshapen(task));
    const objectives = submitted.filter((task) => task.type === 'OBJECTIVE');
    for (const extra of objectives.slice(1))
      this.report('ILLEGAL_PARENT', extra.key, `"${show(extra.key)}" is a second OBJECTIVE; a job has one.`);
    const objective = objectives[0] ?? this.standInObjective();
    this.tasks.push(objective, ...submitted.filter((task) => task !== objective));

    const folded = new Map<string, string>();
    this.tasks.forEach((task, no) => {
      if (!isName(task.key)) {
        this.report('ID_INVALID', String(task.key), `${JSON.stringify(show(String(task.key)))} cannot be a task's key: use ${NAME_RULE}.`);
        return;
      }
      const twin = folded.get(task.key.toLowerCase());
      if (twin !== undefined) {
        this.report(
          'DUPLICATE_TASK',
          task.key,
          twin === task.key ? `The key "${task.key}" is used twice.` : `The keys "${twin}" and "${task.key}" differ only by case.`,
        );
        return;
      }
      folded.set(task.key.toLowerCase(), task.key);
      this.numbers.set(task.key, no);
    });
  }

  /** What is wrong with a part is said once; the rest of the task is checked without it. */
  private withoutMisshapen(task: TaskSubmission): TaskSubmission {
    const parts = misshapenParts(task);
    if (parts.length === 0) return task;
    const rest: { -readonly [Part in keyof TaskSubmission]: TaskSubmission[Part] } = { ...task };
    for (const { part, mustBe } of parts) {
      this.report(
        'GRAPH_INVALID',
        String(task.key),
        `\`${part}\` of "${show(String(task.key))}" is ${inJson(task[part])}; it must be ${mustBe}.`,
      );
      delete rest[part];
    }
    return rest;
  }

  private standInObjective(): TaskSubmission {
    const taken = new Set(this.submission.tasks.map((task) => String(task.key).toLowerCase()));
    const key = freeKey('objective', (candidate) => taken.has(candidate));
    const { name, description } = this.options.objective ?? { name: this.submission.name };
    return { key, type: 'OBJECTIVE', name, ...(description === undefined ? undefined : { description }) };
  }

  private findParents(): void {
    this.tasks.forEach((task, no) => {
      if (no === 0) {
        if (task.parent !== undefined)
          this.report('ILLEGAL_PARENT', task.key, `The objective "${task.key}" cannot stand under another task.`);
        this.parents.push(null);
        return;
      }
      if (task.parent === undefined) {
        this.parents.push(0);
        return;
      }
      const parent = this.numbers.get(task.parent);
      if (parent === undefined)
        this.report(
          'UNKNOWN_PARENT',
          task.key,
          `"${show(task.key)}" names the parent "${show(task.parent)}", which is not in the job${this.suggest(task.parent)}`,
        );
      this.parents.push(parent ?? 0);
    });
    this.refuseParentCircle();
  }

  private findStrategies(): void {
    this.tasks.forEach((_, no) => this.strategies.push(this.inheritedStrategy(no)));
  }

  /** Parents that lead back to themselves would make every walk up the hierarchy endless. */
  private refuseParentCircle(): void {
    const seenInWalk = new Int32Array(this.tasks.length).fill(-1);
    for (let walk = 0; walk < this.tasks.length; walk += 1) {
      // Above it is the objective, above which there is nothing.
      if (this.parents[walk] === 0) continue;
      const path: number[] = [];
      let current: number | null = walk;
      while (current !== null && seenInWalk[current] === -1) {
        seenInWalk[current] = walk;
        path.push(current);
        current = this.parents[current]!;
      }
      if (current === null || seenInWalk[current] !== walk) continue;
      const circle = path.slice(path.indexOf(current));
      this.reportCycle(circle);
      for (const member of circle) this.parents[member] = 0;
    }
  }

  /** How many levels of tasks there are below the objective. */
  private depth(): number {
    const depths = new Int32Array(this.tasks.length).fill(-1);
    depths[0] = 0;
    let deepest = 0;
    for (let no = 1; no < this.tasks.length; no += 1) {
      const path: number[] = [];
      let current = no;
      while (depths[current] === -1) {
        path.push(current);
        current = this.parents[current] ?? 0;
      }
      for (let below = path.pop(); below !== undefined; below = path.pop()) {
        depths[below] = depths[current]! + 1;
        current = below;
      }
      deepest = Math.max(deepest, depths[no]!);
    }
    return deepest;
  }

  private inheritedStrategy(no: number): FailureStrategy {
    for (let current: number | null = no; current !== null; current = this.parents[current]!) {
      const own = this.tasks[current]!.failureStrategy;
      if (own !== undefined) return own;
    }
    return this.submission.options?.failureStrategy ?? 'abort';
  }

  // ── one task ────────────────────────────────────────────────────────────────────────────────────────────────

  private spec(task: TaskSubmission, no: number): TaskSpec {
    const { output } = this.submission;
    const isJobOutput = no === 0 && output !== undefined && output !== null;
    if (isJobOutput && !isInput(output))
      this.report('GRAPH_INVALID', task.key, `\`output\` of the job is ${inJson(output)}; it must be an object, \`{ value, refs: […] }\`.`);
    if (isJobOutput && task.agent !== undefined)
      this.report(
        'GRAPH_INVALID',
        task.key,
        `The objective "${task.key}" has an agent and the job has an output of its own; give one of them.`,
      );
    this.checkOptions(task);
    const given = isJobOutput ? output : { value: task.input ?? null, refs: task.refs ?? [] };
    const input = isInput(given) ? this.template(given, task.key) : EMPTY_INPUT;
    const map = task.map ? this.mapTemplate(task) : null;
    const fact = task.agent === undefined ? null : (this.options.factOf?.(task.agent) ?? null);
    const extras = readExtras(task, fact, (what) =>
      this.report('GRAPH_INVALID', task.key, what.replace('` is', `\` of "${show(task.key)}" is`)),
    );
    if (extras.review?.agent !== undefined) this.checkAgent(extras.review.agent, task.key);
    const condition = task.when ? this.condition(task) : null;
    const spec: TaskSpec = {
      no,
      key: task.key,
      type: this.typeOf(task, no),
      parent: this.parents[no]!,
      agent: isJobOutput ? AGENTS_OF_THE_ENGINE.output : task.map ? AGENTS_OF_THE_ENGINE.map : this.agentOf(task),
      // Columns hold UTF-8, which has no half characters.
      name: (task.name ?? task.key).toWellFormed(),
      description: task.description ?? null,
      kind: task.kind?.toWellFormed() ?? null,
      assignee: extras.assignee,
      acceptanceCriteria: task.acceptanceCriteria ?? null,
      priority: task.priority ?? this.submission.options?.priority ?? DEFAULT_PRIORITY,
      strategy: this.strategies[no]!,
      dependencies: this.dependencies(task, no, [...input.refs, ...(map ? [...map.template.input.refs, map.over] : [])], condition),
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
    const routed = task.map ? undefined : this.options.routeOf?.(task.key);
    if (task.weight === undefined && !routed) return spec;
    return { ...spec, ...(task.weight === undefined ? undefined : { weight: task.weight }), ...(routed && { routed }) };
  }

  private recovery(task: TaskSubmission, no: number): Recovery | null {
    if (task.useValue !== undefined && task.routeTo !== undefined)
      this.report('GRAPH_INVALID', task.key, `"${show(task.key)}" has both \`useValue\` and \`routeTo\`; give one of them.`);
    if (task.useValue !== undefined) return { kind: 'use-value', value: task.useValue };
    if (task.routeTo === undefined) return null;
    const to = this.numberOf(task.routeTo, task.key, 'routes to');
    if (to < 0) return null;
    const taken = this.fallbacks.get(to);
    if (to === no || to === 0 || this.isBelow(no, to) || this.isBelow(to, no))
      this.report(
        'GRAPH_INVALID',
        task.key,
        `"${show(task.key)}" cannot route to "${show(task.routeTo)}": it must be another task, neither above nor below it.`,
      );
    else if (taken !== undefined)
      this.report(
        'GRAPH_INVALID',
        task.key,
        `"${show(task.routeTo)}" stands in for "${show(this.tasks[taken]!.key)}" already; it can stand in for one task.`,
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
    if (!this.options.agentNames.has(agent)) {
      const near = nearest(agent, this.options.agentNames);
      const doubt = this.options.doubtOf?.(taskKey);
      const hint = doubt ? `: ${doubt.reason}.` : near.length > 0 ? `; did you mean ${near.join(', ')}?` : '.';
      this.report('UNKNOWN_AGENT', taskKey, `"${show(taskKey)}" names the agent "${show(agent)}", which is not registered${hint}`, {
        agent,
        nearest: near,
        ...(doubt && { candidates: [...doubt.candidates] }),
      });
      return;
    }
    const allowed = this.submission.options?.allowedAgents;
    if (allowed && !allowed.includes(agent))
      this.report('AGENT_NOT_ALLOWED', taskKey, `"${show(taskKey)}" names the agent "${agent}", which is not in the job's allowedAgents.`, {
        agent,
      });
  }

  private checkOptions(task: TaskSubmission): void {
    const { key } = task;
    if (task.priority !== undefined && !(Number.isInteger(task.priority) && task.priority >= 1 && task.priority <= 10))
      this.report(
        'GRAPH_INVALID',
        key,
        `\`priority\` of "${show(key)}" is ${String(task.priority)}; it must be a whole number from 1 to 10.`,
      );
    if (task.weight !== undefined && !(typeof task.weight === 'number' && task.weight >= 0 && task.weight <= MAX_WEIGHT))
      this.report(
        'GRAPH_INVALID',
        key,
        `\`weight\` of "${show(key)}" is ${String(task.weight)}; it must be a number from 0 to ${MAX_WEIGHT}.`,
      );
    if (task.type !== undefined && !TASK_TYPES.includes(task.type))
      this.report(
        'GRAPH_INVALID',
        key,
        `\`type\` of "${show(key)}" is ${JSON.stringify(task.type)}; it must be one of ${TASK_TYPES.join(', ')}.`,
      );
    if (task.failureStrategy !== undefined && !FAILURE_STRATEGIES.includes(task.failureStrategy))
      this.report(
        'GRAPH_INVALID',
        key,
        `\`failureStrategy\` of "${show(key)}" is ${JSON.stringify(task.failureStrategy)}; it must be one of ${FAILURE_STRATEGIES.join(', ')}.`,
      );
    const overrides = task.map?.overrides ?? task.overrides;
    if (overrides?.retry !== undefined && Object.hasOwn(Object(overrides.retry) as object, 'retryOn'))
      this.report(
        'GRAPH_INVALID',
        key,
        `\`overrides.retry.retryOn\` of "${show(key)}" is code; only agents have it, in their own options.`,
      );
    if (task.map && task.agent !== undefined)
      this.report('GRAPH_INVALID', key, `"${show(key)}" has both an agent and a map; the map names the agent of the tasks it makes.`);
    if (task.map?.batch !== undefined && !(Number.isInteger(task.map.batch) && task.map.batch >= 1))
      this.report('GRAPH_INVALID', key, `\`map.batch\` of "${show(key)}" is ${String(task.map.batch)}; it must be a whole number from 1.`);
  }

  /** The given type, else the one its place suggests; and whether the parent may have such a child. */
  private typeOf(task: TaskSubmission, no: number): TaskType {
    if (no === 0) return 'OBJECTIVE';
    const parentType = this.parents[no] === 0 ? 'OBJECTIVE' : this.nominalType(this.parents[no]!);
    const type = this.nominalType(no);
    if (!mayContain(parentType, type)) {
      this.report(
        'ILLEGAL_PARENT',
        task.key,
        `"${show(task.key)}" is a ${type} under a ${parentType}; the order is OBJECTIVE, STORY, TASK, SUBTASK.`,
      );
    }
    return type;
  }

  private nominalType(no: number): TaskType {
    const { type } = this.tasks[no]!;
    if (type !== undefined) return type;
    const parent = this.parents[no]!;
    if (parent === null || parent === 0) return 'TASK';
    const above = this.tasks[parent]!.type;
    return above === 'STORY' ? 'TASK' : 'SUBTASK';
  }

  private mapTemplate(task: TaskSubmission): { over: { task: number; path: string }; template: MapTemplate } {
    const map = task.map!;
    this.checkAgent(map.agent, task.key);
    const routed = this.options.routeOf?.(task.key);
    for (const { at } of map.items) this.checkHole(at, map.input.value, task.key);
    return {
      over: { task: this.numberOf(map.over.task, task.key, 'maps over'), path: this.pointer(map.over.path ?? '', task.key) },
      template: {
        agent: map.agent,
        input: this.template(map.input, task.key),
        items: map.items.map(({ at, path, ...rest }) => ({ at: this.pointer(at, task.key), path: this.pointer(path, task.key), ...rest })),
        ...(map.batch === undefined ? undefined : { batch: map.batch }),
        ...(map.name === undefined ? undefined : { name: map.name }),
        ...(map.overrides === undefined ? undefined : { overrides: map.overrides }),
        ...(routed && { routed }),
      },
    };
  }

  private condition(task: TaskSubmission): Condition {
    const on = this.numberOf(task.when!.task, task.key, 'has the condition on');
    const path = this.pointer(task.when!.path ?? '', task.key);
    if (path !== '' && this.tasks[on]?.map)
      this.report(
        'GRAPH_INVALID',
        task.key,
        `The condition of "${show(task.key)}" reads a part of the list that "${show(task.when!.task)}" makes; only the whole list can be a condition.`,
      );
    return { task: on, path, ...(task.when!.or === undefined ? undefined : { or: task.when!.or }) };
  }

  private template(input: InputSubmission, key: string): InputTemplate {
    if (input.value === null && input.refs.length === 0) return EMPTY_INPUT;
    for (const { at } of input.refs) this.checkHole(at, input.value, key);
    return { value: input.value, refs: input.refs.map((ref) => this.binding(ref, key)) };
  }

  /** A hole is a place that the value has: filling it may not make up objects, or reach a prototype. */
  private checkHole(at: string, value: Json, key: string): void {
    const segments = typeof at === 'string' ? parsePointer(at) : null;
    if (segments === null || hasPlaceAt(value, segments)) return;
    this.report('GRAPH_INVALID', key, `The input of "${show(key)}" has no place at ${show(at)} for a ref to fill.`, { at: show(at) });
  }

  private binding(ref: RefSubmission, key: string): RefBinding {
    return {
      at: this.pointer(ref.at, key),
      task: this.numberOf(ref.task, key, 'refers to'),
      path: this.pointer(ref.path ?? '', key),
      ...(ref.or === undefined ? undefined : { or: ref.or }),
    };
  }

  private pointer(pointer: string, key: string): string {
    if (typeof pointer !== 'string' || parsePointer(pointer) === null)
      this.report(
        'GRAPH_INVALID',
        key,
        `${JSON.stringify(pointer)} in "${show(key)}" is no JSON Pointer: it must be empty or begin with "/".`,
      );
    return pointer;
  }

  // ── edges ───────────────────────────────────────────────────────────────────────────────────────────────────

  private dependencies(
    task: TaskSubmission,
    no: number,
    refs: readonly { readonly task: number }[],
    condition: Condition | null,
  ): readonly Dependency[] {
    if (refs.length === 0 && condition === null && task.dependsOn === undefined) return NO_DEPENDENCIES;
    const declared = this.declaredDependencies(task);
    if (refs.length === 0 && condition === null && declared.length <= 1)
      return declared.map(({ on, mode }) => ({ on, mode: mode ?? this.defaultMode(on) }));
    const modes = new Map<number, DependencyMode>();
    for (const { on, mode } of declared) modes.set(on, mode ?? this.defaultMode(on));
    for (const { task: on } of refs) {
      // A ref downwards needs no edge: a parent's agent runs after its children anyway.
      if (on < 0 || modes.has(on) || this.isBelow(on, no)) continue;
      modes.set(on, this.modeDeclaredAround(on, no, declared) ?? this.defaultMode(on));
    }
    // Whether to start cannot hang on what is below: that edge is made, and refused as a cycle.
    if (condition && condition.task >= 0 && !modes.has(condition.task))
      modes.set(condition.task, this.modeDeclaredAround(condition.task, no, declared) ?? this.defaultMode(condition.task));
    return [...modes].map(([on, mode]) => ({ on, mode }));
  }

  private declaredDependencies(task: TaskSubmission): DeclaredDependency[] {
    const declared: DeclaredDependency[] = [];
    for (const entry of task.dependsOn ?? []) {
      const key = typeof entry === 'string' ? entry : entry.task;
      const mode = typeof entry === 'string' ? null : (entry.mode ?? null);
      if (mode !== null && !DEPENDENCY_MODES.includes(mode))
        this.report(
          'GRAPH_INVALID',
          task.key,
          `\`mode\` of a dependency of "${show(task.key)}" is ${JSON.stringify(mode)}; it must be one of ${DEPENDENCY_MODES.join(', ')}.`,
        );
      const on = this.numberOf(key, task.key, 'depends on');
      if (on >= 0) declared.push({ on, mode });
    }
    return declared;
  }

  /**
   * The mode said for a task, or for a story around it, by the task that refers to it or by a story around that one: a mode
   * said of a story also holds for refs to the tasks inside it, and one said by a story for the refs of its tasks.
   */
  private modeDeclaredAround(on: number, no: number, declared: readonly DeclaredDependency[]): DependencyMode | null {
    const targets = new Set([on, ...this.above(on)]);
    const own = declared.find((entry) => targets.has(entry.on));
    if (own) return own.mode;
    for (const ancestor of this.above(no)) {
      if (targets.has(ancestor)) break;
      const found = this.declaredBy(ancestor).find((entry) => targets.has(entry.on));
      if (found) return found.mode;
    }
    return null;
  }

  private above(no: number): number[] {
    const found: number[] = [];
    for (let current = this.parents[no] ?? null; current !== null; current = this.parents[current]!) found.push(current);
    return found;
  }

  /** The dependencies that a story declares; problems with them are reported when the story itself is read. */
  private declaredBy(no: number): readonly DeclaredDependency[] {
    return (this.tasks[no]!.dependsOn ?? []).flatMap((entry) => {
      const { task, mode = null } = typeof entry === 'string' ? { task: entry } : entry;
      const on = this.numbers.get(task);
      return on === undefined ? [] : [{ on, mode }];
    });
  }

  /** The strategy `continue` compiles to edges: whatever the source's end, its dependents go on. */
  private defaultMode(on: number): DependencyMode {
    return this.strategies[on] === 'continue' ? 'settled' : 'completed';
  }

  private isBelow(no: number, ancestor: number): boolean {
    return this.above(no).includes(ancestor);
  }

  private refuseCycle(tasks: readonly WaitingTask[]): void {
    const cycle = findCycle(tasks);
    if (cycle) this.reportCycle(cycle);
  }

  // ── problems ────────────────────────────────────────────────────────────────────────────────────────────────

  private reportCycle(cycle: readonly number[]): void {
    const keys = cycle.map((no) => this.tasks[no]!.key);
    const shown =
      keys.length <= SHOWN_IN_CYCLE
        ? [...keys, keys[0]!]
        : [...keys.slice(0, SHOWN_IN_CYCLE - 1), `… ${keys.length - SHOWN_IN_CYCLE + 1} more …`, keys[0]!];
    this.report(
      'GRAPH_CYCLE',
      keys[0]!,
      keys.length === 1 ? `"${keys[0]!}" waits for itself.` : `Tasks wait for each other in a circle: ${shown.join(' → ')}.`,
      { cycle: keys.slice(0, SHOWN_IN_CYCLE) },
    );
  }

  private numberOf(key: string, owner: string, verb: string): number {
    const no = this.numbers.get(key);
    if (no !== undefined) return no;
    this.report(
      'UNKNOWN_DEPENDENCY',
      owner,
      `"${show(owner)}" ${verb} "${show(String(key))}", which is not in the job${this.suggest(String(key))}`,
      { dependency: show(String(key)) },
    );
    return -1;
  }

  private suggest(key: string): string {
    if (this.problems.length >= SUGGESTIONS || this.numbers.size > MOST_KEYS_TO_COMPARE) return '.';
    const near = nearest(show(key), this.numbers.keys());
    return near.length > 0 ? `; did you mean ${near.join(', ')}?` : '.';
  }

  private report(code: ErrorCode, taskKey: string, message: string, details?: { readonly [key: string]: Json }): void {
    this.problems.push({ code, taskKey: show(taskKey), message, ...(details ? { details } : undefined) });
  }
}

const RANK: Readonly<Record<TaskType, number>> = { OBJECTIVE: 0, STORY: 1, TASK: 2, SUBTASK: 3 };

/** Levels may be left out; only subtasks nest in their own kind. */
export function mayContain(parent: TaskType, child: TaskType): boolean {
  return RANK[child] > RANK[parent] || (parent === 'SUBTASK' && child === 'SUBTASK');
}

function show(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

/** Anything, as far as it can be told in a sentence. */
function inJson(value: unknown): string {
  try {
    return show(String(JSON.stringify(value)));
  } catch {
    return typeof value;
  }
}
