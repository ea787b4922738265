import { TaskAgent } from '@taskloom/decorators';

import type { OrderLine } from './order.js';
// oxlint-disable-next-line typescript/consistent-type-imports -- NestJS injects by the class, which must be there at run time
import { Warehouse } from './warehouse.js';

/** What there is of an article. */
export type Stock = { kind: 'in-stock'; left: number } | { kind: 'back-order'; until: Date };

@TaskAgent({ name: 'check-stock', description: 'Looks up what there is of an article', capabilities: ['read-warehouse'] })
export class CheckStock {
  constructor(private readonly warehouse: Warehouse) {}

  execute({ article, quantity }: OrderLine): { article: string; stock: Stock } {
    const { left } = this.warehouse.article(article);
    if (left >= quantity) return { article, stock: { kind: 'in-stock', left: left - quantity } };
    return { article, stock: { kind: 'back-order', until: new Date('2026-03-01T00:00:00Z') } };
  }
}
