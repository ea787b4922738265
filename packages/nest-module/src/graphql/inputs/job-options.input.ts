import { Int } from '@nestjs/graphql';
import type { FailureStrategy, JsonObject } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { FailureStrategyEnum } from '../enums/failure-strategy.enum.js';
import { DateTime, JSONObject } from '../scalars/scalars.js';

@InputType({ description: 'Settings of a job that are given when it starts.' })
export class JobOptionsInput {
  @Field(() => String, {
    nullable: true,
    description: 'The same key with the same body gives the same job; with another body it is refused.',
  })
  readonly idempotencyKey?: string | null;

  @Field(() => Int, { nullable: true, description: 'Priority of tasks that name none: 1 to 10, 10 most urgent. Default 5.' })
  readonly priority?: number | null;

  @Field(() => Int, { nullable: true, description: 'Most tasks of the job that run at the same time. Default: no limit of its own.' })
  readonly maxParallel?: number | null;

  @Field(() => FailureStrategyEnum, {
    nullable: true,
    description: 'What a final failure does where the task does not say. Default ABORT.',
  })
  readonly failureStrategy?: FailureStrategy | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of the agents that the job may use, also for tasks added while it runs. Default: all.',
  })
  readonly allowedAgents?: readonly string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Wait for `confirmJob` before anything runs. Default false.' })
  readonly confirm?: boolean | null;

  @Field(() => DateTime, { nullable: true, description: 'Nothing runs before then.' })
  readonly runAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'The job fails with JOB_TIMEOUT when it has not ended by then.' })
  readonly deadline?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The job fails with JOB_TIMEOUT so many milliseconds after its start. The earlier of this and `deadline` counts.',
  })
  readonly timeLimit?: number | null;

  @Field(() => JSONObject, { nullable: true, description: 'Kept with the job and shown again.' })
  readonly metadata?: JsonObject | null;
}
