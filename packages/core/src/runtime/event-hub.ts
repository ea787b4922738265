import type { CommittedJob } from '../ledger/committed.js';

/** What changed in a job since it was last asked. */
export interface HubChange {
  readonly jobId: string;
  readonly lastSeq: number;
  readonly tasks: readonly number[];
  /** Whether the job ended with one of the changes. */
  readonly ended: boolean;
}

/** Follows changes of one job, or of all. Changes are merged while nobody takes them: it never holds more than one entry a job. */
export class HubWatcher {
  private readonly changed = new Map<string, { lastSeq: number; ended: boolean; tasks: Set<number> }>();
  private wake: (() => void) | null = null;
  private closed = false;

  constructor(
    private readonly jobId: string | null,
    private readonly withTasks: boolean,
    private readonly onClose: (watcher: HubWatcher) => void,
  ) {}

  /** @internal */
  note(job: CommittedJob): void {
    if (this.jobId !== null && this.jobId !== job.jobId) return;
    let entry = this.changed.get(job.jobId);
    if (!entry) this.changed.set(job.jobId, (entry = { lastSeq: 0, ended: false, tasks: new Set() }));
    entry.lastSeq = job.firstSeq + job.events.length - 1;
    entry.ended = job.ended;
    if (this.withTasks) for (const no of job.tasks) entry.tasks.add(no);
    this.wake?.();
    this.wake = null;
  }

  /** The changes since the last call; waits for the first one. Empty when `signal` aborts or the watcher is closed. */
  async next(signal?: AbortSignal): Promise<readonly HubChange[]> {
    if (this.changed.size === 0 && !this.closed && !signal?.aborted) await this.change(signal);
    const changes = [...this.changed].map(([jobId, { lastSeq, ended, tasks }]) => ({ jobId, lastSeq, ended, tasks: [...tasks] }));
    this.changed.clear();
    return changes;
  }

  close(): void {
    this.closed = true;
    this.onClose(this);
    this.wake?.();
    this.wake = null;
  }

  private change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      this.wake = finish;
      signal?.addEventListener('abort', finish, { once: true });
    });
  }
}

/** Tells watchers what was committed. A doorbell: the truth is read from the store. */
export class EventHub {
  private readonly watchers = new Set<HubWatcher>();

  /** `withTasks`: also collect the numbers of the tasks that changed. */
  watch(jobId: string | null, withTasks = false): HubWatcher {
    const watcher = new HubWatcher(jobId, withTasks, (closed) => this.watchers.delete(closed));
    this.watchers.add(watcher);
    return watcher;
  }

  committed(jobs: readonly CommittedJob[]): void {
    if (this.watchers.size === 0) return;
    for (const job of jobs) for (const watcher of this.watchers) watcher.note(job);
  }

  /** Wakes everybody, for the last time. */
  close(): void {
    for (const watcher of Array.from(this.watchers)) watcher.close();
  }
}
