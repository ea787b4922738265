import type { CommittedJob } from '../ledger/committed.js';
import type { JobNews } from '../ports/store.js';

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
    readonly jobId: string | null,
    readonly withTasks: boolean,
    private readonly onClose: (watcher: HubWatcher) => void,
  ) {}

  /** @internal */
  note({ jobId, lastSeq, ended }: JobNews, tasks: readonly number[]): void {
    let entry = this.changed.get(jobId);
    if (!entry) this.changed.set(jobId, (entry = { lastSeq: 0, ended: false, tasks: new Set() }));
    entry.lastSeq = lastSeq;
    entry.ended = ended;
    if (this.withTasks) for (const no of tasks) entry.tasks.add(no);
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
  /** By the job they watch: a commit rings only where somebody listens. */
  private readonly ofJob = new Map<string, Set<HubWatcher>>();
  private readonly ofAll = new Set<HubWatcher>();

  /** `withTasks`: also collect the numbers of the tasks that changed. */
  watch(jobId: string | null, withTasks = false): HubWatcher {
    const watcher = new HubWatcher(jobId, withTasks, (closed) => this.forget(closed));
    if (jobId === null) {
      this.ofAll.add(watcher);
      return watcher;
    }
    const known = this.ofJob.get(jobId);
    if (known) known.add(watcher);
    else this.ofJob.set(jobId, new Set([watcher]));
    return watcher;
  }

  committed(jobs: readonly CommittedJob[]): void {
    if (this.ofJob.size === 0 && this.ofAll.size === 0) return;
    for (const { jobId, firstSeq, events, ended, tasks } of jobs)
      this.tell({ jobId, lastSeq: firstSeq + events.length - 1, ended }, tasks);
  }

  /** Rings for a job that is not in memory: which of its tasks have changed is not known. */
  ring(news: readonly JobNews[]): void {
    for (const job of news) this.tell(job, NO_TASKS);
  }

  /** Whether anybody wants to know which tasks of the job change. */
  watchesTasks(jobId: string): boolean {
    for (const { withTasks } of this.ofJob.get(jobId) ?? NOBODY) if (withTasks) return true;
    return false;
  }

  /** Ids of jobs that somebody watches by themselves. */
  watchedJobs(): readonly string[] {
    return [...this.ofJob.keys()];
  }

  get watchesAll(): boolean {
    return this.ofAll.size > 0;
  }

  private tell(news: JobNews, tasks: readonly number[]): void {
    for (const watcher of this.ofJob.get(news.jobId) ?? NOBODY) watcher.note(news, tasks);
    for (const watcher of this.ofAll) watcher.note(news, tasks);
  }

  /** Wakes everybody, for the last time. */
  close(): void {
    for (const watcher of [...this.ofAll, ...[...this.ofJob.values()].flatMap((watchers) => [...watchers])]) watcher.close();
  }

  private forget(watcher: HubWatcher): void {
    this.ofAll.delete(watcher);
    if (watcher.jobId === null) return;
    const others = this.ofJob.get(watcher.jobId);
    others?.delete(watcher);
    if (others?.size === 0) this.ofJob.delete(watcher.jobId);
  }
}

const NOBODY: readonly HubWatcher[] = [];
const NO_TASKS: readonly number[] = [];
