import { ID, Int } from '@nestjs/graphql';
import type { GraphDetail, GraphFormat } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { GraphDetailEnum } from '../enums/graph-detail.enum.js';
import { GraphFormatEnum } from '../enums/graph-format.enum.js';

@ArgsType()
export class JobGraphArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;

  @Field(() => ID, { nullable: true, description: 'Only this task and what is below it.' })
  readonly taskId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Only so many levels.' })
  readonly depth?: number | null;

  @Field(() => GraphFormatEnum, { description: 'How it is written.' })
  readonly format!: GraphFormat;

  @Field(() => GraphDetailEnum, { defaultValue: 'SIMPLE', description: 'How much it says.' })
  readonly detail!: GraphDetail;
}
