import { escapeDot } from './escape.js';
import { edgesOf, indent, walkHierarchy } from './graph-walk.js';
import { nodeLines, titleOf, tooltipOf } from './node-lines.js';
import type { Graph, GraphDetail, GraphNode } from './render-graph.js';
import { STATUS_COLORS } from './status-colors.js';

/** A job's graph in Graphviz DOT: tasks that have others below them are boxes around those, arrows are dependencies. */
export function renderDot({ title, nodes, notes }: Graph, detail: GraphDetail): string {
  const lines = [
    'digraph job {',
    '  rankdir=LR;',
    '  compound=true;',
    '  labelloc=t;',
    `  label="${escapeDot(title)}";`,
    '  fontname="Helvetica";',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];',
    '  edge [color="#666666", fontname="Helvetica", fontsize=9];',
  ];
  for (const { kind, node, depth } of walkHierarchy(nodes)) {
    if (kind === 'close') lines.push(`${indent(depth)}}`);
    else if (kind === 'leaf') lines.push(indent(depth) + nodeStatement(node, detail));
    else
      lines.push(
        `${indent(depth)}subgraph cluster_t${node.no} {`,
        `${indent(depth + 1)}label="${escapeDot(titleOf(node))}"; style=rounded; color="#999999";`,
        indent(depth + 1) + nodeStatement(node, detail),
      );
  }
  for (const { from, to, mode } of edgesOf(nodes))
    lines.push(`  t${from} -> t${to}${mode === 'completed' ? '' : ` [style=dashed, label="${mode}"]`};`);
  if (detail === 'DETAILED') lines.push(legend());
  if (notes.length > 0) lines.push(`  note [shape=note, style=filled, fontsize=9, fillcolor="#ffffff", label="${leftAligned(notes)}"];`);
  lines.push('}', '');
  return lines.join('\n');
}

function nodeStatement(node: GraphNode, detail: GraphDetail): string {
  return `t${node.no} [label="${leftAligned(nodeLines(node, detail))}", fillcolor="${STATUS_COLORS[node.status]}", tooltip="${escapeDot(tooltipOf(node))}"];`;
}

/** `\l` ends a line that begins at the left. */
function leftAligned(lines: readonly string[]): string {
  return lines.map((line) => `${escapeDot(line)}\\l`).join('');
}

const LEGEND_COLUMNS = 4;

/** One small table, whatever the size of the drawing. */
function legend(): string {
  const cells = Object.entries(STATUS_COLORS).map(([status, color]) => `<TD BGCOLOR="${color}">${status}</TD>`);
  const rows: string[] = [];
  for (let from = 0; from < cells.length; from += LEGEND_COLUMNS)
    rows.push(`<TR>${cells.slice(from, from + LEGEND_COLUMNS).join('')}</TR>`);
  return `  legend [shape=plain, style="", fontsize=9, tooltip="Legend", label=<<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0">${rows.join('')}</TABLE>>];`;
}
