/** What the way through a graph needs to know of a task. */
export interface PathTask {
  readonly parent: number | null;
  /** Numbers of the tasks below it. */
  readonly children: readonly number[];
  /** The tasks that depend on it, as the caller keeps them: `dependentOf` tells their numbers. */
  readonly dependents: readonly number[];
}

const UNDER_WAY = -1;

/**
 * For each task the number of tasks on the longest way from it to the end of its job, itself included: 1 for a task that
 * nothing waits for. What waits for a task is what depends on it, on a task above it, and the task above it, which ends
 * after it; what is held back by a task's dependencies is the task and everything below it. A task that only stands around
 * others counts like any other.
 *
 * A task has two nodes: its start is followed by its end and by the starts of its children, its end by the starts of its
 * dependents and the end of its parent. Tasks are counted where they end: so a parent is on its children's way, and its
 * children are not twice on the way of what depends on it.
 *
 * Time and memory are linear in tasks and dependencies; no recursion. An edge that would close a cycle counts for nothing.
 */
export function criticalPaths(tasks: readonly PathTask[], dependentOf: (edge: number) => number): Int32Array {
  const count = tasks.length;
  /** Node `no` is a start, `count + no` an end. 0: not looked at yet; UNDER_WAY: on the path. */
  const ways = new Int32Array(2 * count);
  /** The nodes on the way to the one that is worked out, and how many of its followers have been looked at. */
  const path = new Int32Array(2 * count);
  const looked = new Int32Array(2 * count);
  const longest = new Int32Array(2 * count);
  for (let first = 0; first < count; first += 1) {
    if (ways[first] !== 0) continue;
    path[0] = first;
    ways[first] = UNDER_WAY;
    for (let depth = 0; depth >= 0;) {
      const node = path[depth]!;
      const isStart = node < count;
      const { parent, children, dependents } = tasks[isStart ? node : node - count]!;
      const index = looked[node]!;
      let follower = -1;
      if (isStart) {
        if (index === 0) follower = count + node;
        else if (index <= children.length) follower = children[index - 1]!;
      } else if (index < dependents.length) follower = dependentOf(dependents[index]!);
      else if (index === dependents.length && parent !== null) follower = count + parent;
      if (follower >= 0 && ways[follower] === 0) {
        depth += 1;
        path[depth] = follower;
        ways[follower] = UNDER_WAY;
        continue;
      }
      if (follower >= 0) {
        looked[node]! += 1;
        longest[node] = Math.max(longest[node]!, ways[follower]!);
        continue;
      }
      ways[node] = longest[node]! + (isStart ? 0 : 1);
      depth -= 1;
    }
  }
  return ways.subarray(0, count);
}
