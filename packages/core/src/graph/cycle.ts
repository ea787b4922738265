/*
 * Waiting in a job, as a graph with two nodes for each task: its start (2·no) and its end (2·no + 1).
 *
 *   start → end                     a task ends after it started
 *   start(parent) → start(child)    a parent's dependencies hold back everything below it
 *   end(child) → end(parent)        a parent ends after its children
 *   end(source) → start(dependent)  a dependency
 *   start(a) → start(b) → end(b) → end(a)   b stands in for a, should a fail; the edge from a to b says no more
 *   end(child of a) → start(b)      a is known to fail, or not, after what is below it
 *
 * A cycle in it is a set of tasks of which none can ever go first.
 */

export interface WaitingTask {
  readonly parent: number | null;
  readonly dependencies: readonly { readonly on: number }[];
  /** The task that it stands in for; -1 or absent for none. */
  readonly fallbackOf?: number;
}

/**
 * The numbers of tasks that wait for each other in a circle, in order of waiting and one of the shortest found; `null`
 * when there is no circle. Time and memory are linear in tasks and edges; no recursion, so a chain of 100,000 is fine.
 */
export function findCycle(tasks: readonly WaitingTask[]): number[] | null {
  if (isInOrder(tasks)) return null;
  const edges = waitingEdges(tasks);
  const stuck = nodesLeftAfterSorting(edges);
  return stuck === null ? null : tasksOf(shortestCycle(edges, stuck));
}

/** Whether only the objective, task 0, stands above any, and each waits for tasks before it alone: so most jobs are written. */
function isInOrder(tasks: readonly WaitingTask[]): boolean {
  return tasks.every(
    ({ parent, dependencies, fallbackOf = -1 }, no) =>
      (parent === null || parent === 0) && fallbackOf < 0 && dependencies.every(({ on }) => on > 0 && on < no),
  );
}

/** `targets[offsets[n]] … targets[offsets[n + 1] - 1]` are the nodes that wait for node `n`. */
interface Edges {
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

function waitingEdges(tasks: readonly WaitingTask[]): Edges {
  const offsets = new Int32Array(tasks.length * 2 + 1);
  const fallbacks = new Map<number, number>();
  tasks.forEach(({ fallbackOf = -1 }, no) => {
    if (fallbackOf >= 0) fallbacks.set(fallbackOf, no);
  });
  const each = (visit: (from: number, to: number) => void): void => {
    tasks.forEach((task, no) => {
      visit(start(no), end(no));
      if (task.parent !== null) {
        visit(start(task.parent), start(no));
        visit(end(no), end(task.parent));
        const fallback = fallbacks.get(task.parent);
        if (fallback !== undefined) visit(end(no), start(fallback));
      }
      const { fallbackOf = -1 } = task;
      if (fallbackOf >= 0) {
        visit(start(fallbackOf), start(no));
        visit(end(no), end(fallbackOf));
      }
      for (const { on } of task.dependencies) if (on !== fallbackOf) visit(end(on), start(no));
    });
  };
  each((from) => (offsets[from + 1]! += 1));
  for (let node = 1; node < offsets.length; node += 1) offsets[node]! += offsets[node - 1]!;
  const targets = new Int32Array(offsets[offsets.length - 1]!);
  const next = offsets.slice();
  each((from, to) => (targets[next[from]!++] = to));
  return { offsets, targets };
}

/** Kahn's algorithm; the nodes it cannot reach, or `null` when it reaches all. */
function nodesLeftAfterSorting({ offsets, targets }: Edges): Uint8Array | null {
  const nodes = offsets.length - 1;
  const waitsFor = new Int32Array(nodes);
  for (const target of targets) waitsFor[target]! += 1;
  const left = new Uint8Array(nodes).fill(1);
  const free: number[] = [];
  for (let node = 0; node < nodes; node += 1) if (waitsFor[node] === 0) free.push(node);
  let reached = 0;
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    left[node] = 0;
    reached += 1;
    for (let index = offsets[node]!; index < offsets[node + 1]!; index += 1) {
      const target = targets[index]!;
      if ((waitsFor[target]! -= 1) === 0) free.push(target);
    }
  }
  return reached === nodes ? null : left;
}

const TRIED_STARTS = 64;
/** Nodes looked at before the best cycle so far is good enough: in a large graph the first search may visit them all. */
const MOST_VISITS = 500_000;

/** A shortest cycle through one of the first stuck nodes (breadth first from each of them). */
function shortestCycle(edges: Edges, stuck: Uint8Array): number[] {
  const search = new CycleSearch(edges, stuck);
  let best: number[] | null = null;
  let tried = 0;
  for (let node = 0; node < stuck.length && tried < TRIED_STARTS && search.visits < MOST_VISITS; node += 1) {
    if (stuck[node] === 0) continue;
    tried += 1;
    const cycle = search.through(node);
    if (cycle && (best === null || cycle.length < best.length)) best = cycle;
  }
  return best ?? cycleByWalking(edges, stuck);
}

class CycleSearch {
  visits = 0;
  private readonly cameFrom: Int32Array;
  private readonly queue: Int32Array;

  constructor(
    private readonly edges: Edges,
    private readonly stuck: Uint8Array,
  ) {
    this.cameFrom = new Int32Array(stuck.length);
    this.queue = new Int32Array(stuck.length);
  }

  /** A shortest cycle through a node, `null` when none leads through it. */
  through(from: number): number[] | null {
    const { cameFrom, queue, stuck } = this;
    const { offsets, targets } = this.edges;
    cameFrom.fill(-1);
    queue[0] = from;
    let last = 1;
    for (let head = 0; head < last; head += 1) {
      const node = queue[head]!;
      this.visits += 1;
      for (let index = offsets[node]!; index < offsets[node + 1]!; index += 1) {
        const target = targets[index]!;
        if (target === from) return this.pathTo(node, from);
        if (stuck[target] === 0 || cameFrom[target] !== -1) continue;
        cameFrom[target] = node;
        queue[last] = target;
        last += 1;
      }
    }
    return null;
  }

  private pathTo(node: number, from: number): number[] {
    const path = [node];
    for (let current = node; current !== from;) {
      current = this.cameFrom[current]!;
      path.push(current);
    }
    return path.reverse();
  }
}

/** Stuck nodes always lead to a cycle: walk back along what each waits for until a node repeats. */
function cycleByWalking({ offsets, targets }: Edges, stuck: Uint8Array): number[] {
  const waitsFor = new Map<number, number>();
  for (let node = 0; node < stuck.length; node += 1) {
    if (stuck[node] === 0) continue;
    for (let index = offsets[node]!; index < offsets[node + 1]!; index += 1)
      if (stuck[targets[index]!] === 1) waitsFor.set(targets[index]!, node);
  }
  const seenAt = new Map<number, number>();
  const walk: number[] = [];
  let node: number = waitsFor.keys().next().value!;
  while (!seenAt.has(node)) {
    seenAt.set(node, walk.length);
    walk.push(node);
    node = waitsFor.get(node)!;
  }
  return walk.slice(seenAt.get(node)).reverse();
}

function tasksOf(nodes: readonly number[]): number[] {
  return [...new Set(nodes.map((node) => node >> 1))];
}

const start = (no: number): number => no * 2;
const end = (no: number): number => no * 2 + 1;
