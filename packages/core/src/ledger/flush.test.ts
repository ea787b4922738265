import { describe, expect, it } from '@jest/globals';

import { WIDE_LIMITS } from '../testing/machine/scenario.js';
import type { Dispatcher, ReadyTask } from '../ports/dispatcher.js';
import { Flush } from './flush.js';
import { UnwrittenCosts } from './unwritten-costs.js';

/** A line of places whose tasks have nothing left to do. */
class StaleLine {
  released = 0;

  constructor(private left: number) {}

  take(): ReadyTask | null {
    if (this.left === 0) return null;
    this.left -= 1;
    return { jobId: 'gone', no: this.left } as ReadyTask;
  }

  release(): void {
    this.released += 1;
  }
}

describe('a flush', () => {
  it('looks at so many of those in line as it may, though none of them starts, and tells that there may be more', () => {
    const line = new StaleLine(1_000);
    const flushes = Array.from({ length: 4 }, () => new Flush(line as unknown as Dispatcher, WIDE_LIMITS, 0, new UnwrittenCosts()));

    expect(flushes[0]!.startReady(() => undefined, 400)).toBe(true);
    expect(line.released).toBe(400);
    expect(flushes[1]!.startReady(() => undefined, 400)).toBe(true);
    expect(flushes[2]!.startReady(() => undefined, 400)).toBe(false);
    expect(line.released).toBe(1_000);
    expect(flushes[3]!.startReady(() => undefined, 400)).toBe(false);
  });
});
