import { Float, Int } from '@nestjs/graphql';
import type { JobReport as JobReportView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { Cost, toCosts } from './cost.type.js';
import { TaskReport } from './task-report.type.js';

@ObjectType({ description: 'What became of a job, or has so far.' })
export class JobReport {
  @Field(() => [TaskReport], {
    description: 'In the order in which they were added: what ran, what was skipped or cancelled, and what has not started.',
  })
  readonly tasks: readonly TaskReport[];

  constructor(private readonly view: JobReportView) {
    this.tasks = view.tasks.map((task) => new TaskReport(task));
  }

  @Field(() => Float, { nullable: true, description: 'Milliseconds from its start to its end, or until now; null before it has started.' })
  get tookMs(): number | null {
    return this.view.tookMs;
  }

  @Field(() => Float, {
    description: 'Milliseconds in which agents ran, over the tasks that are told of: with tasks side by side it is more than `tookMs`.',
  })
  get ranMs(): number {
    return this.view.ranMs;
  }

  @Field(() => [Cost], { description: 'What all its tasks have spent, also those that are not told of, by unit; empty for nothing.' })
  get cost(): readonly Cost[] {
    return toCosts(this.view.cost);
  }

  @Field(() => Int, { description: 'Tasks of the job that are not told of, because `first` is less.' })
  get tasksLeftOut(): number {
    return this.view.tasksLeftOut;
  }

  /** Objects in it. */
  get size(): number {
    return this.tasks.reduce((sum, { attempts }) => sum + 1 + attempts.length, 0);
  }
}
