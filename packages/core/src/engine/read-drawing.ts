import type { GraphDetail, GraphNode } from '../graph/render-graph.js';
import { previewSize, previewValue, type ValuePreview } from '../graph/preview-value.js';
import type { Json } from '../kernel/json.js';
import type { PayloadView, TaskView } from '../model/views.js';
import type { StoreReader } from '../ports/reader.js';
import { redactWith, type Redact } from './redact.js';

const PAGE = 100;
/** Larger inputs and outputs are shown by their size. */
const READ_BYTES = 65_536;

export interface DrawingSource {
  readonly reader: StoreReader;
  readonly redact: Redact | null;
  /** How many values each task keeps in its cache, by task number. */
  readonly cacheEntries: ReadonlyMap<number, number>;
}

/** What a drawing shows of the tasks. */
export async function toGraphNodes(tasks: readonly TaskView[], detail: GraphDetail, source: DrawingSource): Promise<GraphNode[]> {
  if (detail === 'SIMPLE') return tasks.map(toNode);
  const nodes: GraphNode[] = [];
  for (let from = 0; from < tasks.length; from += PAGE) nodes.push(...(await withDetails(tasks.slice(from, from + PAGE), source)));
  return nodes;
}

async function withDetails(tasks: readonly TaskView[], { reader, redact, cacheEntries }: DrawingSource): Promise<GraphNode[]> {
  const inputs = await reader.taskInputs(tasks, READ_BYTES);
  const outputs = await reader.taskOutputs(tasks, READ_BYTES);
  return tasks.map((task, index) => {
    const input = preview(task, 'input', inputs[index], redact);
    const output = preview(task, 'output', outputs[index], redact);
    const error = task.error ? redactWith(redact, task.error.message, task, 'error') : undefined;
    const entries = cacheEntries.get(task.no);
    return {
      ...toNode(task),
      ...(input && { input }),
      ...(output && { output }),
      ...(error === undefined ? undefined : { error: typeof error === 'string' ? error : JSON.stringify(error) }),
      ...(entries === undefined ? undefined : { cacheEntries: entries }),
    };
  });
}

function preview(
  task: TaskView,
  side: 'input' | 'output',
  payload: PayloadView | null | undefined,
  redact: Redact | null,
): ValuePreview | undefined {
  if (!payload || payload.value === null) return undefined;
  if (payload.truncated) return previewSize(payload.bytes);
  const value: Json | undefined = redactWith(redact, payload.value, task, side);
  return value === undefined || value === null ? undefined : previewValue(value);
}

function toNode(task: TaskView): GraphNode {
  return {
    no: task.no,
    id: task.id,
    key: task.key,
    name: task.name,
    type: task.type,
    agent: task.agent,
    description: task.description,
    status: task.status,
    statusReason: task.statusReason,
    attempt: task.attempt,
    progress: task.progress,
    parent: task.parent,
    dependencies: task.dependencies,
    createdAt: task.createdAt,
    cachedFrom: task.cachedFrom,
  };
}
