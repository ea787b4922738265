import type { Json } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';

@InputType({ description: 'A place in the input of a mapped task that receives the item.' })
export class MapHoleInput {
  @Field(() => String, { description: 'JSON Pointer to the place in the input.' })
  readonly at!: string;

  @Field(() => String, { nullable: true, description: 'JSON Pointer into the item (or batch). Default: the whole of it.' })
  readonly path?: string | null;

  @Field(() => JSONValue, { nullable: true, description: 'Stands in where the item has no value there.' })
  readonly or?: Json;
}
