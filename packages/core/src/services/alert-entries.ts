import type { Clock } from '../kernel/clock.js';
import type { AlertView } from '../model/alert.js';
import type { KeyValueStore } from '../ports/key-value-store.js';
import { EngineEntries } from './engine-entries.js';

/** Alerts that are over are kept so long. */
const KEPT_MS = 7 * 86_400_000;
/** What was raised longest ago makes room. */
const BOUND = { entries: 1_000, bytes: 4_194_304 };

/** The alerts in a store, those that are over among them for a week. */
export class AlertEntries {
  private readonly kept: EngineEntries<AlertView>;

  constructor(entries: () => KeyValueStore, clock: Clock) {
    this.kept = new EngineEntries(entries, clock, '$alert', 'alert');
  }

  /** In no order. */
  async all(): Promise<AlertView[]> {
    return (await this.kept.all()).map(({ value }) => value);
  }

  async get(id: string): Promise<AlertView | null> {
    return (await this.kept.get(id))?.value ?? null;
  }

  put(alert: AlertView): Promise<void> {
    return this.kept.put(alert.id, alert, alert.clearedAt === null ? null : alert.clearedAt + KEPT_MS, BOUND);
  }
}
