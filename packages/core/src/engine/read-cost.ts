import { notFound } from '../errors/not-found.js';
import { rolledUpCosts, type CostTask } from '../graph/rolled-up-costs.js';
import { NO_COST, type Cost } from '../model/cost.js';
import type { EngineReader } from '../ports/reader.js';
import { everyPage } from './every-page.js';

export interface StoryCost {
  readonly taskId: string;
  readonly key: string;
  readonly name: string;
  /** Of the story and everything below it; `{}` for nothing. */
  readonly cost: Cost;
}

export interface JobCost {
  /** Of all tasks; `{}` for nothing. */
  readonly cost: Cost;
  /** In the order of their numbers. */
  readonly stories: readonly StoryCost[];
}

/** @throws TaskloomError `NOT_FOUND` */
export async function readJobCost(reader: EngineReader, jobId: string): Promise<JobCost> {
  const tasks: CostTask[] = [];
  const stories: { taskId: string; key: string; name: string; no: number }[] = [];
  for await (const page of everyPage((request) => reader.tasks({ jobId }, request))) {
    const costs = await reader.taskCosts(page);
    page.forEach(({ no, parent, type, id: taskId, key, name }, index) => {
      tasks.push({ no, parent, cost: costs[index]! });
      if (type === 'STORY') stories.push({ taskId, key, name, no });
    });
  }
  if (tasks.length === 0) throw notFound('job', jobId);
  const sums = rolledUpCosts(tasks);
  return {
    cost: (await reader.jobCosts([jobId]))[0]!,
    stories: stories.map(({ no, ...story }) => ({ ...story, cost: sums.get(no) ?? NO_COST })),
  };
}
