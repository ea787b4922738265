import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { criticalPaths, type PathTask } from './critical-path.js';
import { findCycle } from './cycle.js';

interface Drafted {
  readonly parent: number | null;
  readonly dependencies: readonly number[];
}

const task = (dependencies: readonly number[] = [], parent: number | null = null): Drafted => ({ parent, dependencies });

const paths = (drafts: readonly Drafted[]): number[] => {
  const tasks = drafts.map(({ parent }) => ({ parent, children: [] as number[], dependents: [] as number[] })) satisfies PathTask[];
  drafts.forEach(({ parent, dependencies }, no) => {
    if (parent !== null) tasks[parent]!.children.push(no);
    // As the engine does, the edges say more than who depends.
    for (const on of dependencies) tasks[on]!.dependents.push(no * 3 + 1);
  });
  return [...criticalPaths(tasks, (edge) => Math.floor(edge / 3))];
};

describe('the critical path of a task', () => {
  it('counts the tasks of the longest way from it to the end, itself included', () => {
    expect(paths([])).toEqual([]);
    expect(paths([task()])).toEqual([1]);
    expect(paths([task(), task([0]), task([1])])).toEqual([3, 2, 1]);
    // A diamond with one arm longer than the other.
    expect(paths([task(), task([0]), task([0]), task([2]), task([1, 3])])).toEqual([4, 2, 3, 2, 1]);
  });

  it('goes through the tasks above, which end after those below', () => {
    const [objective, story, first, second, after] = paths([task(), task([], 0), task([], 1), task([2], 1), task([1], 0)]);

    expect([first, second, story, after, objective]).toEqual([5, 4, 5, 2, 5]);
  });

  it('goes through everything below a task that waits', () => {
    // Task 1 is waited for by the story 2, and so by what is in it.
    expect(paths([task(), task([], 0), task([1], 0), task([], 2), task([3], 2)])[1]).toBe(5);
  });

  const graphs = fc
    .array(fc.record({ parent: fc.option(fc.nat(99)), on: fc.array(fc.nat(99), { maxLength: 3 }) }), { minLength: 1, maxLength: 10 })
    .map((drafts) =>
      drafts.map(({ parent, on }, no) =>
        task(no === 0 ? [] : [...new Set(on.map((other) => other % no))], parent === null || no === 0 ? null : parent % no),
      ),
    )
    .filter(
      (tasks) =>
        findCycle(tasks.map(({ parent, dependencies }) => ({ parent, dependencies: dependencies.map((on) => ({ on })) }))) === null,
    );

  /** As most jobs are written: below the objective, and in order, or nearly so. */
  const flatGraphs = fc
    .array(fc.record({ on: fc.array(fc.nat(99), { maxLength: 3 }), isOdd: fc.nat(20) }), { minLength: 1, maxLength: 10 })
    .map((drafts) =>
      drafts.map(({ on, isOdd }, no) =>
        no === 0
          ? task()
          : task(
              [...new Set(on.map((other) => other % no))].filter((other) => other > 0 || isOdd === 0),
              isOdd === 1 ? null : 0,
            ),
      ),
    )
    // Nothing waits for what it stands in.
    .filter((tasks) => tasks.every(({ parent, dependencies }) => parent !== 0 || !dependencies.includes(0)));

  it('is the longest of all ways, tried one by one', () => {
    fc.assert(
      fc.property(fc.oneof(graphs, flatGraphs), (tasks) => {
        const fromStart = (no: number): number =>
          Math.max(fromEnd(no), ...tasks.flatMap(({ parent }, child) => (parent === no ? [fromStart(child)] : [])));
        const fromEnd = (no: number): number => {
          const { parent } = tasks[no]!;
          const after = tasks.flatMap(({ dependencies }, other) => (dependencies.includes(no) ? [fromStart(other)] : []));
          return 1 + Math.max(0, parent === null ? 0 : fromEnd(parent), ...after);
        };

        expect(paths(tasks)).toEqual(tasks.map((_, no) => fromStart(no)));
      }),
    );
  });

  it('is found in a chain of 100,000, and in 100,000 tasks with a million dependencies', () => {
    const chain = Array.from({ length: 100_000 }, (_, no) => task(no === 0 ? [] : [no - 1]));
    expect(paths(chain)[0]).toBe(100_000);

    const layers = Array.from({ length: 100_000 }, (_, no) =>
      task(
        no < 1_000 ? [] : Array.from({ length: 10 }, (__, index) => (Math.floor(no / 1_000) - 1) * 1_000 + ((no * 7 + index * 31) % 1_000)),
      ),
    );
    expect(paths(layers)[0]).toBe(100);
  });

  it('of tasks that wait for each other in a circle is found too: the edge that closes the circle counts for nothing', () => {
    expect(paths([task([1]), task([0])])).toEqual([2, 1]);
    expect(paths([task([0])])).toEqual([1]);
  });
});
