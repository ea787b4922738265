import type { Clock } from '../kernel/clock.js';

const COLLECT_MS = 250;
const COLLECT_CHARS = 4_096;

/** Collects what an agent streams, so that an event holds a sentence and not a token: for 250 ms, or until there are 4 KiB. */
export class StreamCollector {
  private waiting = '';
  private stopTimer: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly send: (text: string) => void,
  ) {}

  add(text: string): void {
    this.waiting += text;
    while (this.waiting.length >= COLLECT_CHARS) {
      // Not between the halves of one character.
      const end = /[\uD800-\uDBFF]/.test(this.waiting[COLLECT_CHARS - 1]!) ? COLLECT_CHARS - 1 : COLLECT_CHARS;
      this.send(this.waiting.slice(0, end));
      this.waiting = this.waiting.slice(end);
    }
    if (this.waiting !== '') this.stopTimer ??= this.clock.schedule(COLLECT_MS, () => this.flush());
  }

  /** Sends what is left: the attempt ends. */
  flush(): void {
    this.stopTimer?.();
    this.stopTimer = null;
    const text = this.waiting;
    this.waiting = '';
    if (text !== '') this.send(text);
  }
}
