import { TaskloomError } from '../errors/taskloom-error.js';
import { AGENTS_OF_THE_ENGINE } from '../graph/engine-agents.js';
import { parsePointer, readPointer, type Json } from '../kernel/json.js';
import { writeAt } from '../kernel/json-place.js';
import type { NewTask } from '../model/command.js';
import type { AgentFact } from '../model/agent-facts.js';
import { PLAIN_TASK, type InputTemplate, type MapTemplate, type TaskSpec } from '../model/task.js';

/** What an agent of the engine decides: to add tasks and wait for them, or to complete. */
export type EngineAgentResult = { readonly add: readonly NewTask[] } | { readonly output: 'children' | 'input' | null };

export interface EngineAgentRequest {
  readonly spec: TaskSpec;
  readonly input: Json | undefined;
  /** Whether anything stands below it. */
  readonly hasChildren: boolean;
  /** What tasks of an agent take over from its definition. */
  readonly factOf: (agent: string) => AgentFact;
}

/** The agents that the engine itself needs, by name. */
export const ENGINE_AGENTS: Readonly<Record<string, (request: EngineAgentRequest) => EngineAgentResult>> = {
  [AGENTS_OF_THE_ENGINE.map]: runMap,
  [AGENTS_OF_THE_ENGINE.output]: () => ({ output: 'input' }),
  [AGENTS_OF_THE_ENGINE.rollUp]: () => ({ output: null }),
};

/** First run: one task for each item, or batch. Second run, when they have ended: their outputs are its output. */
function runMap({ spec, input, hasChildren, factOf }: EngineAgentRequest): EngineAgentResult {
  if (hasChildren) return { output: 'children' };
  const items = (input as { items?: Json } | undefined)?.items;
  if (!Array.isArray(items))
    throw new TaskloomError('INPUT_SCHEMA', `"${spec.key}" maps over a value that is no list.`, { details: { task: spec.key } });
  const map = spec.map!;
  const batches: Json[] = map.batch === undefined ? (items as Json[]) : inBatches(items as Json[], map.batch);
  return batches.length === 0
    ? { output: 'children' }
    : { add: batches.map((item, index) => mapTask(spec, factOf(map.agent), map, item, index, batches.length)) };
}

function inBatches(items: readonly Json[], size: number): Json[] {
  const batches: Json[] = [];
  for (let from = 0; from < items.length; from += size) batches.push(items.slice(from, from + size));
  return batches;
}

function mapTask(spec: TaskSpec, fact: AgentFact, map: MapTemplate, item: Json, index: number, total: number): NewTask {
  return {
    key: `${spec.key}.${index + 1}`,
    spec: {
      ...PLAIN_TASK,
      ...fact,
      type: spec.type === 'STORY' ? 'TASK' : 'SUBTASK',
      agent: map.agent,
      name: `${map.name ?? spec.name} ${index + 1} of ${total}`,
      kind: spec.kind,
      assignee: spec.assignee,
      priority: spec.priority,
      strategy: spec.strategy,
      input: fillItem(map, item),
      overrides: map.overrides ?? null,
      ...(spec.weight === undefined ? undefined : { weight: spec.weight }),
      ...(map.routed === undefined ? undefined : { routed: map.routed }),
      origin: 'map',
    },
  };
}

function fillItem(map: MapTemplate, item: Json): InputTemplate {
  let value: unknown = structuredClone(map.input.value);
  for (const { at, path, or } of map.items) {
    const part = readPointer(item, parsePointer(path)!);
    value = writeAt(value, parsePointer(at)!, part === undefined ? or : part);
  }
  return { value: (value ?? null) as Json, refs: map.input.refs };
}
