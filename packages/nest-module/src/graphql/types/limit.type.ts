import { Int } from '@nestjs/graphql';
import type { LimitGauge, LimitKind } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';
import { LimitKindEnum } from '../enums/limit-kind.enum.js';

@ObjectType({ description: 'A capacity that tasks take before they start.' })
export class Limit {
  constructor(private readonly gauge: LimitGauge) {}

  @Field(() => String, { description: 'Its name, for example process, agent:<name> or pool:<name>.' })
  get name(): string {
    return this.gauge.limit;
  }

  @Field(() => LimitKindEnum, { description: 'What it counts.' })
  get kind(): LimitKind {
    return this.gauge.kind;
  }

  @Field(() => Int, { description: 'How much of it is taken.' })
  get taken(): number {
    return this.gauge.taken;
  }

  @Field(() => Int, { description: 'How much there is of it.' })
  get capacity(): number {
    return this.gauge.capacity;
  }

  @Field(() => Int, { description: 'How many tasks wait for it.' })
  get waiting(): number {
    return this.gauge.waiting;
  }
}
