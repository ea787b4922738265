import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { job, THRICE } from '../testing/machine/scenario.js';
import { plainSpec } from '../testing/machine/specs.js';
import { DEPENDENCY_MODES } from '../model/task.js';
import { recount } from './recount.js';
import { countOf, createTaskState, dependentOf, modeOf, modeOfEdge, packEdge, wakeAt } from './job-state.js';

describe('an edge in one number', () => {
  it('keeps the dependent and the mode', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...DEPENDENCY_MODES), (dependent, mode) => {
        const edge = packEdge(dependent, mode);

        expect([dependentOf(edge), modeOfEdge(edge)]).toEqual([dependent, mode]);
      }),
    );
  });
});

describe('the state of a task', () => {
  it('spends nothing on modes where all are "completed"', () => {
    const plain = createTaskState(plainSpec(3, { dependencies: [{ on: 1, mode: 'completed' }] }));
    const mixed = createTaskState(
      plainSpec(3, {
        dependencies: [
          { on: 1, mode: 'completed' },
          { on: 2, mode: 'settled' },
        ],
      }),
    );

    expect(plain.modes).toBeNull();
    expect([modeOf(plain, 0), modeOf(mixed, 0), modeOf(mixed, 1)]).toEqual(['completed', 'completed', 'settled']);
  });
});

describe('the next moment at which a job needs attention', () => {
  it('is the earliest retry, and none where nothing waits', () => {
    const play = job([{ key: 'a' }, { key: 'b' }]);
    expect(wakeAt(play.state)).toBeNull();

    play.claim('a', 'b');
    play.fail('a', { retry: THRICE, retryAfterMs: 9_000 });
    play.fail('b', { retry: THRICE });

    expect(wakeAt(play.state)).toBe(play.now + 500);
    play.pass(500);
    expect(wakeAt(play.state)).toBe(play.now + 8_500);
  });
});

describe('what is derived', () => {
  it('can be dropped and derived again at any moment', () => {
    const play = job([
      { key: 'a' },
      { key: 'story', agent: null, after: ['a'] },
      { key: 'x', parent: 'story' },
      { key: 'y', parent: 'story', after: ['x', ['a', 'settled']] },
    ]);
    play.run('a');
    play.claim('x');
    play.need('x', 'q1', 'q2');
    play.run('q1');
    const derived = (): unknown =>
      play.state.tasks.map(({ key, openDependencies, gateOpen, openChildren, reason, awaited }) => ({
        key,
        openDependencies,
        gateOpen,
        openChildren,
        awaited: reason === 'WAITING_DEPENDENCIES' ? awaited : null,
      }));
    const before = derived();
    for (const task of play.state.tasks) Object.assign(task, { openDependencies: 77, gateOpen: false, openChildren: 77, awaited: 77 });
    play.state.counts.fill(77);

    recount(play.state);

    expect(derived()).toEqual(before);
    expect(countOf(play.state, 'COMPLETED')).toBe(2);
    expect(play.state.addedTasks).toBe(2);
  });
});
