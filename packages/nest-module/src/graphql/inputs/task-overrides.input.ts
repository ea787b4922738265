import { Float } from '@nestjs/graphql';

import { Field, InputType } from '../decorators.js';
import { RetryInput } from './retry.input.js';

@InputType({ description: "Settings of a task that replace its agent's." })
export class TaskOverridesInput {
  @Field(() => RetryInput, { nullable: true, description: 'How often and when it is tried again.' })
  readonly retry?: RetryInput | null;

  @Field(() => Float, { nullable: true, description: 'Longest time one attempt may run, in milliseconds; 0: no limit.' })
  readonly timeout?: number | null;
}
