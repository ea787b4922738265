import { Float } from '@nestjs/graphql';

import { Field, InputType } from '../decorators.js';
import { RetryInput } from './retry.input.js';

@InputType({ description: "Settings of a task that replace its agent's." })
export class TaskOverridesInput {
  @Field(() => RetryInput, { nullable: true, description: 'How often and when it is tried again.' })
  readonly retry?: RetryInput | null;

  @Field(() => Float, { nullable: true, description: 'Longest time one attempt may run, in milliseconds; 0: no limit.' })
  readonly timeout?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Longest time an attempt may give no sign of life, in milliseconds; 0: no limit.',
  })
  readonly idleTimeout?: number | null;

  @Field(() => [String], { nullable: true, description: 'Named limits of the engine that it takes a place of, beside those of its agent.' })
  readonly limits?: readonly string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Tasks of the same agent and key run one at a time in a process, or as many as the agent allows for each key.',
  })
  readonly concurrencyKey?: string | null;
}
