import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { growth, IN_PROPORTION_TIMES_10 } from '../../test/helpers/growth.js';
import { isWaitingCircle, waitsInCircle } from '../testing/machine/waiting.js';
import { findCycle, type WaitingTask } from './cycle.js';

const task = (dependencies: readonly number[] = [], parent: number | null = null): WaitingTask => ({
  parent,
  dependencies: dependencies.map((on) => ({ on })),
});

/** Any graph at all: parents and dependencies may lead anywhere, except that a parent has a lower number. */
const anyGraph = fc
  .array(fc.record({ parent: fc.option(fc.nat(99), { freq: 2 }), on: fc.array(fc.nat(99), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((drafts): WaitingTask[] =>
    drafts.map(({ parent, on }, no) =>
      task([...new Set(on.map((other) => other % drafts.length))], parent === null || no === 0 ? null : parent % no),
    ),
  );

describe('finding a circle', () => {
  it('finds none where tasks can be put in an order', () => {
    expect(findCycle([task(), task([0]), task([0, 1]), task([1], 2)])).toBeNull();
    expect(findCycle([])).toBeNull();
  });

  it('finds a task that waits for itself', () => {
    expect(findCycle([task(), task([1])])).toEqual([1]);
  });

  it('finds two that wait for each other', () => {
    expect(findCycle([task(), task([2]), task([1])])?.toSorted()).toEqual([1, 2]);
  });

  it('finds a task that waits for the fallback of the one it stands under: that one fails, or not, after what is below it', () => {
    expect(findCycle([task(), task(), { ...task([1]), fallbackOf: 1 }, task([2], 1)])?.toSorted()).toEqual([2, 3]);
    expect(findCycle([task(), task(), { ...task([1]), fallbackOf: 1 }, task([], 1)])).toBeNull();
  });

  it.each<[string, WaitingTask[], number[]]>([
    ['a task that waits for the one it stands under', [task(), task(), task([1], 1)], [1, 2]],
    ['a task that waits for one below it', [task(), task([2]), task([], 1)], [1, 2]],
    ['a task that waits for one far above it', [task(), task([], 0), task([], 1), task([0], 2)], [0, 1, 2, 3]],
    ['two stories whose tasks wait for the other story', [task(), task([], 0), task([], 0), task([2], 1), task([1], 2)], [1, 2, 3, 4]],
    ['a story that waits for a task which waits for a task inside it', [task(), task([3], 0), task([], 1), task([2], 0)], [1, 2, 3]],
  ])('finds %s', (_, tasks, members) => {
    const circle = findCycle(tasks)!;

    expect(circle.toSorted((a, b) => a - b)).toEqual(members);
    expect(isWaitingCircle(tasks, circle)).toBe(true);
  });

  it('finds a circle exactly where an independent search finds one, and what it finds is one', () => {
    fc.assert(
      fc.property(anyGraph, (tasks) => {
        const circle = findCycle(tasks);

        expect(circle !== null).toBe(waitsInCircle(tasks));
        if (circle !== null) expect(isWaitingCircle(tasks, circle)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds a shortest one: without any one of its tasks it is none', () => {
    fc.assert(
      fc.property(anyGraph, (tasks) => {
        const circle = findCycle(tasks) ?? [];
        for (const left of circle) expect(waitsInCircle(tasks, new Set(circle.filter((no) => no !== left)))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('prefers a circle of two to one of a thousand beside it', () => {
    const long = Array.from({ length: 1_000 }, (_, no) => task([no === 0 ? 999 : no - 1]));

    expect(findCycle([...long, task([1_001]), task([1_000])])).toHaveLength(1_000);
    expect(findCycle([task([1]), task([0]), ...long.map((_, no) => task([(no === 0 ? 999 : no - 1) + 2]))])).toHaveLength(2);
  });

  it.each([
    ['a chain', (no: number) => task(no === 0 ? [] : [no - 1])],
    ['a chain that was written backwards', (no: number, count: number) => task(no === count - 1 ? [] : [no + 1])],
    ['a hierarchy as deep', (no: number) => task([], no === 0 ? null : no - 1)],
    ['a star', (no: number) => task(no === 0 ? [] : [0])],
  ])('takes time in proportion for %s of 100,000', (_, build) => {
    const look = (count: number) => {
      const tasks = Array.from({ length: count }, (__, no) => build(no, count));
      return () => expect(findCycle(tasks)).toBeNull();
    };
    expect(growth(10_000, 100_000, look)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });

  it('finds a circle of 40,000 in time in proportion', () => {
    const look = (count: number) => {
      const tasks = Array.from({ length: count }, (_, no) => task([(no + count - 1) % count]));
      return () => expect(findCycle(tasks)).toHaveLength(count);
    };
    expect(growth(4_000, 40_000, look)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });

  it('finds a circle behind 10,000 tasks that wait for it', () => {
    const tasks = [task([1]), task([0]), ...Array.from({ length: 10_000 }, (_, no) => task([no + 1]))];

    expect(findCycle(tasks.toReversed().map(({ dependencies }) => task(dependencies.map(({ on }) => tasks.length - 1 - on))))?.length).toBe(
      2,
    );
  });
});
