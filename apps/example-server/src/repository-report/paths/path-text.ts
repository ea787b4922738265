/**
 * Paths as text that keeps every byte.
 *
 * On Linux a file name is bytes, not always valid UTF-8, and git stores it so. JSON carries text. So a path travels between the agents as
 * text in which each byte that is no part of valid UTF-8 stands as one private-use character, U+F700 + byte (that is U+F780 to U+F7FF). Those
 * characters themselves, should a path really hold them, are written byte by byte in the same manner. The mapping is therefore one to one:
 * `bytesOfPath(pathOfBytes(bytes))` gives `bytes` back, whatever they are, and nearly all paths simply are their own text.
 *
 * People never see the private-use characters: reports show `readablePath`.
 */
const ESCAPE_BASE = 0xf700;
const ESCAPED = /[\uf780-\uf7ff]/u;
const NEEDS_CARE = /[\uf780-\uf7ff\ufffd]/u;

/** The text of a path given as bytes. */
export function pathOfBytes(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  const text = buffer.toString('utf8');
  // U+FFFD is what the decoder puts in place of bytes it cannot read.
  return NEEDS_CARE.test(text) ? decodeCarefully(buffer) : text;
}

/** The bytes of a path given as text: the inverse of `pathOfBytes`. */
export function bytesOfPath(path: string): Buffer {
  if (!ESCAPED.test(path)) return Buffer.from(path, 'utf8');
  const parts = Array.from(path, (character) => {
    const code = character.charCodeAt(0);
    return ESCAPED.test(character) ? Buffer.from([code - ESCAPE_BASE]) : Buffer.from(character, 'utf8');
  });
  return Buffer.concat(parts);
}

/** The path as a report shows it: itself where it is valid UTF-8, else with `\xE9` for each byte that is not. */
export function readablePath(path: string): string {
  if (!ESCAPED.test(path)) return path;
  const bytes = bytesOfPath(path);
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return text;
  return path.replace(/[\uf780-\uf7ff]/gu, (character) => {
    const byte = character.charCodeAt(0) - ESCAPE_BASE;
    return `\\x${byte.toString(16).toUpperCase()}`;
  });
}

function decodeCarefully(bytes: Buffer): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] as number;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const sequence = bytes.subarray(at, at + length);
    const character = sequence.toString('utf8');
    const isValid = Buffer.from(character, 'utf8').equals(sequence) && [...character].length === 1;
    if (isValid && !ESCAPED.test(character)) {
      text += character;
      at += length;
    } else {
      text += String.fromCharCode(ESCAPE_BASE + lead);
      at += 1;
    }
  }
  return text;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
