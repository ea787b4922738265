import type { JobTree } from './job-tree.js';
import { PlainLines } from './plain-lines.js';
import type { View } from './view.js';

/** Plain lines, for logs and pipes. */
export class PlainView implements View {
  private readonly lines = new PlainLines();

  constructor(private readonly output: { write(text: string): unknown }) {}

  show(tree: JobTree): void {
    for (const line of this.lines.next(tree.all())) this.output.write(`${line}\n`);
  }

  end(): void {
    // Nothing is held.
  }
}
