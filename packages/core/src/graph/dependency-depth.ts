/** What a chain of dependencies needs to know of a task: the numbers of those it depends on. */
export interface ChainedTask {
  readonly dependencies: readonly number[];
}

const UNDER_WAY = -1;

/** Tasks on the longest chain in which each depends on the one before: 1 where nothing depends on anything, 0 for no tasks. Linear, without recursion. */
export function dependencyDepth(tasks: readonly ChainedTask[]): number {
  const depths = new Int32Array(tasks.length);
  const path: number[] = [];
  let deepest = 0;
  for (let first = 0; first < tasks.length; first += 1) {
    if (depths[first] === 0) path.push(first);
    while (path.length > 0) {
      const no = path[path.length - 1]!;
      const { dependencies } = tasks[no]!;
      if (depths[no] === 0) {
        depths[no] = UNDER_WAY;
        for (const on of dependencies) if (depths[on] === 0) path.push(on);
        continue;
      }
      path.pop();
      if (depths[no] !== UNDER_WAY) continue;
      depths[no] = 1 + dependencies.reduce((longest, on) => Math.max(longest, depths[on] ?? 0), 0);
      deepest = Math.max(deepest, depths[no]);
    }
  }
  return deepest;
}
