import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../text/display-width.js';
import { sizeOf, type Sized } from './terminal-size.js';

const BEGIN = '\u001B[?2026h'; // what follows is shown at once, where the terminal knows how
const END = '\u001B[?2026l';
const CLEAR_REST_OF_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';
const up = (rows: number): string => (rows > 0 ? `\u001B[${rows}A` : '');

/** The part of a terminal that is used. */
export interface Terminal extends Sized {
  write(text: string): unknown;
}

/**
 * Lines at the bottom of a terminal that are drawn over with each new picture; what stands above stays. The cursor rests below them. A
 * terminal that was made narrower meanwhile has broken the old lines, which is reckoned with.
 */
export class Screen {
  private widths: number[] = [];
  private shown = '';

  constructor(private readonly terminal: Terminal) {}

  draw(lines: readonly string[]): void {
    const picture = lines.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('');
    const rows = this.rowsOfLast();
    if (picture === this.shown && rows === lines.length) return;
    this.terminal.write(`${BEGIN}\r${up(Math.min(rows, sizeOf(this.terminal).rows - 1))}${picture}${CLEAR_BELOW}${END}`);
    this.shown = picture;
    this.widths = lines.map((line) => displayWidth(stripVTControlCharacters(line)));
  }

  private rowsOfLast(): number {
    const { columns } = sizeOf(this.terminal);
    return this.widths.reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
  }
}
