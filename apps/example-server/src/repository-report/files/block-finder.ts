const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const TAB = 9;
const SPACE = 32;
const TAB_COLUMNS = 8;
const OPENING = new Set([...'{(['].map((bracket) => bracket.charCodeAt(0)));
const CLOSING = new Set([...'})]'].map((bracket) => bracket.charCodeAt(0)));
const END_WORD = 'end';

/**
 * Finds the longest block of a text in any language, by its layout and not by its grammar, fed with its bytes in pieces of any size.
 *
 * A block is the longer of two things that both begin with a line at some indentation:
 * - by indent: that line, all lines below it that are indented deeper, and a closing line at the same indentation (one that begins with `}`,
 *   `)`, `]` or the word `end`);
 * - by bracket: a line that ends in `{`, `(` or `[`, to the next line at the same indentation that begins with `}`, `)` or `]`. So labels,
 *   `#if` and texts at the margin do not cut a function short.
 *
 * Its length counts both of these lines and the empty ones between, not empty lines after it. A text without any such block has 0. A tab counts
 * to the next multiple of 8 columns. Nothing is parsed: a bracket that ends a line of a comment counts like any other.
 */
export class BlockFinder {
  /** Lines of the longest block so far; final after `end()`. */
  longestBlockLines = 0;

  #line = 0;
  #indent = 0;
  #first = 0;
  #last = 0;
  #firstWord = '';
  #isMeasuringIndent = true;
  /** The line the present block by indent hangs on. */
  #header: { readonly line: number; readonly indent: number } | undefined;
  #lastContentLine = 0;
  /** Lines that end in an opening bracket and wait for their closing one, by indentation. */
  readonly #open = new Map<number, number>();

  push(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === LINE_FEED) this.#endLine();
      else this.#take(byte);
    }
  }

  end(): void {
    this.#endLine();
    this.#closeHeader(this.#lastContentLine);
  }

  #take(byte: number): void {
    if (byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN) {
      if (!this.#isMeasuringIndent) {
        if (this.#firstWord.length <= END_WORD.length) this.#firstWord += ' ';
      } else if (byte === TAB) this.#indent += TAB_COLUMNS - (this.#indent % TAB_COLUMNS);
      else if (byte === SPACE) this.#indent += 1;
      return;
    }
    if (this.#isMeasuringIndent) {
      this.#first = byte;
      this.#isMeasuringIndent = false;
    }
    this.#last = byte;
    if (this.#firstWord.length <= END_WORD.length) this.#firstWord += String.fromCharCode(byte);
  }

  #endLine(): void {
    this.#line += 1;
    if (!this.#isMeasuringIndent) this.#takeLine();
    this.#indent = 0;
    this.#firstWord = '';
    this.#isMeasuringIndent = true;
  }

  #takeLine(): void {
    const indent = this.#indent;
    const closesBracket = CLOSING.has(this.#first);
    if (this.#header === undefined || indent <= this.#header.indent) {
      const closes = indent === this.#header?.indent && (closesBracket || /^end(?!\w)/.test(this.#firstWord));
      this.#closeHeader(closes ? this.#line : this.#lastContentLine);
      this.#header = { line: this.#line, indent };
    }
    if (closesBracket) this.#closeBracket(indent);
    if (OPENING.has(this.#last)) this.#open.set(indent, this.#line);
    this.#lastContentLine = this.#line;
  }

  #closeHeader(lastLine: number): void {
    if (this.#header === undefined || this.#lastContentLine === this.#header.line) return;
    this.#count(lastLine - this.#header.line + 1);
  }

  #closeBracket(indent: number): void {
    const opened = this.#open.get(indent);
    if (opened !== undefined) this.#count(this.#line - opened + 1);
    for (const openIndent of this.#open.keys()) if (openIndent >= indent) this.#open.delete(openIndent);
  }

  #count(lines: number): void {
    if (lines > this.longestBlockLines) this.longestBlockLines = lines;
  }
}
