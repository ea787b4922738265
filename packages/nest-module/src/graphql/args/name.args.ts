import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class NameArgs {
  @Field(() => String, { description: 'The name.' })
  readonly name!: string;
}
