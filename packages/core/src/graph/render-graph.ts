import type { Dependency, StatusReason, TaskStatus, TaskType } from '../model/task.js';

export const GRAPH_FORMATS = ['DOT', 'MERMAID', 'JSON'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** `SIMPLE`: name and status. `DETAILED`: agent, description, attempts, input and output previews, times and a legend too. */
export const GRAPH_DETAILS = ['SIMPLE', 'DETAILED'] as const;
export type GraphDetail = (typeof GRAPH_DETAILS)[number];

/** What a picture shows of a task. */
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
  readonly parent: number | null;
  readonly dependencies: readonly Dependency[];
  /** First characters of the JSON texts; detailed pictures only. */
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
}

/** The graph as data, for programs that draw it themselves. */
export function renderJson(nodes: readonly GraphNode[]): string {
  return JSON.stringify({
    nodes: nodes.map(({ dependencies: _dependencies, ...node }) => node),
    edges: nodes.flatMap((node) => node.dependencies.map(({ on, mode }) => ({ from: on, to: node.no, mode }))),
  });
}
