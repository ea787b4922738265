import { describe, expect, it, jest } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { TestTerminal } from '../src/terminal/testing/test-terminal.js';
import { hasTerminals, runInTerminal } from './support/pseudo-terminal.js';
import { fillSmallRepository } from './support/small-repository.js';
import { readReport, useWorkplace } from './support/workplace.js';

jest.setTimeout(120_000);

(hasTerminals ? describe : describe.skip)('in a terminal', () => {
  const place = useWorkplace();

  it('the job is shown as a live tree, drawn over; Ctrl-C ends the server that keeps running', async () => {
    const { root } = fillSmallRepository(place.repository());
    const { code, written } = await runInTerminal([root, '--out', place.outDir, '--port', '0'], {
      cwd: place.cwd,
      size: 'cols 100 rows 40',
      pressCtrlCAt: /Ctrl-C stops it/,
    });
    expect(code).toBe(0);
    // It was drawn several times while it went on, with colours.
    expect(written.match(/Report on repository/g)?.length).toBeGreaterThan(2);
    expect(written).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    expect(written).toContain('\u001B[32m✔');

    const terminal = new TestTerminal(100, 40);
    terminal.write(written);
    const lines = terminal.lines().map((line) => stripVTControlCharacters(line).trimEnd());
    expect(lines.slice(0, 16)).toEqual([
      expect.stringMatching(/^GraphQL {2}http:\/\/127\.0\.0\.1:\d+\/graphql$/),
      expect.stringMatching(/^Job [0-9a-f-]{36}$/),
      '',
      expect.stringMatching(/^✔ Report on repository █{20} 12\/12( \d+s)?$/),
      '├─ ✔ Inventory  5 files with 61 lines; the top language is TypeScript (87%).',
      expect.stringMatching(/^│ {2}├─ ✔ Identify the repository {2}repository is a git repository at [0-9a-f]{10}\.$/),
      '│  ├─ ✔ List the files  There are 5 files to look at.',
      '│  └─ ✔ Analyse files ████████████████████ 1/1',
      expect.stringMatching(/^├─ ✔ History {2}4 commits by 2 authors;/),
      expect.stringMatching(/^│ {2}├─ ✔ Read the commits {2}4 commits by 2 authors;/),
      expect.stringMatching(/^│ {2}└─ ✔ Count changes of each file/),
      expect.stringMatching(/^├─ ✔ Risks/),
      expect.stringMatching(/^│ {2}└─ ✔ Rank the hotspots/),
      '└─ ✔ Report',
      expect.stringMatching(/^ {3}└─ ✔ Write the report/),
      '',
    ]);
    // Words are not broken at the edge.
    const summary = lines.slice(lines.indexOf('Summary') + 1, lines.indexOf('Report') - 1);
    expect(summary.join(' ')).toBe(readReport(place.outDir).summary);
    for (const line of lines) if (!line.startsWith('  /')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('with NO_COLOR it is the same tree without colours; a terminal that does not know its size gets the usual one', async () => {
    const { root } = fillSmallRepository(place.repository());
    const { code, written } = await runInTerminal([root, '--once', '--out', place.outDir], { cwd: place.cwd, env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(written).toContain('\u001B[J');
    expect(written.match(/\[[\d;]*m/g)).toBeNull();
    const terminal = new TestTerminal(80, 24);
    terminal.write(written);
    const tree = terminal.lines().filter((line) => /[├└│✔]/.test(line));
    expect(tree).toHaveLength(12);
    expect(tree.every((line) => line.length < 80)).toBe(true);
  });
});
