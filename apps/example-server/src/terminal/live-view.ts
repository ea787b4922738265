import type { WriteStream } from 'node:tty';
import { coloursFor, type Colours } from './colours.js';
import { drawTree } from './draw-tree.js';
import { fitLines } from './fit-lines.js';
import type { JobTree } from './job-tree.js';
import { Screen } from './screen.js';
import { sizeOf } from './terminal-size.js';
import { treeLines, type TreeLine } from './tree-lines.js';
import type { View } from './view.js';

const TURN_MS = 100;
/** The cursor's own line, and one of what came before the tree. */
const ROWS_LEFT_FREE = 2;

/** A tree in a terminal: drawn again when the job changes, when the window does, and often enough to see that something goes on. */
export class LiveView implements View {
  private readonly screen: Screen;
  private readonly colours: Colours;
  private readonly timer: NodeJS.Timeout;
  private tree: JobTree | null = null;
  private turn = 0;

  constructor(private readonly output: WriteStream) {
    this.screen = new Screen(output);
    this.colours = coloursFor(output);
    output.on('resize', this.draw);
    this.timer = setInterval(() => {
      this.turn += 1;
      this.draw();
    }, TURN_MS);
  }

  show(tree: JobTree): void {
    this.tree = tree;
    this.draw();
  }

  /** The last picture may be higher than the window: it is not drawn over any more. */
  end(): void {
    clearInterval(this.timer);
    this.output.off('resize', this.draw);
    if (this.tree !== null) this.drawLines(treeLines(this.tree.all(), Date.now()));
  }

  private readonly draw = (): void => {
    if (this.tree !== null) this.drawLines(fitLines(treeLines(this.tree.all(), Date.now()), sizeOf(this.output).rows - ROWS_LEFT_FREE));
  };

  private drawLines(lines: readonly TreeLine[]): void {
    this.screen.draw(drawTree(lines, { columns: sizeOf(this.output).columns, colours: this.colours, turn: this.turn }));
  }
}
