import { ID } from '@nestjs/graphql';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class IdArgs {
  @Field(() => ID, { description: 'The id.' })
  readonly id!: string;
}
