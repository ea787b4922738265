import { ID } from '@nestjs/graphql';
import type { Json } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';

@ArgsType()
export class AnswerHumanRequestArgs {
  @Field(() => ID, { description: 'Id of the question.' })
  readonly id!: string;

  @Field(() => JSONValue, { description: 'The answer; it must fit the schema of the question.' })
  readonly answer!: Json;

  @Field(() => String, {
    nullable: true,
    description: 'The `requestHash` that was read: the answer is refused when the question has changed since.',
  })
  readonly requestHash?: string | null;

  @Field(() => String, { nullable: true, description: "Why; kept in the job's events." })
  readonly reason?: string | null;
}
