import { Float, Int } from '@nestjs/graphql';
import type { DistributionView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: 'How long something took, in milliseconds. Null where nothing was measured.' })
export class Distribution {
  constructor(private readonly view: DistributionView) {}

  @Field(() => Int, { description: 'How often it was measured.' })
  get count(): number {
    return this.view.count;
  }

  @Field(() => Float, { description: 'All of it together.' })
  get sum(): number {
    return this.view.sum;
  }

  @Field(() => Float, { nullable: true, description: 'The shortest.' })
  get min(): number | null {
    return this.view.min;
  }

  @Field(() => Float, { nullable: true, description: 'On average.' })
  get mean(): number | null {
    return this.view.mean;
  }

  @Field(() => Float, { nullable: true, description: 'The longest.' })
  get max(): number | null {
    return this.view.max;
  }

  @Field(() => Float, { nullable: true, description: 'Half took no longer, within a tenth.' })
  get p50(): number | null {
    return this.view.p50;
  }

  @Field(() => Float, { nullable: true, description: 'Of 100, 95 took no longer, within a tenth.' })
  get p95(): number | null {
    return this.view.p95;
  }

  @Field(() => Float, { nullable: true, description: 'Of 100, 99 took no longer, within a tenth.' })
  get p99(): number | null {
    return this.view.p99;
  }
}
