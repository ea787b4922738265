/**
 * How much of an input or output is shown, by where it was reached: alone, pushed by a subscription, or as one of a
 * list. What is larger is replaced by the beginning of its JSON text.
 */
export const PAYLOAD_BYTES = {
  whole: 16 * 1_048_576,
  pushed: 65_536,
  preview: 4_096,
} as const;

export type PayloadSize = keyof typeof PAYLOAD_BYTES;
