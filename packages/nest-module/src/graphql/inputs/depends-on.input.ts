import type { DependencyMode } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { DependencyModeEnum } from '../enums/dependency-mode.enum.js';

@InputType({ description: 'A task to wait for.' })
export class DependsOnInput {
  @Field(() => String, { description: 'Its key.' })
  readonly task!: string;

  @Field(() => DependencyModeEnum, { nullable: true, description: 'Which end of it counts. Default COMPLETED.' })
  readonly mode?: DependencyMode | null;
}
