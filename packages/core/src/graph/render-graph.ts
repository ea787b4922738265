import type { Cost } from '../model/cost.js';
import type { Dependency, StatusReason, TaskStatus, TaskType } from '../model/task.js';
import type { ValuePreview } from './preview-value.js';

export const GRAPH_FORMATS = ['DOT', 'MERMAID', 'JSON'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/**
 * `SIMPLE`: name, number, key, status and description. `DETAILED`: agent, attempts, the first fields of input and output,
 * errors, cached values and times too, and in DOT a legend.
 */
export const GRAPH_DETAILS = ['SIMPLE', 'DETAILED'] as const;
export type GraphDetail = (typeof GRAPH_DETAILS)[number];

/** What a drawing shows of a task. */
export interface GraphNode {
  readonly no: number;
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly type: TaskType;
  readonly agent: string | null;
  readonly description: string | null;
  readonly status: TaskStatus;
  readonly statusReason: StatusReason | null;
  readonly attempt: number;
  readonly progress: number;
  readonly parent: number | null;
  readonly dependencies: readonly Dependency[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Id of the task whose result was used again. */
  readonly cachedFrom: string | null;
  // Detailed drawings only; absent where there is nothing.
  readonly input?: ValuePreview;
  readonly output?: ValuePreview;
  readonly error?: string;
  /** Values that the task keeps in its cache. */
  readonly cacheEntries?: number;
  /** What the task has spent. */
  readonly cost?: Cost;
  /** With what the tasks below it have, of those that are drawn. */
  readonly totalCost?: Cost;
}

/** A job's graph, or a part of it. */
export interface Graph {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  /** What people should know of the drawing, in sentences. */
  readonly notes: readonly string[];
}

/** The graph as data, for programs that draw it themselves. Nodes are named by their numbers. */
export function renderJson({ title, nodes, notes }: Graph): string {
  const known = new Set(nodes.map(({ no }) => no));
  return JSON.stringify({
    title,
    notes,
    nodes: nodes.map(({ dependencies: _dependencies, ...node }) => node),
    edges: nodes.flatMap((node) =>
      node.dependencies.filter(({ on }) => known.has(on)).map(({ on, mode }) => ({ from: on, to: node.no, mode })),
    ),
  });
}
