import { ID } from '@nestjs/graphql';
import type { JobCost as JobCostView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { Cost, toCosts } from './cost.type.js';

@ObjectType({ description: 'What a story of a job has spent.' })
export class StoryCost {
  @Field(() => ID, { description: 'Id of the task that stands for it.' })
  readonly taskId!: string;

  @Field(() => String, { description: 'Its key.' })
  readonly key!: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => [Cost], { description: 'Of it and everything below it, by unit; empty for nothing.' })
  readonly cost!: readonly Cost[];
}

@ObjectType({ description: 'What a job has spent, rolled up from its tasks.' })
export class JobCost {
  @Field(() => [Cost], { description: 'Of all its tasks, whatever became of them, by unit; empty for nothing.' })
  readonly cost!: readonly Cost[];

  @Field(() => [StoryCost], { description: 'Its stories, in order.' })
  readonly stories!: readonly StoryCost[];
}

export function toJobCost({ cost, stories }: JobCostView): JobCost {
  return { cost: toCosts(cost), stories: stories.map((story) => ({ ...story, cost: toCosts(story.cost) })) };
}
