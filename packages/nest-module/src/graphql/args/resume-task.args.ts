import type { Json, ResumeTaskOptions } from '@taskloom/core';
import { GraphQLJSON } from 'graphql-scalars';

import { ArgsType, Field } from '../decorators.js';
import { ResumeAsEnum } from '../enums/resume-as.enum.js';
import { ControlTaskArgs } from './control-task.args.js';

@ArgsType()
export class ResumeTaskArgs extends ControlTaskArgs {
  @Field(() => ResumeAsEnum, { nullable: true, description: 'What a parked task comes to. Left out, the hold of `pauseTask` is lifted.' })
  readonly as?: NonNullable<ResumeTaskOptions['as']> | null;

  @Field(() => GraphQLJSON, { nullable: true, description: "With COMPLETED: its output, which must fit the agent's schema." })
  readonly output?: Json;
}
