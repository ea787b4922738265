import { Field, ObjectType } from '../decorators.js';
import { JSONObject } from '../scalars/scalars.js';

@ObjectType({ description: 'A plan that lays out a graph of tasks for an input.' })
export class Workflow {
  @Field(() => String, { description: 'Its name, unique in the application.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it is for.' })
  readonly description!: string;

  @Field(() => String, { description: 'Its version.' })
  readonly version!: string;

  @Field(() => JSONObject, { description: 'JSON Schema (2020-12) of what it is started with.' })
  readonly inputSchema!: unknown;

  @Field(() => JSONObject, {
    nullable: true,
    description: 'JSON Schema (2020-12) of what its jobs result in; null where they have no output of their own.',
  })
  readonly outputSchema!: unknown;
}
