import { Int } from '@nestjs/graphql';
import type { TaskCounts as Counts } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: 'How many tasks stand where.' })
export class TaskCounts {
  constructor(private readonly counts: Counts) {}

  @Field(() => Int, { description: 'All of them, objectives included.' })
  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  @Field(() => Int, { description: 'Tasks in status PENDING.' })
  get pending(): number {
    return this.counts.PENDING;
  }

  @Field(() => Int, { description: 'Tasks in status READY.' })
  get ready(): number {
    return this.counts.READY;
  }

  @Field(() => Int, { description: 'Tasks in status IN_PROGRESS.' })
  get inProgress(): number {
    return this.counts.IN_PROGRESS;
  }

  @Field(() => Int, { description: 'Tasks in status BLOCKED.' })
  get blocked(): number {
    return this.counts.BLOCKED;
  }

  @Field(() => Int, { description: 'Tasks in status COMPLETED.' })
  get completed(): number {
    return this.counts.COMPLETED;
  }

  @Field(() => Int, { description: 'Tasks in status FAILED.' })
  get failed(): number {
    return this.counts.FAILED;
  }

  @Field(() => Int, { description: 'Tasks in status SKIPPED.' })
  get skipped(): number {
    return this.counts.SKIPPED;
  }

  @Field(() => Int, { description: 'Tasks in status CANCELLED.' })
  get cancelled(): number {
    return this.counts.CANCELLED;
  }

  @Field(() => Int, { description: 'Tasks in status ACCEPTED.' })
  get accepted(): number {
    return this.counts.ACCEPTED;
  }

  @Field(() => Int, { description: 'Tasks in status REJECTED.' })
  get rejected(): number {
    return this.counts.REJECTED;
  }

  @Field(() => Int, { description: 'Tasks in status DORMANT.' })
  get dormant(): number {
    return this.counts.DORMANT;
  }
}
