import { Float, Int } from '@nestjs/graphql';
import type { BackoffKind } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { BackoffKindEnum } from '../enums/backoff-kind.enum.js';

@InputType({ description: 'How often and when a failed attempt is followed by another.' })
export class RetryInput {
  @Field(() => Int, { nullable: true, description: 'Attempts in all, the first included. Default 1: no retry.' })
  readonly maxAttempts?: number | null;

  @Field(() => BackoffKindEnum, {
    nullable: true,
    description: 'How the wait grows. Default EXPONENTIAL where there is more than one attempt.',
  })
  readonly backoff?: BackoffKind | null;

  @Field(() => Float, { nullable: true, description: 'Wait after the first failure, in milliseconds. Default 1000.' })
  readonly delay?: number | null;

  @Field(() => Float, { nullable: true, description: 'Longest wait, in milliseconds. Default 300000.' })
  readonly maxDelay?: number | null;

  @Field(() => Float, { nullable: true, description: 'What an exponential wait is multiplied with each time. Default 2.' })
  readonly factor?: number | null;

  @Field(() => Float, { nullable: true, description: '0 to 1, the share of each wait that is left to chance. Default 0.' })
  readonly jitter?: number | null;
}
