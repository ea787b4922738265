import { Int } from '@nestjs/graphql';

import type { AttemptStatus, AttemptView } from '../attempts-of.js';
import { Field, ObjectType } from '../decorators.js';
import { AttemptStatusEnum } from '../enums/attempt-status.enum.js';
import { DateTime } from '../scalars/scalars.js';
import { dateOf } from './date-of.js';
import { Failure } from './failure.type.js';

@ObjectType({ description: 'One run of a task’s agent: an attempt, or the part of it up to a wait.' })
export class Attempt {
  constructor(private readonly view: AttemptView) {}

  @Field(() => Int, { description: 'From 1 in each generation of the task. What goes on after a wait has the same number.' })
  get number(): number {
    return this.view.number;
  }

  @Field(() => AttemptStatusEnum, { description: 'What became of it.' })
  get status(): AttemptStatus {
    return this.view.status;
  }

  @Field(() => DateTime, { description: 'When its agent was called.' })
  get startedAt(): Date {
    return new Date(this.view.startedAt);
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ended; null while it runs, and where it ended with so many other tasks that the event does not name it.',
  })
  get endedAt(): Date | null {
    return dateOf(this.view.endedAt);
  }

  @Field(() => Failure, { nullable: true, description: 'Why it failed.' })
  get error(): Failure | null {
    return Failure.of(this.view.error);
  }
}
