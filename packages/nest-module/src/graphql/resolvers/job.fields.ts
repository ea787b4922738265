import type { Json } from '@taskloom/core';

import type { ApiContext } from '../api-context.js';
import { JobTasksArgs } from '../args/job-tasks.args.js';
import { ReportArgs } from '../args/report.args.js';
import { Args, ResolveField, Resolver } from '../decorators.js';
import { MAX_REPORT, pageSize } from '../page-size.js';
import { present } from '../present.js';
import { JSONValue } from '../scalars/scalars.js';
import { showPayload } from '../show-payload.js';
import type { Connection } from '../types/connection.js';
import { Cost, toCosts } from '../types/cost.type.js';
import { JobCost, toJobCost } from '../types/job-cost.type.js';
import { JobProgress } from '../types/job-progress.type.js';
import { JobReport } from '../types/job-report.type.js';
import { Job } from '../types/job.type.js';
import { TaskConnection } from '../types/task-connection.type.js';
import { Task } from '../types/task.type.js';
import { readTaskPage } from './read-task-page.js';

const OBJECTIVE = 0;

/** A task that only counts costs less than one that is answered. */
const TASKS_PER_NODE = 10;
/** So does an event that is only read for what it tells of an attempt. */
const EVENTS_PER_NODE = 50;

@Resolver(() => Job)
export class JobFields {
  @ResolveField(() => JSONValue, {
    nullable: true,
    description: 'What it was started with. In lists a large value becomes { $preview, $bytes }.',
  })
  async input(job: Job, _args: unknown, { loaders }: ApiContext): Promise<Json> {
    return showPayload(await loaders.jobInput(job.id, job.payloads));
  }

  @ResolveField(() => JSONValue, {
    nullable: true,
    description: 'What it resulted in. In lists a large value becomes { $preview, $bytes }.',
  })
  async output(job: Job, _args: unknown, { loaders }: ApiContext): Promise<Json> {
    return showPayload(await loaders.output({ jobId: job.id, no: OBJECTIVE }, job.payloads));
  }

  @ResolveField(() => Task, { nullable: true, description: 'Its root task; everything else lies below it.' })
  async objective(job: Job, _args: unknown, { loaders, budget }: ApiContext): Promise<Task | null> {
    budget.take(1);
    const view = await loaders.task({ jobId: job.id, no: OBJECTIVE });
    return view && new Task(view, job.payloads);
  }

  @ResolveField(() => TaskConnection, { description: 'Its tasks of all levels, in the order they came into it.' })
  tasks(job: Job, @Args() { status, type, ...page }: JobTasksArgs, context: ApiContext): Promise<Connection<Task>> {
    return readTaskPage(context, { jobId: job.id, ...present({ status, type }) }, page);
  }

  @ResolveField(() => JobProgress, {
    description: 'How far it is, story by story. Reads all of its tasks; `progress` is the number of the whole, and costs nothing.',
  })
  rolledUpProgress(job: Job, _args: unknown, { engine, budget }: ApiContext): Promise<JobProgress> {
    budget.take(Math.ceil(job.counts.total / TASKS_PER_NODE));
    return engine.jobProgress(job.id);
  }

  @ResolveField(() => [Cost], { description: 'What all its tasks have spent, whatever became of them, by unit; empty for nothing.' })
  async cost(job: Job, _args: unknown, { loaders }: ApiContext): Promise<readonly Cost[]> {
    return toCosts(await loaders.jobCost(job.id));
  }

  @ResolveField(() => JobCost, { description: 'What it has spent, story by story. Reads all of its tasks; `cost` is the sum alone.' })
  async rolledUpCost(job: Job, _args: unknown, { engine, budget }: ApiContext): Promise<JobCost> {
    budget.take(Math.ceil(job.counts.total / TASKS_PER_NODE));
    return toJobCost(await engine.jobCost(job.id));
  }

  @ResolveField(() => JobReport, {
    description: 'What became of it, task by task, or has so far: attempts, errors, summaries, times. Reads all of its events.',
  })
  async report(job: Job, @Args() { first }: ReportArgs, { engine, budget }: ApiContext): Promise<JobReport> {
    const maxTasks = pageSize(first, 100, { max: MAX_REPORT });
    budget.take(Math.ceil(job.lastSeq / EVENTS_PER_NODE));
    const report = new JobReport(await engine.jobReport(job.id, { maxTasks }));
    budget.take(report.size);
    return report;
  }
}
