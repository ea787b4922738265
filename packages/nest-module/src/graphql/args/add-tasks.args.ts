import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';
import { TaskInput } from '../inputs/task.input.js';

@ArgsType()
export class AddTasksArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;

  @Field(() => [TaskInput], { description: 'The tasks. They may depend on tasks that are there, and stand under open ones.' })
  readonly tasks!: readonly TaskInput[];

  @Field(() => String, { nullable: true, description: "Why; kept in the job's events." })
  readonly reason?: string | null;
}
