import { toCost, WHOLE_JOB, type Cost, type CostRow } from '../../model/cost.js';
import type { TaskAddress } from '../../ports/reader.js';
import { each, rows, type Operation } from '../sql/operation.js';
import { lookup, statement, upsertInto } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import { taskCostTable } from '../tables/task-cost.table.js';

/** The row that holds what a task has spent of one unit by now. */
export const TASK_COST_ROW = upsertInto('upsert-task-cost', taskCostTable);

export const COST_STATEMENTS = {
  load: statement('load-costs', `SELECT task_no AS task, unit, amount FROM ${TABLES.taskCost} WHERE job_no = ? ORDER BY task_no, unit`),
  view: lookup('view-cost', {
    select: 'c.unit, c.amount',
    from: `${TABLES.job} j JOIN ${TABLES.taskCost} c ON c.job_no = j.no`,
    by: { 'j.id': 'text', 'c.task_no': 'integer' },
    order: 'c.unit',
  }),
} as const;

export function* loadCosts(jobNo: number): Operation<CostRow[]> {
  return yield* rows<CostRow>(COST_STATEMENTS.load, jobNo);
}

/** What each of some tasks has spent, with one statement, in the order asked for. */
export function* costsAt(addresses: readonly TaskAddress[]): Operation<Cost[]> {
  const found = yield* each<{ unit: string; amount: number }>(
    COST_STATEMENTS.view,
    addresses.map(({ jobId, no }) => [jobId, no]),
  );
  return found.map((units) => toCost(units.map(({ unit, amount }) => [unit, amount])));
}

/** What each of some jobs has spent, with one statement, in the order asked for. */
export function jobCostsOf(ids: readonly string[]): Operation<Cost[]> {
  return costsAt(ids.map((jobId) => ({ jobId, no: WHOLE_JOB })));
}
