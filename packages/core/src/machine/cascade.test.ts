import { describe, expect, it } from '@jest/globals';

import { growth, IN_PROPORTION_TIMES_10 } from '../../test/helpers/growth.js';
import { job, Scenario, WIDE_LIMITS } from '../testing/machine/scenario.js';
import { plainSpec, type TaskSketch } from '../testing/machine/specs.js';
import { cascading } from './cascade.js';

const settled = (key: string, ...on: string[]): TaskSketch => ({
  key,
  strategy: 'continue',
  after: on.map((source) => [source, 'settled'] as const),
});
const after = (cascadeAfter: number) => ({ ...WIDE_LIMITS, cascadeAfter });

describe('failures in a row', () => {
  it('give the job up at the bound, with their chain, whatever the strategy says', () => {
    const play = job([settled('a'), settled('b', 'a'), settled('c', 'b'), settled('d', 'c'), settled('other')], {}, after(3));
    for (const key of ['a', 'b']) {
      play.claim(key);
      play.fail(key);
    }
    expect(play.state.status).toBe('RUNNING');
    play.claim('c');
    const events = play.fail('c');

    expect(play.state.status).toBe('FAILED');
    expect(play.where('a', 'b', 'c')).toEqual(['FAILED(ATTEMPTS_EXHAUSTED)', 'FAILED(ATTEMPTS_EXHAUSTED)', 'FAILED(ATTEMPTS_EXHAUSTED)']);
    expect(play.where('d', 'other')).toEqual(['CANCELLED(JOB_FAILED)', 'CANCELLED(JOB_FAILED)']);
    expect(events.at(-1)).toMatchObject({
      type: 'JOB_FAILED',
      error: { code: 'CASCADE_ABORTED', details: { chain: ['a', 'b', 'c'], count: 3 }, message: expect.stringContaining('"a", "b", "c"') },
    });
  });

  it('are counted along the longest way, and only where every task on it failed', () => {
    const play = job([settled('a'), settled('good'), settled('b', 'a', 'good'), settled('c', 'good', 'b')], {}, after(4));
    play.run('good');
    for (const key of ['a', 'b', 'c']) {
      play.claim(key);
      play.fail(key);
    }
    expect(play.state.status).toBe('RUNNING');

    const broken = job([settled('a'), settled('b', 'a'), settled('c', 'b'), settled('d', 'c')], {}, after(2));
    for (const key of ['a', 'c']) {
      broken.claim(key);
      broken.fail(key);
      if (key === 'a') broken.run('b');
    }
    expect(broken.state.status).toBe('RUNNING');
  });

  it('end nothing where there is no bound', () => {
    const play = job([settled('a'), settled('b', 'a'), settled('c', 'b')], {}, after(0));
    for (const key of ['a', 'b', 'c']) {
      play.claim(key);
      play.fail(key);
    }
    play.run('objective');
    expect(play.state.status).toBe('COMPLETED');
  });

  it('of which all attempts but the last failed are none', () => {
    const play = job([settled('a'), settled('b', 'a')], {}, after(2));
    play.claim('a');
    play.fail('a');
    play.claim('b');
    play.complete('b', 'good after all');
    play.run('objective');
    expect(play.state.status).toBe('COMPLETED');
  });

  it('are found in time in proportion to what failed, also where every task waits for the twenty before it', () => {
    const failing = (count: number) => {
      const play = new Scenario(
        Array.from({ length: count }, (_, no) =>
          plainSpec(no, {
            strategy: 'continue',
            dependencies: Array.from({ length: Math.max(0, Math.min(20, no - 1)) }, (__, back) => ({
              on: no - 1 - back,
              mode: 'settled' as const,
            })),
          }),
        ),
        after(0),
      );
      for (let no = 1; no < count - 1; no += 1) Object.assign(play.state.tasks[no]!, { status: 'FAILED' });
      const failed = {
        type: 'TASK_FAILED',
        at: 0,
        actor: 'agent',
        task: count - 1,
        attempt: 1,
        error: { code: 'AGENT_FAILED', message: 'x' },
        timedOut: false,
      } as const;
      return () => expect(cascading(play.state, failed, 3)).toMatchObject({ cascade: { length: count - 1 } });
    };
    expect(growth(500, 5_000, failing)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });
});
