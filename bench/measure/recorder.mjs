import { setTimeout as wait } from 'node:timers/promises';
import { countTasks } from '../workloads/workload.mjs';

const SHOWN = 5;

/** Is the body of every task, and notes when each began and ended, so that a wrong run is not taken for a fast one. */
export class Recorder {
  /**
   * @param {readonly import('../workloads/workload.mjs').Graph[]} graphs
   * @param {{ taskMs: number, concurrency: number }} options
   */
  constructor(graphs, { taskMs, concurrency }) {
    this.graphs = graphs;
    this.taskMs = taskMs;
    this.concurrency = concurrency;
    this.startedAt = graphs.map(({ length }) => new Float64Array(length));
    this.endedAt = graphs.map(({ length }) => new Float64Array(length));
    this.running = 0;
    this.problems = [];
    this.beganAt = 0;
  }

  /** Starts the clock. */
  begin() {
    this.beganAt = performance.now();
  }

  /** @type {import('../engines/index.mjs').RunTask} */
  runTask = async (job, task) => {
    const startedAt = this.startedAt[job];
    const endedAt = this.endedAt[job];
    if (startedAt[task] !== 0) this.problems.push(`task ${task} of job ${job} ran twice`);
    for (const no of this.graphs[job][task])
      if (endedAt[no] === 0) this.problems.push(`task ${task} of job ${job} ran before its dependency ${no}`);
    this.running += 1;
    if (this.running > this.concurrency) this.problems.push(`${this.running} tasks ran at the same time`);
    startedAt[task] = performance.now();
    if (this.taskMs > 0) await wait(this.taskMs);
    endedAt[task] = performance.now();
    this.running -= 1;
    return { task, ok: true };
  };

  /** @throws Error when a task ran twice, never, or before a dependency, or when more ran at once than allowed */
  check() {
    this.endedAt.forEach((times, job) =>
      times.forEach((at, task) => {
        if (at === 0) this.problems.push(`task ${task} of job ${job} never ended`);
      }),
    );
    const { length } = this.problems;
    if (length === 0) return;
    const more = length > SHOWN ? ` (and ${length - SHOWN} more)` : '';
    throw new Error(`The run was wrong: ${this.problems.slice(0, SHOWN).join(', ')}${more}.`);
  }

  /** How long each task waited from the end of its last dependency (or from the submit) until it began, in ms, sorted. */
  latencies() {
    const found = new Float64Array(countTasks(this.graphs));
    let index = 0;
    this.graphs.forEach((graph, job) =>
      graph.forEach((dependencies, task) => {
        let readyAt = this.beganAt;
        for (const no of dependencies) readyAt = Math.max(readyAt, this.endedAt[job][no]);
        found[index++] = this.startedAt[job][task] - readyAt;
      }),
    );
    return found.sort();
  }
}
