import type { GraphDetail, GraphNode } from '../graph/render-graph.js';
import { rolledUpCosts } from '../graph/rolled-up-costs.js';
import { previewSize, previewValue, type ValuePreview } from '../graph/preview-value.js';
import type { Json } from '../kernel/json.js';
import type { Cost } from '../model/cost.js';
import type { PayloadView, TaskView } from '../model/views.js';
import type { EngineReader } from '../ports/reader.js';
import { redactWith, type Redact } from './redact.js';

const PAGE = 100;
/** Larger inputs and outputs are shown by their size. */
const READ_BYTES = 65_536;

export interface DrawingSource {
  readonly reader: EngineReader;
  readonly redact: Redact | null;
  /** How many values each task keeps in its cache, by task number. */
  readonly cacheEntries: ReadonlyMap<number, number>;
}

/** What a drawing shows of the tasks. */
export async function toGraphNodes(tasks: readonly TaskView[], detail: GraphDetail, source: DrawingSource): Promise<GraphNode[]> {
  if (detail === 'SIMPLE') return tasks.map(toNode);
  const nodes: GraphNode[] = [];
  const costs: Cost[] = [];
  for (let from = 0; from < tasks.length; from += PAGE) {
    const page = tasks.slice(from, from + PAGE);
    nodes.push(...(await withDetails(page, source)));
    costs.push(...(await source.reader.taskCosts(page)));
  }
  return withCosts(nodes, costs);
}

function withCosts(nodes: readonly GraphNode[], costs: readonly Cost[]): GraphNode[] {
  const sums = rolledUpCosts(nodes.map(({ no, parent }, index) => ({ no, parent, cost: costs[index]! })));
  return nodes.map((node, index) => {
    const totalCost = sums.get(node.no);
    const cost = costs[index]!;
    return { ...node, ...(Object.keys(cost).length > 0 && { cost }), ...(totalCost && { totalCost }) };
  });
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
