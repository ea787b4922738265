import { HEADERS, PROTOCOL_VERSION, readHead, type MessageHead } from './message.js';
import type { NonceMemory } from './nonce-memory.js';
import { ReplyError } from './reply-codes.js';
import { isSignedBy } from './signature.js';

/** How far the clocks of both sides may be apart. */
export const WINDOW_SECONDS = 300;

export type ReadHeader = (name: string) => string | undefined;

/** The head of a message whose form is right; nothing is proved yet. @throws ReplyError */
export function readMessageHead(header: ReadHeader): MessageHead {
  const version = header(HEADERS.version);
  if (version !== PROTOCOL_VERSION) throw new ReplyError('VERSION_UNKNOWN', `\`${HEADERS.version}\` must be ${PROTOCOL_VERSION}.`);
  const read = readHead(header);
  if ('wrong' in read) throw new ReplyError('MESSAGE_INVALID', `The header \`${read.wrong}\` is missing or malformed.`);
  return read.head;
}

export interface Proof {
  readonly keys: readonly Uint8Array[];
  /** What the sender signed as path. */
  readonly path: string;
  readonly nonces: NonceMemory;
  readonly nowMs: number;
}

/** Checks signature, time and nonce, in this order: only who has the secret learns more than "no". @throws ReplyError */
export function proveMessage(head: MessageHead, header: ReadHeader, body: Uint8Array, { keys, path, nonces, nowMs }: Proof): void {
  if (!isSignedBy(keys, header(HEADERS.signature) ?? '', head, path, body))
    throw new ReplyError('SIGNATURE_INVALID', 'The signature is not right.');
  if (Math.abs(nowMs / 1_000 - head.timestamp) > WINDOW_SECONDS)
    throw new ReplyError('SIGNATURE_INVALID', `The timestamp is more than ${WINDOW_SECONDS} seconds away from the time here.`);
  const taken = nonces.take(head.nonce, nowMs, 2 * WINDOW_SECONDS * 1_000);
  if (taken === 'seen') throw new ReplyError('MESSAGE_REPLAYED', 'A message with this nonce has come before.');
  if (taken === 'full') throw new ReplyError('BUSY', 'Too many messages at the moment.');
}
