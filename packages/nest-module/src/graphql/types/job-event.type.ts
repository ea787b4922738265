import { ID, Int } from '@nestjs/graphql';
import type { EventType, EventView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { EventTypeEnum } from '../enums/event-type.enum.js';
import { DateTime, JSONObject } from '../scalars/scalars.js';
import { EngineIdentity } from './engine-identity.type.js';

@ObjectType({ description: "One fact about a job. A job's events are numbered 1, 2, 3 … without gaps." })
export class JobEvent {
  constructor(readonly view: EventView) {}

  @Field(() => ID, { description: 'Id of the job.' })
  get jobId(): string {
    return this.view.jobId;
  }

  @Field(() => Int, { description: 'Its number in the job: pass the last one seen as `afterSeq` to read on.' })
  get seq(): number {
    return this.view.seq;
  }

  @Field(() => EventTypeEnum, { description: 'What happened.' })
  get type(): EventType {
    return this.view.type;
  }

  @Field(() => ID, { nullable: true, description: 'Id of the task it concerns, where it concerns one.' })
  get taskId(): string | null {
    return this.view.taskId;
  }

  @Field(() => String, { nullable: true, description: 'Key of that task.' })
  get taskKey(): string | null {
    return this.view.taskKey;
  }

  @Field(() => DateTime, { description: 'When it happened. Order is by `seq`, never by time.' })
  get at(): Date {
    return new Date(this.view.at);
  }

  @Field(() => String, { description: 'Who brought it about: engine, agent, user or user:<name>.' })
  get actor(): string {
    return this.view.actor;
  }

  @Field(() => EngineIdentity, { nullable: true, description: 'The engine that wrote it; null for an event from before they were told.' })
  get engine(): EngineIdentity | null {
    return this.view.engine;
  }

  @Field(() => JSONObject, { description: 'What the event says; its shape depends on `type`. Large values are left out.' })
  get data(): unknown {
    return this.view.data;
  }
}
