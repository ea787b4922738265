/** Milliseconds that a `Retry-After` header asks for (seconds or a date), at most `mostMs`; `null` where it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number, mostMs: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) - nowMs : Number.NaN;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), mostMs);
}
