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
  return inOnePass(tasks, dependentOf) ?? byWalking(tasks, dependentOf);
}

/**
 * The same where only task 0 stands above others, and each waits for tasks before it alone: so most jobs are written, and
 * going once from the last task to the first is enough. `null` for any other graph.
 */
function inOnePass(tasks: readonly PathTask[], dependentOf: (edge: number) => number): Int32Array | null {
  const ways = new Int32Array(tasks.length);
  for (let no = tasks.length - 1; no >= 0; no -= 1) {
    const { parent, children, dependents } = tasks[no]!;
    if (no === 0 ? parent !== null || dependents.length > 0 : parent !== 0 || children.length > 0) return null;
    // After it at least the objective ends.
    let longest = no === 0 ? 0 : 1;
    for (let index = 0; index < dependents.length; index += 1) {
      const dependent = dependentOf(dependents[index]!);
      if (dependent <= no) return null;
      longest = Math.max(longest, ways[dependent]!);
    }
    ways[no] = longest + 1;
  }
  // The objective begins when the first of the others does.
  for (let no = 1; no < ways.length; no += 1) ways[0] = Math.max(ways[0]!, ways[no]!);
  return ways;
}

/** The same for any graph. */
function byWalking(tasks: readonly PathTask[], dependentOf: (edge: number) => number): Int32Array {
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
