import type { Json } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';
import { RefInput } from './ref.input.js';

@InputType({ description: 'A value with holes, and what fills them.' })
export class InputTemplateInput {
  @Field(() => JSONValue, { nullable: true, description: 'The value; anything may stand where a ref points to.' })
  readonly value?: Json;

  @Field(() => [RefInput], { nullable: true, description: 'What fills its holes.' })
  readonly refs?: readonly RefInput[] | null;
}
