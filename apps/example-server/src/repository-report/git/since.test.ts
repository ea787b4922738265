import { describe, expect, it } from '@jest/globals';
import { Since, sinceInSeconds } from './since.js';

describe('since', () => {
  it('takes a date for its first moment in UTC, whatever the clock says now', () => {
    expect(sinceInSeconds('2024-02-29')).toBe(Date.UTC(2024, 1, 29) / 1000);
  });

  it('takes a time with its zone', () => {
    expect(sinceInSeconds('2024-01-01T02:00:00+02:00')).toBe(Date.UTC(2024, 0, 1) / 1000);
    expect(sinceInSeconds('2024-01-01T00:00:00.001Z')).toBe(Date.UTC(2024, 0, 1) / 1000 + 1);
  });

  it.each(['2 weeks ago', 'yesterday', '2023-02-29', '2024-13-01', '01/02/2024', '2024-01-01T10:00:00', ''])('refuses %j', (since) => {
    expect(Since.safeParse(since).success).toBe(false);
    expect(() => sinceInSeconds(since)).toThrow(expect.objectContaining({ code: 'SINCE_NOT_A_DATE' }));
  });
});
