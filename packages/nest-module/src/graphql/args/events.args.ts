import { ID, Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class EventsArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Only events with a greater number.' })
  readonly afterSeq?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'Most events, 1 to 1000.' })
  readonly first?: number | null;
}
