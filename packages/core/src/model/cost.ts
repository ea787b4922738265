/** What was spent, by unit: tokens, usd, seconds of a GPU … Units are the application's own names; amounts are above 0. */
export type Cost = Readonly<Record<string, number>>;

/** What an attempt of a task has spent. */
export interface TaskCost {
  readonly task: number;
  readonly cost: Cost;
}

/** What a task has spent of one unit, over all its attempts. */
export interface CostRow {
  /** `WHOLE_JOB`: what all tasks of the job have, together. */
  readonly task: number;
  readonly unit: string;
  readonly amount: number;
}

/** Stands where the number of a task stands, for what all tasks of a job have spent. */
export const WHOLE_JOB = -1;

/** Most units of one task. */
export const MAX_COST_UNITS = 32;

export const NO_COST: Cost = Object.freeze({});

/** Adds a cost to amounts by unit. */
export function addCost(amounts: Map<string, number>, cost: Cost): void {
  for (const [unit, amount] of Object.entries(cost)) amounts.set(unit, (amounts.get(unit) ?? 0) + amount);
}

/** Units in the order of their names. */
export function toCost(amounts: Iterable<readonly [string, number]>): Cost {
  const all = [...amounts];
  return all.length === 0 ? NO_COST : Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}
