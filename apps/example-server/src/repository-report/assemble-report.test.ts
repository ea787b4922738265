import { describe, expect, it } from '@jest/globals';
import { reportFromFacts, type ReportFacts } from './testing/report-from-facts.js';
import { mergeBatches } from './merge-batches.js';
import { pathOfBytes } from './paths/path-text.js';
import { Report } from './report.js';
import { exampleAuthor, exampleBatch, exampleText, exampleTodos, exampleTouches } from './testing/example-parts.js';

const raw = pathOfBytes(Buffer.from([0x66, 0xff]));

const parts: ReportFacts = {
  identity: {
    name: 'thing',
    root: '/thing',
    git: 'work-tree',
    commit: 'c'.repeat(40),
    branch: 'main',
    subdirectory: null,
    shallow: false,
    noHistoryReason: null,
  },
  since: null,
  inventory: mergeBatches([
    exampleBatch({ texts: [exampleText('b.ts', 30), exampleText('a.py', 30, 'Python')], todos: exampleTodos('b.ts', 2) }),
    exampleBatch({
      texts: [exampleText(raw, 5, 'Other'), exampleText('B.ts', 3000), exampleText('empty.ts', 0)],
      binaries: [{ path: 'x.png', bytes: 7 }],
      unreadable: [{ path: 'secret', bytes: 11, reason: 'EACCES' }],
      todos: exampleTodos('B.ts', 1),
    }),
  ]),
  history: { commits: 21, authors: [exampleAuthor('ada@example.com'), exampleAuthor('bob@example.com')] },
  touches: [
    exampleTouches('a.py'),
    exampleTouches('b.ts'),
    exampleTouches('empty.ts'),
    exampleTouches('x.png', { commits: 900 }),
    exampleTouches('gone.ts', { commits: 900 }),
    exampleTouches(raw, { commits: 20 }),
  ],
  deepLooks: [{ path: 'B.ts', lines: 3000, longestBlockLines: 100 }],
  generatedAt: new Date('2024-05-06T07:08:09Z'),
};

describe('assembling a report', () => {
  it('fits its schema and carries the keys of the contract in their order', () => {
    const report = reportFromFacts(parts);
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(Object.keys(report)).toEqual(
      'repository totals languages authors hotspots largestFiles todos deepLooks risks summary'.split(' '),
    );
    expect(report.repository).toMatchObject({
      name: 'thing',
      commit: 'c'.repeat(40),
      branch: 'main',
      generatedAt: '2024-05-06T07:08:09.000Z',
    });
  });

  it('adds up files, lines and bytes; languages add up to the text files', () => {
    const { totals, languages } = reportFromFacts(parts);
    expect(totals).toEqual({ files: 7, lines: 3065, bytes: 3065 * 20 + 18, commits: 21, authors: 2, binaryFiles: 1, unreadableFiles: 1 });
    expect(languages).toEqual([
      { language: 'TypeScript', files: 3, lines: 3030 },
      { language: 'Python', files: 1, lines: 30 },
      { language: 'Other', files: 1, lines: 5 },
    ]);
    expect(languages.reduce((sum, { files }) => sum + files, 0)).toBe(totals.files - totals.binaryFiles - totals.unreadableFiles);
    expect(languages.reduce((sum, { lines }) => sum + lines, 0)).toBe(totals.lines);
  });

  it('ranks hotspots by commits × lines: existing text files, ties by path', () => {
    expect(reportFromFacts(parts).hotspots.map(({ path, commits, lines, score }) => [path, commits, lines, score])).toEqual([
      ['f\\xFF', 20, 5, 100],
      ['a.py', 3, 30, 90],
      ['b.ts', 3, 30, 90],
      ['empty.ts', 3, 0, 0],
    ]);
  });

  it('ranks largest files by lines and orders markers by path and line, in byte order', () => {
    const { largestFiles, todos } = reportFromFacts(parts);
    expect(largestFiles.map(({ path }) => path)).toEqual(['B.ts', 'a.py', 'b.ts', 'f\\xFF', 'empty.ts']);
    expect(todos.map(({ path, line }) => [path, line])).toEqual([
      ['B.ts', 1],
      ['b.ts', 1],
      ['b.ts', 2],
    ]);
  });

  it('cuts hotspots and largest files at twenty', () => {
    const texts = Array.from({ length: 30 }, (_, index) => exampleText(`f${index}`));
    const touches = texts.map(({ path }) => exampleTouches(path));
    const report = reportFromFacts({ ...parts, touches, inventory: mergeBatches([exampleBatch({ texts })]) });
    expect([report.hotspots.length, report.largestFiles.length]).toEqual([20, 20]);
  });

  it('says the same in whatever order the batches were cut and finished', () => {
    const { texts, binaries, unreadable, todos } = parts.inventory;
    const batches = [
      exampleBatch({ todos: [...todos].reverse() }),
      ...[...texts].reverse().map((text) => exampleBatch({ texts: [text] })),
      exampleBatch({ binaries, unreadable }),
    ];
    expect(reportFromFacts({ ...parts, inventory: mergeBatches(batches), touches: [...parts.touches].reverse() })).toEqual(
      reportFromFacts(parts),
    );
  });

  it('has empty lists and says why where there is no git', () => {
    const identity = { ...parts.identity, git: 'none' as const, commit: null, branch: null, noHistoryReason: 'no git repository' };
    const report = reportFromFacts({ ...parts, identity, history: null, touches: [] });
    expect(report).toMatchObject({
      authors: [],
      hotspots: [],
      repository: { commit: null, branch: null },
      totals: { commits: 0, authors: 0 },
    });
    expect(report.summary).toContain('No history: no git repository.');
  });

  it('names the top language, hotspot and author in the summary', () => {
    const { summary } = reportFromFacts(parts);
    expect(summary).toBe(
      'thing: 7 files with 3,065 lines; the top language is TypeScript (99%). 21 commits by 2 authors; the most active is ada (10, 48%). ' +
        'The top hotspot is f\\xFF (20 commits on 5 lines), in code a.py (3 commits on 30 lines). 2 risks found: 2 medium.',
    );
  });

  it('keeps the summary within 1,200 characters, whatever the names', () => {
    const long = '🧵'.repeat(2000);
    const report = reportFromFacts({
      ...parts,
      identity: { ...parts.identity, name: long },
      inventory: mergeBatches([exampleBatch({ texts: [exampleText(long, 9, 'YAML'), exampleText('a.ts', 1)] })]),
      history: { commits: 10, authors: [{ ...exampleAuthor('x'), name: long }, exampleAuthor('y')] },
      touches: [exampleTouches(long)],
    });
    expect(report.summary.length).toBeLessThanOrEqual(1200);
    expect(report.summary.isWellFormed()).toBe(true);
    expect(report.summary).not.toContain('\ufffd');
    for (const name of ['YAML', 'top programming language TypeScript', 'most active', 'top hotspot', '1 risk found: 1 low.']) {
      expect(report.summary).toContain(name);
    }
  });

  it('finds words for a directory without files and a file without text', () => {
    const none = reportFromFacts({
      ...parts,
      inventory: mergeBatches([]),
      deepLooks: [],
      history: { commits: 0, authors: [] },
      touches: [],
    });
    expect(none.summary).toBe('thing: There are no files. No commits in the time asked for. No rule found a risk.');
    const binary = reportFromFacts({
      ...parts,
      inventory: mergeBatches([exampleBatch({ binaries: [{ path: 'a', bytes: 1 }] })]),
      deepLooks: [],
    });
    expect(binary.summary).toContain('1 file with 0 lines, none of them text.');
  });
});
