/** The keyword by which the generator marks values that JSON has no form of its own for. */
export const LIVE_TYPE = 'x-taskloom';

/** How one live type is written as JSON, and read back. What is neither, or is JSON already, is given back as it is. */
interface LiveConversion {
  readonly toJson: (live: unknown) => unknown;
  readonly toLive: (json: unknown) => unknown;
}

const BASE64 = 'base64';

/** Maps and sets become plain objects and lists here; what is in them is converted by whoever walks the schema. */
export const LIVE_CONVERSIONS: { readonly [type: string]: LiveConversion | undefined } = {
  date: {
    toJson: (live) => (live instanceof Date && !Number.isNaN(live.getTime()) ? live.toISOString() : live),
    toLive: (json) => new Date(json as string),
  },
  bigint: {
    toJson: (live) => (typeof live === 'bigint' ? String(live) : live),
    toLive: (json) => BigInt(json as string),
  },
  url: {
    toJson: (live) => (live instanceof URL ? live.href : live),
    toLive: (json) => new URL(json as string),
  },
  bytes: {
    toJson: (live) => (live instanceof Uint8Array ? toBase64(live) : live),
    toLive: (json) => new Uint8Array(Buffer.from(json as string, BASE64)),
  },
  buffer: {
    toJson: (live) => (live instanceof Uint8Array ? toBase64(live) : live),
    toLive: (json) => Buffer.from(json as string, BASE64),
  },
  set: {
    toJson: (live) => (live instanceof Set ? [...(live as ReadonlySet<unknown>)] : live),
    toLive: (json) => new Set(json as readonly unknown[]),
  },
  map: {
    // Not `Object.fromEntries(live)`: a key that is no text would become one unseen.
    toJson: (live) =>
      live instanceof Map && [...live.keys()].every((key) => typeof key === 'string')
        ? Object.fromEntries(live as ReadonlyMap<string, unknown>)
        : live,
    toLive: (json) => new Map(Object.entries(json as object)),
  },
  entries: {
    toJson: (live) => (live instanceof Map ? [...(live as ReadonlyMap<unknown, unknown>)].map((pair) => [...pair]) : live),
    toLive: (json) => new Map(json as readonly [unknown, unknown][]),
  },
};

function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString(BASE64);
}
