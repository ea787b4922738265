import { Int } from '@nestjs/graphql';
import type { TaskOrder } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { TaskOrderEnum } from '../enums/task-order.enum.js';
import { TaskFilter } from '../inputs/task-filter.input.js';

@ArgsType()
export class TasksArgs {
  @Field(() => TaskFilter, { description: 'Which tasks.' })
  readonly filter!: TaskFilter;

  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'Size of the page, 1 to 100.' })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  readonly after?: string | null;

  @Field(() => TaskOrderEnum, {
    nullable: true,
    defaultValue: 'PLACE',
    description: 'In which order. A cursor holds in the order in which it was given.',
  })
  readonly order?: TaskOrder | null;
}
