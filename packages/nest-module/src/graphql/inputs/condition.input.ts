import type { Json } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';

@InputType({ description: "A condition: the task runs only when another task's output, or a part of it, is truthy." })
export class ConditionInput {
  @Field(() => String, { description: "The other task's key." })
  readonly task!: string;

  @Field(() => String, { nullable: true, description: 'JSON Pointer into its output. Default: the whole of it.' })
  readonly path?: string | null;

  @Field(() => JSONValue, { nullable: true, description: 'Stands in where the source has no value.' })
  readonly or?: Json;
}
