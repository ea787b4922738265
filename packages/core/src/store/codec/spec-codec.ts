import { byteLength } from '../../kernel/json.js';
import {
  DEPENDENCY_MODES,
  FAILURE_STRATEGIES,
  TASK_ORIGINS,
  TASK_TYPES,
  type Condition,
  type Dependency,
  type Durability,
  type InputTemplate,
  type MapTemplate,
  type Recovery,
  type ReviewPolicy,
  type TaskOverrides,
  type TaskSpec,
} from '../../model/task.js';
import type { JsonObject } from '../../kernel/json.js';
import type { AgentRoute } from '../../model/agent-choice.js';
import { inputText, parseInputText } from '../../model/input-text.js';
import { INLINE_BYTES } from '../tables/table-names.js';
import { indexed } from './indexed.js';

const types = indexed(TASK_TYPES);
export const taskOrigins = indexed(TASK_ORIGINS);
export const strategies = indexed(FAILURE_STRATEGIES);

export interface TaskSpecRow {
  readonly no: number;
  readonly key: string;
  readonly name: string | null;
  readonly type: number;
  readonly parent: number | null;
  readonly agent: string | null;
  readonly kind: string | null;
  readonly assignee: string | null;
  readonly priority: number;
  readonly strategy: number;
  readonly origin: number;
  readonly dependencies: string | null;
  readonly input: string | null;
  readonly details: string | null;
}

interface Details {
  readonly description?: string;
  readonly acceptanceCriteria?: string;
  readonly condition?: Condition;
  readonly map?: MapTemplate;
  readonly overrides?: TaskOverrides;
  readonly weight?: number;
  readonly durability?: Durability;
  readonly deadline?: number;
  readonly runAt?: number;
  readonly review?: ReviewPolicy;
  readonly recovery?: Recovery;
  readonly resources?: { readonly [pool: string]: number };
  readonly metadata?: JsonObject;
  readonly originKey?: string;
  readonly routed?: AgentRoute;
}

/** A spec as columns, and the input's text apart when it is too long for its row. */
export function encodeSpec(spec: TaskSpec): { readonly row: TaskSpecRow; readonly longInput: string | null } {
  const input = encodeInput(spec.input);
  const isLong = input !== null && input.length > INLINE_BYTES / 4 && byteLength(input) > INLINE_BYTES;
  return {
    row: {
      no: spec.no,
      key: spec.key,
      name: spec.name === spec.key ? null : spec.name,
      type: types.toIndex(spec.type),
      parent: spec.parent,
      agent: spec.agent,
      kind: spec.kind,
      assignee: spec.assignee,
      priority: spec.priority,
      strategy: strategies.toIndex(spec.strategy),
      origin: taskOrigins.toIndex(spec.origin),
      dependencies: encodeDependencies(spec.dependencies),
      input: isLong ? null : input,
      details: encodeDetails(spec),
    },
    longInput: isLong ? input : null,
  };
}

/** What most tasks have nothing of. */
const PLAIN: Omit<TaskSpec, 'weight' | 'routed'> = {
  no: 0,
  key: '',
  type: 'TASK',
  parent: null,
  agent: null,
  name: '',
  description: null,
  kind: null,
  assignee: null,
  acceptanceCriteria: null,
  priority: 0,
  strategy: 'abort',
  dependencies: [],
  input: { value: null, refs: [] },
  condition: null,
  map: null,
  overrides: null,
  durability: 'retry',
  deadline: null,
  runAt: null,
  review: null,
  recovery: null,
  resources: null,
  metadata: null,
  origin: 'plan',
  originKey: null,
};

/** `input` is the payload where the row has none. */
export function decodeSpec(row: TaskSpecRow, longInput: string | null): TaskSpec {
  // A copy and no literal: V8 takes a literal for long-lived once it saw a hundred of one in use at the same time.
  return {
    ...PLAIN,
    ...(row.details === null ? undefined : (JSON.parse(row.details) as Details)),
    no: row.no,
    key: row.key,
    type: types.fromIndex(row.type),
    parent: row.parent,
    agent: row.agent,
    name: row.name ?? row.key,
    kind: row.kind,
    assignee: row.assignee,
    priority: row.priority,
    strategy: strategies.fromIndex(row.strategy),
    dependencies: decodeDependencies(row.dependencies),
    input: decodeInput(row.input ?? longInput),
    origin: taskOrigins.fromIndex(row.origin),
  };
}

function encodeInput(input: InputTemplate): string | null {
  return input.value === null && input.refs.length === 0 ? null : inputText(input);
}

export function decodeInput(text: string | null): InputTemplate {
  return text === null ? { value: null, refs: [] } : parseInputText(text);
}

/** `[4,9]`; `[[4,1],9]` where a mode is not `completed`; `[[4,0,17]]` for one that event 17 added later. */
export function encodeDependencies(dependencies: readonly StoredDependency[]): string | null {
  return dependencies.length === 0 ? null : `[${dependencies.map(encodeDependency).join(',')}]`;
}

/** One entry of that list. */
export function encodeDependency({ on, mode, since }: StoredDependency): string {
  if (mode === 'completed' && since === undefined) return String(on);
  const index = DEPENDENCY_MODES.indexOf(mode);
  return since === undefined ? `[${on},${index}]` : `[${on},${index},${since}]`;
}

/** A dependency, and the event that added it where it was not there from the beginning. */
export interface StoredDependency extends Dependency {
  readonly since?: number;
}

export function decodeDependencies(text: string | null): StoredDependency[] {
  if (text === null) return [];
  return (JSON.parse(text) as (number | [number, number, number?])[]).map((entry) => {
    if (typeof entry === 'number') return { on: entry, mode: 'completed' };
    const [on, mode, since] = entry;
    return { on, mode: DEPENDENCY_MODES[mode]!, ...(since === undefined ? undefined : { since }) };
  });
}

function encodeDetails(spec: TaskSpec): string | null {
  const details: { -readonly [Key in keyof Details]: Details[Key] } = {};
  if (spec.description !== null) details.description = spec.description;
  if (spec.acceptanceCriteria !== null) details.acceptanceCriteria = spec.acceptanceCriteria;
  if (spec.condition !== null) details.condition = spec.condition;
  if (spec.map !== null) details.map = spec.map;
  if (spec.overrides !== null) details.overrides = spec.overrides;
  if (spec.weight !== undefined) details.weight = spec.weight;
  if (spec.durability !== 'retry') details.durability = spec.durability;
  if (spec.deadline !== null) details.deadline = spec.deadline;
  if (spec.runAt !== null) details.runAt = spec.runAt;
  if (spec.review !== null) details.review = spec.review;
  if (spec.recovery !== null) details.recovery = spec.recovery;
  if (spec.resources !== null) details.resources = spec.resources;
  if (spec.metadata !== null) details.metadata = spec.metadata;
  if (spec.originKey !== null) details.originKey = spec.originKey;
  if (spec.routed !== undefined) details.routed = spec.routed;
  for (const _ in details) return JSON.stringify(details);
  return null;
}
