import { Int } from '@nestjs/graphql';
import type { EventType } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { EventTypeEnum } from '../enums/event-type.enum.js';
import { TaskScopeArgs } from './task-scope.args.js';

@ArgsType()
export class JobEventsArgs extends TaskScopeArgs {
  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Number of the last event already seen; 0 for all.' })
  readonly afterSeq?: number | null;

  @Field(() => [EventTypeEnum], { nullable: true, description: 'Only events of these types.' })
  readonly types?: readonly EventType[] | null;
}
