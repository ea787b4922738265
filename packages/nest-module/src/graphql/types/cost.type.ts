import { Float } from '@nestjs/graphql';
import type { Cost as CostView } from '@taskloom/core';

import { Field, ObjectType } from '../decorators.js';

@ObjectType({ description: 'What was spent of one unit, as agents say it.' })
export class Cost {
  @Field(() => String, { description: "The application's name of it: tokens, usd, seconds of a GPU …" })
  readonly unit!: string;

  @Field(() => Float, { description: 'How much, above 0.' })
  readonly amount!: number;
}

/** Units in the order of their names. */
export function toCosts(cost: CostView): readonly Cost[] {
  return Object.entries(cost).map(([unit, amount]) => ({ unit, amount }));
}
