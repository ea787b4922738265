/** Who asks, as the application's `authorize` hook told it. */
export interface ApiCaller {
  /** Shown in events as `user:<name>`. Absent: `user`. */
  readonly name?: string;
  /** Milliseconds since the epoch; nothing is pushed afterwards and a WebSocket is closed. */
  readonly expiresAt?: number;
  /** Whatever the other hooks want to know of this caller, for example its roles. Never shown. */
  readonly data?: unknown;
}

export const ANONYMOUS: ApiCaller = {};

export function isExpired({ expiresAt }: ApiCaller): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}

/** The tenant whose limits a caller's operations count for. */
export function tenantOf(_caller: ApiCaller): string {
  return 'default';
}
