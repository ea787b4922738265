import { z } from 'zod';
import { ReportError } from '../report-error.js';

/**
 * From when on history counts: a date (`2025-01-31`, its first moment in UTC) or a time with its zone (`2025-01-31T12:00:00Z`,
 * `…+02:00`). Words git itself would understand, such as "2 weeks ago", are refused: their meaning changes with the clock, and even a bare
 * date means to git "that day at the present time of day".
 */
export const Since = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .describe('Only commits made at or after this ISO date (UTC) or time count, by the time they were committed.');

export type Since = z.infer<typeof Since>;

/** The moment `since` names, in whole seconds since 1970 UTC (a part of a second counts up, as "at or after" asks). */
export function sinceInSeconds(since: Since): number {
  const parsed = Since.safeParse(since);
  const ms = parsed.success ? Date.parse(parsed.data) : Number.NaN; // a bare ISO date is UTC to Date.parse
  if (Number.isNaN(ms)) throw new ReportError('SINCE_NOT_A_DATE', `${JSON.stringify(since)} is not an ISO date or time.`);
  return Math.ceil(ms / 1000);
}
