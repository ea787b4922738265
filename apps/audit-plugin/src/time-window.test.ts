import { describe, expect, it } from '@jest/globals';

import { isWithin, windowProblems, type TimeWindow } from './time-window.js';

const at = (time: string): number => Date.parse(time);

describe('a time window', () => {
  it.each<[string, TimeWindow, string, boolean]>([
    ['begins with its first minute', { from: '08:30', to: '17:00' }, '2026-01-07T08:30:00Z', true],
    ['does not begin before', { from: '08:30', to: '17:00' }, '2026-01-07T08:29:59Z', false],
    ['ends before its last minute', { from: '08:30', to: '17:00' }, '2026-01-07T17:00:00Z', false],
    ['is the whole day when no times are given', { days: ['WED'] }, '2026-01-07T23:59:59Z', true],
    ['is not there on other days', { days: ['THU', 'FRI'] }, '2026-01-07T12:00:00Z', false],
    ['may end at midnight', { from: '22:00', to: '24:00' }, '2026-01-07T23:59:00Z', true],
    ['may go over midnight', { from: '22:00', to: '06:00' }, '2026-01-08T05:59:00Z', true],
    ['belongs to the day on which it begins', { from: '22:00', to: '06:00', days: ['WED'] }, '2026-01-08T05:59:00Z', true],
    ['and not to the day on which it ends', { from: '22:00', to: '06:00', days: ['THU'] }, '2026-01-08T05:59:00Z', false],
    ['goes from Sunday into Monday', { from: '22:00', to: '06:00', days: ['SUN'] }, '2026-01-12T01:00:00Z', true],
    ['goes by the clocks of its zone', { from: '08:00', to: '09:00', timeZone: 'Asia/Tokyo' }, '2026-01-07T23:30:00Z', true],
    ['and by its days', { days: ['THU'], timeZone: 'Asia/Tokyo' }, '2026-01-07T23:30:00Z', true],
    ['follows clocks put forward: winter', { from: '08:00', to: '09:00', timeZone: 'Europe/Berlin' }, '2026-03-28T07:30:00Z', true],
    ['follows clocks put forward: summer', { from: '08:00', to: '09:00', timeZone: 'Europe/Berlin' }, '2026-03-29T06:30:00Z', true],
    ['begins after an hour that is left out', { from: '02:30', to: '04:00', timeZone: 'Europe/Berlin' }, '2026-03-29T01:00:00Z', true],
    ['holds twice in an hour that comes twice', { from: '02:00', to: '03:00', timeZone: 'Europe/Berlin' }, '2026-10-25T01:30:00Z', true],
  ])('%s', (_, window, time, within) => {
    expect(windowProblems('during', window)).toEqual([]);
    expect(isWithin(at(time), window)).toBe(within);
  });

  it.each<[object, string]>([
    [{ from: '8:30' }, '`during.from` is "8:30"'],
    [{ from: '24:00', to: '06:00' }, '`during.from` is "24:00"'],
    [{ to: '25:00' }, '`during.to` is "25:00"'],
    [{ from: '08:00', to: '08:00' }, 'begins when it ends'],
    [{ days: [] }, '`during.days` is []'],
    [{ days: ['Mon'] }, '`during.days` is ["Mon"]'],
    [{ days: 'MON' }, '`during.days` is "MON"'],
    [{ timeZone: 'Europe/Atlantis' }, '`during.timeZone` is "Europe/Atlantis"'],
  ])('%j is refused', (window, problem) => {
    expect(windowProblems('during', window as TimeWindow)).toEqual([expect.stringContaining(problem)]);
  });
});
