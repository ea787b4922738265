import { describe, expect, it } from '@jest/globals';
import { cutToWidth, displayWidth } from './display-width.js';

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['größe', 5],
    ['│  ├─ ✔ ⠋ █░ ·↷✖■ › …', 21],
    ['名前', 4],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['🧵🚀', 4],
    ['e\u0301', 1],
    ['\u{20000}', 2],
  ])('%j needs %d columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('cutting a text', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    ['名前名前', 8, '名前名前'],
    ['名前名前', 7, '名前名…'],
    ['名前名前', 6, '名前…'],
    ['🧵🧵', 3, '🧵…'],
    ['word and', 6, 'word…'],
  ])('%j to %d columns gives %j', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });
});
