import type { IncomingMessage } from 'node:http';

/**
 * Whether a WebSocket may be opened: browsers send the page's origin and no preflight, so without this check any page
 * could open one with its user's cookies. Other programs send no origin; with cookies that is suspicious.
 */
export function isAllowedOrigin(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin, host, cookie } = request.headers;
  if (origin === undefined) return cookie === undefined;
  return allowedOrigins.includes(origin) || (host !== undefined && hostOf(origin) === host.toLowerCase());
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
