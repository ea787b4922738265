import { Field, ObjectType } from '../decorators.js';
import { JSONObject } from '../scalars/scalars.js';

@ObjectType({ description: 'A named unit of work that tasks can use.' })
export class Agent {
  @Field(() => String, { description: 'Its name, unique in the application.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it does.' })
  readonly description!: string;

  @Field(() => String, { description: 'Changes when its results change.' })
  readonly version!: string;

  @Field(() => [String], { description: 'Labels by which it can be found.' })
  readonly capabilities!: readonly string[];

  @Field(() => [String], { description: 'Topics that it may publish on.' })
  readonly publishes!: readonly string[];

  @Field(() => [String], { description: 'Topics whose messages run it.' })
  readonly subscribes!: readonly string[];

  @Field(() => JSONObject, { description: 'JSON Schema (2020-12) of what it takes.' })
  readonly inputSchema!: unknown;

  @Field(() => JSONObject, { description: 'JSON Schema (2020-12) of what it gives.' })
  readonly outputSchema!: unknown;
}
