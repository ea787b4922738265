import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

import { approve, checkStock, priceOrder } from '../generated/taskloom.generated.js';
import type { Order } from './order.js';

@Workflow({ name: 'fulfil-order', description: 'Looks up every article, adds the order up and has large ones approved' })
export class FulfilOrder {
  plan(flow: Flow, { customer, lines, orderedAt, coupons }: Order) {
    const checks = lines.map((line) => flow.story('Stock').add(checkStock(line)).out);
    const price = flow.add(priceOrder({ customer, lines, orderedAt: orderedAt.toISOString(), coupons: [...(coupons ?? [])] }));
    const approval = flow.add(approve({ customer, cents: price.out.cents }).priority(8));
    return { cents: price.out.cents, byArticle: price.out.byArticle, approved: approval.out.approved, by: approval.out.by, checks };
  }
}
