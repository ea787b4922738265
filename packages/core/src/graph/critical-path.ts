/** What the way through a graph needs to know of a task. */
export interface PathTask {
  readonly parent: number | null;
  /** Numbers of the tasks it depends on. */
  readonly dependencies: readonly number[];
}

/**
 * For each task the number of tasks on the longest way from it to the end of its job, itself included: 1 for a task that
 * nothing waits for. What waits for a task is what depends on it, on a task above it, and the task above it, which ends
 * after it; what is held back by a task's dependencies is the task and everything below it. A task that only stands around
 * others counts like any other.
 *
 * Time and memory are linear in tasks and dependencies; no recursion. The graph must have no cycle: tasks in one get 1.
 */
export function criticalPaths(tasks: readonly PathTask[]): Int32Array {
  const ways = longestWays(followersOf(tasks));
  return ways.subarray(0, tasks.length);
}

/** `targets[offsets[n]] … targets[offsets[n + 1] - 1]` follow node `n`: its start is node `no`, its end `tasks.length + no`. */
interface Followers {
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly tasks: number;
}

function followersOf(tasks: readonly PathTask[]): Followers {
  const count = tasks.length;
  const offsets = new Int32Array(2 * count + 1);
  const each = (visit: (from: number, to: number) => void): void => {
    for (let no = 0; no < count; no += 1) {
      const { parent, dependencies } = tasks[no]!;
      visit(no, count + no);
      if (parent !== null) {
        visit(parent, no);
        visit(count + no, count + parent);
      }
      for (const on of dependencies) visit(count + on, no);
    }
  };
  each((from) => (offsets[from + 1]! += 1));
  for (let node = 1; node < offsets.length; node += 1) offsets[node]! += offsets[node - 1]!;
  const targets = new Int32Array(offsets[2 * count]!);
  const next = offsets.slice();
  each((from, to) => (targets[next[from]!++] = to));
  return { offsets, targets, tasks: count };
}

/**
 * A task is counted where it ends, after its children: so a parent is on its children's way, and its children are not twice
 * on the way of what depends on it.
 */
function longestWays({ offsets, targets, tasks }: Followers): Int32Array {
  const nodes = 2 * tasks;
  const ways = new Int32Array(nodes).fill(1);
  for (const node of sorted(offsets, targets).reverse()) {
    let longest = 0;
    for (let index = offsets[node]!; index < offsets[node + 1]!; index += 1) longest = Math.max(longest, ways[targets[index]!]!);
    ways[node] = longest + (node >= tasks ? 1 : 0);
  }
  return ways;
}

/** Kahn's algorithm: every node after those that it waits for. Nodes of a cycle are left out. */
function sorted(offsets: Int32Array, targets: Int32Array): number[] {
  const nodes = offsets.length - 1;
  const waitsFor = new Int32Array(nodes);
  for (const target of targets) waitsFor[target]! += 1;
  const order: number[] = [];
  for (let node = 0; node < nodes; node += 1) if (waitsFor[node] === 0) order.push(node);
  for (let at = 0; at < order.length; at += 1) {
    const node = order[at]!;
    for (let index = offsets[node]!; index < offsets[node + 1]!; index += 1)
      if ((waitsFor[targets[index]!]! -= 1) === 0) order.push(targets[index]!);
  }
  return order;
}
