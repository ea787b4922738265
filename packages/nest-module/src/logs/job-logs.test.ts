import { describe, expect, it } from '@jest/globals';
import { TaskloomError, type EventView, type JobChange, type JobView } from '@taskloom/core';

import type { LogSource } from './job-log.js';
import { JobLogs } from './job-logs.js';

/** A job in memory, which tells of its changes and counts how it is read. */
class Source {
  readonly reads: string[] = [];
  readonly events: EventView[] = [];
  listeners = 0;
  private readonly wakers = new Set<() => void>();
  private isOver = false;
  private isStopped = false;

  readonly source = {
    reader: {
      events: (_jobId: string, after: number, first: number): Promise<readonly EventView[]> => {
        if (this.isStopped) return Promise.reject(new TaskloomError('ENGINE_STOPPED', 'stopped'));
        this.reads.push(`${after}+${first}`);
        return Promise.resolve(this.events.slice(after, after + first));
      },
      job: (): Promise<JobView | null> =>
        Promise.resolve({ finishedAt: this.isOver ? 1 : null, lastSeq: this.events.length } as unknown as JobView),
    },
    changes: (options: { readonly signal?: AbortSignal } = {}) => this.changes(options.signal!),
  } as unknown as LogSource;

  commit(count: number, ends = false): void {
    for (let index = 0; index < count; index += 1) {
      const isEnd = ends && index === count - 1;
      this.events.push({ seq: this.events.length + 1, type: isEnd ? 'JOB_COMPLETED' : 'TASK_STARTED' } as EventView);
    }
    this.isOver = ends;
    for (const wake of this.wakers) wake();
  }

  stop(): void {
    this.isStopped = true;
    for (const wake of this.wakers) wake();
  }

  private async *changes(signal: AbortSignal): AsyncGenerator<readonly JobChange[]> {
    this.listeners += 1;
    try {
      for (;;) {
        await new Promise<void>((resolve) => {
          this.wakers.add(resolve);
          signal.addEventListener('abort', () => resolve());
        });
        this.wakers.clear();
        if (signal.aborted || this.isStopped) return;
        yield [];
      }
    } finally {
      this.listeners -= 1;
    }
  }
}

const never = (): AbortSignal => new AbortController().signal;

/** Follows to the end, and tells whether all of it came. */
async function follow(logs: JobLogs, afterSeq = 0, signal = never()): Promise<readonly number[]> {
  const seqs: number[] = [];
  for await (const events of logs.follow('job', { afterSeq, signal })) seqs.push(...events.map(({ seq }) => seq));
  return seqs;
}

const upTo = (last: number, after = 0): readonly number[] => Array.from({ length: last - after }, (_, index) => after + index + 1);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a log that many follow', () => {
  it('is read once, and heard by one listener', async () => {
    const source = new Source();
    const logs = new JobLogs(source.source);
    source.commit(1_000);
    const all = Array.from({ length: 50 }, () => follow(logs));
    await settled();
    expect(source.listeners).toBe(1);
    expect(source.reads).toHaveLength(8);
    source.commit(10);
    await settled();
    source.commit(20, true);
    expect(await Promise.all(all)).toEqual(all.map(() => upTo(1_030)));
    // Twice more for what came since: 1,010 and 1,030, over the end of a block.
    expect(source.reads.slice(8)).toEqual(['1000+24', '1010+14', '1024+128']);
    expect(source.listeners).toBe(0);
  });

  it('gives each what lies after its own cursor, also when they are far apart, and nothing twice', async () => {
    const source = new Source();
    const logs = new JobLogs(source.source);
    source.commit(3_000);
    const cursors = [0, 1, 127, 128, 129, 1_500, 2_999, 3_000];
    const all = cursors.map((cursor) => follow(logs, cursor));
    await settled();
    source.commit(300);
    source.commit(1, true);
    expect(await Promise.all(all)).toEqual(cursors.map((cursor) => upTo(3_301, cursor)));
  });

  it('gives everything to one who reads slowly while the others are ahead', async () => {
    const source = new Source();
    const logs = new JobLogs(source.source);
    source.commit(2_000);
    const slow = logs.follow('job', { afterSeq: 0, signal: never() });
    const first = (await slow.next()).value!;
    const fast = follow(logs);
    await settled();
    source.commit(500, true);
    expect(await fast).toEqual(upTo(2_500));
    const rest = first.map(({ seq }) => seq);
    for await (const events of slow) rest.push(...events.map(({ seq }) => seq));
    expect(rest).toEqual(upTo(2_500));
  });

  it('of a job that has ended ends at once, after its last event, too', async () => {
    const source = new Source();
    const logs = new JobLogs(source.source);
    source.commit(128, true);
    expect(await follow(logs)).toEqual(upTo(128));
    expect(await follow(logs, 128)).toEqual([]);
  });

  it('ends with the engine, and when its follower leaves', async () => {
    const source = new Source();
    const logs = new JobLogs(source.source);
    source.commit(5);
    const left = new AbortController();
    const [leaving, staying] = [follow(logs, 0, left.signal), follow(logs)];
    await settled();
    left.abort();
    expect(await leaving).toEqual(upTo(5));
    expect(source.listeners).toBe(1);
    source.stop();
    expect(await staying).toEqual(upTo(5));
    expect(source.listeners).toBe(0);
  });

  it('that was given up is listened to anew', async () => {
    const source = new Source();
    const logs = new JobLogs(source.source);
    const left = new AbortController();
    const first = follow(logs, 0, left.signal);
    await settled();
    left.abort();
    await first;
    const second = follow(logs);
    await settled();
    source.commit(3, true);
    expect(await second).toEqual(upTo(3));
  });
});
