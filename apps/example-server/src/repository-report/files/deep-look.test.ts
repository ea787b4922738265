import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ThrowAwayDirectory } from '../testing/throw-away-repository.js';
import { BlockFinder } from './block-finder.js';
import { deepLook } from './deep-look.js';

function longestBlock(text: string, pieceBytes = 1 << 20): number {
  const finder = new BlockFinder();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) finder.push(bytes.subarray(at, at + pieceBytes));
  finder.end();
  return finder.longestBlockLines;
}

describe('finding the longest block', () => {
  it.each([
    ['braces', 'a();\nfunction f() {\n  one();\n\n  two();\n}\nb();\n', 5],
    ['braces on their own lines', 'int main()\n{\n  return 0;\n}\n', 3],
    ['labels and preprocessor lines at the margin', 'void f(void) {\n  a();\n#if X\n  b();\n#endif\nout:\n  c();\n}\n', 8],
    ['brackets and calls', 'const x = [\n  1,\n];\ndescribe(\n  a,\n  b,\n  c,\n);\n', 5],
    ['chains of else', 'if (a) {\n  b\n} else {\n  c\n  d\n}\n', 4],
    ['indentation alone', 'class A:\n    def f(self):\n        pass\n\n    x = 1\n\n\nclass B:\n    y = 2\n', 5],
    ['end words', 'def a\n  one\n  two\nend\nputs 1\n', 4],
    ['tabs', 'all:\n\tone\n\ttwo\nclean:\n\tthree\n', 3],
    ['windows line ends', 'f() {\r\n  a\r\n\r\n  b\r\n}\r\n', 5],
    ['no last line end', 'f() {\n  a\n}', 3],
    ['flat text', 'one\ntwo\nthree\n', 0],
    ['nothing', '', 0],
    ['empty lines only', '\n\n  \n', 0],
  ])('knows %s', (_, text, lines) => {
    expect(longestBlock(text)).toBe(lines);
    expect(longestBlock(text, 1)).toBe(lines);
  });
});

describe('a deep look', () => {
  let directory: ThrowAwayDirectory;
  beforeEach(() => {
    directory = new ThrowAwayDirectory();
  });
  afterEach(() => directory.remove());

  it('gives lines and the longest block of a long file', async () => {
    directory.write('long.ts', `${'line();\n'.repeat(1500)}function f() {\n${'  inner();\n'.repeat(700)}}\nlast`);
    expect(await deepLook({ root: directory.root, path: 'long.ts' })).toEqual({ path: 'long.ts', lines: 2203, longestBlockLines: 702 });
  });

  it('gives null for a file that went away', async () => {
    expect(await deepLook({ root: directory.root, path: 'gone' })).toBeNull();
  });

  it('refuses a path outside the root', async () => {
    await expect(deepLook({ root: directory.root, path: '../x' })).rejects.toMatchObject({ code: 'PATH_OUTSIDE_ROOT' });
  });
});
