import type { GraphNode } from './render-graph.js';

/** The nodes within `depth` steps of one: along dependencies both ways, up to parents and down to children. */
export function neighbourhood(nodes: readonly GraphNode[], center: number, depth: number): GraphNode[] {
  const near = new Map<number, Set<number>>(nodes.map(({ no }) => [no, new Set()]));
  const connect = (a: number, b: number): void => {
    near.get(a)?.add(b);
    near.get(b)?.add(a);
  };
  for (const node of nodes) {
    if (node.parent !== null) connect(node.no, node.parent);
    for (const { on } of node.dependencies) connect(node.no, on);
  }
  const found = new Set([center]);
  let edge = [center];
  for (let step = 0; step < depth; step += 1) {
    const next: number[] = [];
    for (const no of edge) {
      for (const other of near.get(no) ?? []) {
        if (found.has(other)) continue;
        found.add(other);
        next.push(other);
      }
    }
    edge = next;
  }
  return nodes.filter(({ no }) => found.has(no));
}
