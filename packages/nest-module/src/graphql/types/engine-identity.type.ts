import { ID } from '@nestjs/graphql';
import type { EngineIdentity as EngineIdentityView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: 'Which engine it was. Of two with one name, as before and after a restart, the id tells them apart.' })
export class EngineIdentity implements EngineIdentityView {
  @Field(() => ID, { description: 'New with each start of an engine.' })
  readonly id!: string;

  @Field(() => String, { description: "What it is called: the option `name`, else its machine's host name." })
  readonly name!: string;
}
