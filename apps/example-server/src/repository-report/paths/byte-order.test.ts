import { describe, expect, it } from '@jest/globals';
import { compareInByteOrder } from './byte-order.js';
import { bytesOfPath, pathOfBytes } from './path-text.js';

describe('ordering paths', () => {
  it('agrees with Buffer.compare, where UTF-16 and locales do not', () => {
    const raw = pathOfBytes(Buffer.from([0xff, 0x61]));
    const paths = ['', 'a', 'B', 'b', 'a/b', 'a-b', 'a.b', 'ä', 'z', 'ｆ', '\ue000', '\u{1F9F5}', 'ab', 'é', raw, '\ufb00', '日本'];
    for (const a of paths) {
      for (const b of paths) {
        expect(Math.sign(compareInByteOrder(a, b))).toBe(Buffer.compare(bytesOfPath(a), bytesOfPath(b)));
      }
    }
  });
});
