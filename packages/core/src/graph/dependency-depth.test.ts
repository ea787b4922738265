import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { growth, IN_PROPORTION_TIMES_10 } from '../../test/helpers/growth.js';
import { dependencyDepth } from './dependency-depth.js';

const graph = (...dependencies: number[][]) => dependencies.map((on) => ({ dependencies: on }));

describe('the depth of dependencies', () => {
  it.each([
    [0, graph()],
    [1, graph([], [])],
    [3, graph([], [0], [1])],
    [3, graph([1], [2], [])],
    [3, graph([], [0], [0], [1, 2])],
    [4, graph([], [0], [1, 0], [0, 2], [])],
  ])('is %d', (depth, tasks) => {
    expect(dependencyDepth(tasks)).toBe(depth);
  });

  it('is what following every chain finds', () => {
    const tasks = fc
      .array(fc.array(fc.nat(1_000), { maxLength: 4 }), { maxLength: 12 })
      .map((all) => all.map((on, no) => ({ dependencies: no === 0 ? [] : on.map((other) => other % no) })));
    fc.assert(
      fc.property(tasks, (all) => {
        const from = (no: number): number => 1 + Math.max(0, ...all[no]!.dependencies.map(from));
        expect(dependencyDepth(all)).toBe(Math.max(0, ...all.map((_, no) => from(no))));
      }),
    );
  });

  it('of a chain of 100,000, written in either direction, is found in time in proportion', () => {
    for (const backwards of [false, true]) {
      const look = (count: number) => {
        const tasks = Array.from({ length: count }, (_, no) => ({ dependencies: no === 0 ? [] : [no - 1] }));
        const turned = tasks.map((__, no) => ({ dependencies: no === count - 1 ? [] : [no + 1] }));
        return () => expect(dependencyDepth(backwards ? turned : tasks)).toBe(count);
      };
      expect(growth(10_000, 100_000, look)).toBeLessThan(IN_PROPORTION_TIMES_10);
    }
  });
});
