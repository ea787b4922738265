import { describe, expect, it } from '@jest/globals';

import { ResumePoints } from './resume-points.js';

const ROOM = 110;

function pointsOf(sent: Readonly<Record<string, number>>): ResumePoints {
  const points = new ResumePoints();
  for (const [id, seq] of Object.entries(sent)) points.note(id, seq);
  return points;
}

describe('where to resume', () => {
  it('is one number for one subscription, and nothing where no event was sent', () => {
    expect(pointsOf({ a: 7 }).describe(ROOM)).toBe('resume with afterSeq=7');
    expect(pointsOf({}).describe(ROOM)).toBe('subscribe again for the current state');
  });

  it('is JSON for several, by operation; what does not fit is left out whole', () => {
    const uuids = ['4be0643f-1d98-473b-84c0-5b0f8ca3aa01', '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d', '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed'];
    const text = pointsOf(Object.fromEntries(uuids.map((id, index) => [id, 100 + index]))).describe(ROOM);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(ROOM);
    const told = JSON.parse(text.replace('resume with afterSeq ', '')) as unknown;
    expect(told).toEqual({ [uuids[0]!]: 100, [uuids[1]!]: 101 });
    expect(pointsOf({ a: 1, b: 2, c: 3 }).describe(ROOM)).toBe('resume with afterSeq {"a":1,"b":2,"c":3}');
  });

  it('is left to the client where no operation fits', () => {
    expect(pointsOf({ ['x'.repeat(200)]: 1, ['y'.repeat(200)]: 2 }).describe(ROOM)).toBe('resume with the last seq seen');
  });
});
