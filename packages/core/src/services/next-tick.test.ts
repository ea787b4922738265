import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { cronProblem, nextTick, type TickTimes } from './next-tick.js';

const at = (text: string): number => Date.parse(text);
const cron = (line: string, timezone = 'UTC', more: Partial<TickTimes> = {}): TickTimes => ({
  everyMs: null,
  cron: line,
  timezone,
  anchor: 0,
  startAt: null,
  endAt: null,
  ...more,
});
const every = (everyMs: number, anchor: number, more: Partial<TickTimes> = {}): TickTimes => ({
  ...cron(''),
  cron: null,
  everyMs,
  anchor,
  ...more,
});
const ticks = (times: TickTimes, after: string, count: number): string[] => {
  const found: string[] = [];
  for (let next = nextTick(times, at(after)); next !== null && found.length < count; next = nextTick(times, next))
    found.push(new Date(next).toISOString());
  return found;
};

describe('the next tick', () => {
  it('of a cron line is meant in its time zone', () => {
    expect(ticks(cron('0 7 * * 1-5', 'Europe/Berlin'), '2026-01-02T00:00:00Z', 2)).toEqual([
      '2026-01-02T06:00:00.000Z',
      '2026-01-05T06:00:00.000Z',
    ]);
    expect(ticks(cron('0 7 * * *', 'America/New_York'), '2026-07-01T00:00:00Z', 1)).toEqual(['2026-07-01T11:00:00.000Z']);
  });

  it('keeps to the clock on the wall when daylight saving time begins and ends', () => {
    // 2026-03-29 02:00 → 03:00 and 2026-10-25 03:00 → 02:00 in Berlin.
    expect(ticks(cron('0 7 * * *', 'Europe/Berlin'), '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T06:00:00.000Z',
      '2026-03-29T05:00:00.000Z',
      '2026-03-30T05:00:00.000Z',
    ]);
    // The hour that there is not: the tick comes when it is over.
    expect(ticks(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    // The hour that comes twice: the tick comes once.
    expect(ticks(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('of a fixed time lies at whole multiples of it, whenever it is asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 1e9 }),
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: -1e10, max: 1e12 }),
        (ms, anchor, later) => {
          const next = nextTick(every(ms, anchor), anchor + later)!;

          expect((next - anchor) % ms).toBe(0);
          expect(next).toBeGreaterThan(anchor + later);
          expect(next).toBeGreaterThan(anchor);
          expect(next - ms <= anchor + later || next - ms <= anchor).toBe(true);
        },
      ),
    );
  });

  it('comes not before `startAt` and not after `endAt`', () => {
    const times = { startAt: at('2026-01-03T00:00:00Z'), endAt: at('2026-01-04T00:00:00Z') };

    expect(ticks(cron('0 0 * * *', 'UTC', times), '2026-01-01T00:00:00Z', 9)).toEqual([
      '2026-01-03T00:00:00.000Z',
      '2026-01-04T00:00:00.000Z',
    ]);
  });
});

it.each([
  ['0 0 31 2 *', 'UTC', /never comes/],
  ['often', 'UTC', /./],
  ['0 99 * * *', 'UTC', /./],
  ['* * *', 'UTC', /./],
])('a cron line that cannot be used is told: %s', (line, timezone, problem) => {
  expect(cronProblem(line, timezone)).toMatch(problem);
  expect(cronProblem('0 7 * * 1-5', 'Europe/Berlin')).toBeNull();
});
