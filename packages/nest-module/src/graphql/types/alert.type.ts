import { Float, ID } from '@nestjs/graphql';
import type { AlertKind, AlertLevel, AlertView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { AlertKindEnum } from '../enums/alert-kind.enum.js';
import { AlertLevelEnum } from '../enums/alert-level.enum.js';
import { DateTime } from '../scalars/scalars.js';
import { dateOf } from './date-of.js';

@ObjectType({ description: 'Something passed its threshold, and may have come back since.' })
export class Alert {
  constructor(private readonly view: AlertView) {}

  @Field(() => ID, { description: 'Its id.' })
  get id(): string {
    return this.view.id;
  }

  @Field(() => AlertKindEnum, { description: 'What is out of bounds.' })
  get kind(): AlertKind {
    return this.view.kind;
  }

  @Field(() => AlertLevelEnum, { description: 'How far.' })
  get level(): AlertLevel {
    return this.view.level;
  }

  @Field(() => Boolean, { description: 'Whether it lasts.' })
  get active(): boolean {
    return this.view.clearedAt === null;
  }

  @Field(() => String, { description: "What it is about: a task's or a job's id, agent:<name> or pool:<name>." })
  get subject(): string {
    return this.view.subject;
  }

  @Field(() => ID, { nullable: true, description: 'Id of the job it is about, where it is about one.' })
  get jobId(): string | null {
    return this.view.jobId;
  }

  @Field(() => ID, { nullable: true, description: 'Id of the task it is about, where it is about one.' })
  get taskId(): string | null {
    return this.view.taskId;
  }

  @Field(() => String, { description: 'What is wrong, as a sentence.' })
  get message(): string {
    return this.view.message;
  }

  @Field(() => Float, { description: 'Milliseconds, or a share from 0 to 1; the highest since it was raised.' })
  get value(): number {
    return this.view.value;
  }

  @Field(() => Float, { description: 'What it may not pass.' })
  get threshold(): number {
    return this.view.threshold;
  }

  @Field(() => DateTime, { description: 'When it was raised.' })
  get raisedAt(): Date {
    return new Date(this.view.raisedAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was over; null while it lasts.' })
  get clearedAt(): Date | null {
    return dateOf(this.view.clearedAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When somebody said that it is seen to.' })
  get acknowledgedAt(): Date | null {
    return dateOf(this.view.acknowledgedAt);
  }

  @Field(() => String, { nullable: true, description: 'Who said so: user or user:<name>.' })
  get acknowledgedBy(): string | null {
    return this.view.acknowledgedBy;
  }
}
