import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class TaskScopeArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;

  @Field(() => ID, { nullable: true, description: 'Only what concerns this task of the job.' })
  readonly taskId?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'With `taskId`: also what concerns a task below it.' })
  readonly subtree?: boolean | null;
}
