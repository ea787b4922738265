import { Int } from '@nestjs/graphql';
import type { JobStatus } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: 'How many jobs stand where.' })
export class JobCounts {
  constructor(private readonly counts: Readonly<Record<JobStatus, number>>) {}

  @Field(() => Int, { description: 'All jobs that are kept.' })
  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  @Field(() => Int, { description: 'Jobs in status AWAITING_CONFIRMATION.' })
  get awaitingConfirmation(): number {
    return this.counts.AWAITING_CONFIRMATION;
  }

  @Field(() => Int, { description: 'Jobs in status RUNNING.' })
  get running(): number {
    return this.counts.RUNNING;
  }

  @Field(() => Int, { description: 'Jobs in status PAUSED.' })
  get paused(): number {
    return this.counts.PAUSED;
  }

  @Field(() => Int, { description: 'Jobs in status COMPLETED.' })
  get completed(): number {
    return this.counts.COMPLETED;
  }

  @Field(() => Int, { description: 'Jobs in status FAILED.' })
  get failed(): number {
    return this.counts.FAILED;
  }

  @Field(() => Int, { description: 'Jobs in status CANCELLED.' })
  get cancelled(): number {
    return this.counts.CANCELLED;
  }
}
