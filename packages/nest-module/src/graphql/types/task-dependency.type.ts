import { ID } from '@nestjs/graphql';
import type { DependencyMode } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { DependencyModeEnum } from '../enums/dependency-mode.enum.js';

@ObjectType({ description: 'One edge of the graph: what a task waits for, and which end of it counts.' })
export class TaskDependency {
  @Field(() => ID, { description: 'Id of the task waited for.' })
  readonly taskId!: string;

  @Field(() => DependencyModeEnum, { description: 'Which end of it counts.' })
  readonly mode!: DependencyMode;
}
