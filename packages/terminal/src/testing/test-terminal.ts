import { displayWidth } from '../text/display-width.js';
import type { Terminal } from '../screen/screen.js';

/** What a program writes: sequences that steer, line ends, single characters. */
const PIECES = /\p{Cc}\[(\??)(\d*)([A-Za-z])|\r|\n|\P{Cc}/gu;

/**
 * A terminal in memory that knows what the screen uses: text, line ends, up, clearing, and lines that are broken anew when its width changes.
 * A line takes as many rows as it needs; a wide character takes two columns.
 */
export class TestTerminal implements Terminal {
  writes = 0;
  written = '';
  private lineTexts: string[] = [''];
  /** The logical line the cursor is in; it is always at a line's beginning between writes, as the screen leaves it. */
  private at = 0;
  private column = 0;

  constructor(
    public columns: number,
    public readonly rows: number,
  ) {}

  resize(columns: number): void {
    this.columns = columns;
  }

  write(text: string): boolean {
    this.writes += 1;
    this.written += text;
    for (const [piece, isPrivate, count, command] of text.matchAll(PIECES)) {
      if (command === undefined) this.type(piece);
      else if (isPrivate === '') this.obey(command, Number(count || '1'));
    }
    return true;
  }

  /** What stands in the window and above it, without the cursor's own empty line. */
  lines(): string[] {
    return this.lineTexts.at(-1) === '' ? this.lineTexts.slice(0, -1) : [...this.lineTexts];
  }

  private type(piece: string): void {
    if (piece === '\r') this.column = 0;
    else if (piece === '\n') {
      this.at += 1;
      this.column = 0;
      this.lineTexts[this.at] ??= '';
    } else {
      const line = this.lineTexts[this.at] ?? '';
      this.lineTexts[this.at] = line.slice(0, this.column) + piece + line.slice(this.column + piece.length);
      this.column += piece.length;
    }
  }

  private obey(command: string, count: number): void {
    if (command === 'A') this.goUp(count);
    else if (command === 'K') this.lineTexts[this.at] = (this.lineTexts[this.at] ?? '').slice(0, this.column);
    else if (command === 'J') {
      this.lineTexts.length = this.at + 1;
      this.lineTexts[this.at] = (this.lineTexts[this.at] ?? '').slice(0, this.column);
    }
  }

  /** By rows of the window, which must end at the beginning of a line. */
  private goUp(rows: number): void {
    let left = rows;
    while (left > 0 && this.at > 0) {
      this.at -= 1;
      left -= this.rowsOf(this.lineTexts[this.at] ?? '');
    }
    if (left < 0) throw new Error('The cursor went into the middle of a broken line.');
  }

  private rowsOf(line: string): number {
    return Math.max(1, Math.ceil(displayWidth(line) / this.columns));
  }
}
