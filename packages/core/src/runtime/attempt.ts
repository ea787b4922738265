import type { BagItem } from '../kernel/bag.js';
import type { Grant } from '../ledger/committed.js';
import type { TaskSpec } from '../model/task.js';
import type { Outcome } from './outcome.js';

/**
 * One execution of a task in this process: its abort signal, and whether it still has a say. It ends once: by its agent's
 * own end, a timeout, a cancellation or a stop, whichever comes first.
 */
export class Attempt implements BagItem {
  /** Made when somebody asks for the signal: most agents never do. */
  private controller: AbortController | null = null;
  private abortReason: unknown;
  private aborted = false;
  private ended = false;
  /** What a run that is over has still to say: a suspension when its agent ends, a failure when plugins were asked. */
  pendingOutcome: (() => Outcome) | null = null;
  /** Whether its failure is about to be reported: nothing else that it comes to counts. */
  hasFailed = false;
  /** `null` until it was read. */
  spec: TaskSpec | null = null;
  /** Its place among those that run; -1 once it has left. */
  bagIndex = -1;
  /** Whether its task has ended without it, or gone on. */
  isSuperseded = false;
  /** When the agent last gave a sign of life, on the monotonic clock. */
  lastSignAt: number;

  constructor(
    readonly grant: Grant,
    startedAt: number,
  ) {
    this.lastSignAt = startedAt;
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort(this.abortReason);
    }
    return this.controller.signal;
  }

  get isOver(): boolean {
    return this.ended;
  }

  /** Takes the say from the agent. Returns whether it still had it. */
  end(): boolean {
    const first = !this.ended;
    this.ended = true;
    return first;
  }

  /** Ends it and tells the agent why. Returns whether it still had its say. */
  abort(reason: unknown): boolean {
    const first = this.end();
    if (!this.aborted) {
      this.aborted = true;
      this.abortReason = reason;
      this.controller?.abort(reason);
    }
    return first;
  }
}
