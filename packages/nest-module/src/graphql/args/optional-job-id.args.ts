import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class OptionalJobIdArgs {
  @Field(() => ID, { nullable: true, description: 'Id of the job. Default: all jobs.' })
  readonly jobId?: string | null;
}
