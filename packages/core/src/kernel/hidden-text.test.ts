import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { showHidden, withoutHidden } from './hidden-text.js';

describe('what a text hides (bad input A10)', () => {
  it.each<[string, string, string]>([
    ['a turned direction', 'invoice\u202Efdp.exe', String.raw`invoice\u202efdp.exe`],
    ['isolates and marks', '\u2066a\u2069\u200F\u061C', String.raw`\u2066a\u2069\u200f\u061c`],
    ['tags', 'a\u{E0041}\u{E007F}b', String.raw`a\udb40\udc41\udb40\udc7fb`],
    ['variation selectors that carry bytes', 'a\u{E0100}', String.raw`a\udb40\udd00`],
    ['what has no width', 'a\u200Bb\uFEFFc\u2060d\u00ADe', String.raw`a\u200bb\ufeffc\u2060d\u00ade`],
    ['commands of a terminal', '\u001B[2J\u009B31m\u0007', String.raw`\u001b[2J\u009b31m\u0007`],
    ['ends of lines', 'a\nb\r\u2028c', String.raw`a\u000ab\u000d\u2028c`],
  ])('is shown: %s', (_, text, shown) => {
    expect(showHidden(text)).toBe(shown);
    expect(JSON.parse(`"${showHidden(text)}"`)).toBe(text);
    expect(showHidden(withoutHidden(text))).toBe(withoutHidden(text));
  });

  it.each(['plain', 'Ünïcödé', 'שלום עולם', 'नमस्ते', 'می‌خواهم', '👩‍👩‍👧‍👦 ❤️', '![x](https://example.org/?q=1)', '</data> <b>'])(
    'is nothing in %s',
    (text) => {
      expect([showHidden(text), withoutHidden(text)]).toEqual([text, text]);
    },
  );

  it('is not there any more once it is shown', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(showHidden(text)).not.toMatch(/[\p{Cc}\u202E\u{E0041}]/u)));
  });
});
