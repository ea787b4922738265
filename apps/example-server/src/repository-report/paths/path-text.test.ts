import { describe, expect, it } from '@jest/globals';
import { bytesOfPath, pathOfBytes, readablePath } from './path-text.js';

describe('writing a path as text', () => {
  it('leaves valid UTF-8 as it is, newlines, quotes and emoji included', () => {
    for (const path of ['src/a.ts', 'with space', 'quote"\'`', 'new\nline', 'größe/名前/🧵', 'עברית', '\u{10FFFF}']) {
      expect(pathOfBytes(Buffer.from(path))).toBe(path);
      expect(bytesOfPath(path)).toEqual(Buffer.from(path));
      expect(readablePath(path)).toBe(path);
    }
  });

  it('gives any bytes back unchanged, and survives JSON', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 0x7fffffff);
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(
        Array.from({ length: random() % 12 }, () => [0xef, 0x9e, 0x9f, 0x80, 0xc3, 0x61][random() % 7] ?? random() % 256),
      );
      const text = pathOfBytes(bytes);
      expect(text.isWellFormed()).toBe(true);
      expect(bytesOfPath(JSON.parse(JSON.stringify(text)) as string)).toEqual(bytes);
    }
  });

  it('keeps apart a raw byte and the private-use character that stands for it', () => {
    const raw = Buffer.from([0x61, 0xe9]);
    const character = Buffer.from('a\uf7e9');
    expect(pathOfBytes(raw)).not.toBe(pathOfBytes(character));
    expect(readablePath(pathOfBytes(character))).toBe('a\uf7e9');
  });

  it('shows people each byte that is not UTF-8', () => {
    expect(readablePath(pathOfBytes(Buffer.from('caf\xe9/ü', 'latin1')))).toBe('caf\\xE9/\\xFC');
  });
});
