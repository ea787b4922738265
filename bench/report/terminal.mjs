import { cellsOf, columns } from './columns.mjs';
import { growthOf } from './summary.mjs';
import { targetsOf } from './targets.mjs';

/** @param {import('./summary.mjs').Section} section */
export function showSection({ name, title, lines }) {
  const rows = [columns.map((column) => column.title), ...lines.map(cellsOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const text = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  );
  const errors = lines.flatMap(({ engine, error }) => (error ? [`  ${engine}: ${error.split('\n')[0]}`] : []));
  return [`\n${name}  ${title}`, ...text.map((line) => `  ${line}`), ...errors].join('\n');
}

/** @param {readonly import('./summary.mjs').Section[]} sections */
export function showTargets(sections) {
  const targets = targetsOf(sections);
  if (targets.length === 0) return '';
  const width = Math.max(...targets.map(({ what }) => what.length));
  const lines = targets.map(
    ({ what, must, reached, isMet }) => `  ${isMet === 'no' ? '✗' : '✓'} ${what.padEnd(width)}  ${reached.padStart(7)}  ${must}`,
  );
  return ['\ntargets', ...lines].join('\n');
}

/** @param {readonly import('./summary.mjs').Section[]} sections */
export function showGrowth(sections) {
  const lines = growthOf(sections).map(
    ({ engine, costRatio, bytesPerTask }) =>
      `  ${engine}: a task of 100,000 costs ${costRatio.toFixed(2)} of one of 10,000, and ${(bytesPerTask / 1_000).toFixed(2)} kB of memory`,
  );
  return lines.length === 0 ? '' : ['\ngrowth', ...lines].join('\n');
}
