import { ConfigError } from '../errors/definition-errors.js';
import type { Moment } from '../kernel/duration.js';
import type { FailureStrategy, DependencyMode } from '../model/task.js';
import type { AgentInputOf, AgentOutputOf, AgentTarget } from './agent-definition.js';
import { createRef, type AnyRef, type Ref, type Refable } from './ref.js';
import { TaskDraft, type TaskDraftData } from './task-draft.js';

/** A node of the graph under construction, in the order it was added. */
export interface FlowNode {
  readonly label: string;
  readonly parent: FlowNode | null;
  /** What runs: a task's agent, or the agent that concludes a story. */
  draft: TaskDraftData | null;
  readonly story: { readonly title: string; description?: string; strategy?: FailureStrategy; deadline?: Moment; key?: string } | null;
  readonly map: { readonly over: AnyRef<unknown>; readonly batch: number | null; readonly item: object } | null;
  readonly after: FlowWait[];
  condition: AnyRef<unknown> | null;
  /** What runs instead, should it fail for good. */
  fallback: FlowNode | null;
}

export interface FlowWait {
  readonly node: FlowNode;
  readonly mode: DependencyMode | null;
}

/** One of several nodes in an order. */
export interface OrderedNode {
  readonly node: FlowNode;
  /** It runs beside the one before it. */
  readonly parallel: boolean;
}

/** What was laid out so far: one for a flow and all of its stories. */
interface Layout {
  readonly nodes: FlowNode[];
  readonly orders: (readonly OrderedNode[])[];
}

/** Something another task can wait for. */
export interface Awaitable {
  /** @internal */
  readonly node: FlowNode;
}

/** A task with a place in the graph. */
export class PlacedTask<Output = unknown> extends TaskDraft<Output> implements Awaitable {
  /** The task's output, as a ref: pass it (or a part of it) to other tasks, which then depend on this one. */
  readonly out: Ref<Output>;

  /** @internal */
  constructor(
    override readonly data: TaskDraftData,
    readonly node: FlowNode,
  ) {
    super(data.agent, data.input);
    this.out = createRef<Output>(node);
  }

  /** Waits for another task or story as well. The mode also holds for refs to it. */
  after(other: Awaitable, mode?: DependencyMode): this {
    this.node.after.push({ node: other.node, mode: mode ?? null });
    return this;
  }

  /**
   * Lets another task of the flow run instead when this one has failed for good; its output stands in for this one's. The
   * other task waits until then, and is skipped where it is not needed.
   */
  routeTo(fallback: PlacedTask<Output>): this {
    this.node.fallback = fallback.node;
    return this;
  }

  /** Skips this task when the value turns out falsy. */
  when(condition: AnyRef<unknown>): this {
    this.node.condition = condition;
    return this;
  }
}

export interface MapOptions {
  /** Items a task. Absent: one task for each item. */
  readonly batch?: number;
}

/** What `steps` puts in order: a draft, which it adds, or a task or story that has its place. */
export type FlowStep = TaskDraft | Story;

/** A step with its place: of a draft, the task that it became. */
export type PlacedStep<Given> = Given extends TaskDraft<infer Output> ? PlacedTask<Output> : Given;

/** Steps with their places, in the shape in which they were given. */
export type PlacedSteps<Given extends readonly (FlowStep | readonly FlowStep[])[]> = {
  readonly [Place in keyof Given]: Given[Place] extends readonly FlowStep[] ? PlacedList<Given[Place]> : PlacedStep<Given[Place]>;
};

type PlacedList<Given extends readonly FlowStep[]> = { readonly [Place in keyof Given]: PlacedStep<Given[Place]> };

/** Where tasks can be added: the whole flow, or one story of it. */
abstract class Place {
  /** @internal */
  constructor(
    protected readonly layout: Layout,
    protected readonly parent: FlowNode | null,
  ) {}

  /** Adds a task. Refs in its input make it depend on the tasks they refer to. */
  add<Output>(draft: TaskDraft<Output>): PlacedTask<Output>;
  add<Target extends AgentTarget>(agent: Target, input: Refable<AgentInputOf<Target>>): PlacedTask<AgentOutputOf<Target>>;
  add(agentOrDraft: AgentTarget | TaskDraft, input?: unknown): PlacedTask {
    const draft = agentOrDraft instanceof TaskDraft ? agentOrDraft : new TaskDraft(agentOrDraft, input);
    return new PlacedTask(draft.data, this.place({ draft: draft.data }));
  }

  /**
   * One task for each item of a list that another task will produce, or for each batch of `batch` items. `build` is called
   * once, now, with a ref that stands for the item (the batch). The output is the list of the tasks' outputs, in order.
   */
  map<Item, Output>(list: AnyRef<readonly Item[]>, build: (item: Ref<Item>) => TaskDraft<Output>): PlacedTask<Output[]>;
  map<Item, Output>(
    list: AnyRef<readonly Item[]>,
    options: { readonly batch: number },
    build: (items: Ref<Item[]>) => TaskDraft<Output>,
  ): PlacedTask<Output[]>;
  map(
    list: AnyRef<readonly unknown[]>,
    optionsOrBuild: MapOptions | ((item: Ref<never>) => TaskDraft),
    build?: (items: Ref<never[]>) => TaskDraft,
  ): PlacedTask {
    const options = typeof optionsOrBuild === 'function' ? {} : optionsOrBuild;
    const item = { label: 'item' };
    const make = (build ?? optionsOrBuild) as (item: Ref<unknown>) => TaskDraft;
    const template = make(createRef(item));
    const node = this.place({ draft: template.data, map: { over: list, batch: options.batch ?? null, item } });
    return new PlacedTask(template.data, node);
  }

  /**
   * Puts tasks in the order of their work: each waits for the one before it to complete. Those of a list run beside each
   * other, and the next waits for all of them. One with an `.after(…)` of its own waits for that alone, and those that stand
   * behind it in its list do so too, unless they have their own.
   *
   * Drafts are added here. A task or story that has its place keeps it, so that a step can have refs to those before it.
   *
   * @returns the steps as they were given, each draft as the task that it became: `const [first, [a, b], last] = …`
   */
  steps<const Given extends readonly (FlowStep | readonly FlowStep[])[]>(...steps: Given): PlacedSteps<Given>;
  steps(...steps: readonly (FlowStep | readonly FlowStep[])[]): readonly unknown[] {
    const order: OrderedNode[] = [];
    const append = (step: FlowStep, parallel: boolean): PlacedTask | Story => {
      const placed = this.placed(step);
      order.push({ node: placed.node, parallel });
      return placed;
    };
    this.layout.orders.push(order);
    return steps.map((step) => (isList(step) ? step.map((one, index) => append(one, index > 0)) : append(step, false)));
  }

  private placed(step: FlowStep): PlacedTask | Story {
    if (step instanceof PlacedTask || step instanceof Story) return step;
    if (step instanceof TaskDraft) return this.add(step);
    throw new ConfigError(['A step must be a task or a story, such as `task(agent, input)` or `flow.add(agent, input)`.']);
  }

  /** @internal */
  protected place(parts: { draft?: TaskDraftData; story?: FlowNode['story']; map?: FlowNode['map'] }): FlowNode {
    const node: FlowNode = {
      label: parts.story ? parts.story.title : 'task',
      parent: this.parent,
      draft: parts.draft ?? null,
      story: parts.story ?? null,
      map: parts.map ?? null,
      after: [],
      condition: null,
      fallback: null,
    };
    this.layout.nodes.push(node);
    return node;
  }
}

/** A group of tasks with a goal of its own; it completes with them. */
export class Story extends Place implements Awaitable {
  /** @internal */
  constructor(
    layout: Layout,
    readonly node: FlowNode,
  ) {
    super(layout, node);
  }

  /** The story's key, unique in its job. Default: its title in lower case with hyphens. */
  named(key: string): this {
    this.node.story!.key = key;
    return this;
  }

  describedAs(description: string): this {
    this.node.story!.description = description;
    return this;
  }

  /**
   * Has an agent conclude the story once its tasks have ended: it sees their summaries in `ctx.children` and
   * `ctx.distilled()`, and its output is the story's. Refs to tasks of the story need no dependency.
   *
   * @returns a ref to that output
   */
  concludeWith<Target extends AgentTarget>(agent: Target, input: Refable<AgentInputOf<Target>>): Ref<AgentOutputOf<Target>> {
    this.node.draft = new TaskDraft(agent, input).data;
    return createRef<AgentOutputOf<Target>>(this.node);
  }

  /** Nothing in the story starts before the other task or story has ended. */
  after(other: Awaitable, mode?: DependencyMode): this {
    this.node.after.push({ node: other.node, mode: mode ?? null });
    return this;
  }

  /** Skips the whole story when the value turns out falsy. */
  when(condition: AnyRef<unknown>): this {
    this.node.condition = condition;
    return this;
  }

  /** The story fails, and what is open in it is cancelled, when it has not ended by then. */
  deadline(moment: Moment): this {
    this.node.story!.deadline = moment;
    return this;
  }

  /** What a final failure inside the story does, where the task itself does not say. */
  onFailure(strategy: FailureStrategy): this {
    this.node.story!.strategy = strategy;
    return this;
  }
}

/** What `plan` lays a job's graph out with. */
export class Flow extends Place {
  private goal: { title: string; description?: string } | null = null;

  constructor() {
    super({ nodes: [], orders: [] }, null);
  }

  /** What the whole job is for: the name and description of its topmost task. Default: the workflow's. */
  objective(title: string, description?: string): this {
    this.goal = description === undefined ? { title } : { title, description };
    return this;
  }

  /** Adds a story: a group of tasks that completes with them. */
  story(title: string): Story {
    return new Story(this.layout, this.place({ story: { title } }));
  }

  /** @internal What was laid out, for the compiler. */
  laidOut(): LaidOut {
    return { ...this.layout, goal: this.goal };
  }
}

interface LaidOut {
  readonly nodes: readonly FlowNode[];
  readonly orders: readonly (readonly OrderedNode[])[];
  readonly goal: { readonly title: string; readonly description?: string } | null;
}

function isList(step: FlowStep | readonly FlowStep[]): step is readonly FlowStep[] {
  return Array.isArray(step);
}
