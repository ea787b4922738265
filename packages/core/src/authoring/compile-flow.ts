import { TaskloomError } from '../errors/taskloom-error.js';
import { ConfigError } from '../errors/definition-errors.js';
import { waitsInOrder } from '../graph/waits-in-order.js';
import { freeKey } from '../kernel/free-key.js';
import { durationMs, type Duration } from '../kernel/duration.js';
import { isName } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { formatPointer, type Json } from '../kernel/json.js';
import type { InputSubmission, MapSubmission, RefSubmission, TaskSubmission } from '../model/submission.js';
import type { TaskOverrides } from '../model/task.js';
import type { AgentTarget } from './agent-definition.js';
import { collectRefs, type CollectedInput } from './collect-refs.js';
import type { Flow, FlowNode, FlowWait, OrderedNode } from './flow.js';
import { refTargetOf, type RefTarget } from './ref.js';
import { parseRetry } from './retry-options.js';
import type { TaskDraftData } from './task-draft.js';

/** What a flow comes to: tasks, and the job's output where `plan` returned refs. */
export interface CompiledFlow {
  readonly goal: { readonly title: string; readonly description?: string } | null;
  readonly tasks: readonly TaskSubmission[];
  readonly output: InputSubmission | null;
}

/** Turns a laid-out flow into a submission: keys for nodes, keys for refs. `nameOf` gives an agent target's name. */
export function compileFlow(flow: Flow, returned: unknown, nameOf: (target: AgentTarget) => string): CompiledFlow {
  const { nodes, orders, goal } = flow.laidOut();
  const keys = assignKeys(nodes, nameOf);
  const compiler = new FlowCompiler(keys, waitsOf(nodes, orders), nameOf);
  return {
    goal,
    tasks: nodes.map((node) => compiler.task(node)),
    output: returned === undefined || returned === null ? null : compiler.input(collectRefs(returned), 'the returned output'),
  };
}

class FlowCompiler {
  constructor(
    private readonly keys: ReadonlyMap<object, string>,
    private readonly waits: ReadonlyMap<FlowNode, readonly FlowWait[]>,
    private readonly nameOf: (target: AgentTarget) => string,
  ) {}

  task(node: FlowNode): TaskSubmission {
    const key = this.keys.get(node)!;
    const waits = this.waits.get(node)!;
    const condition = node.condition === null ? null : this.condition(requireRef(node.condition, key, '.when'), key);
    return {
      key,
      ...(node.parent ? { parent: this.keys.get(node.parent)! } : undefined),
      ...(condition ? { when: condition } : undefined),
      ...(node.fallback ? { routeTo: this.keyOf(node.fallback, key) } : undefined),
      ...(waits.length > 0
        ? { dependsOn: waits.map(({ node: on, mode }) => ({ task: this.keyOf(on, key), ...(mode ? { mode } : undefined) })) }
        : undefined),
      ...(node.story
        ? { ...storyParts(node.story), ...(node.draft ? this.agentParts(node.draft, key) : undefined) }
        : this.taskParts(node, key)),
    };
  }

  input(collected: CollectedInput, owner: string): InputSubmission {
    return { value: collected.value, refs: collected.refs.map(({ at, target }) => this.ref(at, target, owner)) };
  }

  private taskParts(node: FlowNode, key: string): Partial<TaskSubmission> {
    const draft = node.draft!;
    if (node.map) refuseForParts(draft, key);
    if (node.map) return { ...draftParts(draft, key, false), map: this.mapParts(node, draft, collectRefs(draft.input), key) };
    return { ...draftParts(draft, key, true), ...this.reviewPart(draft), ...this.agentParts(draft, key) };
  }

  private reviewPart({ review }: TaskDraftData): Partial<TaskSubmission> {
    if (review === undefined) return {};
    if (typeof review !== 'object' || review === null || review.by !== 'agent') return { review };
    return { review: { ...review, agent: this.nameOf(review.agent) } };
  }

  private agentParts(draft: TaskDraftData, key: string): Partial<TaskSubmission> {
    const { value, refs } = this.input(collectRefs(draft.input), key);
    return { agent: this.nameOf(draft.agent), input: value, ...(refs.length > 0 ? { refs } : undefined) };
  }

  private mapParts(node: FlowNode, draft: TaskDraftData, collected: CollectedInput, key: string): MapSubmission {
    const map = node.map!;
    const ofItem = collected.refs.filter(({ target }) => target.source === map.item);
    const others = collected.refs.filter(({ target }) => target.source !== map.item);
    const overrides = overridesOf(draft, key);
    return {
      over: this.source(requireRef(map.over, key, 'flow.map'), key),
      agent: this.nameOf(draft.agent),
      input: { value: collected.value, refs: others.map(({ at, target }) => this.ref(at, target, key)) },
      items: ofItem.map(({ at, target }) => ({
        at,
        path: formatPointer(target.path),
        ...(target.or === undefined ? undefined : { or: target.or }),
      })),
      ...(map.batch === null ? undefined : { batch: map.batch }),
      ...(overrides ? { overrides } : undefined),
    };
  }

  private ref(at: string, target: RefTarget, owner: string): RefSubmission {
    return { at, ...this.source(target, owner), ...(target.or === undefined ? undefined : { or: target.or }) };
  }

  private condition(target: RefTarget, owner: string): NonNullable<TaskSubmission['when']> {
    return { ...this.source(target, owner), ...(target.or === undefined ? undefined : { or: target.or }) };
  }

  private source(target: RefTarget, owner: string): { task: string; path?: string } {
    const path = formatPointer(target.path);
    return { task: this.keyOf(target.source, owner), ...(path === '' ? undefined : { path }) };
  }

  private keyOf(source: object, owner: string): string {
    const key = this.keys.get(source);
    if (key === undefined) {
      throw new TaskloomError(
        'REF_USED_AS_VALUE',
        `"${owner}" uses a ref that belongs to another flow, or a map's item outside that map.`,
        { details: { task: owner } },
      );
    }
    return key;
  }
}

/** What each node waits for beside its refs: what was said of it, else what stands before it in the orders that it is part of. */
function waitsOf(nodes: readonly FlowNode[], orders: readonly (readonly OrderedNode[])[]): ReadonlyMap<FlowNode, readonly FlowWait[]> {
  const waits = new Map<FlowNode, readonly FlowWait[]>(nodes.map((node) => [node, node.after]));
  for (const order of orders) {
    const inOrder = waitsInOrder<FlowWait>(
      order.map(({ node, parallel }) => ({
        self: { node, mode: null },
        own: node.after.length > 0 ? node.after : undefined,
        parallel,
      })),
    );
    for (const [place, { node }] of order.entries()) {
      const known = waits.get(node);
      if (!known) throw new TaskloomError('REF_USED_AS_VALUE', 'A step of `flow.steps` belongs to another flow.');
      if (node.after.length === 0) waits.set(node, withMore(known, inOrder[place]!));
    }
  }
  return waits;
}

/** What was said of one stands in place of what was not: a node that is part of two orders may follow another in both. */
function withMore(known: readonly FlowWait[], more: readonly FlowWait[]): readonly FlowWait[] {
  const said = new Set([...known, ...more].flatMap(({ node, mode }) => (mode === null ? [] : [node])));
  return [...known, ...more].filter(({ node, mode }) => mode !== null || !said.has(node));
}

function storyParts(story: NonNullable<FlowNode['story']>): Partial<TaskSubmission> {
  return {
    type: 'STORY',
    name: story.title,
    ...(story.description === undefined ? undefined : { description: story.description }),
    ...(story.strategy === undefined ? undefined : { failureStrategy: story.strategy }),
    ...(story.deadline === undefined ? undefined : { deadline: story.deadline }),
  };
}

function draftParts(draft: TaskDraftData, key: string, withOverrides: boolean): Partial<TaskSubmission> {
  const overrides = withOverrides ? overridesOf(draft, key) : null;
  return {
    ...(draft.title === undefined ? undefined : { name: draft.title }),
    ...(draft.description === undefined ? undefined : { description: draft.description }),
    ...(draft.kind === undefined ? undefined : { kind: draft.kind }),
    ...(draft.assignee === undefined ? undefined : { assignee: draft.assignee }),
    ...(draft.acceptanceCriteria === undefined ? undefined : { acceptanceCriteria: draft.acceptanceCriteria }),
    ...(draft.priority === undefined ? undefined : { priority: draft.priority }),
    ...(draft.weight === undefined ? undefined : { weight: draft.weight }),
    ...(draft.strategy === undefined ? undefined : { failureStrategy: draft.strategy }),
    ...(draft.metadata === undefined ? undefined : { metadata: draft.metadata }),
    ...(draft.deadline === undefined ? undefined : { deadline: draft.deadline }),
    ...(draft.runAt === undefined ? undefined : { runAt: draft.runAt }),
    ...(draft.atMostOnce ? { durability: 'at-most-once' as const } : undefined),
    ...(draft.useValue === undefined ? undefined : { useValue: draft.useValue.value as Json }),
    ...(overrides ? { overrides } : undefined),
  };
}

/** What a map's parts are cannot be said of one task: their agent declares it. */
function refuseForParts(draft: TaskDraftData, key: string): void {
  const said = (['review', 'atMostOnce'] as const).filter((option) => draft[option] !== undefined);
  if (said.length > 0)
    throw new ConfigError(said.map((option) => `\`${option}\` of "${key}" would hold for each part of a map; declare it on their agent.`));
}

function overridesOf(draft: TaskDraftData, key: string): TaskOverrides | null {
  const { retry, timeout, idleTimeout, demands } = draft;
  if (retry === undefined && timeout === undefined && idleTimeout === undefined && demands === undefined) return null;
  return {
    ...(retry === undefined ? undefined : { retry: parseRetry(retry, `task "${key}"`) }),
    ...(timeout === undefined ? undefined : { timeoutMs: durationOf('timeout', timeout, key) }),
    ...(idleTimeout === undefined ? undefined : { idleTimeoutMs: durationOf('idleTimeout', idleTimeout, key) }),
    ...demands,
  };
}

function durationOf(option: string, given: Duration, key: string): number {
  const ms = durationMs(given);
  if (ms === null) throw new ConfigError([`\`${option}\` of task "${key}" is ${inMessage(given)}; write a duration such as '30s'.`]);
  return ms;
}

/** Code without types may pass a plain value where only a ref makes sense. */
function requireRef(value: unknown, key: string, where: string): RefTarget {
  const target = refTargetOf(value);
  if (target) return target;
  throw new ConfigError([`${where} of "${key}" needs a ref to another task's output, such as \`task.out.list\`, and got a plain value.`]);
}

const KEY_CHARS = 180;

/** Explicit keys first, then names made of the story's title or the agent's name, numbered where they repeat. */
function assignKeys(nodes: readonly FlowNode[], nameOf: (target: AgentTarget) => string): ReadonlyMap<object, string> {
  const keys = new Map<object, string>();
  const taken = new Set<string>();
  for (const node of nodes) {
    const explicit = node.story ? node.story.key : node.draft?.key;
    if (explicit === undefined) continue;
    keys.set(node, explicit);
    taken.add(String(explicit).toLowerCase());
  }
  for (const node of nodes) {
    if (keys.has(node)) continue;
    const base = (node.story ? slug(node.story.title) : node.map ? `map-${nameOf(node.draft!.agent)}` : nameOf(node.draft!.agent)).slice(
      0,
      KEY_CHARS,
    );
    const key = freeKey(base, (candidate) => taken.has(candidate.toLowerCase()));
    keys.set(node, key);
    taken.add(key.toLowerCase());
  }
  return keys;
}

function slug(title: string): string {
  const text = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  if (text === '') return 'story';
  const mayBeKey: boolean = isName(text);
  return mayBeKey ? text : `story-${text}`;
}
