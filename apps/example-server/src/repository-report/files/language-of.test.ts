import { describe, expect, it } from '@jest/globals';
import { LANGUAGE_TABLE } from './language-table.js';
import { languageOf } from './language-of.js';

describe('telling the language of a file', () => {
  it.each([
    ['src/main.ts', 'TypeScript'],
    ['types.d.ts', 'TypeScript'],
    ['a/b.PY', 'Python'],
    ['CMakeLists.txt', 'CMake'],
    ['notes.txt', 'Text'],
    ['page.blade.php', 'Blade'],
    ['Makefile', 'Makefile'],
    ['Dockerfile.dev', 'Dockerfile'],
    ['dev.dockerfile', 'Dockerfile'],
    ['.env.local', 'Dotenv'],
    ['LICENSE', 'Text'],
    ['README.md', 'Markdown'],
    ['.eslintrc.js', 'JavaScript'],
    ['package-lock.json', 'JSON'],
    ['go.mod', 'Go Module'],
    ['.ts', 'Other'],
    ['noextension', 'Other'],
    ['odd.thing', 'Other'],
    ['trailing.', 'Other'],
    ['a.ts/file', 'Other'],
    ['constructor', 'Other'],
    ['x.__proto__', 'Other'],
  ])('%s is %s', (path, language) => {
    expect(languageOf(path).name).toBe(language);
  });

  it('knows well over sixty languages, each by one row', () => {
    const names = LANGUAGE_TABLE.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(100);
  });

  it('gives each extension and file name to one language', () => {
    for (const column of [2, 3] as const) {
      const words = LANGUAGE_TABLE.flatMap((row) => (row[column] ?? '').split(' ').filter((word) => word !== ''));
      expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
      expect(words.filter((word) => word !== word.toLowerCase())).toEqual([]);
    }
  });
});
