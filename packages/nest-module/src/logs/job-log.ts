import { isTaskloomError, type Engine, type EventType, type EventView } from '@taskloom/core';

/** Events that are read and kept together. */
const BLOCK = 128;
/** Blocks that are kept for followers who are not equally far; one that is further behind has its block read again. */
const MOST_BLOCKS = 8;
const ENDS: ReadonlySet<EventType> = new Set(['JOB_COMPLETED', 'JOB_FAILED', 'JOB_CANCELLED']);

export type LogSource = Pick<Engine, 'changes' | 'reader'>;

/** The events of one block after `first`, as they were known when `since` changes had been told. */
interface Block {
  readonly first: number;
  readonly events: readonly EventView[];
  readonly since: number;
}

/** How far one follower is. */
interface Place {
  /** The block of the event that it is given next. */
  block: number;
}

/**
 * One job's log, read once for all who follow it: a block of events is read when somebody needs it, and is the same objects
 * for everybody; one listener waits for changes for all. What everybody has passed is not kept.
 */
export class JobLog {
  private readonly blocks = new Map<number, Block>();
  private readonly readings = new Map<number, { readonly since: number; readonly block: Promise<Block> }>();
  private readonly places = new Set<Place>();
  private readonly waiting = new Set<() => void>();
  private readonly closed = new AbortController();
  /** How many changes of the job have been told. */
  private changes = 0;
  private isStopped = false;

  constructor(
    private readonly source: LogSource,
    private readonly jobId: string,
    /** Nobody follows it any more. */
    private readonly onLeft: () => void,
  ) {
    // Listens before anything is read, so that nothing falls between.
    void this.listen();
  }

  /**
   * The events after `afterSeq`, those stored and those to come, in order, none left out, some at a time. Ends after the event
   * that ended the job, unless it was reopened since, and with the engine.
   *
   * @throws TaskloomError `CURSOR_EXPIRED` where the job was deleted
   */
  async *follow(afterSeq: number, signal: AbortSignal): AsyncGenerator<readonly EventView[], void> {
    const place: Place = { block: blockOf(afterSeq) };
    this.places.add(place);
    let cursor = afterSeq;
    let last: EventView | undefined;
    try {
      while (!signal.aborted) {
        const told = this.changes;
        const events = await this.after(cursor);
        if (signal.aborted) return;
        if (events.length > 0) {
          last = events.at(-1)!;
          cursor = last.seq;
          yield events;
          this.move(place, cursor);
        } else {
          if (last ? ENDS.has(last.type) : await this.hasEnded(cursor)) return;
          if (this.isStopped) return;
          await this.changeAfter(told, signal);
        }
      }
    } catch (error) {
      // The engine stopped while the log was being read: what follows it ends, and does not fail.
      if (!isTaskloomError(error) || error.code !== 'ENGINE_STOPPED') throw error;
    } finally {
      this.leave(place);
    }
  }

  /** The next events of the cursor's block; none where nothing was committed after it by now. */
  private async after(cursor: number): Promise<readonly EventView[]> {
    const no = blockOf(cursor);
    const told = this.changes;
    for (;;) {
      const known = this.blocks.get(no);
      const events = known && known.first <= cursor ? known.events.slice(cursor - known.first) : null;
      if (events && (events.length > 0 || known!.since === this.changes)) return events;
      const reading = this.readings.get(no) ?? this.read(no, events ? known! : emptyBlock(no));
      const block = await reading.block;
      if (reading.since >= told && block.first <= cursor) return block.events.slice(cursor - block.first);
    }
  }

  private read(no: number, known: Block): { readonly since: number; readonly block: Promise<Block> } {
    const since = this.changes;
    const from = known.first + known.events.length;
    const reading = { since, block: this.readMore(no, known, from, since) };
    this.readings.set(no, reading);
    return reading;
  }

  private async readMore(no: number, { first, events }: Block, from: number, since: number): Promise<Block> {
    try {
      const more = await this.source.reader.events(this.jobId, from, (no + 1) * BLOCK - from);
      const block = { first, events: more.length > 0 ? [...events, ...more] : events, since };
      this.blocks.set(no, block);
      if (this.blocks.size > MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
      return block;
    } finally {
      this.readings.delete(no);
    }
  }

  /** Whether the job ended with an event at or before the cursor, so that there is nothing to wait for. */
  private async hasEnded(cursor: number): Promise<boolean> {
    const job = await this.source.reader.job(this.jobId);
    return job === null || (job.finishedAt !== null && job.lastSeq <= cursor);
  }

  private move(place: Place, cursor: number): void {
    const block = blockOf(cursor);
    if (block === place.block) return;
    place.block = block;
    this.forgetPassed();
  }

  private leave(place: Place): void {
    this.places.delete(place);
    if (this.places.size > 0) return this.forgetPassed();
    this.closed.abort();
    this.onLeft();
  }

  private forgetPassed(): void {
    let least = Infinity;
    for (const { block } of this.places) least = Math.min(least, block);
    for (const no of this.blocks.keys()) if (no < least) this.blocks.delete(no);
  }

  private async listen(): Promise<void> {
    try {
      for await (const _ of this.source.changes({ jobId: this.jobId, signal: this.closed.signal })) this.tell();
    } catch {
      // Who follows finds out for itself when it reads.
    }
    this.isStopped = true;
    this.tell();
  }

  private tell(): void {
    this.changes += 1;
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }

  /** Resolves when more changes were told than `told`, or the signal aborts. */
  private changeAfter(told: number, signal: AbortSignal): Promise<void> {
    if (this.changes > told || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
      // Everybody has everything: only where to read on is kept.
      if (this.waiting.size === this.places.size)
        for (const [no, { first, events, since }] of this.blocks) this.blocks.set(no, { first: first + events.length, events: [], since });
    });
  }
}

function blockOf(cursor: number): number {
  return Math.floor(cursor / BLOCK);
}

function emptyBlock(no: number): Block {
  return { first: no * BLOCK, events: [], since: -1 };
}
