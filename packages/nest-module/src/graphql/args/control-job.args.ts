import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class ControlJobArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: "Why; kept in the job's events." })
  readonly reason?: string | null;
}
