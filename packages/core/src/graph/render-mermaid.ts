import { TASK_STATUSES } from '../model/task.js';
import { escapeMermaid } from './escape.js';
import { edgesOf, indent, walkHierarchy } from './graph-walk.js';
import { nodeLines, titleOf } from './node-lines.js';
import type { Graph, GraphDetail } from './render-graph.js';
import { STATUS_COLORS } from './status-colors.js';

/** A job's graph as a Mermaid flowchart: tasks that have others below them are boxes around those, arrows are dependencies. */
export function renderMermaid({ nodes, notes }: Graph, detail: GraphDetail): string {
  const lines = ['flowchart LR'];
  for (const { kind, node, depth } of walkHierarchy(nodes)) {
    if (kind === 'close') {
      lines.push(`${indent(depth)}end`);
      continue;
    }
    const shape = `t${node.no}["${labelOf(nodeLines(node, detail))}"]:::${node.status}`;
    if (kind === 'leaf') lines.push(indent(depth) + shape);
    else lines.push(`${indent(depth)}subgraph g${node.no}["${escapeMermaid(titleOf(node))}"]`, indent(depth + 1) + shape);
  }
  for (const { from, to, mode } of edgesOf(nodes)) lines.push(`  t${from} ${mode === 'completed' ? '-->' : `-. ${mode} .->`} t${to}`);
  if (notes.length > 0) lines.push(`  note["${labelOf(notes)}"]`);
  for (const status of TASK_STATUSES) lines.push(`  classDef ${status} fill:${STATUS_COLORS[status]},stroke:#888888,color:#1a1a1a`);
  return `${lines.join('\n')}\n`;
}

function labelOf(lines: readonly string[]): string {
  return lines.map(escapeMermaid).join('<br/>');
}
