import { TaskloomError } from '../errors/taskloom-error.js';
import { neighbourhood } from '../graph/neighbourhood.js';
import { renderDot } from '../graph/render-dot.js';
import { renderMermaid } from '../graph/render-mermaid.js';
import { renderJson, type GraphDetail, type GraphFormat, type GraphNode } from '../graph/render-graph.js';
import { parseTaskId } from '../kernel/ids.js';
import type { PayloadView, TaskView } from '../model/views.js';
import type { StoreReader } from '../ports/reader.js';

export interface DrawOptions {
  readonly format: GraphFormat;
  readonly detail?: GraphDetail;
  /** Draw only what is near this task. */
  readonly taskId?: string;
  /** How near, in steps along dependencies and the hierarchy. Default 1. */
  readonly depth?: number;
}

const PAGE = 100;
const PREVIEW_BYTES = 200;

/** @throws TaskloomError `NOT_FOUND` */
export async function drawJob(
  reader: StoreReader,
  jobId: string,
  { format, detail = 'SIMPLE', taskId, depth = 1 }: DrawOptions,
): Promise<string> {
  const job = await reader.job(jobId);
  if (!job) throw new TaskloomError('NOT_FOUND', `There is no job ${jobId}.`, { details: { jobId } });
  const center = taskId === undefined ? null : parseTaskId(taskId);
  if (taskId !== undefined && center?.jobId !== jobId)
    throw new TaskloomError('NOT_FOUND', `There is no task ${taskId} in job ${jobId}.`, { details: { taskId, jobId } });
  const all = await readNodes(reader, jobId, detail);
  const nodes = center ? neighbourhood(all, center.no, depth) : all;
  switch (format) {
    case 'DOT':
      return renderDot(`${job.name} (${job.status})`, nodes, detail);
    case 'MERMAID':
      return renderMermaid(nodes, detail);
    case 'JSON':
      return renderJson(nodes);
  }
}

async function readNodes(reader: StoreReader, jobId: string, detail: GraphDetail): Promise<GraphNode[]> {
  const nodes: GraphNode[] = [];
  let after: string | undefined;
  do {
    const page = await reader.tasks({ jobId }, { first: PAGE, ...(after === undefined ? undefined : { after }) });
    nodes.push(...(detail === 'DETAILED' ? await withPayloads(reader, page.items) : page.items.map((task) => toNode(task))));
    after = page.hasNextPage ? page.cursors[page.cursors.length - 1] : undefined;
  } while (after !== undefined);
  return nodes;
}

async function withPayloads(reader: StoreReader, tasks: readonly TaskView[]): Promise<GraphNode[]> {
  const inputs = await reader.taskInputs(tasks, PREVIEW_BYTES);
  const outputs = await reader.taskOutputs(tasks, PREVIEW_BYTES);
  return tasks.map((task, index) => ({
    ...toNode(task),
    ...preview('input', inputs[index]),
    ...preview('output', outputs[index]),
    ...(task.error ? { error: task.error.message } : undefined),
  }));
}

function preview(name: 'input' | 'output', payload: PayloadView | null | undefined): { input?: string; output?: string } {
  if (!payload || payload.value === null) return {};
  return { [name]: typeof payload.value === 'string' && payload.truncated ? payload.value : JSON.stringify(payload.value) };
}

function toNode({ no, id, key, name, type, agent, description, status, statusReason, attempt, parent, dependencies }: TaskView): GraphNode {
  return { no, id, key, name, type, agent, description, status, statusReason, attempt, parent, dependencies };
}
