import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { isTerminalTask, TASK_STATUSES } from '../model/task.js';
import { progressOf, type ProgressTask } from './progress.js';

type Sketch = Partial<Omit<ProgressTask, 'no'>>;

const tasksOf = (sketches: readonly Sketch[]): ProgressTask[] =>
  sketches.map((sketch, no) => ({
    no,
    parent: no === 0 ? null : 0,
    agent: no === 0 ? null : 'work',
    status: 'READY',
    statusReason: null,
    progress: 0,
    weight: 1,
    ...sketch,
  }));
const percents = (...sketches: readonly Sketch[]): number[] => [...progressOf(tasksOf(sketches)).values()].map(({ percent }) => percent);
const done = { status: 'COMPLETED' } as const;
const story = { agent: null } as const;

describe('progress', () => {
  it('of a job is the share of its tasks that have ended: half of four is 50 (B8)', () => {
    expect(percents({}, done, done, {}, {})).toEqual([50, 100, 100, 0, 0]);
  });

  it('counts what running agents report', () => {
    expect(percents({}, { status: 'IN_PROGRESS', progress: 40 }, {})[0]).toBe(20);
  });

  it('counts every end as done', () => {
    for (const status of ['FAILED', 'SKIPPED', 'CANCELLED', 'ACCEPTED', 'REJECTED'] as const)
      expect(percents({}, { status, progress: 10 }, {})).toEqual([50, 100, 0]);
  });

  it('weighs tasks by what they declare, 0 as nothing', () => {
    expect(percents({}, { ...done, weight: 3 }, { weight: 1 }, { weight: 0 })[0]).toBe(75);
    expect(percents({}, { ...done, weight: 0.1 }, { ...done, weight: 0.2 }, { weight: 0 })[0]).toBe(100);
  });

  it('of a story is that of its tasks, and it weighs what they weigh', () => {
    const all = progressOf(tasksOf([{}, story, { parent: 1, ...done, weight: 2 }, { parent: 1 }, { parent: 0 }]));

    expect(all.get(1)).toEqual({ percent: 66, weight: 3 });
    expect(all.get(0)).toEqual({ percent: 50, weight: 4 });
  });

  it('of a task that waits for tasks it added counts its own run beside them', () => {
    expect(percents({}, { status: 'BLOCKED', progress: 50 }, { parent: 1, ...done })).toEqual([75, 75, 100]);
  });

  it('of a map is that of its tasks once they are there', () => {
    expect(percents({}, { agent: '$map' })).toEqual([0, 0]);
    expect(percents({}, { agent: '$map', status: 'BLOCKED' }, { parent: 1, ...done }, { parent: 1 })).toEqual([50, 50, 100, 0]);
  });

  it('leaves out what is superseded, or not needed yet', () => {
    expect(percents({}, { status: 'CANCELLED', statusReason: 'SUPERSEDED' }, { status: 'DORMANT' }, done, {})[0]).toBe(50);
  });

  it('does not mind parents with greater numbers than their children', () => {
    expect(percents({}, { parent: 2, ...done }, { agent: null }, { parent: 2 })).toEqual([50, 100, 50, 0]);
  });

  it('of an ended task is 100, of a story without tasks 0 until then', () => {
    expect(percents({ status: 'FAILED' }, done)[0]).toBe(100);
    expect(percents({}, { ...story, weight: 0 })).toEqual([0, 0]);
  });

  it('is whole, from 0 to 100, 100 only when all has ended, and never falls when a task ends', () => {
    const sketches = fc.array(
      fc.record({
        parent: fc.nat(99),
        agent: fc.constantFrom(null, 'work', '$map'),
        status: fc.constantFrom(...TASK_STATUSES),
        progress: fc.integer({ min: 0, max: 99 }),
        weight: fc.constantFrom(0.1, 0.5, 1, 3, 1_000),
      }),
      { minLength: 2, maxLength: 20 },
    );
    fc.assert(
      fc.property(sketches, fc.nat(99), (drafts, pick) => {
        const tasks = tasksOf(drafts.map((draft, no) => (no === 0 ? {} : { ...draft, parent: draft.parent % no })));
        const all = progressOf(tasks);
        for (const { percent } of all.values()) {
          expect(Number.isInteger(percent)).toBe(true);
          expect(percent).toBeGreaterThanOrEqual(0);
          expect(percent).toBeLessThanOrEqual(100);
        }
        const isParent = new Set(tasks.map(({ parent }) => parent));
        const counted = tasks.filter(
          (task) => task.status !== 'DORMANT' && !(isParent.has(task.no) && (task.agent ?? '$').startsWith('$')),
        );
        if (all.get(0)!.percent === 100) expect(counted.every(({ status }) => isTerminalTask(status))).toBe(true);

        const ending = tasks.map((task, no) => (no === pick % tasks.length && task.status !== 'DORMANT' ? { ...task, ...done } : task));
        expect(progressOf(ending).get(0)!.percent).toBeGreaterThanOrEqual(all.get(0)!.percent);
      }),
    );
  });

  it('of 100,000 tasks in a chain of parents is found without using up the stack', () => {
    const tasks = tasksOf(Array.from({ length: 100_000 }, (_, no) => ({ parent: no === 0 ? null : no - 1, agent: 'work' })));

    expect(progressOf(tasks).get(0)).toEqual({ percent: 0, weight: 100_000 });
  });
});
