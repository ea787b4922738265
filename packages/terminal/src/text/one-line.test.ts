import { describe, expect, it } from '@jest/globals';

import { oneLine } from './one-line.js';

describe('one line', () => {
  it.each([
    ['a\nb\tc  d', 'a b c d'],
    ['\u001B[2J\u001B[Hcleared', 'cleared'],
    ['\u001B]0;title\u0007text', 'text'],
    ['\u001B]8;;http://evil.example\u001B\\link\u001B]8;;\u001B\\', 'link'],
    ['\u009B31mred\u009B0m', 'red'],
    ['\u001B', ''],
    ['half a \u001B[ sequence', 'half a [ sequence'],
    ['right \u202Eto left', 'right to left'],
    ['half \uD83D of a pair', 'half \uFFFD of a pair'],
  ])('of %j is %j', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });
});
