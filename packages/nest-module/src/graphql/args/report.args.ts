import { Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class ReportArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: 100,
    description: 'Most tasks to tell of, 1 to 1,000: the first that came into the job.',
  })
  readonly first?: number | null;
}
