/** The tasks of a graph by level: each depends only on tasks of levels before its own. @param {readonly (readonly number[])[]} graph @returns {number[][]} */
export function levelsOf(graph) {
  const levels = [];
  const levelOf = [];
  graph.forEach((dependencies, task) => {
    const level = dependencies.reduce((most, no) => Math.max(most, levelOf[no] + 1), 0);
    levelOf.push(level);
    (levels[level] ??= []).push(task);
  });
  return levels;
}

/** For each task, those that depend on it. @param {readonly (readonly number[])[]} graph @returns {number[][]} */
export function dependentsOf(graph) {
  const dependents = graph.map(() => []);
  graph.forEach((dependencies, task) => dependencies.forEach((no) => dependents[no].push(task)));
  return dependents;
}

/** Lets at most `places` acts run at the same time; the others wait in order. */
export function limiter(places) {
  const waiting = [];
  let free = places;
  return async (act) => {
    if (free > 0) free -= 1;
    else await new Promise((resolve) => waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/**
 * Counts in this process, and nowhere else, what a queue without a graph cannot: which tasks have no open dependency left, and when
 * the last one has ended.
 */
export class Counter {
  #graphs;
  #left;
  #open;

  constructor(graphs) {
    this.#graphs = graphs.map(dependentsOf);
    this.#left = graphs.map((graph) => graph.map(({ length }) => length));
    this.#open = graphs.reduce((sum, { length }) => sum + length, 0);
    this.finished = new Promise((resolve) => (this.#finish = resolve));
  }

  #finish = () => undefined;

  /** Every task that depends on nothing. @returns {{ job: number, task: number }[]} */
  sources() {
    return this.#left.flatMap((left, job) => left.flatMap((count, task) => (count === 0 ? [{ job, task }] : [])));
  }

  /** The tasks that the end of this one lets start. @returns {{ job: number, task: number }[]} */
  ended(job, task) {
    this.#open -= 1;
    if (this.#open === 0) this.#finish();
    return this.#graphs[job][task].filter((next) => --this.#left[job][next] === 0).map((next) => ({ job, task: next }));
  }
}
