import { describe, expect, it } from '@jest/globals';

import type { StepSubmission } from '../model/submission.js';
import { compileSteps } from './compile-steps.js';

/** What each step waits for, by its key. */
function waitsOf(...steps: readonly StepSubmission[]): unknown {
  return Object.fromEntries(compileSteps(steps).tasks.map(({ key, dependsOn }) => [key, dependsOn ?? []]));
}

describe('ordered steps', () => {
  it('each wait for the one before', () => {
    expect(waitsOf({ key: 'a' }, { key: 'b' }, { key: 'c' })).toEqual({ a: [], b: ['a'], c: ['b'] });
  });

  it('run beside the one before where they are parallel, and the next waits for all of these', () => {
    expect(waitsOf({ key: 'a' }, { key: 'b' }, { key: 'c', parallel: true }, { key: 'd', parallel: true }, { key: 'e' })).toEqual({
      a: [],
      b: ['a'],
      c: ['a'],
      d: ['a'],
      e: ['b', 'c', 'd'],
    });
  });

  it('wait for what they name and nothing else, also where they name nothing', () => {
    expect(
      waitsOf({ key: 'a' }, { key: 'b' }, { key: 'c', dependsOn: ['a'] }, { key: 'd', dependsOn: [] }, { key: 'e', parallel: true }),
    ).toEqual({ a: [], b: ['a'], c: ['a'], d: [], e: [] });
  });

  it('wait for what has no text as its key by what a message calls it', () => {
    expect(waitsOf({ key: 5 as never }, { key: 'b' })).toEqual({ 5: [], b: ['5'] });
  });

  it.each([[Object.create(null) as unknown], [{ toString: 1 }], [10n], [Symbol('x')], [null]])('of any kind are read: %p', (value) => {
    const steps = [{ key: value, parallel: value }, { key: 'b', dependsOn: value }, { key: 'c' }];
    const { tasks, problems } = compileSteps(steps as never);
    expect(tasks.map(({ key }) => key)).toEqual([value, 'b', 'c']);
    expect(problems).toEqual([{ code: 'GRAPH_INVALID', taskKey: expect.any(String), message: expect.stringMatching(/^`parallel` of /) }]);
  });

  it('begin at once where the first is parallel', () => {
    expect(waitsOf({ key: 'a', parallel: true }, { key: 'b', parallel: true }, { key: 'c' })).toEqual({ a: [], b: [], c: ['a', 'b'] });
  });

  it('keep the mode of a dependency that a parallel step takes over', () => {
    const settled = [{ task: 'a', mode: 'settled' }] as const;
    expect(waitsOf({ key: 'a' }, { key: 'b', dependsOn: settled }, { key: 'c', parallel: true })).toEqual({
      a: [],
      b: settled,
      c: settled,
    });
  });

  it('leave nothing of `parallel` in the task', () => {
    expect(compileSteps([{ key: 'a', parallel: true }]).tasks).toEqual([{ key: 'a' }]);
  });

  it('refuse a `parallel` that is neither true nor false', () => {
    const { problems } = compileSteps([{ key: 'a' }, { key: 'b', parallel: 'yes' as never }]);
    expect(problems).toEqual([{ code: 'GRAPH_INVALID', taskKey: 'b', message: '`parallel` of "b" is "yes"; it must be true or false.' }]);
  });
});
