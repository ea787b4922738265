import { Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class ListArgs {
  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'Most items, 1 to 100.' })
  readonly first?: number | null;
}
