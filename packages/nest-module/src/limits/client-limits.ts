import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { ApiError } from '../errors/api-error.js';
import type { ApiLimits } from './api-limits.js';

type CountedLimit = 'subscriptionsPerTenant' | 'socketsPerTenant';

/** What one client, and what the clients of one tenant together, may take of a server over time. */
export class ClientLimits {
  private readonly operations: RateLimiterMemory;
  private readonly open = { subscriptionsPerTenant: new Map<string, number>(), socketsPerTenant: new Map<string, number>() };

  constructor(private readonly limits: Pick<ApiLimits, 'operationsPerSecond' | CountedLimit>) {
    this.operations = new RateLimiterMemory({ points: limits.operationsPerSecond, duration: 1 });
  }

  /** One more operation of a client. @throws ApiError `RATE_LIMITED` */
  async countOperation(client: string): Promise<void> {
    try {
      await this.operations.consume(client);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const limit = this.limits.operationsPerSecond;
      throw new ApiError(
        'RATE_LIMITED',
        `More than ${limit} operations in a second came from this client (\`api.limits.operationsPerSecond\`).`,
        {
          limit,
          setting: 'api.limits.operationsPerSecond',
          retryAfterMs: refused.msBeforeNext,
        },
      );
    }
  }

  /** @returns what gives the place back. @throws ApiError `SUBSCRIPTION_LIMIT` */
  takeSubscription(tenant: string): () => void {
    return this.take('subscriptionsPerTenant', tenant, 'subscriptions');
  }

  /** @returns what gives the place back. @throws ApiError `SUBSCRIPTION_LIMIT` */
  takeSocket(tenant: string): () => void {
    return this.take('socketsPerTenant', tenant, 'WebSockets');
  }

  private take(name: CountedLimit, tenant: string, what: string): () => void {
    const open = this.open[name];
    const count = open.get(tenant) ?? 0;
    const limit = this.limits[name];
    if (count >= limit) {
      throw new ApiError('SUBSCRIPTION_LIMIT', `${limit} ${what} are open already (\`api.limits.${name}\`).`, {
        limit,
        setting: `api.limits.${name}`,
      });
    }
    open.set(tenant, count + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = open.get(tenant)! - 1;
      if (left > 0) open.set(tenant, left);
      else open.delete(tenant);
    };
  }
}
