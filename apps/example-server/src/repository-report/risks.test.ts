import { describe, expect, it } from '@jest/globals';
import { findRisks } from './risks.js';
import {
  exampleAuthor,
  exampleFacts,
  exampleHotspot,
  exampleInventory,
  exampleText,
  exampleTodos,
  exampleTouches,
} from './testing/example-parts.js';

const two = [exampleAuthor('ada@example.com'), exampleAuthor('bob@example.com')];

describe('finding risks', () => {
  it('finds none where no rule applies', () => {
    expect(findRisks(exampleFacts())).toEqual([]);
    const inventory = exampleInventory({
      texts: [exampleText('a.ts', 2000)],
      binaries: [{ path: 'logo.png', bytes: 999_999 }],
      todos: exampleTodos('a.ts', 4),
    });
    const hotspots = [exampleHotspot('a.ts', { commits: 900, lines: 2000 })];
    expect(findRisks(exampleFacts({ inventory, hotspots, authors: two, commits: 900 }))).toEqual([]);
  });

  it('finds files above 2,000 lines, code above 5,000 or with one huge block as high, data as low', () => {
    const files = [
      ['a.ts', 2001, 40],
      ['b.ts', 5001, 40],
      ['c.ts', 2500, 1001],
      ['d.json', 9000, 9000],
    ] as const;
    const inventory = exampleInventory({
      texts: files.map(([path, lines]) => exampleText(path, lines, path.endsWith('json') ? 'JSON' : 'TypeScript')),
    });
    const deepLooks = files.map(([path, lines, longestBlockLines]) => ({ path, lines, longestBlockLines }));
    expect(findRisks(exampleFacts({ inventory, deepLooks }))).toEqual([
      { level: 'high', title: 'Very long file', detail: 'b.ts has 5001 lines; its longest block takes 40.' },
      { level: 'high', title: 'Very long file', detail: 'c.ts has 2500 lines; its longest block takes 1001.' },
      { level: 'medium', title: 'Very long file', detail: 'a.ts has 2001 lines; its longest block takes 40.' },
      { level: 'low', title: 'Very long file', detail: 'd.json has 9000 lines; its longest block takes 9000.' },
    ]);
  });

  it('finds a hotspot only one person ever changed', () => {
    const inventory = exampleInventory({ texts: [exampleText('a.ts', 100)] });
    const hotspots = [
      exampleHotspot('a.ts', { commits: 5, lines: 100, authors: 1 }),
      exampleHotspot('b.ts', { commits: 4, lines: 900, authors: 1 }),
    ];
    expect(findRisks(exampleFacts({ inventory, hotspots, authors: two }))).toEqual([
      {
        level: 'medium',
        title: 'Hotspot known to one person',
        detail: 'a.ts (100 lines) was changed in 5 commits, all by ada@example.com.',
      },
    ]);
  });

  it('finds a hotspot whose main author stopped long before the others, told without a clock', () => {
    const authors = [
      exampleAuthor('ada@example.com', '2022-12-30T00:00:00.000Z'),
      exampleAuthor('bob@example.com', '2024-01-01T00:00:00.000Z'),
    ];
    const hotspots = [exampleHotspot('a.ts', { commits: 9 })];
    const detail = 'a.ts (9 commits): ada@example.com, who changed it most, made their last commit 367 days before the newest one.';
    expect(findRisks(exampleFacts({ hotspots, authors }))).toEqual([{ level: 'low', title: 'Hotspot whose main author is gone', detail }]);
  });

  it('finds knowledge of most files in one head', () => {
    const paths = Array.from({ length: 20 }, (_, index) => `f${index}.ts`);
    const inventory = exampleInventory({ texts: paths.map((path, index) => exampleText(path, index)) });
    const touches = paths.map((path, index) => exampleTouches(path, { authors: index < 11 ? 1 : 2 }));
    expect(findRisks(exampleFacts({ inventory, touches, authors: two }))).toEqual([
      {
        level: 'medium',
        title: 'Knowledge in one head',
        detail: 'ada@example.com alone has changed 11 of 20 files (55%), the longest of them f10.ts.',
      },
    ]);
    expect(findRisks(exampleFacts({ inventory, touches: touches.slice(1), authors: two }))).toEqual([]);
  });

  it('finds large binaries by size', () => {
    const binaries = [1_000_000, 10_000_000, 50_000_000].map((bytes) => ({ path: `${bytes}.bin`, bytes }));
    expect(findRisks(exampleFacts({ inventory: exampleInventory({ binaries }) })).map(({ level, detail }) => [level, detail])).toEqual([
      ['high', '50000000.bin takes 47.7 MiB (50000000 bytes).'],
      ['medium', '10000000.bin takes 9.5 MiB (10000000 bytes).'],
      ['low', '1000000.bin takes 977 KiB (1000000 bytes).'],
    ]);
  });

  it('finds files dense in markers', () => {
    const inventory = exampleInventory({
      texts: [exampleText('a.ts', 250), exampleText('b.ts', 251), exampleText('c.ts', 100)],
      todos: [...exampleTodos('a.ts', 5), ...exampleTodos('b.ts', 5), ...exampleTodos('c.ts', 20)],
    });
    expect(findRisks(exampleFacts({ inventory })).map(({ level, detail }) => `${level}: ${detail}`)).toEqual([
      'medium: c.ts has 20 markers in 100 lines.',
      'low: a.ts has 5 markers in 250 lines.',
    ]);
  });

  it('says what could not be read, and that a history is cut off', () => {
    const inventory = {
      ...exampleInventory({ unreadable: [{ path: 'secret', bytes: 4, reason: 'EACCES' }] }),
      closedDirectories: [{ path: 'closed', reason: 'EACCES' }],
    };
    expect(findRisks(exampleFacts({ inventory, shallow: true, commits: 1 })).map(({ title }) => title)).toEqual([
      'File could not be read',
      'Directory could not be read',
      'History is cut off',
    ]);
  });

  it('lists a bounded number of each and says how many more there are', () => {
    const deepLooks = Array.from({ length: 50 }, (_, index) => ({ path: `f${index}.ts`, lines: 3000 - index, longestBlockLines: 0 }));
    const risks = findRisks(
      exampleFacts({ deepLooks, inventory: exampleInventory({ texts: deepLooks.map(({ path, lines }) => exampleText(path, lines)) }) }),
    );
    expect(risks).toHaveLength(21);
    expect(risks.at(-1)?.detail).toBe('30 more files above 2000 lines. The next: f20.ts has 2980 lines.');
  });
});
