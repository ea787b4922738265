/** What both sides know and nobody else: at least 32 bytes. A list serves rotation: the first signs, all are accepted. */
export type RemoteSecret = string | Uint8Array | readonly (string | Uint8Array)[];

const LEAST_BYTES = 32;

/** The keys of a secret, or what is wrong with it. Its value is never part of the problem. */
export function parseSecret(secret: unknown): { readonly keys: readonly Buffer[] } | { readonly problem: string } {
  const list: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const keys = list.map((one) =>
    typeof one === 'string' ? Buffer.from(one, 'utf8') : one instanceof Uint8Array ? Buffer.from(one) : null,
  );
  if (keys.length === 0 || keys.includes(null)) return { problem: 'must be a text or bytes, or a list of them' };
  if (keys.some((key) => key!.byteLength < LEAST_BYTES))
    return { problem: `must have at least ${LEAST_BYTES} bytes; \`openssl rand -base64 32\` makes one` };
  return { keys: keys as readonly Buffer[] };
}
