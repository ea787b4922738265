/** Monday first, as ISO 8601 counts. */
export const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export type Day = (typeof DAYS)[number];

/** A stretch of every day, by the clocks of a time zone; also where they are put forward or back. */
export interface TimeWindow {
  /** `HH:MM`. Default `00:00`. */
  readonly from?: string;
  /** `HH:MM`, the first minute after the window; before `from` it is one of the next day. Default `24:00`. */
  readonly to?: string;
  /** Days on which the window begins. Default: all. */
  readonly days?: readonly Day[];
  /** An IANA name such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
}

const MINUTES_A_DAY = 24 * 60;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Whether a moment (milliseconds since the epoch) lies in the window. The window must be sound. */
export function isWithin(now: number, { from = '00:00', to = '24:00', days = DAYS, timeZone = 'UTC' }: TimeWindow): boolean {
  const { day, minute } = wallClock(now, timeZone);
  const [begin, end] = [minuteOf(from)!, minuteOf(to)!];
  const yesterday = DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length]!;
  if (begin < end) return minute >= begin && minute < end && days.includes(day);
  return (minute >= begin && days.includes(day)) || (minute < end && days.includes(yesterday));
}

/** What is wrong with a window, each with its `place`. */
export function windowProblems(place: string, window: TimeWindow): string[] {
  const { from = '00:00', to = '24:00', days = DAYS, timeZone = 'UTC' } = window;
  const problems: string[] = [];
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  if (begin === null || begin === MINUTES_A_DAY)
    problems.push(`\`${place}.from\` is ${JSON.stringify(from)}; write a time such as '08:30'.`);
  if (end === null) problems.push(`\`${place}.to\` is ${JSON.stringify(to)}; write a time such as '17:00', or '24:00'.`);
  if (begin !== null && begin === end) problems.push(`\`${place}\` begins when it ends, at ${from}; leave both out for whole days.`);
  if (!Array.isArray(days) || days.length === 0 || !days.every((day) => DAYS.includes(day)))
    problems.push(`\`${place}.days\` is ${JSON.stringify(days)}; it must be a list of ${DAYS.join(', ')}.`);
  if (!isTimeZone(timeZone)) problems.push(`\`${place}.timeZone\` is ${JSON.stringify(timeZone)}; use a name such as 'Europe/Berlin'.`);
  return problems;
}

function wallClock(now: number, timeZone: string): { day: Day; minute: number } {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return { day: parts['weekday']!.toUpperCase() as Day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

/** Minutes since midnight, or `null` when it is no time. */
function minuteOf(time: string): number | null {
  if (time === '24:00') return MINUTES_A_DAY;
  const match = TIME.exec(time);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
