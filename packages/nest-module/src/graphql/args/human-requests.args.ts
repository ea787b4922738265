import { ID, Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class HumanRequestsArgs {
  @Field(() => ID, { nullable: true, description: 'Only of this job.' })
  readonly jobId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Only those that wait for an answer; false: only those that do not.',
  })
  readonly open?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Those meant for somebody, in the application’s own words. Default: all.' })
  readonly assignee?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'Most items, 1 to 100.' })
  readonly first?: number | null;
}
