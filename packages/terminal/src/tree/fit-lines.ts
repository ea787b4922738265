import type { TreeLine } from './tree-lines.js';

/** What must go for a tree to fit: first what is over, then what has not begun, last whatever is deepest. */
const PASSES: readonly ((line: TreeLine) => boolean)[] = [
  ({ depth, state }) => depth > 1 && (state === 'done' || state === 'skipped' || state === 'cancelled'),
  ({ depth, state }) => depth > 1 && state === 'waiting',
  ({ depth }) => depth > 1,
];

/** At most `most` lines of a tree, which still look like a tree: those that tell most about what goes on now. */
export function fitLines(lines: readonly TreeLine[], most: number): TreeLine[] {
  let kept = [...lines];
  for (const mayGo of PASSES) {
    for (let at = 0; at < kept.length && kept.length > most;) {
      if (mayGo(kept[at] as TreeLine)) kept.splice(at, 1);
      else at += 1;
    }
  }
  kept = kept.slice(0, Math.max(1, most));
  return kept.length === lines.length ? kept : kept.map((line, index) => ({ ...line, branch: branchOf(kept, index) }));
}

/** Drawn anew, because the line that was the last of its kind may be gone. */
function branchOf(lines: readonly TreeLine[], index: number): string {
  const { depth } = lines[index] as TreeLine;
  if (depth === 0) return '';
  const above = Array.from({ length: depth - 1 }, (_, level) => (hasMoreAt(lines, index, level + 1) ? '│  ' : '   '));
  return `${above.join('')}${hasMoreAt(lines, index, depth) ? '├─ ' : '└─ '}`;
}

/** Whether a line at `depth` still comes before the tree goes back above it. */
function hasMoreAt(lines: readonly TreeLine[], index: number, depth: number): boolean {
  const next = lines.slice(index + 1).find((line) => line.depth <= depth);
  return next?.depth === depth;
}
