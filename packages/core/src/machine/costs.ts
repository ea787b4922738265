import { addCost, WHOLE_JOB, type Cost, type CostRow, type TaskCost } from '../model/cost.js';
import type { EventType, JobEvent } from '../model/event.js';
import type { JobState } from './job-state.js';

/** What a job's tasks have spent, by number, then by unit; `WHOLE_JOB` is all of them together. */
export type Costs = Map<number, Map<string, number>>;

/** What running attempts of one job have spent and no event tells yet. */
export interface Spending {
  /** Numbers of their tasks. */
  readonly tasks: Iterable<number>;
  /** Gives what the attempt has spent; `null` where that is nothing, or an event has taken it. */
  take(task: number, fence: number): Cost | null;
}

/** What is written about an attempt anyway. What else names its task does not take its cost. */
const ABOUT_ATTEMPTS: ReadonlySet<EventType> = new Set([
  'TASK_PROGRESSED',
  'TASK_STEP_RECORDED',
  'TASK_STREAMED',
  'TASK_OVERDUE',
  'TASK_SUSPENDED',
  'TASK_RETRY_SCHEDULED',
  'TASK_ABANDONED',
  'TASK_COMPLETED',
  'TASK_RETURNED',
  'TASK_FAILED',
  'TASK_SKIPPED',
  'TASK_PARKED',
  'TASK_REROUTED',
  'TASKS_FAILED',
  'TASKS_SKIPPED',
  'TASKS_CANCELLED',
  'TASKS_REOPENED',
  'TASK_REJECTED',
]);

/** The event, with what the attempts that it is about have spent since the one before it. To be asked before it is applied. */
export function withSpent(state: JobState, event: JobEvent, spending: Spending): JobEvent {
  if (!ABOUT_ATTEMPTS.has(event.type)) return event;
  const spent: TaskCost[] = [];
  for (const no of spending.tasks) {
    const task = state.tasks[no];
    if (task?.status !== 'IN_PROGRESS' || !isAbout(event, no)) continue;
    const cost = spending.take(no, task.fence);
    if (cost) spent.push({ task: no, cost });
  }
  return spent.length === 0 ? event : { ...event, spent };
}

function isAbout(event: JobEvent, no: number): boolean {
  if ('task' in event && event.task === no) return true;
  return ('tasks' in event && event.tasks.includes(no)) || ('superseded' in event && event.superseded.includes(no));
}

export function addSpent(state: JobState, spent: readonly TaskCost[]): void {
  const costs = (state.costs ??= new Map());
  for (const { task, cost } of spent) {
    addCost(amountsOf(costs, task), cost);
    addCost(amountsOf(costs, WHOLE_JOB), cost);
  }
}

/** As rows hold them; `null` where nothing was spent. */
export function costsOf(rows: readonly CostRow[]): Costs | null {
  if (rows.length === 0) return null;
  const costs: Costs = new Map();
  for (const { task, unit, amount } of rows) amountsOf(costs, task).set(unit, amount);
  return costs;
}

/** The rows that events have changed, as they are now. */
export function changedCosts({ costs }: JobState, events: readonly JobEvent[]): CostRow[] {
  const changed: Costs = new Map();
  for (const { spent } of events) {
    for (const { task, cost } of spent ?? []) {
      addCost(amountsOf(changed, task), cost);
      addCost(amountsOf(changed, WHOLE_JOB), cost);
    }
  }
  return Array.from(changed, ([task, units]) =>
    Array.from(units.keys(), (unit): CostRow => ({ task, unit, amount: costs!.get(task)!.get(unit)! })),
  ).flat();
}

function amountsOf(costs: Costs, task: number): Map<string, number> {
  let amounts = costs.get(task);
  if (!amounts) costs.set(task, (amounts = new Map()));
  return amounts;
}
