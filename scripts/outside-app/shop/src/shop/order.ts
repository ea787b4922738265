/** One article of an order. */
export interface OrderLine {
  /**
   * @pattern ^[A-Z]{2}-[0-9]+$
   * @example "TE-1"
   */
  article: string;
  /**
   * @minimum 1
   * @integer
   */
  quantity: number;
}

/**
 * What a customer orders.
 *
 * @example { "customer": "Ada", "lines": [{ "article": "TE-1", "quantity": 2 }, { "article": "MU-7", "quantity": 1 }], "orderedAt": "2026-01-31T09:30:00Z" }
 */
export interface Order {
  customer: string;
  lines: OrderLine[];
  orderedAt: Date;
  /** Codes that make it cheaper, each counted once. */
  coupons?: Set<string>;
}
