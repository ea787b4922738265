/** Codes with which the server closes WebSockets beside those of the graphql-transport-ws protocol. */
export const CLOSE_CODES = {
  goingAway: 1001,
  forbidden: 4403,
  /** More than may wait has waited too long for the reader; the reason names from where to resume. */
  slowReader: 4413,
  /** There are too many already. */
  tooMany: 4429,
  internal: 4500,
} as const;

/** Most bytes that a close reason may have. */
export const REASON_BYTES = 123;

export function closeReason(text: string): string {
  return Buffer.from(text, 'utf8').subarray(0, REASON_BYTES).toString('utf8').replace(/�$/, '');
}
