import { ArgsType, Field } from '../decorators.js';
import { ScheduleInput } from '../inputs/schedule.input.js';

@ArgsType()
export class CreateScheduleArgs {
  @Field(() => ScheduleInput, { description: 'The schedule.' })
  readonly input!: ScheduleInput;
}
