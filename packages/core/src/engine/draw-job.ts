import { noTaskInJob, notFound } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { renderDot } from '../graph/render-dot.js';
import { GRAPH_DETAILS, GRAPH_FORMATS, renderJson, type Graph, type GraphDetail, type GraphFormat } from '../graph/render-graph.js';
import { renderMermaid } from '../graph/render-mermaid.js';
import { isName, parseTaskId, taskIdOf } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { JobView, TaskView } from '../model/views.js';
import type { KeyValueStore } from '../ports/key-value-store.js';
import type { EngineReader, StoreReader } from '../ports/reader.js';
import { entryScopes } from '../runtime/entry-scopes.js';
import { toGraphNodes } from './read-drawing.js';
import { readJobTasks } from './read-job-tasks.js';
import { readNeighbourhood } from './read-neighbourhood.js';
import type { Redact } from './redact.js';

export interface DrawOptions {
  readonly format: GraphFormat;
  readonly detail?: GraphDetail;
  /** Draw only what is near this task. */
  readonly taskId?: string;
  /** How near, in steps along dependencies and the hierarchy: 0–100. Default 1. */
  readonly depth?: number;
}

export interface DrawSources {
  readonly reader: EngineReader;
  readonly entries: KeyValueStore;
  readonly redact: Redact | null;
  readonly now: number;
}

/** Nobody can look at more, and Graphviz would take minutes. */
const MAX_TASKS = 2_000;
const MAX_DEPTH = 100;

/** Draws a job, or what is near one task: at most 2,000 tasks. @throws TaskloomError `NOT_FOUND`, `OPTIONS_INVALID` */
export async function drawJob(sources: DrawSources, jobId: string, options: DrawOptions): Promise<string> {
  const { format, detail = 'SIMPLE' } = options;
  requireOneOf('format', format, GRAPH_FORMATS);
  requireOneOf('detail', detail, GRAPH_DETAILS);
  const job = isName(jobId) ? await sources.reader.job(jobId) : null;
  if (!job) throw notFound('job', jobId);
  const graph = await readGraph(sources, job, detail, options);
  switch (format) {
    case 'DOT':
      return renderDot(graph, detail);
    case 'MERMAID':
      return renderMermaid(graph, detail);
    case 'JSON':
      return renderJson(graph);
  }
}

function requireOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (!known.some((one) => one === value))
    throw new TaskloomError('OPTIONS_INVALID', `\`${name}\` is ${inMessage(value)}; it must be one of ${known.join(', ')}.`);
}

async function readGraph(sources: DrawSources, job: JobView, detail: GraphDetail, { taskId, depth = 1 }: DrawOptions): Promise<Graph> {
  const { reader, redact } = sources;
  const center = taskId === undefined ? null : await readCenter(reader, job.id, taskId);
  if (!Number.isInteger(depth) || depth < 0 || depth > MAX_DEPTH)
    throw new TaskloomError('OPTIONS_INVALID', `\`depth\` is ${inMessage(depth)}; it must be a whole number from 0 to ${MAX_DEPTH}.`);
  const tasks = center ? await readNeighbourhood(reader, center, depth, MAX_TASKS) : await readJobTasks(reader, job.id, MAX_TASKS);
  const total = Object.values(job.counts).reduce((sum, count) => sum + count, 0);
  const cacheEntries = detail === 'DETAILED' ? await countCacheEntries(sources, job) : new Map<number, number>();
  return {
    title: `${job.name} (${job.status}, ${job.progress} %)`,
    nodes: await toGraphNodes(tasks, detail, { reader, redact, cacheEntries }),
    notes: notesOf(tasks.length, total, center, depth, detail),
  };
}

async function readCenter(reader: StoreReader, jobId: string, taskId: string): Promise<TaskView> {
  const task = parseTaskId(taskId) ? await reader.task(taskId) : null;
  if (task?.jobId === jobId) return task;
  throw noTaskInJob(jobId, taskId);
}

async function countCacheEntries({ entries, now }: DrawSources, { id, tenant }: JobView): Promise<Map<number, number>> {
  const scope = entryScopes.jobCache(id);
  const counts = await entries.countBelow(tenant, scope, now);
  const prefix = entryScopes.taskCache(id, 0).slice(0, -1);
  return new Map(
    [...counts].filter(([name]) => name.startsWith(prefix)).map(([name, count]) => [Number(name.slice(prefix.length)), count]),
  );
}

function notesOf(shown: number, total: number, center: TaskView | null, depth: number, detail: GraphDetail): string[] {
  const notes: string[] = [];
  if (center) notes.push(`What is within ${depth} ${depth === 1 ? 'step' : 'steps'} of ${taskIdOf(center.jobId, center.no)}.`);
  if (shown < total) notes.push(`${shown} of ${total} tasks are shown.`);
  if (detail === 'DETAILED') notes.push('Inputs and outputs: the first 3 fields.');
  return notes;
}
