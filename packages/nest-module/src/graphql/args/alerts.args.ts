import { Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class AlertsArgs {
  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Those that last; false: those that are over; null: both.' })
  readonly active?: boolean | null;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'Most alerts, 1 to 100.' })
  readonly first?: number | null;
}
