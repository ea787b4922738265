import type { Clock } from '../kernel/clock.js';
import type { AlertView } from '../model/alert.js';
import type { KeyValueStore } from '../ports/key-value-store.js';

const SCOPE = '$alert';
/** They are found without knowing their tenants, which stand in them. */
const TENANT = 'default';
const KEY = 'alert';
/** Alerts that are over are kept so long. */
const KEPT_MS = 7 * 86_400_000;
/** What was raised longest ago makes room. */
const BOUND = { entries: 1_000, bytes: 4_194_304 };

/** The alerts in a store, those that are over among them for a week. */
export class AlertEntries {
  constructor(
    private readonly entries: () => KeyValueStore,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async all(): Promise<AlertView[]> {
    const scopes = await this.entries().countBelow(TENANT, SCOPE, this.clock.now());
    const found = await Promise.all([...scopes.keys()].map((scope) => this.at(scope)));
    return found.filter((alert) => alert !== null).sort((a, b) => b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1));
  }

  get(id: string): Promise<AlertView | null> {
    return this.at(`${SCOPE}/${id}`);
  }

  async put(alert: AlertView): Promise<void> {
    const expiresAt = alert.clearedAt === null ? null : alert.clearedAt + KEPT_MS;
    const address = { tenant: TENANT, scope: `${SCOPE}/${alert.id}`, key: KEY };
    await this.entries().put(address, { value: JSON.stringify(alert), expiresAt, bound: BOUND }, this.clock.now());
  }

  private async at(scope: string): Promise<AlertView | null> {
    const entry = await this.entries().get({ tenant: TENANT, scope, key: KEY }, this.clock.now());
    return entry && (JSON.parse(entry.value) as AlertView);
  }
}
