import type { GraphNode } from './render-graph.js';

/** A task without others below it; the begin, or the end, of the box around a task that has some. */
export interface GraphStep {
  readonly kind: 'leaf' | 'open' | 'close';
  readonly node: GraphNode;
  /** Boxes around it. */
  readonly depth: number;
}

/** The hierarchy from the top, parents before what is below them. Iterative: deep hierarchies do not exhaust the stack. */
export function* walkHierarchy(nodes: readonly GraphNode[]): Generator<GraphStep> {
  const children = new Map<number, GraphNode[]>(nodes.map(({ no }) => [no, []]));
  const isRoot = ({ parent }: GraphNode): boolean => parent === null || !children.has(parent);
  for (const node of nodes) if (!isRoot(node)) children.get(node.parent!)!.push(node);

  const stack: GraphStep[] = [];
  const push = (list: readonly GraphNode[], depth: number): void => {
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const node = list[index]!;
      stack.push({ kind: children.get(node.no)!.length === 0 ? 'leaf' : 'open', node, depth });
    }
  };
  push(nodes.filter(isRoot), 0);
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    yield step;
    if (step.kind !== 'open') continue;
    stack.push({ kind: 'close', node: step.node, depth: step.depth });
    push(children.get(step.node.no)!, step.depth + 1);
  }
}

/** Dependencies between tasks that are both in the drawing. */
export function* edgesOf(
  nodes: readonly GraphNode[],
): Generator<{ from: number; to: number; mode: GraphNode['dependencies'][number]['mode'] }> {
  const known = new Set(nodes.map(({ no }) => no));
  for (const { no, dependencies } of nodes) for (const { on, mode } of dependencies) if (known.has(on)) yield { from: on, to: no, mode };
}

const DEEPEST_INDENT = 20;

/** Spaces before a line. */
export function indent(depth: number): string {
  return '  '.repeat(Math.min(depth + 1, DEEPEST_INDENT));
}
