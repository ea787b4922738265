import type { Spending } from '../machine/costs.js';
import type { JobState } from '../machine/job-state.js';
import { addCost, toCost, type Cost } from '../model/cost.js';

interface Spent {
  readonly fence: number;
  readonly amounts: Map<string, number>;
}

/** Of one job: what its attempts have spent and no event tells, and what events of the flush under way have taken. */
class JobSpending implements Spending {
  readonly open = new Map<number, Spent>();
  readonly taken: { readonly task: number; readonly fence: number; readonly cost: Cost }[] = [];

  get tasks(): Iterable<number> {
    return this.open.keys();
  }

  add(task: number, fence: number, cost: Cost): void {
    let spent = this.open.get(task);
    if (spent?.fence !== fence) this.open.set(task, (spent = { fence, amounts: new Map() }));
    addCost(spent.amounts, cost);
  }

  take(task: number, fence: number): Cost | null {
    const spent = this.open.get(task);
    if (spent?.fence !== fence) return null;
    this.open.delete(task);
    const cost = toCost(spent.amounts);
    this.taken.push({ task, fence, cost });
    return cost;
  }
}

/**
 * What attempts have said that they have spent and nobody has written yet. It waits for the next event about the attempt, and
 * comes back where that event could not be written. What is said after the attempt's end is forgotten.
 */
export class UnwrittenCosts {
  private readonly jobs = new Map<string, JobSpending>();

  add(jobId: string, task: number, fence: number, cost: Cost): void {
    if (Object.keys(cost).length === 0) return;
    let job = this.jobs.get(jobId);
    if (!job) this.jobs.set(jobId, (job = new JobSpending()));
    job.add(task, fence, cost);
  }

  /** `undefined` where no attempt of the job has anything. */
  of(jobId: string): Spending | undefined {
    return this.jobs.get(jobId);
  }

  /** By unit, of one attempt. */
  amountsOf(jobId: string, task: number, fence: number): ReadonlyMap<string, number> | null {
    const spent = this.jobs.get(jobId)?.open.get(task);
    return spent?.fence === fence ? spent.amounts : null;
  }

  /** What events have taken is written. */
  written(state: JobState): void {
    const job = this.jobs.get(state.id);
    if (!job) return;
    job.taken.length = 0;
    this.forgetOver(state);
  }

  /** Nothing of what was decided for the job was written. */
  undone(jobId: string): void {
    const job = this.jobs.get(jobId);
    for (const { task, fence, cost } of job?.taken.splice(0) ?? []) job!.add(task, fence, cost);
  }

  /** Attempts that are over have no say any more. */
  forgetOver({ id, tasks }: JobState): void {
    const job = this.jobs.get(id);
    if (!job) return;
    for (const [no, { fence }] of job.open) if (tasks[no]?.status !== 'IN_PROGRESS' || tasks[no].fence !== fence) job.open.delete(no);
    if (job.open.size === 0 && job.taken.length === 0) this.jobs.delete(id);
  }
}
