import { TASK_STATUSES } from '../model/task.js';
import { escapeMermaid, nameOf, shorten } from './escape.js';
import { STATUS_COLORS } from './render-dot.js';
import type { GraphDetail, GraphNode } from './render-graph.js';

/** A job's graph as a Mermaid flowchart: tasks that have others below them are boxes around those, arrows are dependencies. */
export function renderMermaid(nodes: readonly GraphNode[], detail: GraphDetail): string {
  const known = new Set(nodes.map(({ no }) => no));
  const children = new Map<number, GraphNode[]>(nodes.map(({ no }) => [no, []]));
  for (const node of nodes) if (node.parent !== null) children.get(node.parent)?.push(node);
  const lines = ['flowchart LR'];
  const roots = nodes.filter((node) => node.parent === null || !known.has(node.parent));
  const stack: { node: GraphNode | null; depth: number }[] = [...roots].reverse().map((node) => ({ node, depth: 1 }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const indent = '  '.repeat(Math.min(top.depth, 20));
    if (top.node === null) {
      lines.push(`${indent}end`);
      continue;
    }
    const { node } = top;
    const below = children.get(node.no)!;
    const shape = `t${node.no}["${labelOf(node, detail)}"]:::${node.status}`;
    if (below.length === 0) {
      lines.push(`${indent}${shape}`);
      continue;
    }
    lines.push(`${indent}subgraph g${node.no}["${escapeMermaid(shorten(nameOf(node), 50))}"]`, `${indent}  ${shape}`);
    stack.push({ node: null, depth: top.depth });
    for (let index = below.length - 1; index >= 0; index -= 1) stack.push({ node: below[index]!, depth: top.depth + 1 });
  }
  for (const node of nodes)
    for (const { on, mode } of node.dependencies)
      if (known.has(on)) lines.push(`  t${on} ${mode === 'completed' ? '-->' : `-. ${mode} .->`} t${node.no}`);
  for (const status of TASK_STATUSES) lines.push(`  classDef ${status} fill:${STATUS_COLORS[status]},stroke:#888888,color:#1a1a1a`);
  return `${lines.join('\n')}\n`;
}

function labelOf(node: GraphNode, detail: GraphDetail): string {
  const parts = [shorten(nameOf(node), 50), node.status];
  if (detail === 'DETAILED') {
    if (node.agent !== null) parts.push(`agent ${node.agent}`);
    if (node.description !== null) parts.push(shorten(node.description, 50));
    if (node.error !== undefined) parts.push(`error ${shorten(node.error, 100)}`);
  }
  return parts.map(escapeMermaid).join('<br/>');
}
