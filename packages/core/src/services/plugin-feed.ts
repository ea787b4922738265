import { inLog } from '../errors/in-log.js';
import type { Clock } from '../kernel/clock.js';
import type { EventType, EventView } from '../model/event.js';
import type { EntryAddress } from '../ports/key-value-store.js';
import type { Logger } from '../ports/logger.js';
import type { Plugin } from '../ports/plugin.js';
import type { Store } from '../ports/store.js';
import type { EventHub, HubWatcher } from '../runtime/event-hub.js';
import type { PluginRunner } from '../runtime/plugin-runner.js';

export interface PluginFeedOptions {
  readonly plugin: Plugin;
  readonly runner: PluginRunner;
  readonly store: Store;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly logger: Logger;
}

const ENDS: ReadonlySet<EventType> = new Set(['JOB_COMPLETED', 'JOB_FAILED', 'JOB_CANCELLED']);
const TENANT = 'default';
const PAGE = 100;
const MOST_TRIES = 6;
/** Doubled with each try: half a minute in all. */
const FIRST_PAUSE_MS = 1_000;
const SAVE_EVERY_MS = 1_000;
/** Jobs that were submitted so long before the last save are known to have been seen. */
const OVERLAP_MS = 5_000;
/** How long it is known of an ended job that the plugin has been told everything. */
const REMEMBERED_MS = 60 * 86_400_000;

/**
 * Hands the events of every job to one plugin: each in order, at least once, one at a time. How far it is with each job is
 * kept in the store, so that it goes on there after a stop or a death; a plugin that is new begins with what happens next. A
 * plugin is passed over where it fails at an event; a required one is held there.
 */
export class PluginFeed {
  private readonly controller = new AbortController();
  /** Jobs in which something happened before it was opened. */
  private behind: readonly string[] = [];
  private readonly cursors = new Map<string, number>();
  /** Jobs whose cursor is further than what is stored. */
  private readonly unsaved = new Set<string>();
  private readonly watcher: HubWatcher;
  private lastSaveAt = 0;
  /** Everything that was committed before then has been handed over, except in `failed`. */
  private handedOverAt: number | null = null;
  /** Jobs that could not be read. */
  private readonly failed = new Set<string>();
  private finished: Promise<void> = Promise.resolve();

  constructor(private readonly options: PluginFeedOptions) {
    this.watcher = options.hub.watch(null);
  }

  /** Finds out where it ended the last time. Called before any job moves: from then on nothing is missed. */
  async open(): Promise<void> {
    this.behind = await this.findJobsBehind();
  }

  /** Begins to hand over. Called when the plugin has been told that the engine runs. */
  start(): void {
    this.finished = this.follow(this.behind);
  }

  /** Hands over what has been committed, at most for `graceMs`, and keeps how far it is. */
  async stop(graceMs: number): Promise<void> {
    let stopTimer = (): void => undefined;
    const timeUp = new Promise<void>((resolve) => {
      stopTimer = this.options.clock.schedule(graceMs, resolve);
    });
    this.watcher.close();
    await Promise.race([this.finished, timeUp]);
    stopTimer();
    this.controller.abort();
    await this.save();
  }

  private async follow(behind: readonly string[]): Promise<void> {
    let takenAt = this.options.clock.now();
    for (const jobId of behind) await this.deliver(jobId);
    for (;;) {
      if (this.controller.signal.aborted) return;
      this.handedOverAt = takenAt;
      const changes = await this.watcher.next(this.controller.signal);
      takenAt = this.options.clock.now();
      if (changes.length === 0) return;
      const again = [...this.failed];
      this.failed.clear();
      for (const jobId of again) await this.deliver(jobId);
      for (const { jobId } of changes) await this.deliver(jobId);
      if (this.options.clock.now() - this.lastSaveAt >= SAVE_EVERY_MS) await this.save();
    }
  }

  private async deliver(jobId: string): Promise<void> {
    const { store, plugin, logger } = this.options;
    try {
      let cursor = this.cursors.get(jobId) ?? (await this.keptCursor(jobId));
      let ended = false;
      while (!this.controller.signal.aborted) {
        const events = await store.reader.events(jobId, cursor, PAGE);
        if (events.length === 0) break;
        for (const event of events) {
          if (!(await this.tell(event))) return;
          cursor = event.seq;
          ended = ENDS.has(event.type);
          this.cursors.set(jobId, cursor);
          this.unsaved.add(jobId);
        }
      }
      if (ended && !this.controller.signal.aborted) await this.forget(jobId);
    } catch (error) {
      this.failed.add(jobId);
      logger.error('A plugin could not be told what happened in a job; it is told with the next change.', {
        plugin: plugin.name,
        jobId,
        ...inLog(error),
      });
    }
  }

  /**
   * Hands an event over. One that a required plugin fails at is told again, a few times; then the plugin is told nothing more,
   * so that it misses nothing: it goes on there with the next start. Whether it was told.
   */
  private async tell(event: EventView): Promise<boolean> {
    const { runner, plugin, logger } = this.options;
    for (let tries = 1; !this.controller.signal.aborted; tries += 1) {
      try {
        await runner.follow(plugin, event);
        return true;
      } catch (error) {
        if (tries < MOST_TRIES) {
          await this.pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
          continue;
        }
        this.controller.abort();
        logger.error('A required plugin is told nothing more until the next start: it fails at an event.', {
          plugin: plugin.name,
          jobId: event.jobId,
          seq: event.seq,
          type: event.type,
          ...inLog(error),
        });
      }
    }
    return false;
  }

  /** Until the time is over, or the feed stops. */
  private async pause(ms: number): Promise<void> {
    const { signal } = this.controller;
    let stopTimer = (): void => undefined;
    await new Promise<void>((resolve) => {
      stopTimer = this.options.clock.schedule(ms, resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    stopTimer();
  }

  // ── where it is ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Jobs in which something happened that the plugin has not been told. */
  private async findJobsBehind(): Promise<string[]> {
    const { store, clock } = this.options;
    const mark = await store.entries.get(this.mark(), clock.now());
    const open = await store.openJobs();
    if (!mark) {
      for (const jobId of open) {
        this.cursors.set(jobId, (await store.reader.job(jobId))?.lastSeq ?? 0);
        this.unsaved.add(jobId);
      }
      this.handedOverAt = clock.now();
      await this.save();
      return [];
    }
    const behind = new Set([...open, ...(await this.recentJobs(Number(mark.value)))]);
    const prefix = `${this.scope()}/`;
    for (const scope of (await store.entries.countBelow(TENANT, this.scope(), clock.now())).keys())
      if (scope.startsWith(prefix)) behind.add(scope.slice(prefix.length));
    return [...behind];
  }

  /** Jobs submitted since a time, oldest first: they may have ended before a cursor of theirs was kept. */
  private async recentJobs(since: number): Promise<string[]> {
    const found: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await this.options.store.reader.jobs({}, { first: PAGE, ...(after === undefined ? undefined : { after }) });
      const recent = page.items.filter(({ createdAt }) => createdAt >= since);
      found.push(...recent.map(({ id }) => id));
      if (recent.length < page.items.length || !page.hasNextPage) return found.reverse();
      after = page.cursors.at(-1)!;
    }
  }

  private async save(): Promise<void> {
    const { store, clock, logger, plugin } = this.options;
    const now = (this.lastSaveAt = clock.now());
    const jobs = [...this.unsaved];
    this.unsaved.clear();
    try {
      const keep = (address: EntryAddress, value: number): Promise<number> =>
        store.entries.put(address, { value: String(value), expiresAt: null }, now);
      await Promise.all(jobs.map((jobId) => keep(this.cursorOf(jobId), this.cursors.get(jobId) ?? 0)));
      // Not before the cursors: a job that has none and is older than the mark would never be looked at again.
      if (this.handedOverAt !== null && this.failed.size === 0) await keep(this.mark(), this.handedOverAt - OVERLAP_MS);
    } catch (error) {
      for (const jobId of jobs) this.unsaved.add(jobId);
      logger.error('How far a plugin is could not be kept; it may be told things again.', {
        plugin: plugin.name,
        ...inLog(error),
      });
    }
  }

  private async keptCursor(jobId: string): Promise<number> {
    const { entries } = this.options.store;
    const now = this.options.clock.now();
    const kept = (await entries.get(this.cursorOf(jobId), now)) ?? (await entries.get(this.endOf(jobId), now));
    return kept ? Number(kept.value) : 0;
  }

  /** The job has ended. Should it be reopened, it goes on from here. */
  private async forget(jobId: string): Promise<void> {
    const { entries } = this.options.store;
    const now = this.options.clock.now();
    const end = { value: String(this.cursors.get(jobId) ?? 0), expiresAt: now + REMEMBERED_MS };
    this.cursors.delete(jobId);
    this.unsaved.delete(jobId);
    await Promise.all([entries.put(this.endOf(jobId), end, now), entries.delete(this.cursorOf(jobId), now)]);
  }

  private scope(): string {
    return `$plugin/${this.options.plugin.name}`;
  }

  private mark(): EntryAddress {
    return { tenant: TENANT, scope: this.scope(), key: 'since' };
  }

  private endOf(jobId: string): EntryAddress {
    return { tenant: TENANT, scope: `$plugin-ended/${this.options.plugin.name}`, key: jobId };
  }

  private cursorOf(jobId: string): EntryAddress {
    return { tenant: TENANT, scope: `${this.scope()}/${jobId}`, key: 'seq' };
  }
}
