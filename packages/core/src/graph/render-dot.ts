import type { TaskStatus } from '../model/task.js';
import { escapeDot, nameOf, shorten } from './escape.js';
import type { GraphDetail, GraphNode } from './render-graph.js';

/** Fill colours by status; docs/state-machine.md uses the same. */
export const STATUS_COLORS: Readonly<Record<TaskStatus, string>> = {
  PENDING: '#d9d9d9',
  READY: '#fff2b3',
  IN_PROGRESS: '#9ec5fe',
  BLOCKED: '#ffd8a8',
  COMPLETED: '#b2e2b6',
  FAILED: '#f5b5b5',
  SKIPPED: '#ececec',
  CANCELLED: '#cfc8c4',
  ACCEPTED: '#d3c0f0',
  REJECTED: '#d9b99b',
  DORMANT: '#f4f4f4',
};

/** A job's graph in Graphviz DOT: tasks that have others below them are boxes around those, arrows are dependencies. */
export function renderDot(title: string, nodes: readonly GraphNode[], detail: GraphDetail): string {
  const children = childrenOf(nodes);
  const lines = [
    'digraph job {',
    '  rankdir=LR;',
    '  compound=true;',
    `  label="${escapeDot(title)}";`,
    '  fontname="Helvetica";',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];',
    '  edge [color="#666666"];',
  ];
  const roots = nodes.filter((node) => node.parent === null || !children.has(node.parent));
  for (const root of roots) writeNode(root, children, detail, 1, lines);
  for (const node of nodes)
    for (const { on, mode } of node.dependencies)
      if (children.has(on)) lines.push(`  t${on} -> t${node.no}${mode === 'completed' ? '' : ` [style=dashed, label="${mode}"]`};`);
  if (detail === 'DETAILED') writeLegend(lines);
  lines.push('}', '');
  return lines.join('\n');
}

function childrenOf(nodes: readonly GraphNode[]): ReadonlyMap<number, readonly GraphNode[]> {
  const children = new Map<number, GraphNode[]>(nodes.map(({ no }) => [no, []]));
  for (const node of nodes) if (node.parent !== null) children.get(node.parent)?.push(node);
  return children;
}

/** Iterative, so that deep hierarchies do not exhaust the stack. */
function writeNode(
  root: GraphNode,
  children: ReadonlyMap<number, readonly GraphNode[]>,
  detail: GraphDetail,
  depth: number,
  lines: string[],
): void {
  const stack: { node: GraphNode | null; depth: number }[] = [{ node: root, depth }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const indent = '  '.repeat(Math.min(top.depth, 20));
    if (top.node === null) {
      lines.push(`${indent}}`);
      continue;
    }
    const { node } = top;
    const below = children.get(node.no) ?? [];
    const label = `t${node.no} [label="${labelOf(node, detail)}", fillcolor="${STATUS_COLORS[node.status]}", tooltip="${escapeDot(shorten(tooltipOf(node), 500))}"];`;
    if (below.length === 0) {
      lines.push(`${indent}${label}`);
      continue;
    }
    lines.push(
      `${indent}subgraph cluster_t${node.no} {`,
      `${indent}  label="${escapeDot(shorten(nameOf(node), 50))}"; style=rounded; color="#999999";`,
      `${indent}  ${label}`,
    );
    stack.push({ node: null, depth: top.depth });
    for (let index = below.length - 1; index >= 0; index -= 1) stack.push({ node: below[index]!, depth: top.depth + 1 });
  }
}

function labelOf(node: GraphNode, detail: GraphDetail): string {
  const parts = [shorten(nameOf(node), 50), node.statusReason ? `${node.status} (${node.statusReason})` : node.status];
  if (detail === 'DETAILED') {
    if (node.agent !== null) parts.push(`agent ${node.agent}${node.attempt > 1 ? `, attempt ${node.attempt}` : ''}`);
    if (node.description !== null) parts.push(shorten(node.description, 50));
    if (node.input !== undefined) parts.push(`in ${shorten(node.input, 60)}`);
    if (node.output !== undefined) parts.push(`out ${shorten(node.output, 60)}`);
    if (node.error !== undefined) parts.push(`error ${shorten(node.error, 100)}`);
  }
  return parts.map(escapeDot).join('\\n');
}

function tooltipOf(node: GraphNode): string {
  return [node.key, node.type, node.agent ?? 'stands for the tasks below it', node.description ?? '']
    .filter((part) => part !== '')
    .join(' · ');
}

function writeLegend(lines: string[]): void {
  lines.push('  subgraph cluster_legend {', '    label="Legend"; style=rounded; color="#cccccc";');
  for (const [status, color] of Object.entries(STATUS_COLORS))
    lines.push(`    legend_${status} [label="${status}", fillcolor="${color}"];`);
  lines.push('  }');
}
