interface Edge {
  readonly from: string;
  readonly to: string;
  readonly mode: string;
}

/** Above this a drawing is beyond reading anyway. */
const MAX_EDGES = 2_000;

/**
 * Without the plain edges that follow from others: where a → b → c, an edge a → c says nothing new. Edges of another mode
 * stay, and so does one of each pair that says the same.
 */
export function reduceEdges(edges: readonly Edge[]): readonly Edge[] {
  const distinct = [...new Map(edges.map((edge) => [`${edge.mode} ${edge.from}\n${edge.to}`, edge])).values()];
  if (distinct.length > MAX_EDGES) return distinct;
  const targets = new Map<string, string[]>();
  for (const { from, to } of distinct) targets.set(from, [...(targets.get(from) ?? []), to]);
  return distinct.filter(({ from, to, mode }) => mode !== 'completed' || !leadsTo(targets, from, to));
}

/** Whether `to` is reached from `from` by way of something else. */
function leadsTo(targets: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set((targets.get(from) ?? []).filter((next) => next !== to));
  for (const one of seen) {
    for (const next of targets.get(one) ?? []) {
      if (next === to) return true;
      seen.add(next);
    }
  }
  return false;
}
