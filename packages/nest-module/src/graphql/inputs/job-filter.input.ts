import type { JobStatus } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { JobStatusEnum } from '../enums/job-status.enum.js';
import { DateTime } from '../scalars/scalars.js';

@InputType({ description: 'Which jobs to list; all conditions must hold.' })
export class JobFilter {
  @Field(() => [JobStatusEnum], { nullable: true, description: 'It stands at one of these.' })
  readonly status?: readonly JobStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Name of its workflow.' })
  readonly workflow?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name.' })
  readonly name?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has not ended. Default: both.' })
  readonly open?: boolean | null;

  @Field(() => DateTime, { nullable: true, description: 'It was accepted after that.' })
  readonly createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'It was accepted before that.' })
  readonly createdBefore?: Date | null;
}
