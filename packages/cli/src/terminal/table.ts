import { displayWidth } from '@taskloom/terminal';
import { stripVTControlCharacters } from 'node:util';

/** Rows as columns of text, each as wide as its widest cell; the last one is not padded. Cells may have colours. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, widthOf(cell))), []);
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, index) => (index === row.length - 1 ? cell : padded(cell, widths[index]!)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - widthOf(cell));
}

function widthOf(cell: string): number {
  return displayWidth(stripVTControlCharacters(cell));
}
