import { describe, expect, it } from '@jest/globals';

import { Scenario, THRICE } from '../testing/machine/scenario.js';
import { specsOf } from '../testing/machine/specs.js';
import { progressOf, wholePercent } from '../graph/progress.js';
import { noteWork } from './work.js';

/** Weight and percent of the job, as its state keeps them up and as its tasks come to one by one. */
function bothWays({ state, specs }: Scenario): [unknown, unknown] {
  state.touched.forEach((no) => noteWork(state, state.tasks[no]!));
  state.touched.clear();
  const whole = progressOf(
    state.tasks.map(({ no, parent, agent, status, reason, progress }) => ({
      no,
      parent,
      agent,
      status,
      statusReason: reason,
      progress,
      weight: specs[no]?.weight ?? 1,
    })),
  ).get(0)!;
  const { done, total } = state.work;
  return [{ percent: total === 0 ? 0 : wholePercent(done / total), weight: total }, whole];
}

describe('the work of a job', () => {
  it('is what its tasks come to one by one, after each move', () => {
    const sketches = specsOf([
      { key: 'story', agent: null },
      { key: 'a', parent: 'story' },
      { key: 'b', after: ['a'] },
      { key: 'asker' },
      { key: 'last', after: ['b'] },
    ]);
    const weights = [1, 1, 2.5, 0, 0.1, 40];
    const play = new Scenario(sketches.map((spec, no) => ({ ...spec, weight: weights[no]! })));
    const seen = new Set<string>();
    const moves: (() => unknown)[] = [
      () => undefined,
      () => play.claim('a', 'asker'),
      () => play.send({ kind: 'report-progress', ...play.attemptOf('a'), percent: 40, message: null }),
      () => play.fail('a', { retry: THRICE }),
      () => play.need('asker', 'q1', 'q2'),
      () => play.pass(1_000),
      () => play.run('a', 'q1'),
      () => play.claim('b'),
      () => play.send({ kind: 'report-progress', ...play.attemptOf('b'), percent: 99, message: null }),
      () => play.fail('b'),
      () => play.retry('asker', 'b'),
      () => play.claim('b'),
    ];
    for (const act of moves) {
      act();
      const [kept, counted] = bothWays(play);
      expect(kept).toEqual(counted);
      seen.add(JSON.stringify(kept));
    }
    expect(seen.size).toBeGreaterThan(5);
  });
});
