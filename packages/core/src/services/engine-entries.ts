import type { Clock } from '../kernel/clock.js';
import { ABSENT, type EntryAddress, type KeyValueStore, type NewEntry } from '../ports/key-value-store.js';

/** They are found without knowing their tenants, which stand in them. */
const TENANT = 'default';
const FOR_EVER = { expiresAt: null };

/** Something kept, and the version that a change of it must name. */
export interface Kept<T> {
  readonly version: number;
  readonly value: T;
}

/** What the engine itself keeps beside jobs, by id: JSON under a scope and a key of its own. */
export class EngineEntries<T> {
  constructor(
    private readonly entries: () => KeyValueStore,
    private readonly clock: Clock,
    private readonly scope: `$${string}`,
    private readonly key: string,
  ) {}

  /** In no order. */
  async all(): Promise<Kept<T>[]> {
    const scopes = await this.entries().countBelow(TENANT, this.scope, this.clock.now());
    const found = await Promise.all([...scopes.keys()].map((scope) => this.at(scope)));
    return found.filter((kept) => kept !== null);
  }

  get(id: string): Promise<Kept<T> | null> {
    return this.at(this.scopeOf(id));
  }

  /** Resolves to whether it was written: not where somebody else has changed it since. */
  async change(id: string, value: T, version: number = ABSENT, keeping: Pick<NewEntry, 'expiresAt' | 'bound'> = FOR_EVER): Promise<boolean> {
    const entry = { value: JSON.stringify(value), ...keeping };
    return (await this.entries().compareAndSet(this.addressOf(this.scopeOf(id)), version, entry, this.clock.now())) !== null;
  }

  delete(id: string): Promise<boolean> {
    return this.entries().delete(this.addressOf(this.scopeOf(id)), this.clock.now());
  }

  private async at(scope: string): Promise<Kept<T> | null> {
    const entry = await this.entries().get(this.addressOf(scope), this.clock.now());
    return entry && { version: entry.version, value: JSON.parse(entry.value) as T };
  }

  private scopeOf(id: string): string {
    return `${this.scope}/${id}`;
  }

  private addressOf(scope: string): EntryAddress {
    return { tenant: TENANT, scope, key: this.key };
  }
}
