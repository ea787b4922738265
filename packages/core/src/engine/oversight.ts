import type { Clock } from '../kernel/clock.js';
import type { CommittedJob } from '../ledger/committed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Dispatcher } from '../ports/dispatcher.js';
import type { Logger } from '../ports/logger.js';
import type { Store } from '../ports/store.js';
import { runsNoTasks } from '../dispatch/idle-dispatcher.js';
import { Activity } from '../services/activity.js';
import { AlertEntries } from '../services/alert-entries.js';
import { Monitor } from '../services/monitor.js';
import type { ParsedMonitorOptions } from './monitor-options.js';
import { readMetrics, type EngineMetrics } from './read-metrics.js';
import { createStore } from './store-options.js';

export interface OversightServices {
  readonly monitor: ParsedMonitorOptions | null;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runsTasks: boolean;
  /** Tells other engines on the store that alerts have changed. */
  readonly announce: () => void;
}

/** What is seen of an engine from above: what its tasks come to, and what is out of bounds. */
export class Oversight {
  readonly monitor: Monitor;
  private readonly activity: Activity;
  /** Alerts may be kept in a database of their own. */
  private readonly ownStore: Store | null;
  private since = 0;

  constructor(private readonly services: OversightServices) {
    const { monitor, store, ledger, dispatcher, clock, logger, runsTasks, announce } = services;
    this.ownStore = monitor?.store ? createStore(monitor.store) : null;
    this.activity = new Activity((agent, outcome, at) => {
      if (outcome !== 'retried') this.monitor.ended(agent, outcome === 'failed', at);
      dispatcher.ended?.(agent, outcome !== 'completed');
    });
    this.monitor = new Monitor(
      {
        entries: new AlertEntries(() => (this.ownStore ?? store).entries, clock),
        clock,
        logger,
        running: () => this.activity.running(),
        isRunning: (taskId) => this.activity.isRunning(taskId),
        open: () => ledger.openStates(),
        limits: () => dispatcher.gauges(),
        announce,
      },
      runsTasks ? monitor : null,
    );
  }

  async start(): Promise<void> {
    this.since = this.services.clock.now();
    await this.ownStore?.open();
    await this.monitor.start();
  }

  async stop(): Promise<void> {
    await this.monitor.stop();
    await this.ownStore?.close();
  }

  committed(jobs: readonly CommittedJob[]): void {
    this.activity.committed(jobs);
    this.monitor.committed();
  }

  /** @throws TaskloomError `RUNS_NO_TASKS` */
  metrics(): EngineMetrics {
    if (!this.services.runsTasks) throw runsNoTasks('what they come to');
    const { activity, since } = this;
    const { ledger, dispatcher, clock } = this.services;
    return readMetrics({ activity, open: ledger.openStates(), limits: dispatcher.gauges(), since, at: clock.now() });
  }
}
