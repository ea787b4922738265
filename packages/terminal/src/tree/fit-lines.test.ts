import { describe, expect, it } from '@jest/globals';
import { fitLines } from './fit-lines.js';
import { exampleTask } from '../testing/example-task.js';
import { treeLines, type TreeLine } from './tree-lines.js';

const tree = treeLines(
  [
    exampleTask(0, { name: 'job' }),
    exampleTask(1, { name: 'done', status: 'COMPLETED' }),
    exampleTask(2, { name: 'done a', parent: 1, status: 'COMPLETED' }),
    exampleTask(3, { name: 'done b', parent: 1, status: 'SKIPPED' }),
    exampleTask(4, { name: 'now' }),
    exampleTask(5, { name: 'now a', parent: 4, status: 'COMPLETED' }),
    exampleTask(6, { name: 'now b', parent: 4, status: 'IN_PROGRESS', startedAtMs: 1 }),
    exampleTask(7, { name: 'now c', parent: 4, status: 'FAILED' }),
    exampleTask(8, { name: 'later' }),
    exampleTask(9, { name: 'later a', parent: 8 }),
  ],
  0,
);
const shown = (most: number): string[] => fitLines(tree, most).map(({ branch, name }) => `${branch}${name}`);

describe('fitting a tree into a window', () => {
  it('leaves a tree that fits as it is', () => {
    expect(fitLines(tree, 10)).toEqual(tree);
  });

  it('drops what is over first, from the top', () => {
    expect(shown(9)).toEqual([
      'job',
      '├─ done',
      '│  └─ done b',
      '├─ now',
      '│  ├─ now a',
      '│  ├─ now b',
      '│  └─ now c',
      '└─ later',
      '   └─ later a',
    ]);
    expect(shown(7)).toEqual(['job', '├─ done', '├─ now', '│  ├─ now b', '│  └─ now c', '└─ later', '   └─ later a']);
  });

  it('drops what has not begun next, and keeps what runs or failed longest', () => {
    expect(shown(6)).toEqual(['job', '├─ done', '├─ now', '│  ├─ now b', '│  └─ now c', '└─ later']);
    expect(shown(4)).toEqual(['job', '├─ done', '├─ now', '└─ later']);
  });

  it('never gives more than asked for, and never nothing', () => {
    for (let most = 1; most <= 12; most++) expect(fitLines(tree, most)).toHaveLength(Math.min(most, tree.length));
    for (const most of [0, -3]) expect(shown(most)).toEqual(['job']);
  });

  it('draws branches that reach from each line to the next of its kind', () => {
    for (let most = 1; most <= 10; most++) expect(brokenBranches(fitLines(tree, most))).toEqual([]);
  });
});

/** Below `├─` or `│` something must go on, below `└─` or blank nothing may. */
function brokenBranches(lines: readonly TreeLine[]): string[] {
  return lines.flatMap(({ branch }, index) =>
    [...branch].flatMap((mark, column) => {
      const below = lines[index + 1]?.branch[column] ?? '';
      const goesOn = '├│'.includes(mark);
      return (goesOn && !'├│└'.includes(below || ' ')) || (mark === '└' && '├│└'.includes(below || ' '))
        ? [`line ${index}: ${branch}`]
        : [];
    }),
  );
}
