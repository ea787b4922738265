import type { Json } from '@taskloom/core';
import { GraphQLJSON } from 'graphql-scalars';

import { ArgsType, Field } from '../decorators.js';
import { JobOptionsInput } from '../inputs/job-options.input.js';

@ArgsType()
export class StartWorkflowArgs {
  @Field(() => String, { description: 'Name of the workflow.' })
  readonly name!: string;

  @Field(() => GraphQLJSON, { description: 'What it is started with; checked against its `inputSchema`.' })
  readonly input!: Json;

  @Field(() => JobOptionsInput, { nullable: true, description: 'Settings of the job.' })
  readonly options?: JobOptionsInput | null;
}
