import { inLog } from '../errors/in-log.js';
import type { Clock } from '../kernel/clock.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '../ports/logger.js';
import type { Announcement, JobNews, SharedStore } from '../ports/store.js';
import type { EventHub } from '../runtime/event-hub.js';

export interface NewsOptions {
  readonly store: SharedStore;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether every open job is in memory here; else only those whose tasks are watched are. */
  readonly runsTasks: boolean;
  /** Others have changed entries. */
  readonly announced: (what: Announcement) => void;
  /** They may have. */
  readonly looked: () => void;
}

/** So long a hint that was lost may delay what follows from it. */
const POLL_MS = 5_000;

/**
 * What other engines on the store do: heard from the store, and looked for every 5 s where a hint was lost. An engine that runs
 * tasks goes on with every job that others have changed; one that does not tells those who watch.
 */
export class News {
  private isOn = false;
  private stopTimer: (() => void) | null = null;
  private polling: Promise<void> | null = null;
  private again = false;
  /** Where jobs stood when they were last looked for, in an engine that runs no tasks. */
  private seen: ReadonlyMap<string, number> = new Map();

  constructor(private readonly options: NewsOptions) {}

  /** Begins to listen. What is heard before `start` is found by the first look. @throws TaskloomError `STORE_UNAVAILABLE` */
  async open(): Promise<void> {
    await this.options.store.follow({
      written: (news) => this.heard(news),
      announced: (what) => {
        if (this.isOn) this.options.announced(what);
      },
      missed: () => this.look(),
    });
  }

  start(): void {
    this.isOn = true;
    this.look();
  }

  async stop(): Promise<void> {
    this.isOn = false;
    this.stopTimer?.();
    this.stopTimer = null;
    await this.polling;
  }

  private heard(news: readonly JobNews[]): void {
    if (!this.isOn) return;
    const { ledger, hub, runsTasks } = this.options;
    if (runsTasks) return ledger.notice(news);
    ledger.notice(news.filter(({ jobId }) => hub.watchesTasks(jobId)));
    hub.ring(news.filter(({ jobId }) => !hub.watchesTasks(jobId)));
  }

  private look(): void {
    if (!this.isOn) return;
    if (this.polling) {
      this.again = true;
      return;
    }
    this.stopTimer?.();
    this.polling = this.poll().finally(() => {
      this.polling = null;
      if (!this.isOn) return;
      if (this.again) {
        this.again = false;
        return this.look();
      }
      this.stopTimer = this.options.clock.schedule(POLL_MS, () => this.look());
    });
  }

  private async poll(): Promise<void> {
    const { logger, looked, runsTasks } = this.options;
    try {
      if (runsTasks) await this.pollForTasks();
      else await this.pollForWatchers();
      if (this.isOn) looked();
    } catch (error) {
      logger.debug('What others have done could not be read; it is looked for again.', inLog(error));
    }
  }

  private async pollForTasks(): Promise<void> {
    const { store, ledger } = this.options;
    const found = await store.standing(ledger.activeJobs());
    if (this.isOn) ledger.notice(found);
  }

  private async pollForWatchers(): Promise<void> {
    const { store, hub } = this.options;
    if (!hub.watchesAll && hub.watchedJobs().length === 0) {
      this.seen = new Map();
      return;
    }
    const { seen } = this;
    const watched = new Set(hub.watchedJobs());
    const found = await store.standing([...new Set(hub.watchesAll ? [...watched, ...seen.keys()] : watched)]);
    this.seen = new Map(found.flatMap(({ jobId, lastSeq, ended }) => (ended && !watched.has(jobId) ? [] : [[jobId, lastSeq] as const])));
    this.heard(found.filter(({ jobId, lastSeq }) => seen.get(jobId) !== lastSeq));
  }
}
