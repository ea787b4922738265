import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import type { AlertView } from '../model/alert.js';
import type { KeyValueStore } from '../ports/key-value-store.js';
import { EngineEntries } from './engine-entries.js';

/** Alerts that are over are kept so long. */
const KEPT_MS = 7 * 86_400_000;
const TRIES = 5;
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

  /**
   * Changes an alert as it is kept now, or keeps a new one: two engines may change the same. Resolves to what is kept.
   *
   * @param change gets what is kept, `null` where nothing is, and answers with what is to be kept
   */
  async change(id: string, change: (kept: AlertView | null) => AlertView): Promise<AlertView> {
    for (let tries = 1; ; tries += 1) {
      const kept = await this.kept.get(id);
      const alert = change(kept?.value ?? null);
      if (alert === kept?.value) return alert;
      const keeping = { expiresAt: alert.clearedAt === null ? null : alert.clearedAt + KEPT_MS, bound: BOUND };
      if (await this.kept.change(id, alert, kept?.version, keeping)) return alert;
      if (tries >= TRIES) throw new TaskloomError('STORE_CONFLICT', `The alert "${id}" is being changed by others all the time.`, { details: { alertId: id } });
    }
  }
}
