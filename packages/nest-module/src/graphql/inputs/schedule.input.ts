import { ID } from '@nestjs/graphql';
import type { Json, MissedTicks, Overlap } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { MissedTicksEnum } from '../enums/missed-ticks.enum.js';
import { OverlapEnum } from '../enums/overlap.enum.js';
import { DateTime, JSONValue } from '../scalars/scalars.js';
import { JobOptionsInput } from './job-options.input.js';

@InputType({ description: 'When a workflow is started again and again: by `every` or by `cron`.' })
export class ScheduleInput {
  @Field(() => ID, { description: 'Its name, unique among schedules.' })
  readonly id!: string;

  @Field(() => String, { description: 'Name of the workflow that each tick starts.' })
  readonly workflow!: string;

  @Field(() => String, { nullable: true, description: "The time between two ticks, for example '15m'. At least 1 s." })
  readonly every?: string | null;

  @Field(() => String, { nullable: true, description: 'A cron line of five fields, or six with seconds first: `0 7 * * 1-5`.' })
  readonly cron?: string | null;

  @Field(() => String, { nullable: true, description: 'IANA name of the time zone that `cron` is meant in. Default UTC.' })
  readonly timezone?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'No tick before then. Default: now.' })
  readonly startAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'No tick after then. Default: never.' })
  readonly endAt?: Date | null;

  @Field(() => MissedTicksEnum, { nullable: true, description: 'What becomes of ticks that nobody was there for. Default ONCE.' })
  readonly missed?: MissedTicks | null;

  @Field(() => OverlapEnum, { nullable: true, description: 'What becomes of a tick while the job of the last one is open. Default SKIP.' })
  readonly overlap?: Overlap | null;

  @Field(() => JSONValue, { nullable: true, description: 'Input of each job. Default null.' })
  readonly input?: Json;

  @Field(() => JobOptionsInput, { nullable: true, description: "Options of each job; `idempotencyKey` is the schedule's own." })
  readonly options?: JobOptionsInput | null;
}
