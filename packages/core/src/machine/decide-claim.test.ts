import { describe, expect, it } from '@jest/globals';

import { job, THRICE } from '../testing/machine/scenario.js';

describe('claiming a task', () => {
  it('starts its first attempt with a fence', () => {
    const play = job([{ key: 'a' }]);

    expect(play.claim('a')).toMatchObject([{ type: 'TASK_STARTED', attempt: 1, fence: 1 }]);
    expect(play.at('a')).toBe('IN_PROGRESS');
  });

  it('gives each start a higher fence, and each try a higher number', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a', { retry: { ...THRICE, kind: 'none' } });

    expect(play.claim('a')).toMatchObject([{ attempt: 2, fence: 2 }]);
  });

  it.each(['need', 'crash', 'park'])('goes on with the same attempt after a %s, under a new fence', (what) => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    if (what === 'need') {
      play.need('a', 'q');
      play.run('q');
    }
    if (what === 'crash') play.send({ kind: 'recover' });
    if (what === 'park') {
      play.send({ kind: 'park', ...play.attemptOf('a'), reason: 'AGENT_UNAVAILABLE', message: 'not here' });
      play.send({ kind: 'release', agent: 'a' });
    }

    expect(play.claim('a')).toMatchObject([{ attempt: 1, fence: 2 }]);
  });

  it('remembers when the task and the job first started', () => {
    const play = job([{ key: 'a' }]);
    play.now = 5_000;
    play.claim('a');
    play.fail('a', { retry: { ...THRICE, kind: 'none' } });
    play.now = 6_000;
    play.claim('a');

    expect(play.task('a').startedAt).toBe(5_000);
    expect(play.state.startedAt).toBe(5_000);
  });

  it('is refused while the task waits, runs or has ended', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }]);
    expect(play.refusalOf({ kind: 'claim', task: play.no('b') })).toBe('ILLEGAL_MOVE');

    play.claim('a');
    expect(play.refusalOf({ kind: 'claim', task: play.no('a') })).toBe('ILLEGAL_MOVE');

    play.complete('a');
    expect(play.refusalOf({ kind: 'claim', task: play.no('a') })).toBe('ILLEGAL_MOVE');
  });

  it('is refused before the time of a retry has come, and taken at that very moment', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a', { retry: THRICE });
    play.pass(499);
    expect(play.refusalOf({ kind: 'claim', task: play.no('a') })).toBe('ILLEGAL_MOVE');

    play.pass(1);

    expect(play.refusalOf({ kind: 'claim', task: play.no('a') })).toBeNull();
  });

  it('is taken after a clock that was set back, once the time had come', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a', { retry: THRICE });
    play.pass(500);
    play.pass(-400);

    expect(play.refusalOf({ kind: 'claim', task: play.no('a') })).toBeNull();
  });

  it('is refused in a job that has ended, and for a task that does not exist', () => {
    const play = job([{ key: 'a' }]);
    expect(play.refusalOf({ kind: 'claim', task: 99 })).toBe('ILLEGAL_MOVE');
    play.cancel();

    expect(play.refusalOf({ kind: 'claim', task: play.no('a') })).toBe('ILLEGAL_MOVE');
  });
});
