import { ArgsType, Field } from '../decorators.js';

@ArgsType()
export class AgentsArgs {
  @Field(() => String, { nullable: true, description: 'Only agents with this capability.' })
  readonly capability?: string | null;
}
