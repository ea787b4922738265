import { Float, ID } from '@nestjs/graphql';
import type { Json, MissedTicks, Overlap, ScheduleView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { MissedTicksEnum } from '../enums/missed-ticks.enum.js';
import { OverlapEnum } from '../enums/overlap.enum.js';
import { DateTime, JSONValue } from '../scalars/scalars.js';
import { dateOf } from './date-of.js';

@ObjectType({ description: 'When a workflow is started again and again.' })
export class Schedule {
  constructor(private readonly view: ScheduleView) {}

  @Field(() => ID, { description: 'Its name, unique among schedules.' })
  get id(): string {
    return this.view.id;
  }

  @Field(() => String, { description: 'Name of the workflow that each tick starts.' })
  get workflow(): string {
    return this.view.workflow;
  }

  @Field(() => Float, { nullable: true, description: 'Milliseconds between two ticks; null where `cron` says when.' })
  get every(): number | null {
    return this.view.every;
  }

  @Field(() => String, { nullable: true, description: 'Its cron line; null where `every` says when.' })
  get cron(): string | null {
    return this.view.cron;
  }

  @Field(() => String, { description: 'The time zone that `cron` is meant in.' })
  get timezone(): string {
    return this.view.timezone;
  }

  @Field(() => DateTime, { nullable: true, description: 'No tick before then.' })
  get startAt(): Date | null {
    return dateOf(this.view.startAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'No tick after then.' })
  get endAt(): Date | null {
    return dateOf(this.view.endAt);
  }

  @Field(() => MissedTicksEnum, { description: 'What becomes of ticks that nobody was there for.' })
  get missed(): MissedTicks {
    return this.view.missed;
  }

  @Field(() => OverlapEnum, { description: 'What becomes of a tick while the job of the last one is open.' })
  get overlap(): Overlap {
    return this.view.overlap;
  }

  @Field(() => JSONValue, { nullable: true, description: 'Input of each job.' })
  get input(): Json {
    return this.view.input;
  }

  @Field(() => Boolean, { description: 'Whether its workflow declares it; then it comes back with the next start.' })
  get declared(): boolean {
    return this.view.declared;
  }

  @Field(() => Boolean, { description: 'Whether it is paused.' })
  get paused(): boolean {
    return this.view.paused;
  }

  @Field(() => DateTime, { nullable: true, description: 'The next tick; null where none is left.' })
  get nextAt(): Date | null {
    return dateOf(this.view.nextAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'The last tick.' })
  get lastAt(): Date | null {
    return dateOf(this.view.lastAt);
  }

  @Field(() => ID, { nullable: true, description: 'The job of the last tick that started one.' })
  get lastJobId(): string | null {
    return this.view.lastJobId;
  }

  @Field(() => String, { nullable: true, description: 'Why the last tick started no job, where it did not.' })
  get lastProblem(): string | null {
    return this.view.lastProblem;
  }

  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): Date {
    return new Date(this.view.createdAt);
  }
}
