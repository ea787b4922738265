import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { isName, newJobId, newWriteToken, parseTaskId, taskIdOf } from './ids.js';

describe('a job id', () => {
  it('is a name, never the same twice, and sorts by the time it was made', () => {
    const ids = Array.from({ length: 5_000 }, newJobId);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isName)).toBe(true);
    expect(ids).toEqual(ids.toSorted());
  });
});

describe('a write token', () => {
  it('is never the same twice', () => {
    const tokens = Array.from({ length: 5_000 }, newWriteToken);

    expect(new Set(tokens).size).toBe(tokens.length);
  });
});

describe('a task id', () => {
  it('leads back to its job and number', () => {
    const names = fc.string({ unit: fc.constantFrom(...'abz019._:-'), minLength: 1, maxLength: 40 });
    fc.assert(fc.property(names, fc.nat(99_999), (jobId, no) => expect(parseTaskId(taskIdOf(jobId, no))).toEqual({ jobId, no })));
  });

  it.each(['', 'job', ':1', 'job:', 'job:-1', 'job:01', 'job:1.5', 'job:x', 'job:1e3', 'job:1234567890', 'job: 1', 'job:1\n', 'a\nb:1'])(
    'is not %j',
    (text) => {
      expect(parseTaskId(text)).toBeNull();
    },
  );
});

describe('a name', () => {
  it.each(['a', 'A', '0', 'count-lines', 'a.b_c:d-e', 'x'.repeat(200)])('may be %s', (text) => {
    expect(isName(text)).toBe(true);
  });

  it.each<[unknown]>([
    [''],
    [' '],
    ['a b'],
    ['x'.repeat(201)],
    ['x'.repeat(10_000)],
    ['a\u0000'],
    ['\ud800'],
    ['__proto__'],
    ['constructor'],
    ['prototype'],
    ['\u202eevil'],
    ['🙂'],
    ["a'; DROP TABLE x"],
    ['a/b'],
    ['é'],
    ['a\n'],
    ['$map'],
    [null],
    [undefined],
    [5],
    [{}],
  ])('may not be %p', (text) => {
    expect(isName(text)).toBe(false);
  });
});
