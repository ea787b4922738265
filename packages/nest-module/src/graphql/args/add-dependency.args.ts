import { ID } from '@nestjs/graphql';
import type { DependencyMode } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { DependencyModeEnum } from '../enums/dependency-mode.enum.js';

@ArgsType()
export class AddDependencyArgs {
  @Field(() => ID, { description: 'Id of the task that shall wait; it must not have begun.' })
  readonly taskId!: string;

  @Field(() => ID, { description: 'Id of the task to wait for.' })
  readonly dependsOn!: string;

  @Field(() => DependencyModeEnum, { nullable: true, description: 'Which end of it counts. Default COMPLETED.' })
  readonly mode?: DependencyMode | null;

  @Field(() => String, { nullable: true, description: "Why; kept in the job's events." })
  readonly reason?: string | null;
}
