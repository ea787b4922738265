import { describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { displayWidth } from '../text/display-width.js';
import { drawBar, drawTree, formatElapsed } from './draw-tree.js';
import type { TreeLine } from './tree-lines.js';

const plain = pc.createColors(false);
const exampleLine = (given: Partial<TreeLine> = {}): TreeLine => ({
  branch: '│  ├─ ',
  depth: 2,
  state: 'done',
  name: 'List the files',
  agent: 'list-files',
  progress: null,
  elapsedMs: null,
  note: null,
  ...given,
});
const draw = (given: Partial<TreeLine>, columns = 80): string =>
  drawTree([exampleLine(given)], { columns, colours: plain, turn: 0, showAgents: false })[0] as string;

const HOSTILE = [
  '\u001B[2J\u001B[H cleared',
  '\u001B]0;title\u0007',
  'two\nlines\r\nand\ttabs',
  'bell\u0007 back\u0008space \u009B31m C1',
  '\u202Eright to left\u202C',
  'zero\u200Bwidth\uFEFF',
  'line\u2028separator\u2029',
  'half \uD83D of a pair',
];

describe('drawing a tree', () => {
  it('shows the branch, a mark for the state, the name and the note', () => {
    expect(draw({ note: 'There are 5 files.' })).toBe('│  ├─ ✔ List the files  There are 5 files.');
    const marks = (['waiting', 'asking', 'done', 'skipped', 'failed', 'cancelled'] as const).map((state) =>
      draw({ branch: '', name: 'x', state }),
    );
    expect(marks).toEqual(['· x', '? x', '✔ x', '↷ x', '✖ x', '■ x']);
  });

  it('names agents where it is told to, after the name and before all numbers, unless the name says it', () => {
    const withAgents = (given: Partial<TreeLine>, columns = 80) =>
      drawTree([exampleLine(given)], { columns, colours: plain, turn: 0, showAgents: true })[0];
    expect(withAgents({ elapsedMs: 3_000, note: 'There are 5 files.' })).toBe('│  ├─ ✔ List the files @list-files 3s  There are 5 files.');
    expect(withAgents({ agent: null })).toBe('│  ├─ ✔ List the files');
    expect(withAgents({ name: 'list-files' })).toBe('│  ├─ ✔ list-files');
    expect(withAgents({ elapsedMs: 3_000, note: 'There are 5 files.' }, 36)).toBe('│  ├─ ✔ List the files 3s');
  });

  it('turns the mark of what runs', () => {
    const frames = Array.from(
      { length: 20 },
      (_, turn) => drawTree([exampleLine({ state: 'running' })], { columns: 80, colours: plain, turn, showAgents: false })[0],
    );
    expect(new Set(frames).size).toBe(10);
    const still = { columns: 80, colours: plain, turn: null, showAgents: false };
    expect(drawTree([exampleLine({ state: 'running', branch: '' })], still)).toEqual(['▸ List the files']);
  });

  it('shows progress as a bar with numbers', () => {
    expect(draw({ name: 'Analyse', progress: { done: 5, total: 10 } })).toBe('│  ├─ ✔ Analyse ██████████░░░░░░░░░░ 5/10');
    expect(draw({ name: 'Analyse', progress: { done: 0, total: 0 } })).toBe('│  ├─ ✔ Analyse');
  });

  it('shows how long something took, from a second on', () => {
    expect(draw({ elapsedMs: 999 })).toBe('│  ├─ ✔ List the files');
    expect(draw({ elapsedMs: 65_000, note: 'There are 5 files.' })).toBe('│  ├─ ✔ List the files 1m 05s  There are 5 files.');
  });

  it('cuts the note first, then the bar, then the name', () => {
    const line = {
      name: 'Analyse files',
      progress: { done: 12, total: 150 },
      elapsedMs: 4_000,
      note: 'a note that is long enough to be cut somewhere',
    };
    expect(draw(line, 80)).toBe('│  ├─ ✔ Analyse files █░░░░░░░░░░░░░░░░░░░ 12/150 4s  a note that is long enou…');
    expect(draw(line, 60)).toBe('│  ├─ ✔ Analyse files █░░░░░░░░░░░░░░░░░░░ 12/150 4s');
    expect(draw(line, 40)).toBe('│  ├─ ✔ Analyse files ░░░░░░░░░░ 12/150');
    expect(draw(line, 32)).toBe('│  ├─ ✔ Analyse files 12/150 4s');
    expect(draw(line, 20)).toBe('│  ├─ ✔ Analyse fi…');
  });

  it.each([1, 5, 10, 20, 40, 41, 80, 120, 500])('never needs a window of %d columns whole', (columns) => {
    const names = ['a', 'List the files', '名前'.repeat(60), '🧵'.repeat(60), 'e\u0301'.repeat(60), ...HOSTILE];
    const notes = [null, 'short', '名前 '.repeat(200), ...HOSTILE];
    const lines = names.flatMap((name) =>
      notes.map((note) => exampleLine({ branch: '', name, note, progress: { done: 1, total: 3 }, elapsedMs: 5_000 })),
    );
    // A mark, a blank and one column of the name are always there.
    const widest = Math.max(columns - 1, 3);
    for (const line of drawTree(lines, { columns, colours: plain, turn: 0, showAgents: false }))
      expect(displayWidth(line)).toBeLessThanOrEqual(widest);
  });

  it.each(HOSTILE)('lets nothing in %j steer the terminal', (text) => {
    const [line] = drawTree([exampleLine({ name: text, note: text })], { columns: 300, colours: plain, turn: 0, showAgents: false });
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  });

  it('adds nothing but colours where there are colours', () => {
    const lines = (['waiting', 'running', 'asking', 'done', 'skipped', 'failed', 'cancelled'] as const).map((state) =>
      exampleLine({ state, note: 'a note for this line', progress: { done: 1, total: 2 }, elapsedMs: 2_000 }),
    );
    const coloured = drawTree(lines, { columns: 80, colours: pc.createColors(true), turn: 3, showAgents: false });
    expect(coloured.join('\n')).toContain('\u001B[32m');
    expect(coloured.map(stripVTControlCharacters)).toEqual(drawTree(lines, { columns: 80, colours: plain, turn: 3, showAgents: false }));
  });
});

describe('a bar', () => {
  it('is as long as asked for, and full only when all is done', () => {
    for (let done = 0; done <= 300; done++) {
      const bar = drawBar({ done, total: 300 }, 20);
      expect(bar).toHaveLength(20);
      expect(bar.endsWith('█')).toBe(done === 300);
    }
    expect(drawBar({ done: 1, total: 2 }, 4)).toBe('██░░');
  });
});

describe('a duration', () => {
  it.each([
    [999, '0s'],
    [59_999, '59s'],
    [60_000, '1m 00s'],
    [3_599_999, '59m 59s'],
    [3_600_000, '1h 00m'],
    [90_000_000, '25h 00m'],
  ])('of %d ms is %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});
