import { ID, Int } from '@nestjs/graphql';
import type { GraphDetail, GraphFormat } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { GraphDetailEnum } from '../enums/graph-detail.enum.js';
import { GraphFormatEnum } from '../enums/graph-format.enum.js';

@ArgsType()
export class JobGraphArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  readonly jobId!: string;

  @Field(() => ID, { nullable: true, description: 'Only what is near to this task.' })
  readonly taskId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How near to `taskId`, in steps along dependencies and the hierarchy: 0 to 100. Default 1.',
  })
  readonly depth?: number | null;

  @Field(() => GraphFormatEnum, { description: 'How it is written.' })
  readonly format!: GraphFormat;

  @Field(() => GraphDetailEnum, { defaultValue: 'SIMPLE', description: 'How much it says.' })
  readonly detail!: GraphDetail;
}
