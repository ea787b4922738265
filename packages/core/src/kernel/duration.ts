/** A length of time: milliseconds as a number, or a number with a unit, for example `'250ms'`, `'30s'`, `'1.5h'`, `'7d'`. */
export type Duration = number | `${number}${DurationUnit}`;
export type DurationUnit = 'ms' | 's' | 'm' | 'h' | 'd';

const UNIT_MS: Readonly<Record<DurationUnit, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Ten years. */
const LONGEST_MS = 3_650 * UNIT_MS.d;

/** Milliseconds of a duration, or `null` when it is not one (negative, longer than ten years, unknown unit). */
export function durationMs(duration: unknown): number | null {
  const ms = typeof duration === 'number' ? duration : typeof duration === 'string' ? parseDuration(duration) : null;
  return ms !== null && ms >= 0 && ms <= LONGEST_MS ? Math.round(ms) : null;
}

function parseDuration(text: string): number | null {
  const match = FORM.exec(text.trim());
  return match ? Number(match[1]) * UNIT_MS[match[2] as DurationUnit] : null;
}

/** A point in time: a date, an ISO 8601 text, or milliseconds since the epoch. */
export type Moment = Date | string | number;

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
/** The last millisecond that a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000;

/** Milliseconds since the epoch, or `null` when it is no point in time from 1970 on. */
export function momentMs(moment: unknown): number | null {
  const ms = moment instanceof Date ? moment.getTime() : typeof moment === 'string' ? parseMoment(moment) : moment;
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ms <= LAST_MS ? Math.round(ms) : null;
}

function parseMoment(text: string): number {
  return ISO.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
}

/** A duration as people write it, with at most two units: `90_500` → `1m 30s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)}s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m ${Math.floor((ms % 60_000) / 1_000)}s`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)}h ${Math.floor((ms % 3_600_000) / 60_000)}m`;
  return `${Math.floor(ms / 86_400_000)}d ${Math.floor((ms % 86_400_000) / 3_600_000)}h`;
}
