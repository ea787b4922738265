import type { Json } from '@taskloom/core';

import { Field, InputType } from '../decorators.js';
import { JSONValue } from '../scalars/scalars.js';
import { InputTemplateInput } from './input-template.input.js';
import { JobOptionsInput } from './job-options.input.js';
import { StepInput } from './step.input.js';
import { TaskInput } from './task.input.js';

@InputType({ description: 'A job as an explicit graph of tasks.' })
export class SubmitJobInput {
  @Field(() => String, { description: 'What people see.' })
  readonly name!: string;

  @Field(() => [TaskInput], { defaultValue: [], description: 'Its tasks, in any order.' })
  readonly tasks!: readonly TaskInput[];

  @Field(() => [StepInput], { nullable: true, description: 'Tasks in the order of their work, beside `tasks`.' })
  readonly steps?: readonly StepInput[] | null;

  @Field(() => JSONValue, { nullable: true, description: "The job's own input, kept for readers." })
  readonly input?: Json;

  @Field(() => InputTemplateInput, { nullable: true, description: "The job's output, made of tasks' outputs." })
  readonly output?: InputTemplateInput | null;

  @Field(() => JobOptionsInput, { nullable: true, description: 'Settings of the job.' })
  readonly options?: JobOptionsInput | null;
}
