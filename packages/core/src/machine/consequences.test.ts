import { describe, expect, it } from '@jest/globals';

import { growth, IN_PROPORTION_TIMES_10 } from '../../test/helpers/growth.js';
import { job, Scenario, WIDE_LIMITS } from '../testing/machine/scenario.js';
import { plainSpec } from '../testing/machine/specs.js';

describe('what follows from a skip', () => {
  it('says of each task why it was skipped', () => {
    const play = job([
      { key: 'a' },
      { key: 'b', agent: null, when: { task: 'a' } },
      { key: 'inside', parent: 'b' },
      { key: 'c', after: ['b'] },
      { key: 'below-c', parent: 'c' },
    ]);
    play.claim('a');
    play.complete('a', false);

    expect(play.where('b', 'inside', 'c', 'below-c')).toEqual([
      'SKIPPED(CONDITION_FALSE)',
      'SKIPPED(PARENT_SKIPPED)',
      'SKIPPED(DEPENDENCY_SKIPPED)',
      'SKIPPED(PARENT_SKIPPED)',
    ]);
  });

  it('skips a parent all of whose children were skipped', () => {
    const play = job([
      { key: 'story', agent: null },
      { key: 'x', parent: 'story' },
      { key: 'y', parent: 'story' },
      { key: 'next', after: ['story'] },
    ]);
    play.claim('x', 'y');
    play.skip('x');
    expect(play.at('story')).toBe('BLOCKED(WAITING_CHILDREN)');

    play.skip('y');

    expect(play.where('story', 'next')).toEqual(['SKIPPED(CHILDREN_SKIPPED)', 'SKIPPED(DEPENDENCY_SKIPPED)']);
  });

  it.each([
    ['before', ['no', 'yes']],
    ['after', ['yes', 'no']],
  ] as const)('skips that parent also when its children were skipped %s it was free to start', (_, order) => {
    const play = job([
      { key: 'yes' },
      { key: 'no' },
      { key: 'story', agent: null, after: ['yes'] },
      { key: 'x', parent: 'story', after: ['no'] },
    ]);
    for (const key of order) {
      play.claim(key);
      if (key === 'no') play.skip(key);
      else play.complete(key);
    }

    expect(play.at('story')).toBe('SKIPPED(CHILDREN_SKIPPED)');
  });

  it('completes a parent with one child that was not skipped', () => {
    const play = job([
      { key: 'story', agent: null },
      { key: 'x', parent: 'story' },
      { key: 'y', parent: 'story' },
    ]);
    play.claim('x');
    play.skip('x');
    play.run('y');

    expect(play.at('story')).toBe('READY');
  });

  it('leaves the objective to complete, also when everything in the job was skipped', () => {
    const play = job([{ key: 'x' }]);
    play.claim('x');
    play.skip('x');
    play.run('objective');

    expect(play.state).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('tolerates the failure of a child whose strategy says so', () => {
    const play = job([
      { key: 'story', agent: null },
      { key: 'x', parent: 'story', strategy: 'continue' },
      { key: 'y', parent: 'story' },
    ]);
    play.claim('x');
    play.fail('x');
    play.run('y');

    expect(play.at('story')).toBe('READY');
  });
});

describe('the end of a job', () => {
  it('comes with the end of its objective, and not before', () => {
    const play = job([{ key: 'a' }]);
    play.run('a');
    expect(play.state.status).toBe('RUNNING');

    play.run('objective');

    expect(play.state).toMatchObject({ status: 'COMPLETED', success: true, finishedAt: play.now });
  });

  it('is a success also with tasks that did not apply', () => {
    const play = job([{ key: 'a' }, { key: 'b', when: { task: 'a' } }]);
    play.claim('a');
    play.complete('a', false);
    play.run('objective');

    expect(play.state.success).toBe(true);
  });

  it('explains itself where nothing could ever move again, instead of waiting for ever', () => {
    // No graph that was checked can get there: two tasks that wait for each other.
    const play = new Scenario([
      plainSpec(0, { key: 'objective' }),
      plainSpec(1, { key: 'x', dependencies: [{ on: 2, mode: 'completed' }] }),
      plainSpec(2, { key: 'y', dependencies: [{ on: 1, mode: 'completed' }] }),
    ]);

    expect(play.state.status).toBe('FAILED');
    expect(play.events.at(-1)).toMatchObject({
      type: 'JOB_FAILED',
      error: { code: 'JOB_DEADLOCK', message: expect.stringContaining('"x"') },
    });
    expect(play.where('objective', 'x', 'y')).toEqual(['CANCELLED(JOB_FAILED)', 'CANCELLED(JOB_FAILED)', 'CANCELLED(JOB_FAILED)']);
  });
});

describe('large jobs', () => {
  const WIDE = 10_000;
  const sized = (count: number, sources: (no: number) => number[]): Scenario => {
    const dependencies = (no: number) => (no === 0 ? [] : sources(no).map((on) => ({ on, mode: 'completed' as const })));
    return new Scenario(
      Array.from({ length: count }, (_, no) => plainSpec(no, { strategy: 'skip', dependencies: dependencies(no) })),
      WIDE_LIMITS,
    );
  };

  it.each([
    ['a star', (no: number) => [1].filter((on) => on !== no)],
    ['a chain', (no: number) => (no > 1 ? [no - 1] : [])],
  ])('skip everything behind a failure in %s of 10,000, in a few events and in time in proportion', (_, sources) => {
    const failing = (count: number) => {
      const play = sized(count, sources);
      play.claim('t1');
      return () => {
        // One event may move many tasks.
        expect(play.fail('t1').length).toBeLessThan(10);
        expect(play.state.counts[6]).toBe(count - 2);
      };
    };
    expect(growth(WIDE / 10, WIDE, failing)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });

  it('are cancelled in one event, in time in proportion', () => {
    const cancelling = (count: number) => {
      const play = sized(count, () => []);
      return () => expect(play.typesOf(play.cancel())).toEqual(['TASKS_CANCELLED', 'JOB_CANCELLED']);
    };
    expect(growth(WIDE / 10, WIDE, cancelling)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });
});
