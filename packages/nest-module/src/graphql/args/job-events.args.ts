import { ID, Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class JobEventsArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Number of the last event already seen; 0 for all.' })
  readonly afterSeq?: number | null;
}
