import type { IncomingMessage } from 'node:http';

import type { JsonObject } from '@taskloom/core';

import { ApiError } from '../errors/api-error.js';
import { ANONYMOUS, isExpired, type ApiCaller } from './api-caller.js';
import { httpRequestOf, socketRequestOf, type ApiRequest } from './api-request.js';
import type { CheckCaller } from './authorize.js';
import { isAllowedOrigin } from './is-allowed-origin.js';
import { isLocal } from './is-local.js';
import { tenantId } from './tenant-id.js';

export interface AccessOptions {
  readonly allowAnonymous: boolean;
  readonly authorize: { readonly caller: CheckCaller } | null;
  readonly allowedOrigins: readonly string[];
  readonly tenancy: boolean;
}

/** Who may use the API: whom the application's hook admits; without a hook, this machine alone, or everyone where that was said. */
export class AccessControl {
  constructor(private readonly options: AccessOptions) {}

  /** What can be said before a caller has introduced itself. @throws ApiError `AUTH_REQUIRED` */
  checkPeer(request: IncomingMessage): void {
    if (this.options.authorize || this.options.allowAnonymous || isLocal(request)) return;
    throw new ApiError(
      'AUTH_REQUIRED',
      'This API answers only callers on its own machine: the application has not said who else may use it.',
    );
  }

  /** @throws ApiError `AUTH_REQUIRED`, `ORIGIN_REFUSED` */
  checkUpgrade(request: IncomingMessage): void {
    if (!isAllowedOrigin(request, this.options.allowedOrigins))
      throw new ApiError('ORIGIN_REFUSED', 'A page of that origin may not open a WebSocket here.');
    this.checkPeer(request);
  }

  /** @throws ApiError `AUTH_REQUIRED`, `FORBIDDEN`; what the hook throws */
  callerOf(request: IncomingMessage): Promise<ApiCaller> {
    return this.ask(httpRequestOf(request));
  }

  /** @throws ApiError `AUTH_REQUIRED`, `FORBIDDEN`; what the hook throws */
  socketCallerOf(request: IncomingMessage, connectionParams: JsonObject | null): Promise<ApiCaller> {
    return this.ask(socketRequestOf(request, connectionParams));
  }

  private async ask(request: ApiRequest): Promise<ApiCaller> {
    this.checkPeer(request.request);
    if (!this.options.authorize) return ANONYMOUS;
    const answer = await this.options.authorize.caller(request);
    if (!answer || (answer !== true && isExpired(answer))) throw new ApiError('FORBIDDEN', 'The application does not admit this caller.');
    const caller = answer === true ? ANONYMOUS : answer;
    if (!this.options.tenancy) return caller;
    // What comes from untyped code is checked again: without a tenant nothing may be seen.
    if (caller.tenant === undefined) throw new ApiError('FORBIDDEN', 'The application does not say which tenant this caller belongs to.');
    return { ...caller, tenant: tenantId(caller.tenant) };
  }
}
