import { Int } from '@nestjs/graphql';

import { Field, InputType } from '../decorators.js';
import { InputTemplateInput } from './input-template.input.js';
import { MapHoleInput } from './map-hole.input.js';
import { OutputRefInput } from './output-ref.input.js';
import { TaskOverridesInput } from './task-overrides.input.js';

@InputType({ description: 'One task below this one for each item of a list, or each batch of items, once the list is known.' })
export class MapInput {
  @Field(() => OutputRefInput, { description: 'The list.' })
  readonly over!: OutputRefInput;

  @Field(() => String, { description: 'Name of the agent that takes each item.' })
  readonly agent!: string;

  @Field(() => InputTemplateInput, { description: 'Input of each of the tasks.' })
  readonly input!: InputTemplateInput;

  @Field(() => [MapHoleInput], { description: 'Where the item goes into that input.' })
  readonly items!: readonly MapHoleInput[];

  @Field(() => Int, { nullable: true, description: 'Items for each task, which then get an array. Default: one item each, passed bare.' })
  readonly batch?: number | null;

  @Field(() => String, { nullable: true, description: 'Name of the tasks.' })
  readonly name?: string | null;

  @Field(() => TaskOverridesInput, { nullable: true, description: "Settings of the tasks that replace their agent's." })
  readonly overrides?: TaskOverridesInput | null;
}
