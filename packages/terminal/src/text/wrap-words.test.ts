import { describe, expect, it } from '@jest/globals';
import { wrapWords } from './wrap-words.js';

describe('wrapping', () => {
  it('breaks between words, loses none, and keeps a long word whole', () => {
    expect(wrapWords('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrapWords('a /very/long/path b', 6)).toEqual(['a', '/very/long/path', 'b']);
    expect(wrapWords('名前 名前', 6)).toEqual(['名前', '名前']);
    expect(wrapWords('', 10)).toEqual([]);
  });
});
