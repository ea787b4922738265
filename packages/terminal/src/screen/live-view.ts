import type { Colours } from '../text/colours.js';
import { cutToWidth } from '../text/display-width.js';
import { oneLine } from '../text/one-line.js';
import { drawTree } from '../tree/draw-tree.js';
import { fitLines } from '../tree/fit-lines.js';
import { treeLines, type TreeLine } from '../tree/tree-lines.js';
import type { TreeTask } from '../tree/tree-task.js';
import { Screen, type Terminal } from './screen.js';
import { sizeOf } from './terminal-size.js';
import type { View } from './view.js';

const TURN_MS = 100;
/** Drawing a great job takes long: it gets at most this share of the time. */
const DRAWING_SHARE = 0.2;
/** The cursor's own line, and one of what came before the tree. */
const ROWS_LEFT_FREE = 2;

/** A terminal that tells when its size has changed: `process.stdout` where that is a terminal. */
export interface LiveTerminal extends Terminal {
  readonly isTTY?: boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface LiveViewOptions {
  readonly colours: Colours;
  /** Whether lines name the agent that runs a task. */
  readonly showAgents: boolean;
}

/** A tree in a terminal: drawn again when the job changes, when the window does, and often enough to see that something goes on. */
export class LiveView implements View {
  private readonly screen: Screen;
  private readonly colours: Colours;
  private readonly showAgents: boolean;
  private readonly timer: NodeJS.Timeout;
  private tasks: readonly TreeTask[] = [];
  private said: string | null = null;
  private turn = 0;
  private restUntilMs = 0;

  constructor(
    private readonly output: LiveTerminal,
    { colours, showAgents }: LiveViewOptions,
  ) {
    this.screen = new Screen(output);
    this.colours = colours;
    this.showAgents = showAgents;
    output.on('resize', this.draw);
    this.timer = setInterval(() => {
      this.turn += 1;
      if (performance.now() >= this.restUntilMs) this.draw();
    }, TURN_MS);
  }

  show(tasks: readonly TreeTask[]): void {
    this.tasks = tasks;
    if (performance.now() >= this.restUntilMs) this.draw();
  }

  say(text: string | null): void {
    this.said = text;
    this.draw();
  }

  /** The last picture may be higher than the window: it is not drawn over any more. */
  end(): void {
    clearInterval(this.timer);
    this.output.off('resize', this.draw);
    this.drawLines(treeLines(this.tasks, Date.now()), null);
  }

  private readonly draw = (): void => {
    const startedMs = performance.now();
    const rows = sizeOf(this.output).rows - ROWS_LEFT_FREE - (this.said === null ? 0 : 1);
    this.drawLines(fitLines(treeLines(this.tasks, Date.now()), rows), this.said);
    const endedMs = performance.now();
    this.restUntilMs = endedMs + (endedMs - startedMs) * (1 / DRAWING_SHARE - 1);
  };

  private drawLines(lines: readonly TreeLine[], said: string | null): void {
    const { columns } = sizeOf(this.output);
    const { colours, turn, showAgents } = this;
    const drawn = drawTree(lines, { columns, colours, turn, showAgents });
    this.screen.draw(said === null ? drawn : [...drawn, colours.yellow(cutToWidth(oneLine(said), columns - 1))]);
  }
}
