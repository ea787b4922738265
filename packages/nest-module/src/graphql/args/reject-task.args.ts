import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class RejectTaskArgs {
  @Field(() => ID, { description: 'Id of the task.' })
  readonly id!: string;

  @Field(() => String, { description: 'What is to be better; the task runs again with it as feedback.' })
  readonly reason!: string;
}
