import { describe, expect, it } from '@jest/globals';

import { rolledUpCosts, type CostTask } from './rolled-up-costs.js';

describe('costs rolled up', () => {
  it('are those of a task with everything below it, whatever the order of the tasks', () => {
    const tasks = [
      { no: 3, parent: 2, cost: { usd: 1, tokens: 10 } },
      { no: 0, parent: null, cost: { usd: 0.5 } },
      { no: 2, parent: 1, cost: {} },
      { no: 1, parent: 0, cost: { tokens: 5 } },
      { no: 4, parent: 0, cost: { calls: 1 } },
      { no: 5, parent: 0, cost: {} },
    ];

    expect(Object.fromEntries(rolledUpCosts(tasks))).toEqual({
      0: { usd: 1.5, tokens: 15, calls: 1 },
      1: { usd: 1, tokens: 15 },
      2: { usd: 1, tokens: 10 },
      3: { usd: 1, tokens: 10 },
      4: { calls: 1 },
    });
  });

  it('take units that are called like something else for what they are', () => {
    const tasks: CostTask[] = [
      { no: 0, parent: null, cost: {} },
      {
        no: 1,
        parent: 0,
        cost: Object.fromEntries([
          ['toString', 2],
          ['valueOf', 1],
        ]),
      },
      { no: 2, parent: 0, cost: Object.fromEntries([['toString', 3]]) },
    ];

    expect(Object.entries(rolledUpCosts(tasks).get(0)!)).toEqual([
      ['toString', 5],
      ['valueOf', 1],
    ]);
  });

  it('are none where nothing was spent, and stop at the edge of what is known', () => {
    expect(rolledUpCosts([{ no: 0, parent: null, cost: {} }]).size).toBe(0);
    expect(rolledUpCosts([{ no: 7, parent: 3, cost: { usd: 1 } }]).get(7)).toEqual({ usd: 1 });
  });
});
