import { Cron } from 'croner';

/** Longer than any that somebody could read. */
const MOST_CRON_CHARACTERS = 1_000;

/** When a schedule ticks. Times are milliseconds since the epoch. */
export interface TickTimes {
  readonly everyMs: number | null;
  readonly cron: string | null;
  readonly timezone: string;
  /** Ticks of `everyMs` are whole multiples of it after this. */
  readonly anchor: number;
  readonly startAt: number | null;
  readonly endAt: number | null;
}

/**
 * The first tick after a time, `null` where there is none. In a night that loses an hour, a tick inside that hour comes when
 * the hour is over; in one that has an hour twice, a tick at a fixed time inside it comes once.
 */
export function nextTick(times: TickTimes, after: number): number | null {
  const { startAt, endAt } = times;
  const from = startAt === null ? after : Math.max(after, startAt - 1);
  const next = times.everyMs === null ? nextOfCron(times, from) : nextOfEvery(times.everyMs, times.anchor, from);
  return next === null || (endAt !== null && next > endAt) ? null : next;
}

/** Why a cron line cannot be used, or `null`. */
export function cronProblem(cron: unknown, timezone: string): string | null {
  if (typeof cron !== 'string' || cron.length > MOST_CRON_CHARACTERS)
    return `it must be a text of at most ${MOST_CRON_CHARACTERS} characters`;
  try {
    return new Cron(cron, { timezone, paused: true }).nextRun() === null ? 'it never comes' : null;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  }
}

function nextOfCron({ cron, timezone }: TickTimes, after: number): number | null {
  return new Cron(cron!, { timezone, paused: true }).nextRun(new Date(after))?.getTime() ?? null;
}

function nextOfEvery(everyMs: number, anchor: number, after: number): number {
  return anchor + everyMs * Math.max(1, Math.floor((after - anchor) / everyMs) + 1);
}
