import { Field, InputType } from '../decorators.js';

@InputType({ description: "Another task's output, or a part of it." })
export class OutputRefInput {
  @Field(() => String, { description: "The task's key." })
  readonly task!: string;

  @Field(() => String, { nullable: true, description: 'JSON Pointer into its output. Default: the whole of it.' })
  readonly path?: string | null;
}
