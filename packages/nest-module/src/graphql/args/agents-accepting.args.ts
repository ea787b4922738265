import type { Json } from '@taskloom/core';
import { GraphQLJSON } from 'graphql-scalars';

import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class AgentsAcceptingArgs {
  @Field(() => GraphQLJSON, { description: 'The value that must fit the input schema.' })
  readonly input!: Json;
}
