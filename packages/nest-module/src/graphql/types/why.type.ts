import { ID } from '@nestjs/graphql';
import type { WhyCode, WhyView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { WhyCodeEnum } from '../enums/why-code.enum.js';
import { DateTime } from '../scalars/scalars.js';
import { AgentChoice } from './agent-choice.type.js';
import { dateOf } from './date-of.js';

@ObjectType({ description: 'Why a task stands where it stands, and what moves it on.' })
export class Why {
  constructor(private readonly view: WhyView) {}

  @Field(() => WhyCodeEnum, { description: 'Why, for programs.' })
  get code(): WhyCode {
    return this.view.code;
  }

  @Field(() => String, { description: 'Why, as a sentence.' })
  get message(): string {
    return this.view.message;
  }

  @Field(() => String, { description: 'What moves the task on.' })
  get remedy(): string {
    return this.view.remedy;
  }

  @Field(() => [ID], { description: 'Ids of the tasks that hold it back, or brought its end about; at most 20.' })
  get blockers(): readonly string[] {
    return this.view.blockers;
  }

  @Field(() => String, { nullable: true, description: 'The limit that has no room.' })
  get limit(): string | null {
    return this.view.limit;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it goes on by itself.' })
  get until(): Date | null {
    return dateOf(this.view.until);
  }

  @Field(() => [ID], { description: 'Ids of the questions to people that it waits for.' })
  get requests(): readonly string[] {
    return this.view.requests;
  }

  @Field(() => AgentChoice, { description: 'Why its agent is the one that it is.' })
  get agent(): AgentChoice {
    return new AgentChoice(this.view.agent);
  }
}
