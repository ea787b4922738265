import pc from 'picocolors';
import type { LineState, TreeLine } from './tree-lines.js';

const MARKS: Readonly<Record<LineState, string>> = { waiting: '·', running: '●', done: '✔', skipped: '↷', failed: '✖', cancelled: '■' };
const COLOURS: Readonly<Record<LineState, (text: string) => string>> = {
  waiting: pc.dim,
  running: pc.cyan,
  done: pc.green,
  skipped: pc.yellow,
  failed: pc.red,
  cancelled: pc.dim,
};
const BAR_WIDTH = 20;
const LEAST_NOTE = 12;

/** The tree for a terminal of `columns` columns: one line each, notes cut to fit. */
export function drawTree(lines: readonly TreeLine[], columns: number): string {
  return lines.map((line) => drawLine(line, columns)).join('\n');
}

function drawLine({ branch, state, name, progress, note }: TreeLine, columns: number): string {
  const colour = COLOURS[state];
  const bar = progress === null ? '' : ` ${drawBar(progress)} ${progress.done}/${progress.total}`;
  const shownName = oneLine(name);
  const used = branch.length + 2 + shownName.length + bar.length;
  const room = columns - used - 2;
  const shownNote = note === null || room < LEAST_NOTE ? '' : `  ${pc.dim(cut(oneLine(note), room - 1))}`;
  const title = state === 'waiting' || state === 'cancelled' ? pc.dim(shownName) : state === 'running' ? pc.bold(shownName) : shownName;
  return `${pc.dim(branch)}${colour(MARKS[state])} ${title}${colour(bar)}${shownNote}`;
}

export function drawBar({ done, total }: { readonly done: number; readonly total: number }): string {
  const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

/** Names and notes may come from a repository: nothing in them may steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

function cut(text: string, width: number): string {
  return text.length <= width
    ? text
    : `${text
        .slice(0, Math.max(0, width - 1))
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}
