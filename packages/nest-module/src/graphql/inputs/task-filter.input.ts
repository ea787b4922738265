import { ID } from '@nestjs/graphql';
import type { TaskStatus, TaskType } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { TaskStatusEnum } from '../enums/task-status.enum.js';
import { TaskTypeEnum } from '../enums/task-type.enum.js';

@InputType({ description: 'Which tasks to list; all conditions must hold.' })
export class TaskFilter {
  @Field(() => ID, { nullable: true, description: 'Id of its job.' })
  readonly jobId?: string | null;

  @Field(() => [TaskStatusEnum], { nullable: true, description: 'It stands at one of these.' })
  readonly status?: readonly TaskStatus[] | null;

  @Field(() => [TaskTypeEnum], { nullable: true, description: 'It is of one of these levels.' })
  readonly type?: readonly TaskType[] | null;

  @Field(() => String, { nullable: true, description: 'Name of its agent.' })
  readonly agent?: string | null;

  @Field(() => String, { nullable: true, description: 'Its label.' })
  readonly kind?: string | null;

  @Field(() => String, { nullable: true, description: 'Whom it is meant for.' })
  readonly assignee?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the task above it.' })
  readonly parentId?: string | null;

  @Field(() => String, { nullable: true, description: 'Found in its key, name or description, whatever the case.' })
  readonly text?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its job has not ended. Default: both.' })
  readonly ofOpenJobs?: boolean | null;
}
