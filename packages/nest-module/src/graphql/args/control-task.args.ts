import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class ControlTaskArgs {
  @Field(() => ID, { description: 'Id of the task.' })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: "Why; kept in the job's events." })
  readonly reason?: string | null;
}
