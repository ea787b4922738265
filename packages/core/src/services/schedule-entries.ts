import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { JobOptions } from '../model/job.js';
import type { MissedTicks, Overlap } from '../model/schedule.js';
import { ABSENT, type EntryAddress, type KeyValueStore } from '../ports/key-value-store.js';
import type { TickTimes } from './next-tick.js';

/** A schedule as it is kept. */
export interface StoredSchedule extends TickTimes {
  readonly id: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly missed: MissedTicks;
  readonly overlap: Overlap;
  readonly input: Json;
  readonly options: JobOptions;
  readonly declared: boolean;
  readonly paused: boolean;
  readonly nextAt: number | null;
  readonly lastAt: number | null;
  readonly lastJobId: string | null;
  readonly lastProblem: string | null;
  readonly createdAt: number;
}

export interface KeptSchedule {
  readonly version: number;
  readonly schedule: StoredSchedule;
}

const SCOPE = '$schedule';
/** They are found without knowing their tenants, which stand in them. */
const TENANT = 'default';
const KEY = 'state';

/** The schedules in the store, each an entry that is changed by compare-and-set: several engines may share them. */
export class ScheduleEntries {
  constructor(
    private readonly entries: () => KeyValueStore,
    private readonly clock: Clock,
  ) {}

  async all(): Promise<KeptSchedule[]> {
    const scopes = await this.entries().countBelow(TENANT, SCOPE, this.clock.now());
    const found = await Promise.all([...scopes.keys()].map((scope) => this.at(scope)));
    return found.filter((kept) => kept !== null).sort((a, b) => (a.schedule.id < b.schedule.id ? -1 : 1));
  }

  get(id: string): Promise<KeptSchedule | null> {
    return this.at(scopeOf(id));
  }

  /** Resolves to whether it was written: not where somebody else has changed it since. */
  async put(schedule: StoredSchedule, version: number = ABSENT): Promise<boolean> {
    const entry = { value: JSON.stringify(schedule), expiresAt: null };
    return (await this.entries().compareAndSet(addressOf(scopeOf(schedule.id)), version, entry, this.clock.now())) !== null;
  }

  delete(id: string): Promise<boolean> {
    return this.entries().delete(addressOf(scopeOf(id)), this.clock.now());
  }

  private async at(scope: string): Promise<KeptSchedule | null> {
    const entry = await this.entries().get(addressOf(scope), this.clock.now());
    return entry && { version: entry.version, schedule: JSON.parse(entry.value) as StoredSchedule };
  }
}

function scopeOf(id: string): string {
  return `${SCOPE}/${id}`;
}

function addressOf(scope: string): EntryAddress {
  return { tenant: TENANT, scope, key: KEY };
}
