import { ID } from '@nestjs/graphql';
import type { HumanRequestView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { RequestKindEnum } from '../enums/request-kind.enum.js';
import { RequestStatusEnum } from '../enums/request-status.enum.js';
import { TimeoutActionEnum } from '../enums/timeout-action.enum.js';
import { DateTime, JSONObject, JSONValue } from '../scalars/scalars.js';
import { dateOf } from './date-of.js';

@ObjectType({ description: 'A durable question to a person. The first answer that fits its schema counts.' })
export class HumanRequest {
  constructor(readonly view: HumanRequestView) {}

  @Field(() => ID, { description: 'Its id.' })
  get id(): string {
    return this.view.id;
  }

  @Field(() => ID, { description: 'Id of the job.' })
  get jobId(): string {
    return this.view.jobId;
  }

  @Field(() => ID, { description: 'Id of the task that asks.' })
  get taskId(): string {
    return this.view.taskId;
  }

  @Field(() => String, { description: 'Key of the task that asks.' })
  get taskKey(): string {
    return this.view.taskKey;
  }

  @Field(() => RequestKindEnum, { description: 'What it asks for.' })
  get kind(): HumanRequestView['kind'] {
    return this.view.kind;
  }

  @Field(() => String, { description: 'Its name, unique in the task.' })
  get name(): string {
    return this.view.name;
  }

  @Field(() => String, { description: 'The question, for people.' })
  get question(): string {
    return this.view.question;
  }

  @Field(() => JSONObject, { nullable: true, description: 'What the question is about.' })
  get about(): unknown {
    return this.view.about;
  }

  @Field(() => JSONObject, { nullable: true, description: 'JSON Schema of the answer; null: any JSON.' })
  get answerSchema(): unknown {
    return this.view.schema;
  }

  @Field(() => RequestStatusEnum, { description: 'Where it stands.' })
  get status(): HumanRequestView['status'] {
    return this.view.status;
  }

  @Field(() => DateTime, { nullable: true, description: 'Until when it may be answered; null: for ever.' })
  get deadline(): Date | null {
    return dateOf(this.view.deadline);
  }

  @Field(() => TimeoutActionEnum, { description: 'What happens when nobody answers by then.' })
  get onTimeout(): HumanRequestView['onTimeout'] {
    return this.view.onTimeout;
  }

  @Field(() => String, { description: 'Of the question as it reads: an answer that names it is refused when the question has changed.' })
  get requestHash(): string {
    return this.view.hash;
  }

  @Field(() => DateTime, { description: 'When it was asked.' })
  get createdAt(): Date {
    return new Date(this.view.createdAt);
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was answered, expired or was withdrawn.' })
  get closedAt(): Date | null {
    return dateOf(this.view.closedAt);
  }

  @Field(() => JSONValue, { nullable: true, description: 'What was answered.' })
  get answer(): unknown {
    return this.view.answer;
  }

  @Field(() => String, { nullable: true, description: "Whom it is meant for, in the application's own words. Others may answer it, too." })
  get assignee(): string | null {
    return this.view.assignee;
  }

  @Field(() => String, { nullable: true, description: 'Who answered: user or user:<name>.' })
  get answeredBy(): string | null {
    return this.view.answeredBy;
  }
}
