import type { Json, ResumeTaskOptions } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { ResumeAsEnum } from '../enums/resume-as.enum.js';
import { JSONValue } from '../scalars/scalars.js';
import { ControlTaskArgs } from './control-task.args.js';

@ArgsType()
export class ResumeTaskArgs extends ControlTaskArgs {
  @Field(() => ResumeAsEnum, { nullable: true, description: 'What a parked task comes to. Left out, the hold of `pauseTask` is lifted.' })
  readonly as?: NonNullable<ResumeTaskOptions['as']> | null;

  @Field(() => JSONValue, { nullable: true, description: "With COMPLETED: its output, which must fit the agent's schema." })
  readonly output?: Json;
}
