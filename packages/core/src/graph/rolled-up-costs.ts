import { addCost, toCost, type Cost } from '../model/cost.js';

/** What a roll-up of costs reads of a task. */
export interface CostTask {
  readonly no: number;
  readonly parent: number | null;
  /** What it has spent itself. */
  readonly cost: Cost;
}

/**
 * What each task has spent together with everything below it, by number: a story with its tasks, the objective with all.
 * What was superseded or failed counts, too, for it was spent. Tasks that have spent nothing are left out.
 */
export function rolledUpCosts(tasks: readonly CostTask[]): ReadonlyMap<number, Cost> {
  const parents = new Map(tasks.map(({ no, parent }) => [no, parent]));
  const sums = new Map<number, Map<string, number>>();
  for (const { no, cost } of tasks) {
    if (Object.keys(cost).length === 0) continue;
    for (let above: number | null | undefined = no; above !== null && above !== undefined; above = parents.get(above)) {
      const sum = sums.get(above) ?? new Map<string, number>();
      sums.set(above, sum);
      addCost(sum, cost);
    }
  }
  return new Map(Array.from(sums, ([no, sum]) => [no, toCost(sum)]));
}
