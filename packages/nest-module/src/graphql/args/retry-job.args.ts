import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class RetryJobArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly id!: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Ids of tasks to run again, with everything that depends on them. Default: what failed, was cancelled or was skipped by a failure.',
  })
  readonly tasks?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: "Why; kept in the job's events." })
  readonly reason?: string | null;
}
