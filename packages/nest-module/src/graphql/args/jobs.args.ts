import { Int } from '@nestjs/graphql';
import type { JobOrder } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { JobOrderEnum } from '../enums/job-order.enum.js';
import { JobFilter } from '../inputs/job-filter.input.js';

@ArgsType()
export class JobsArgs {
  @Field(() => JobFilter, { nullable: true, description: 'Which jobs. Default: all.' })
  readonly filter?: JobFilter | null;

  @Field(() => Int, { nullable: true, defaultValue: 20, description: 'Size of the page, 1 to 100.' })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  readonly after?: string | null;

  @Field(() => JobOrderEnum, {
    nullable: true,
    defaultValue: 'NEWEST',
    description: 'In which order. A cursor holds in the order in which it was given.',
  })
  readonly order?: JobOrder | null;
}
