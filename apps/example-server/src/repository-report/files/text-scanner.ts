/** The words that mark unfinished work. */
export const TODO_TAGS = ['TODO', 'FIXME', 'HACK', 'XXX'] as const;

export type TodoTag = (typeof TODO_TAGS)[number];

/** One line that holds a marker. */
export interface TodoMark {
  /** Counted from 1. */
  readonly line: number;
  /** The first marker on the line. */
  readonly tag: TodoTag;
  /** The line, trimmed; at most 160 characters around the marker, with an ellipsis where it is cut. */
  readonly text: string;
}

const LINE_FEED = 10;
const TEXT_MAX_CHARACTERS = 160;
/** How much of a cut line is shown before its marker. */
const TEXT_BEFORE_CHARACTERS = 40;
/** An unfinished line longer than this is looked at in pieces, each overlapping the one before. */
const PIECE_MAX_BYTES = 64 * 1024;
const PIECE_OVERLAP_BYTES = 1024;
/** In a piece that begins inside a line, what stands this near the start was judged with the piece before, where the character before it was known. */
const PIECE_HEAD_CHARACTERS = 4;
/** A marker this near the end of a piece is judged with the next piece, when what follows it is known. */
const PIECE_TAIL_CHARACTERS = 8;

/** A whole word: no letter, digit or underscore of any script beside it, as `grep -w` has it. */
const WHOLE_TAG = /(?<![\p{L}\p{M}\p{N}_])(?:TODO|FIXME|HACK|XXX)(?![\p{L}\p{M}\p{N}_])/gu;
/** A file with more markers is a list of words or made by a machine. */
const TODOS_MAX = 10_000;
const TAG_BYTES = TODO_TAGS.map((tag) => Buffer.from(tag, 'latin1'));

/**
 * Counts the lines of a text and finds its markers, fed with its bytes in pieces of any size. Memory is bounded by the longest piece plus
 * 64 KiB, however long a line is. Bytes that are no valid UTF-8 do no harm; they show as U+FFFD in a marker's text.
 */
export class TextScanner {
  /** A line ends at `\n`; a last piece without one counts. Final after `end()`. */
  lines = 0;
  /** At most the first 10,000. */
  readonly todos: TodoMark[] = [];
  /** Markers beyond those. */
  todosLeftOut = 0;

  /** The end of the text so far, from the last line feed on (or the overlap, once a long line was cut). */
  #rest: Buffer = Buffer.alloc(0);
  #restIsCut = false;
  /** Whether the unfinished line has its marker already. */
  #restIsMarked = false;

  push(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lastLineFeed = data.lastIndexOf(LINE_FEED);
    if (lastLineFeed !== -1) {
      this.#scanLines(data.subarray(0, lastLineFeed + 1));
      this.#restIsCut = false;
      this.#restIsMarked = false;
    }
    // Copied, since the caller may fill the chunk's memory again.
    this.#rest = Buffer.from(data.subarray(lastLineFeed + 1));
    if (this.#rest.length > PIECE_MAX_BYTES) this.#cutRest();
  }

  end(): void {
    if (this.#rest.length === 0 && !this.#restIsCut) return;
    if (!this.#restIsMarked) this.#mark(this.#rest, this.lines + 1, true);
    this.lines += 1;
    this.#rest = Buffer.alloc(0);
    this.#restIsCut = false;
    this.#restIsMarked = false;
  }

  /** Takes whole lines. Only those that hold one of the words are looked at one by one. */
  #scanLines(data: Buffer): void {
    const next = TAG_BYTES.map((tag) => data.indexOf(tag));
    let lineStart = 0;
    for (;;) {
      const candidate = Math.min(...next.filter((position) => position !== -1));
      if (candidate === Number.POSITIVE_INFINITY) break;
      this.lines += countLineFeeds(data, lineStart, candidate);
      const start = candidate === 0 ? 0 : data.lastIndexOf(LINE_FEED, candidate - 1) + 1;
      const end = data.indexOf(LINE_FEED, candidate);
      const isRest = start === 0;
      if (!isRest || !this.#restIsMarked) this.#mark(data.subarray(start, end), this.lines + 1, true, isRest && this.#restIsCut);
      lineStart = end;
      for (const [index, tag] of TAG_BYTES.entries()) {
        const position = next[index] as number;
        if (position !== -1 && position < end) next[index] = data.indexOf(tag, end);
      }
    }
    this.lines += countLineFeeds(data, lineStart, data.length);
  }

  #cutRest(): void {
    if (!this.#restIsMarked) this.#restIsMarked = this.#mark(this.#rest, this.lines + 1, false);
    this.#rest = Buffer.from(this.#rest.subarray(this.#rest.length - PIECE_OVERLAP_BYTES));
    this.#restIsCut = true;
  }

  #mark(piece: Buffer, line: number, isWholeEnd: boolean, isCut = this.#restIsCut): boolean {
    if (!TAG_BYTES.some((tag) => piece.includes(tag))) return false;
    const text = piece.toString('utf8');
    const judgedUntil = isWholeEnd ? text.length : text.length - PIECE_TAIL_CHARACTERS;
    for (const match of text.matchAll(WHOLE_TAG)) {
      if (match.index + match[0].length > judgedUntil) break;
      if (isCut && match.index < PIECE_HEAD_CHARACTERS) continue;
      if (this.todos.length === TODOS_MAX) this.todosLeftOut += 1;
      else this.todos.push({ line, tag: match[0] as TodoTag, text: excerpt(text, match.index, isCut, !isWholeEnd) });
      return true;
    }
    return false;
  }
}

function countLineFeeds(data: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = data.indexOf(LINE_FEED, start); at !== -1 && at < end; at = data.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** The part of a line to show, control characters made spaces. `at` is where the marker stands. */
function excerpt(line: string, at: number, startIsCut: boolean, endIsCut: boolean): string {
  const margin = line.length - line.trimStart().length;
  const trimmed = line.trim();
  const position = at - margin;
  const fits = trimmed.length <= TEXT_MAX_CHARACTERS && !startIsCut;
  const start = fits || position <= TEXT_MAX_CHARACTERS / 2 ? 0 : position - TEXT_BEFORE_CHARACTERS;
  // A character takes at most two units.
  const shown = Array.from(trimmed.slice(start, start + 2 * TEXT_MAX_CHARACTERS))
    .slice(0, TEXT_MAX_CHARACTERS)
    .join('');
  const before = startIsCut || start > 0 ? '…' : '';
  const after = endIsCut || start + shown.length < trimmed.length ? '…' : '';
  return `${before}${shown.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()}${after}`.toWellFormed();
}
