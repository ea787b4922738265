import { oneLine } from '../text/one-line.js';
import { PlainLines } from '../tree/plain-lines.js';
import type { TreeTask } from '../tree/tree-task.js';
import type { View } from './view.js';

/** Plain lines, for logs and pipes. */
export class PlainView implements View {
  private readonly lines = new PlainLines();
  private said: string | null = null;

  constructor(private readonly output: { write(text: string): unknown }) {}

  show(tasks: readonly TreeTask[]): void {
    for (const line of this.lines.next(tasks)) this.output.write(`${line}\n`);
  }

  say(text: string | null): void {
    if (text !== null && text !== this.said) this.output.write(`${oneLine(text)}\n`);
    this.said = text;
  }

  end(): void {
    // Nothing is held.
  }
}
