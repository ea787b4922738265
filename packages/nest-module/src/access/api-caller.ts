/** Who asks, as the application's `authorize` hook told it. */
export interface ApiCaller {
  /** Shown in events as `user:<name>`. Absent: `user`. */
  readonly name?: string;
  /** Milliseconds since the epoch; a WebSocket is closed when it has passed. */
  readonly expiresAt?: number;
}

export const ANONYMOUS: ApiCaller = {};
