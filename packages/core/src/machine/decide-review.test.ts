import { describe, expect, it } from '@jest/globals';

import { job, newTask, THRICE, type Scenario } from '../testing/machine/scenario.js';
import type { ReviewPolicy } from '../model/task.js';
import { missingFor } from './missing.js';

const BY_AGENT: ReviewPolicy = { by: 'agent', agent: 'judge', maxRejections: 0 };
const MANUAL: ReviewPolicy = { by: 'manual', maxRejections: 1 };

function judgedBy(review: ReviewPolicy): Scenario {
  const play = job([
    { key: 'a', review, strategy: 'skip' },
    { key: 'b', after: ['a'] },
  ]);
  play.run('a');
  return play;
}

/** `a` is to be judged; what it has asked for is what `b` has waited for, and runs with. */
function begunWithWhatAnotherAskedFor(): Scenario {
  const play = job([{ key: 'a', review: MANUAL }, { key: 'b' }]);
  play.claim('a');
  play.need('a', 'asked');
  play.run('asked', 'a');
  play.send({ kind: 'add-dependency', task: play.no('b'), on: play.no('asked'), mode: 'completed', actor: 'user' });
  play.claim('b');
  return play;
}

describe('the word of a reviewing agent', () => {
  it('that rejects for the last time ends the task, and what depends on it', () => {
    const play = judgedBy(BY_AGENT);
    play.claim('a.review');
    play.complete('a.review', { accepted: false, feedback: 'wrong' });
    play.run('objective');

    expect(play.all()).toEqual({
      objective: 'COMPLETED',
      a: 'REJECTED(REVIEW_FAILED)',
      b: 'SKIPPED(DEPENDENCY_FAILED)',
      'a.review': 'COMPLETED',
    });
    expect(play.state.success).toBe(false);
  });

  it.each([
    [true, 'ACCEPTED'],
    [false, 'REJECTED(REVIEW_FAILED)'],
  ])('counts when it is returned, whatever the reviewer has left open: accepted %s', (accepted, status) => {
    const play = judgedBy(BY_AGENT);
    play.claim('a.review');
    play.send({ kind: 'spawn', ...play.attemptOf('a.review'), tasks: [newTask('more', 'spawn')] });
    play.complete('a.review', { accepted });

    expect(play.where('a', 'a.review', 'more')).toEqual([status, 'CANCELLED(PARENT_ENDED)', 'CANCELLED(PARENT_ENDED)']);
  });

  it('ends what was added below the task while it was judged', () => {
    const play = judgedBy(BY_AGENT);
    play.add('late', 'a');
    play.claim('a.review');
    play.complete('a.review', { accepted: true });

    expect(play.where('a', 'late', 'b')).toEqual(['ACCEPTED', 'CANCELLED(PARENT_ENDED)', 'READY']);
  });

  it('that is no verdict leaves the decision to a person', () => {
    const play = judgedBy(BY_AGENT);
    play.claim('a.review');
    play.complete('a.review', { verdict: 'fine' });
    expect(play.where('a', 'b')).toEqual(['BLOCKED(WAITING_REVIEW)', 'PENDING']);

    play.accept('a');
    expect(play.where('a', 'b')).toEqual(['ACCEPTED', 'READY']);
  });
});

describe('a rejected task', () => {
  it('waits for what was added below it before it runs again', () => {
    const play = judgedBy(MANUAL);
    play.add('late', 'a');
    play.reject('a');
    expect(play.at('a')).toBe('BLOCKED(WAITING_CHILDREN)');

    play.run('late');
    expect(play.at('a')).toBe('READY');
  });

  it('is not skipped with what was added below it: somebody wants it done again', () => {
    const play = judgedBy(MANUAL);
    play.add('late', 'a');
    play.send({ kind: 'skip-task', task: play.no('late'), reason: null, actor: 'user' });
    play.reject('a');
    expect(play.at('a')).toBe('READY');

    const other = judgedBy(MANUAL);
    other.add('late', 'a');
    other.reject('a');
    other.send({ kind: 'skip-task', task: other.no('late'), reason: null, actor: 'user' });
    expect(other.at('a')).toBe('READY');
  });

  it('is REJECTED where its fallback was skipped by a person before', () => {
    const play = job([
      { key: 'a', review: { by: 'manual', maxRejections: 0 }, routeTo: 'b', strategy: 'skip' },
      { key: 'b', strategy: 'skip' },
    ]);
    play.run('a');
    play.send({ kind: 'skip-task', task: play.no('b'), reason: null, actor: 'user' });
    play.reject('a');

    expect(play.at('a')).toBe('REJECTED(REVIEW_FAILED)');
  });

  it('takes away what another has waited for and begun with: that one goes on, and gets what it asks for', () => {
    const play = begunWithWhatAnotherAskedFor();
    play.need('b', 'first');
    play.reject('a');
    expect(play.where('asked', 'b', 'first')).toEqual([expect.stringContaining('SUPERSEDED'), 'BLOCKED(WAITING_DEPENDENCIES)', 'READY']);

    play.restart();
    play.run('first');
    play.claim('b');
    play.need('b', 'second');
    expect(play.at('second')).toBe('READY');
    play.run('second', 'b');
    expect(play.at('b')).toBe('COMPLETED');
  });

  it('takes away what another has waited for and failed with: that one is tried again all the same', () => {
    const play = begunWithWhatAnotherAskedFor();
    play.fail('b', { retry: THRICE });
    play.reject('a');
    play.pass(500);
    play.restart();

    expect(play.where('asked', 'b')).toEqual([expect.stringContaining('SUPERSEDED'), 'READY']);
    play.run('b');
    expect(play.at('b')).toBe('COMPLETED');
  });
});

describe('who rejects something wants it done again', () => {
  /** `b` waited for what `a` had asked for; both are judged, `a` is rejected, and with it what it had asked for counts no more. */
  function bothRejected(): Scenario {
    const play = job([
      { key: 'a', review: MANUAL },
      { key: 'b', review: MANUAL },
      { key: 'c', review: MANUAL },
    ]);
    play.claim('a');
    play.need('a', 'asked');
    play.run('asked', 'a');
    play.send({ kind: 'add-dependency', task: play.no('b'), on: play.no('asked'), mode: 'completed', actor: 'user' });
    play.run('b', 'c');
    play.reject('a');
    play.reject('b');
    return play;
  }

  it('although what it had waited for was taken back since', () => {
    const play = bothRejected();
    expect(play.where('asked', 'b')).toEqual(['CANCELLED(SUPERSEDED)', 'READY']);
    play.run('b');
    play.accept('b');
    expect(play.at('b')).toBe('ACCEPTED');
  });

  it('and gets what that had come to, so that nothing is missing', () => {
    const play = bothRejected();
    expect(missingFor(play.state, play.task('b'))).toEqual([]);
  });

  it('but not where what it was to wait for was taken back before it had come', () => {
    const play = job([
      { key: 'a', review: { ...BY_AGENT, maxRejections: 1 } },
      { key: 'b', review: MANUAL, strategy: 'skip' },
    ]);
    play.run('a', 'b');
    play.reject('b');
    play.send({ kind: 'add-dependency', task: play.no('b'), on: play.no('a.review'), mode: 'completed', actor: 'user' });
    expect(play.where('a.review', 'b')).toEqual(['READY', 'PENDING']);
    play.reject('a');
    expect(play.where('a.review', 'b')).toEqual(['CANCELLED(SUPERSEDED)', 'SKIPPED(DEPENDENCY_FAILED)']);
  });

  it('also when somebody rejects another task before it has run, or the process dies', () => {
    const play = bothRejected();
    play.reject('c');
    expect(play.at('b')).toBe('READY');
    play.restart();
    expect([play.at('b'), play.task('b').openDependencies]).toEqual(['READY', 0]);
    play.run('b');
    expect(play.at('b')).toBe('BLOCKED(WAITING_REVIEW)');
  });
});
