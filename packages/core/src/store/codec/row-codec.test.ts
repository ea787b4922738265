import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { JOB_STATUSES } from '../../model/job.js';
import { ATTEMPT_REASONS, STATUS_REASONS, TASK_STATUSES } from '../../model/task.js';
import { indexed } from './indexed.js';
import { decodeCounts, decodeOutput, encodeCounts, encodeOutput } from './row-codec.js';

describe('words that are stored as their place in a list', () => {
  it('are read back', () => {
    const words = indexed(TASK_STATUSES);

    for (const word of TASK_STATUSES) expect(words.fromIndex(words.toIndex(word))).toBe(word);
  });

  it.each([-1, 99, 1.5, Number.NaN])('are not read from %p', (index) => {
    expect(() => indexed(TASK_STATUSES).fromIndex(index)).toThrow(RangeError);
  });

  // Databases hold these numbers: a list may grow at its end, and never change before it.
  it('keep their places for ever', () => {
    expect(TASK_STATUSES.join(' ')).toBe('PENDING READY IN_PROGRESS BLOCKED COMPLETED FAILED SKIPPED CANCELLED ACCEPTED REJECTED DORMANT');
    expect(JOB_STATUSES.join(' ')).toBe('AWAITING_CONFIRMATION RUNNING PAUSED COMPLETED FAILED CANCELLED');
    expect(ATTEMPT_REASONS.slice(0, 7).join(' ')).toBe('FIRST RETRY DEPENDENCIES_RESOLVED CHILDREN_FINISHED RECOVERED REOPENED RELEASED');
    expect(STATUS_REASONS.slice(0, 20).join(' ')).toBe(
      'WAITING_DEPENDENCIES WAITING_CHILDREN WAITING_HUMAN WAITING_REVIEW WAITING_TIMER AGENT_UNAVAILABLE MANUAL DEPENDENCY_FAILED DEPENDENCY_SKIPPED CONDITION_FALSE AGENT_SKIPPED PARENT_SKIPPED CHILDREN_SKIPPED NOT_NEEDED JOB_CANCELLED JOB_FAILED PARENT_ENDED SUPERSEDED ATTEMPTS_EXHAUSTED CHILD_FAILED',
    );
  });
});

describe('where an output is found', () => {
  it.each([
    { kind: 'none' } as const,
    { kind: 'children' } as const,
    { kind: 'event', seq: 1 } as const,
    { kind: 'event', seq: 999_999 } as const,
  ])('%j is read back', (output) => {
    expect(decodeOutput(encodeOutput(output))).toEqual(output);
  });
});

describe('counts', () => {
  it('are read back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: TASK_STATUSES.length, maxLength: TASK_STATUSES.length }), (counts) => {
        expect(decodeCounts(encodeCounts(Int32Array.from(counts)))).toEqual(counts);
      }),
    );
  });
});
