import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class JobIdArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;
}
