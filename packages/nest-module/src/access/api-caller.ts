import type { TenantId } from './tenant-id.js';

/** Who asks, as the application's `authorize` hook told it. */
export interface ApiCaller {
  /** Shown in events as `user:<name>`. Absent: `user`. */
  readonly name?: string;
  /** Whose jobs it sees; required with `api.tenancy`. Made with `tenantId()` from what the application knows of the caller. */
  readonly tenant?: TenantId;
  /** Milliseconds since the epoch; nothing is pushed afterwards and a WebSocket is closed. */
  readonly expiresAt?: number;
  /** Whatever the other hooks want to know of this caller, for example its roles. Never shown. */
  readonly data?: unknown;
}

export const ANONYMOUS: ApiCaller = {};

export function isExpired({ expiresAt }: ApiCaller): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}

/** Whose limits a caller's operations count for. */
export function tenantOf({ tenant }: ApiCaller): string {
  return tenant ?? 'default';
}
