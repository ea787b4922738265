import type { Duration, Moment } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import type { JobOptions } from './job.js';

/** What becomes of ticks that nobody was there for: `once` starts one job for all of them, `skip` none. */
export const MISSED_TICKS = ['once', 'skip'] as const;
export type MissedTicks = (typeof MISSED_TICKS)[number];

/** What becomes of a tick that comes while the job of the last one is still open. */
export const OVERLAPS = ['skip', 'allow'] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** When a workflow is started again and again: by `every` or by `cron`. */
export interface ScheduleTimes {
  /** The time between two ticks; the first comes this long after `startAt`, or after the schedule was made. At least 1 s. */
  readonly every?: Duration;
  /** A cron line of five fields, or six with seconds first: `0 7 * * 1-5`. */
  readonly cron?: string;
  /** IANA name of the time zone that `cron` is meant in, with its daylight saving time. Default `UTC`. */
  readonly timezone?: string;
  /** No tick before then. A date, an ISO text or milliseconds since the epoch. Default: now. */
  readonly startAt?: Moment;
  /** No tick after then. Default: never. */
  readonly endAt?: Moment;
  /** Default `once`. */
  readonly missed?: MissedTicks;
  /** Default `skip`. */
  readonly overlap?: Overlap;
  /** Input of each job. Default `null`. */
  readonly input?: Json;
  /** Options of each job; `idempotencyKey` is the schedule's own. */
  readonly options?: Omit<JobOptions, 'idempotencyKey'>;
}

export interface ScheduleOptions extends ScheduleTimes {
  /** Unique; the name of the schedule for people and programs. */
  readonly id: string;
  /** Name of the workflow that each tick starts. */
  readonly workflow: string;
}

/** A schedule as it stands. Times are milliseconds since the epoch. */
export interface ScheduleView {
  readonly id: string;
  readonly tenant: string;
  readonly workflow: string;
  /** Milliseconds; `null` where `cron` says when. */
  readonly every: number | null;
  readonly cron: string | null;
  readonly timezone: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
  readonly missed: MissedTicks;
  readonly overlap: Overlap;
  readonly input: Json;
  /** Whether it comes from the `schedule` option of its workflow. */
  readonly declared: boolean;
  readonly paused: boolean;
  /** `null` where no tick is left. */
  readonly nextAt: number | null;
  readonly lastAt: number | null;
  /** The job of the last tick that started one. */
  readonly lastJobId: string | null;
  /** Why the last tick started no job, where it did not. */
  readonly lastProblem: string | null;
  readonly createdAt: number;
}
