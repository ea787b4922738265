import { Int } from '@nestjs/graphql';
import type { TaskOrder, TaskStatus, TaskType } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { TaskOrderEnum } from '../enums/task-order.enum.js';
import { TaskStatusEnum } from '../enums/task-status.enum.js';
import { TaskTypeEnum } from '../enums/task-type.enum.js';

@ArgsType()
export class JobTasksArgs {
  @Field(() => [TaskStatusEnum], { nullable: true, description: 'Only tasks that stand at one of these.' })
  readonly status?: readonly TaskStatus[] | null;

  @Field(() => [TaskTypeEnum], { nullable: true, description: 'Only tasks of one of these levels.' })
  readonly type?: readonly TaskType[] | null;

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
