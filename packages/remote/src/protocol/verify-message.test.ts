import { describe, expect, it } from '@jest/globals';

import { HEADERS, type CallIdentity } from './message.js';
import { NonceMemory } from './nonce-memory.js';
import { ReplyError, type RemoteReplyCode } from './reply-codes.js';
import { parseSecret } from './secret.js';
import { randomToken, signMessage } from './signature.js';
import { proveMessage, readMessageHead } from './verify-message.js';

const KEY = Buffer.alloc(32, 1);
const OTHER_KEY = Buffer.alloc(32, 2);
const NOW = Date.UTC(2026, 0, 1);
const PATH = '/callbacks?for=us';
const BODY = Buffer.from('{"output":{"lines":12}}');
const IDENTITY: CallIdentity = { agent: 'count', job: 'job-1', task: 'job-1:3', fence: randomToken(), idempotencyKey: 'job-1:3:0' };

interface Message {
  readonly headers: Record<string, string>;
  readonly path: string;
  readonly body: Buffer;
}

const message = (): Message => ({ headers: signMessage('answer', IDENTITY, PATH, BODY, KEY, NOW), path: PATH, body: BODY });

/** What is said to a message that comes now; `taken` where it is right. */
function check(
  { headers, path, body }: Message,
  { keys = [KEY], nonces = new NonceMemory(), nowMs = NOW } = {},
): RemoteReplyCode | 'taken' {
  const header = (name: string): string | undefined => headers[name];
  try {
    proveMessage(readMessageHead(header), header, body, { keys, path, nonces, nowMs });
    return 'taken';
  } catch (error) {
    if (error instanceof ReplyError) return error.code;
    throw error;
  }
}

describe('a signed message', () => {
  it('is taken', () => {
    expect(check(message())).toBe('taken');
  });

  it('is taken with any key of a list, so that secrets can be changed', () => {
    expect(check(message(), { keys: [OTHER_KEY, KEY] })).toBe('taken');
    expect(check(message(), { keys: [OTHER_KEY] })).toBe('SIGNATURE_INVALID');
  });

  it('is refused when any byte of its body is another', () => {
    for (let at = 0; at < BODY.length; at += 1) {
      const body = Buffer.from(BODY);
      body[at]! ^= 1;
      expect(check({ ...message(), body })).toBe('SIGNATURE_INVALID');
    }
    expect(check({ ...message(), body: Buffer.concat([BODY, Buffer.from(' ')]) })).toBe('SIGNATURE_INVALID');
    expect(check({ ...message(), body: BODY.subarray(1) })).toBe('SIGNATURE_INVALID');
  });

  it('is refused when any byte of its path is another', () => {
    for (let at = 0; at < PATH.length; at += 1) {
      const path = `${PATH.slice(0, at)}${String.fromCharCode(PATH.charCodeAt(at) ^ 1)}${PATH.slice(at + 1)}`;
      expect(check({ ...message(), path })).toBe('SIGNATURE_INVALID');
    }
  });

  it.each(Object.entries(HEADERS))('is refused when any byte of %s is another, or it is missing', (_, name) => {
    const { headers } = message();
    const value = headers[name]!;
    for (let at = 0; at < value.length; at += 1) {
      const changed = `${value.slice(0, at)}${String.fromCharCode(value.charCodeAt(at) ^ 1)}${value.slice(at + 1)}`;
      expect(check({ ...message(), headers: { ...headers, [name]: changed } })).not.toBe('taken');
    }
    const { [name]: _gone, ...rest } = headers;
    expect(check({ ...message(), headers: rest })).not.toBe('taken');
    expect(check({ ...message(), headers: { ...headers, [name]: '' } })).not.toBe('taken');
    expect(check({ ...message(), headers: { ...headers, [name]: `${value}, ${value}` } })).not.toBe('taken');
  });

  it('of one kind is none of another', () => {
    const { headers } = message();
    expect(check({ ...message(), headers: { ...headers, [HEADERS.kind]: 'call' } })).toBe('SIGNATURE_INVALID');
  });

  it.each([
    [0, 'taken'],
    [300_000, 'taken'],
    [-300_000, 'taken'],
    [301_000, 'SIGNATURE_INVALID'],
    [-301_000, 'SIGNATURE_INVALID'],
  ] as const)('that comes %d ms after it was made is %s', (ms, said) => {
    expect(check(message(), { nowMs: NOW + ms })).toBe(said);
  });

  it('is taken once', () => {
    const nonces = new NonceMemory();
    const one = message();
    expect(check(one, { nonces })).toBe('taken');
    expect(check(one, { nonces })).toBe('MESSAGE_REPLAYED');
    expect(check(one, { nonces, nowMs: NOW + 300_000 })).toBe('MESSAGE_REPLAYED');
    expect(check(message(), { nonces })).toBe('taken');
  });

  it('uses up no nonce when it is forged', () => {
    const nonces = new NonceMemory();
    const one = message();
    expect(check({ ...one, body: Buffer.from('{}') }, { nonces })).toBe('SIGNATURE_INVALID');
    expect(check(one, { nonces })).toBe('taken');
  });

  it('of another version is told so', () => {
    expect(check({ ...message(), headers: { ...message().headers, [HEADERS.version]: '2' } })).toBe('VERSION_UNKNOWN');
  });
});

describe('a memory of nonces', () => {
  it('forgets them when their time is over, and refuses rather than forgets before', () => {
    const nonces = new NonceMemory();
    for (let no = 0; no < 100_000; no += 1) nonces.take(`nonce-${no}`, NOW, 1_000);
    expect(nonces.take('one more', NOW, 1_000)).toBe('full');
    expect(nonces.take('nonce-0', NOW + 999, 1_000)).toBe('seen');
    expect(nonces.take('nonce-0', NOW + 1_000, 1_000)).toBe('new');
  });
});

describe('a secret', () => {
  it.each(['x'.repeat(32), Buffer.alloc(32), ['x'.repeat(32), new Uint8Array(32)]])('may be a text, bytes or a list', (secret) => {
    expect(parseSecret(secret)).toHaveProperty('keys');
  });

  it.each([undefined, null, 5, '', 'x'.repeat(31), Buffer.alloc(31), [], ['x'.repeat(32), 'short'], [null]])('may not be %p', (secret) => {
    expect(parseSecret(secret)).toHaveProperty('problem');
  });
});
