import { describe, expect, it } from '@jest/globals';

import { job, type Scenario } from '../testing/machine/scenario.js';
import { shownStatus } from './job-state.js';

function undecided(): Scenario {
  const play = job([{ key: 'a', strategy: 'ask' }, { key: 'b' }]);
  play.claim('a');
  play.need('a', 'q');
  play.run('q');
  play.claim('a');
  play.fail('a');
  return play;
}

describe('a decision about a failure', () => {
  it.each([
    [{ decision: 'skip' }, 'SKIPPED(BY_PERSON)'],
    [{ decision: 'value', value: 1 }, 'COMPLETED(RECOVERED)'],
  ])('that ends the task ends what was added below it meanwhile: %j', (value, status) => {
    const play = undecided();
    play.add('late', 'a');
    play.answer(1, value);

    expect(play.where('a', 'late', 'b')).toEqual([status, 'CANCELLED(PARENT_ENDED)', 'READY']);
  });

  it('is not asked for any more when something that the task had asked for is run again: it begins anew', () => {
    const play = undecided();
    play.retry('q');

    expect(play.where('a', 'q')).toEqual(['READY', 'CANCELLED(SUPERSEDED)']);
    expect(shownStatus(play.state)).toBe('RUNNING');
  });
});

describe('a person who says what a parked task came to', () => {
  it('ends what is open below it', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }]);
    play.claim('a');
    play.send({ kind: 'park', ...play.attemptOf('a'), reason: 'MANUAL', message: 'unclear' });
    play.add('late', 'a');
    const said = { reason: null, actor: 'user', output: null, value: null } as const;
    play.send({ kind: 'resume-task', task: play.no('a'), as: 'COMPLETED', ...said });

    expect(play.where('a', 'late', 'b')).toEqual(['COMPLETED', 'CANCELLED(PARENT_ENDED)', 'READY']);
  });
});

describe('a job that is held until a question is answered', () => {
  it('goes on when nobody needs the answer any more', () => {
    const play = job([{ key: 'a' }, { key: 'b' }]);
    play.claim('a');
    play.ask('a', { deadline: play.now + 10, onTimeout: 'pause' });
    play.pass(20);
    play.send({ kind: 'tick' });
    expect(shownStatus(play.state)).toBe('PAUSED');

    play.send({ kind: 'cancel-task', task: play.no('a'), reason: null, actor: 'user' });
    expect(shownStatus(play.state)).toBe('RUNNING');
    play.run('b', 'objective');
    expect(play.state.status).toBe('COMPLETED');
  });
});
