import type { JobOptions } from '@taskloom/core';

import type { Carrier } from '../carry/carrier.js';
import type { ApiCaller } from './api-caller.js';
import type { ApiRequest } from './api-request.js';

/** How one caller's jobs begin: in its name, and with the context that the application lets them carry. */
export class JobStarts {
  constructor(
    private readonly caller: ApiCaller,
    private readonly request: ApiRequest,
    private readonly carrier: Carrier | null,
  ) {}

  /** @throws what the application's `carry.capture` throws, what `begin` throws */
  async start<Started>(options: JobOptions, begin: (options: JobOptions) => Promise<Started>): Promise<Started> {
    const { caller, request, carrier } = this;
    const named = caller.name === undefined ? options : { ...options, actor: caller.name };
    if (!carrier) return begin(named);
    const carrying = await carrier.into(named, { api: { caller, request } });
    return carrier.within(carrying, () => begin(carrying));
  }
}
