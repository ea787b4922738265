import type { Json } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';

@InputType({ description: "A hole in an input that is filled with another task's output when the task starts." })
export class RefInput {
  @Field(() => String, { description: 'JSON Pointer to the hole in the input, for example /files/0.' })
  readonly at!: string;

  @Field(() => String, { description: 'Key of the task whose output is read.' })
  readonly task!: string;

  @Field(() => String, { nullable: true, description: 'JSON Pointer into that output. Default: the whole of it.' })
  readonly path?: string | null;

  @Field(() => JSONValue, { nullable: true, description: 'Stands in where the source has no value.' })
  readonly or?: Json;
}
