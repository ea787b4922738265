import { Float, Int } from '@nestjs/graphql';
import type { FailureStrategy, Json, JsonObject, TaskType } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { FailureStrategyEnum } from '../enums/failure-strategy.enum.js';
import { TaskTypeEnum } from '../enums/task-type.enum.js';
import { DateTime, JSONObject, JSONValue } from '../scalars/scalars.js';
import { ConditionInput } from './condition.input.js';
import { DependsOnInput } from './depends-on.input.js';
import { MapInput } from './map.input.js';
import { RefInput } from './ref.input.js';
import { TaskOverridesInput } from './task-overrides.input.js';

@InputType({ description: 'One task of a job that is submitted. Everything but the key may be left out.' })
export class TaskInput {
  @Field(() => String, { description: 'Its key, unique in the job.' })
  readonly key!: string;

  @Field(() => String, { nullable: true, description: 'Name of its agent. Left out, the task stands for its children.' })
  readonly agent?: string | null;

  @Field(() => TaskTypeEnum, { nullable: true, description: 'Its level. Default: by its place, below what is above it.' })
  readonly type?: TaskType | null;

  @Field(() => String, { nullable: true, description: 'Key of the task above it. Default: the objective.' })
  readonly parent?: string | null;

  @Field(() => String, { nullable: true, description: 'What people see. Default: the key.' })
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is about, in words.' })
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'A free label to filter by.' })
  readonly kind?: string | null;

  @Field(() => String, { nullable: true, description: "Whom it is meant for, in the application's own words: 1 to 200 characters." })
  readonly assignee?: string | null;

  @Field(() => String, { nullable: true, description: 'When its result is good enough, in words.' })
  readonly acceptanceCriteria?: string | null;

  @Field(() => JSONValue, { nullable: true, description: "Its agent's input." })
  readonly input?: Json;

  @Field(() => [RefInput], { nullable: true, description: "Holes in the input that other tasks' outputs fill. Each is a dependency too." })
  readonly refs?: readonly RefInput[] | null;

  @Field(() => [DependsOnInput], { nullable: true, description: 'Tasks to wait for beyond those that refs name.' })
  readonly dependsOn?: readonly DependsOnInput[] | null;

  @Field(() => ConditionInput, { nullable: true, description: "Skip the task where this value is falsy (false, 0, '', null or absent)." })
  readonly when?: ConditionInput | null;

  @Field(() => MapInput, { nullable: true, description: 'Repeat an agent for each item of a list.' })
  readonly map?: MapInput | null;

  @Field(() => Int, { nullable: true, description: "1 to 10, 10 most urgent. Default: the job's." })
  readonly priority?: number | null;

  @Field(() => Float, { nullable: true, description: 'What it counts for in the progress of its job. Default 1.' })
  readonly weight?: number | null;

  @Field(() => FailureStrategyEnum, {
    nullable: true,
    description: "What its final failure does to the rest of the job. Default: the job's.",
  })
  readonly failureStrategy?: FailureStrategy | null;

  @Field(() => TaskOverridesInput, { nullable: true, description: "Settings that replace its agent's." })
  readonly overrides?: TaskOverridesInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'After a crash or a timeout it waits for a person instead of running again. Default: as its agent says.',
  })
  readonly atMostOnce?: boolean | null;

  @Field(() => DateTime, { nullable: true, description: 'It fails with DEADLINE_EXCEEDED when it has not ended by then.' })
  readonly deadline?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'It does not start before then.' })
  readonly runAt?: Date | null;

  @Field(() => JSONValue, {
    nullable: true,
    description: "The output that stands in when it has failed for good; it must fit its agent's output. null is a value too.",
  })
  readonly useValue?: Json;

  @Field(() => String, {
    nullable: true,
    description: 'Key of the task that runs instead when it has failed for good, and whose output stands in.',
  })
  readonly routeTo?: string | null;

  @Field(() => JSONObject, { nullable: true, description: 'Kept with the task and shown again.' })
  readonly metadata?: JsonObject | null;
}
