import { Field, ObjectType } from '../decorators.js';
import type { OverviewView } from '../live/overview.js';
import { JobCounts } from './job-counts.type.js';
import { TaskCounts } from './task-counts.type.js';

@ObjectType({ description: 'What there is to do, and how it goes: all that the caller may see, at a glance.' })
export class Overview {
  constructor(readonly view: OverviewView) {}

  @Field(() => JobCounts, { description: 'How many jobs stand where.' })
  get jobs(): JobCounts {
    return new JobCounts(this.view.jobs);
  }

  @Field(() => TaskCounts, { description: 'How many tasks stand where, of the jobs that have not ended.' })
  get tasks(): TaskCounts {
    return new TaskCounts(this.view.tasks);
  }
}
