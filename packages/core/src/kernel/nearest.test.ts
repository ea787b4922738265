import { describe, expect, it } from '@jest/globals';

import { nearest } from './nearest.js';

describe('"did you mean"', () => {
  const names = ['count-lines', 'count-words', 'list-files', 'write-report'];

  it.each([
    ['count-line', ['count-lines', 'count-words']],
    ['listfiles', ['list-files']],
    ['LIST-FILES', ['list-files']],
    ['wirte-report', ['write-report']],
  ])('for %s names %j', (word, expected) => {
    expect(nearest(word, names)).toEqual(expected);
  });

  it('names nothing that is not like the word', () => {
    expect(nearest('zzzzzz', names)).toEqual([]);
  });

  it('names the closest first, and at most as many as asked for', () => {
    expect(nearest('count-words', names, 1)).toEqual(['count-words']);
    expect(nearest('aa', ['ab', 'aa', 'ac', 'ad'])).toEqual(['aa', 'ab', 'ac']);
  });

  it('takes an empty word, no candidates, and very long words', () => {
    expect(nearest('', names)).toEqual([]);
    expect(nearest('x', [])).toEqual([]);
    expect(nearest('x'.repeat(200), ['x'.repeat(199)])).toEqual(['x'.repeat(199)]);
  });
});
