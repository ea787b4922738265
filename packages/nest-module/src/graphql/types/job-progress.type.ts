import { Float, ID } from '@nestjs/graphql';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: 'How far a story of a job is.' })
export class StoryProgress {
  @Field(() => ID, { description: 'Id of the task that stands for it.' })
  readonly taskId!: string;

  @Field(() => String, { description: 'Its key.' })
  readonly key!: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => Float, { description: 'How far it is, 0 to 100, by the weights of its tasks and what those that run report.' })
  readonly percent!: number;

  @Field(() => Float, { description: 'What it counts for in the job.' })
  readonly weight!: number;
}

@ObjectType({ description: 'How far a job is, rolled up from its tasks.' })
export class JobProgress {
  @Field(() => Float, { description: 'How far it is, 0 to 100, by the weights of its tasks and what those that run report.' })
  readonly percent!: number;

  @Field(() => Float, { description: 'The weight of all its tasks together.' })
  readonly weight!: number;

  @Field(() => [StoryProgress], { description: 'Its stories, in order.' })
  readonly stories!: readonly StoryProgress[];
}
