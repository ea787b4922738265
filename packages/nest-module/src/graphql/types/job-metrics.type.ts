import { Int } from '@nestjs/graphql';
import type { EngineMetrics } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: "What became of jobs since the engine's start." })
export class JobMetrics {
  constructor(private readonly view: EngineMetrics['jobs']) {}

  @Field(() => Int, { description: 'Jobs that were accepted.' })
  get submitted(): number {
    return this.view.submitted;
  }

  @Field(() => Int, { description: 'Jobs that have completed.' })
  get completed(): number {
    return this.view.completed;
  }

  @Field(() => Int, { description: 'Jobs that failed.' })
  get failed(): number {
    return this.view.failed;
  }

  @Field(() => Int, { description: 'Jobs that were cancelled.' })
  get cancelled(): number {
    return this.view.cancelled;
  }
}
