import type { Colours } from '../text/colours.js';
import { cutToWidth, displayWidth } from '../text/display-width.js';
import { oneLine } from '../text/one-line.js';
import type { LineState, Progress, TreeLine } from './tree-lines.js';

const MARKS: Readonly<Record<Exclude<LineState, 'running'>, string>> = {
  waiting: '·',
  asking: '?',
  done: '✔',
  skipped: '↷',
  failed: '✖',
  cancelled: '■',
};
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const BAR_COLUMNS = 20;
const LEAST_BAR_COLUMNS = 6;
const LEAST_NOTE_COLUMNS = 12;
/** What is over sooner needs no time beside it. */
const LEAST_ELAPSED_MS = 1_000;

export interface Drawing {
  readonly columns: number;
  readonly colours: Colours;
  /** Counts up; the marks of what runs turn with it. `null` where nothing is drawn over. */
  readonly turn: number | null;
  /** Whether lines name the agent that runs a task, as `@agent`. */
  readonly showAgents: boolean;
}

/**
 * The lines of a tree for a terminal, each narrower than `columns`: where there is no room notes go first, then agents, then
 * times, then bars, then names are cut.
 */
export function drawTree(lines: readonly TreeLine[], drawing: Drawing): string[] {
  return lines.map((line) => drawLine(line, drawing));
}

function drawLine(line: TreeLine, { columns, colours, turn, showAgents }: Drawing): string {
  const { branch, state, progress } = line;
  const mark = state === 'running' ? runningMark(turn) : MARKS[state];
  // One column stays free, for terminals that wrap as soon as a line is full.
  let room = columns - 1 - displayWidth(branch) - 2;
  const take = (text: string): string => {
    room -= displayWidth(text);
    return text;
  };
  const name = take(cutToWidth(oneLine(line.name), Math.max(1, room)));
  const bar = progress === null ? '' : take(drawProgress(progress, room));
  const elapsed = take(drawElapsed(line, room));
  const agent = showAgents ? take(drawAgent(line, room)) : '';
  const note = drawNote(line, room);
  const colour = colourOf(state, colours);
  return `${colours.dim(branch)}${colour(mark)} ${nameStyle(state, colours)(name)}${colours.dim(agent)}${colour(bar)}${colours.dim(elapsed)}${noteStyle(state, colours)(note)}`;
}

function runningMark(turn: number | null): string {
  return turn === null ? '▸' : (SPINNER[turn % SPINNER.length] as string);
}

function drawProgress({ done, total }: Progress, room: number): string {
  const count = ` ${done}/${total}`;
  const columns = Math.min(BAR_COLUMNS, room - count.length - 1);
  if (total === 0 || count.length > room) return '';
  return columns < LEAST_BAR_COLUMNS ? count : ` ${drawBar({ done, total }, columns)}${count}`;
}

/** A bar that is full only when all is done. */
export function drawBar({ done, total }: Progress, columns: number): string {
  const filled = total === 0 ? columns : Math.floor((done / total) * columns);
  return '█'.repeat(filled) + '░'.repeat(columns - filled);
}

function drawElapsed({ elapsedMs }: TreeLine, room: number): string {
  if (elapsedMs === null || elapsedMs < LEAST_ELAPSED_MS) return '';
  const text = ` ${formatElapsed(elapsedMs)}`;
  return text.length > room ? '' : text;
}

/** `7s`, `1m 05s`, `2h 00m`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const [large, small, units] = seconds < 3_600 ? [seconds / 60, seconds % 60, 'ms'] : [seconds / 3_600, (seconds % 3_600) / 60, 'hm'];
  return `${Math.floor(large)}${units.charAt(0)} ${String(Math.floor(small)).padStart(2, '0')}${units.charAt(1)}`;
}

/** A task that nobody has named may be called as its agent already. */
function drawAgent({ agent, name }: TreeLine, room: number): string {
  if (agent === null || name === agent) return '';
  const text = ` @${oneLine(agent)}`;
  return displayWidth(text) > room ? '' : text;
}

function drawNote({ note }: TreeLine, room: number): string {
  const text = note === null ? '' : oneLine(note);
  return text === '' || room - 2 < LEAST_NOTE_COLUMNS ? '' : `  ${cutToWidth(text, room - 2)}`;
}

function nameStyle(state: LineState, { bold, dim }: Colours): (text: string) => string {
  return state === 'running' || state === 'asking' ? bold : state === 'waiting' || state === 'cancelled' ? dim : String;
}

/** What somebody has to do something about is not whispered. */
function noteStyle(state: LineState, { dim, red, yellow }: Colours): (text: string) => string {
  return state === 'failed' ? red : state === 'asking' ? yellow : dim;
}

function colourOf(state: LineState, { cyan, dim, green, red, yellow }: Colours): (text: string) => string {
  switch (state) {
    case 'running':
      return cyan;
    case 'done':
      return green;
    case 'failed':
      return red;
    case 'asking':
    case 'skipped':
      return yellow;
    case 'waiting':
    case 'cancelled':
      return dim;
  }
}
