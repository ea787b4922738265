import { Float, Int } from '@nestjs/graphql';
import type { TaskMetrics as View } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { Distribution } from './distribution.type.js';

@ObjectType({ description: "What became of tasks since the engine's start. Those without an agent are left out." })
export class TaskMetrics {
  constructor(
    private readonly view: View,
    private readonly of: string | null = null,
  ) {}

  @Field(() => String, { nullable: true, description: 'The agent or the kind that they are of; null: all.' })
  get name(): string | null {
    return this.of;
  }

  @Field(() => Int, { description: 'Attempts that began.' })
  get started(): number {
    return this.view.started;
  }

  @Field(() => Int, { description: 'Tasks that have completed.' })
  get completed(): number {
    return this.view.completed;
  }

  @Field(() => Int, { description: 'Tasks that failed for good.' })
  get failed(): number {
    return this.view.failed;
  }

  @Field(() => Int, { description: 'Attempts after which another one was scheduled.' })
  get retried(): number {
    return this.view.retried;
  }

  @Field(() => Int, { description: 'Attempts that ran out of time.' })
  get timedOut(): number {
    return this.view.timedOut;
  }

  @Field(() => Int, { description: 'Tasks that were skipped.' })
  get skipped(): number {
    return this.view.skipped;
  }

  @Field(() => Int, { description: 'Tasks that were cancelled.' })
  get cancelled(): number {
    return this.view.cancelled;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'The share that completed of those that completed or failed, 0 to 1; null while there are none.',
  })
  get successRate(): number | null {
    return this.view.successRate;
  }

  @Field(() => Distribution, { description: 'How long attempts ran.' })
  get duration(): Distribution {
    return new Distribution(this.view.durationMs);
  }

  @Field(() => Distribution, { description: 'How long tasks waited for their start when nothing but room was missing.' })
  get wait(): Distribution {
    return new Distribution(this.view.waitMs);
  }
}
