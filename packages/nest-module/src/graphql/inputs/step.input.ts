import { Field, InputType } from '../decorators.js';
import { TaskInput } from './task.input.js';

@InputType({
  description:
    'One of several ordered steps: a task that waits for the step before it, and for all that this one runs beside. Where `dependsOn` is given, an empty list too, it takes the place of that.',
})
export class StepInput extends TaskInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'It runs beside the step before it: it waits for what that one waits for. Default false.',
  })
  readonly parallel?: boolean | null;
}
