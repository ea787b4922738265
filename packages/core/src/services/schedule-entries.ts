import type { Clock } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { JobOptions } from '../model/job.js';
import type { MissedTicks, Overlap } from '../model/schedule.js';
import type { KeyValueStore } from '../ports/key-value-store.js';
import { EngineEntries, type Kept } from './engine-entries.js';
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

/** The schedules in the store, each an entry that is changed by compare-and-set: several engines may share them. */
export class ScheduleEntries {
  private readonly kept: EngineEntries<StoredSchedule>;

  constructor(entries: () => KeyValueStore, clock: Clock) {
    this.kept = new EngineEntries(entries, clock, '$schedule', 'state');
  }

  /** By id. */
  async all(): Promise<KeptSchedule[]> {
    return (await this.kept.all()).map(toKept).sort((a, b) => (a.schedule.id < b.schedule.id ? -1 : 1));
  }

  async get(id: string): Promise<KeptSchedule | null> {
    const found = await this.kept.get(id);
    return found && toKept(found);
  }

  /** Resolves to whether it was written: not where somebody else has changed it since. */
  put(schedule: StoredSchedule, version?: number): Promise<boolean> {
    return this.kept.change(schedule.id, schedule, version);
  }

  delete(id: string): Promise<boolean> {
    return this.kept.delete(id);
  }
}

function toKept({ version, value }: Kept<StoredSchedule>): KeptSchedule {
  return { version, schedule: value };
}
