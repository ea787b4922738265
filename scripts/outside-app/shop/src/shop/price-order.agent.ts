import { TaskAgent } from '@taskloom/decorators';

import type { Order } from './order.js';
// oxlint-disable-next-line typescript/consistent-type-imports -- NestJS injects by the class, which must be there at run time
import { Warehouse } from './warehouse.js';

/** Adds an order up. */
@TaskAgent({ name: 'price-order', version: '2', timeout: '10s' })
export class PriceOrder {
  constructor(private readonly warehouse: Warehouse) {}

  execute(order: Order): { cents: number; byArticle: Map<string, number>; validUntil: Date } {
    const byArticle = new Map(order.lines.map(({ article, quantity }) => [article, quantity * this.warehouse.article(article).cents]));
    const sum = [...byArticle.values()].reduce((total, cents) => total + cents, 0);
    const cents = order.coupons?.has('TEN-OFF') ? Math.round(sum * 0.9) : sum;
    return { cents, byArticle, validUntil: new Date(order.orderedAt.getTime() + 86_400_000) };
  }
}
