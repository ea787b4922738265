import { Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'Size of the page, 1 to 100.' })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  readonly after?: string | null;
}
