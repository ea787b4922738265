import type { Json } from '@taskloom/core';

import { ArgsType, Field } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';

@ArgsType()
export class AgentsAcceptingArgs {
  @Field(() => JSONValue, { description: 'The value that must fit the input schema.' })
  readonly input!: Json;
}
