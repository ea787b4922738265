import { Int } from '@nestjs/graphql';
import { JOB_STATUSES, type EngineMetrics, type JobStatus } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { DateTime } from '../scalars/scalars.js';
import { JobCounts } from './job-counts.type.js';
import { JobMetrics } from './job-metrics.type.js';
import { Limit } from './limit.type.js';
import { TaskCounts } from './task-counts.type.js';
import { TaskMetrics } from './task-metrics.type.js';

const NONE = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;

@ObjectType({ description: 'What the engine of this process has done since its start, and what it has before it.' })
export class Metrics {
  constructor(private readonly view: EngineMetrics) {}

  @Field(() => DateTime, { description: "The engine's start: all counts began with 0 then." })
  get since(): Date {
    return new Date(this.view.since);
  }

  @Field(() => DateTime, { description: 'When this was so.' })
  get at(): Date {
    return new Date(this.view.at);
  }

  @Field(() => JobMetrics, { description: 'What became of jobs.' })
  get jobs(): JobMetrics {
    return new JobMetrics(this.view.jobs);
  }

  @Field(() => TaskMetrics, { description: 'What became of all tasks.' })
  get tasks(): TaskMetrics {
    return new TaskMetrics(this.view.tasks);
  }

  @Field(() => [TaskMetrics], { description: 'What became of the tasks of each agent, by name.' })
  get agents(): readonly TaskMetrics[] {
    return this.view.agents.map((agent) => new TaskMetrics(agent, agent.name));
  }

  @Field(() => [TaskMetrics], { description: 'What became of the tasks of each kind, by name, of those that have one.' })
  get kinds(): readonly TaskMetrics[] {
    return this.view.kinds.map((kind) => new TaskMetrics(kind, kind.name));
  }

  @Field(() => JobCounts, { description: 'Where the jobs stand that have not ended.' })
  get openJobs(): JobCounts {
    return new JobCounts({ ...NONE, ...this.view.open.jobs });
  }

  @Field(() => TaskCounts, { description: 'Where the tasks of those jobs stand.' })
  get openTasks(): TaskCounts {
    return new TaskCounts(this.view.open.tasks);
  }

  @Field(() => Int, { description: 'Tasks on the longest chain of dependencies in a job that has not ended.' })
  get dependencyDepth(): number {
    return this.view.open.dependencyDepth;
  }

  @Field(() => Int, { description: 'Tasks that could start and wait for room.' })
  get queueDepth(): number {
    return this.view.limits.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  @Field(() => [Limit], { description: 'How full pools and other limits are.' })
  get limits(): readonly Limit[] {
    return this.view.limits.map((gauge) => new Limit(gauge));
  }
}
