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

/** A duration as people write it, with at most two units: `90_500` → `1m 30s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)}s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m ${Math.floor((ms % 60_000) / 1_000)}s`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)}h ${Math.floor((ms % 3_600_000) / 60_000)}m`;
  return `${Math.floor(ms / 86_400_000)}d ${Math.floor((ms % 86_400_000) / 3_600_000)}h`;
}
