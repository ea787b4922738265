import { ArgsType, Field } from '../decorators.js';
import { SubmitJobInput } from '../inputs/submit-job.input.js';

@ArgsType()
export class SubmitJobArgs {
  @Field(() => SubmitJobInput, { description: 'The job.' })
  readonly job!: SubmitJobInput;
}
