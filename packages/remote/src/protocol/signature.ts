import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { HEADERS, PROTOCOL_VERSION, type CallIdentity, type MessageHead, type MessageKind } from './message.js';

const FORM = /^v1=([0-9a-f]{64})$/;
const RANDOM_BYTES = 16;

/** 22 random characters of base64url: a nonce, or a fence. */
export function randomToken(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

/** The text that is signed: one line each, in this order. No part can contain a line break. */
export function signedText(head: MessageHead, path: string, body: Uint8Array): string {
  return [
    `taskloom-remote-${PROTOCOL_VERSION}`,
    head.kind,
    'POST',
    path,
    createHash('sha256').update(body).digest('hex'),
    String(head.timestamp),
    head.nonce,
    head.agent,
    head.job,
    head.task,
    head.fence,
    head.idempotencyKey,
  ].join('\n');
}

/** All headers of a new message, its signature among them. `nowMs` is wall time. */
export function signMessage(
  kind: MessageKind,
  identity: CallIdentity,
  path: string,
  body: Uint8Array,
  key: Uint8Array,
  nowMs: number,
): Record<string, string> {
  const { agent, job, task, fence, idempotencyKey } = identity;
  const head: MessageHead = { kind, agent, job, task, fence, idempotencyKey, nonce: randomToken(), timestamp: Math.floor(nowMs / 1_000) };
  return {
    [HEADERS.version]: PROTOCOL_VERSION,
    [HEADERS.kind]: kind,
    [HEADERS.agent]: agent,
    [HEADERS.job]: job,
    [HEADERS.task]: task,
    [HEADERS.fence]: fence,
    [HEADERS.idempotencyKey]: idempotencyKey,
    [HEADERS.timestamp]: String(head.timestamp),
    [HEADERS.nonce]: head.nonce,
    [HEADERS.signature]: `v1=${digest(signedText(head, path, body), key).toString('hex')}`,
  };
}

/** Whether one of the keys made the signature. Every key is tried to its end, so that the time taken tells nothing. */
export function isSignedBy(keys: readonly Uint8Array[], signature: string, head: MessageHead, path: string, body: Uint8Array): boolean {
  const given = Buffer.from(FORM.exec(signature)?.[1] ?? '0'.repeat(64), 'hex');
  const text = signedText(head, path, body);
  return keys.map((key) => timingSafeEqual(digest(text, key), given)).includes(true);
}

function digest(text: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
