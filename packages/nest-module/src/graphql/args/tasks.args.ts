import { Int } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';
import { TaskFilter } from '../inputs/task-filter.input.js';

@ArgsType()
export class TasksArgs {
  @Field(() => TaskFilter, { description: 'Which tasks.' })
  readonly filter!: TaskFilter;

  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'Size of the page, 1 to 100.' })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  readonly after?: string | null;
}
