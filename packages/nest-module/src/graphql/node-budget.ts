import { ApiError } from '../errors/api-error.js';

/** How many objects one operation may still read. Pages inside pages multiply; this bounds what they come to. */
export class NodeBudget {
  private taken = 0;

  constructor(private readonly limit: number) {}

  take(count: number): void {
    this.taken += count;
    if (this.taken > this.limit) {
      throw new ApiError('QUERY_TOO_COSTLY', `The operation reads more than ${this.limit} objects (\`api.limits.nodes\`).`, {
        limit: this.limit,
        setting: 'api.limits.nodes',
      });
    }
  }
}
