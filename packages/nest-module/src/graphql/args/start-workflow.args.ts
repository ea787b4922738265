import type { Json } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { JobOptionsInput } from '../inputs/job-options.input.js';
import { JSONValue } from '../scalars/scalars.js';

@ArgsType()
export class StartWorkflowArgs {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly name!: string;

  @Field(() => JSONValue, { description: 'What it is started with; checked against its `inputSchema`.' })
  readonly input!: Json;

  @Field(() => JobOptionsInput, { nullable: true, description: 'Settings of the job.' })
  readonly options?: JobOptionsInput | null;
}
