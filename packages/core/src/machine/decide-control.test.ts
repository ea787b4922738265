import { describe, expect, it } from '@jest/globals';

import { job } from '../testing/machine/scenario.js';

describe('cancelling a job', () => {
  it('ends every open task and the job in one step', () => {
    const play = job([{ key: 'done' }, { key: 'running' }, { key: 'waiting', after: ['running'] }]);
    play.run('done');
    play.claim('running');

    expect(play.typesOf(play.cancel())).toEqual(['TASKS_CANCELLED', 'JOB_CANCELLED']);
    expect(play.all()).toEqual({
      objective: 'CANCELLED(JOB_CANCELLED)',
      done: 'COMPLETED',
      running: 'CANCELLED(JOB_CANCELLED)',
      waiting: 'CANCELLED(JOB_CANCELLED)',
    });
    expect(play.state).toMatchObject({ status: 'CANCELLED', success: false });
  });

  it('takes back a retry that was scheduled', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a', { retry: { maxAttempts: 2, kind: 'fixed', delayMs: 100, maxDelayMs: 100, factor: 2, jitter: 0 } });
    play.cancel();
    play.state.becameReady.length = 0;
    play.pass(1_000);

    expect(play.state.becameReady).toEqual([]);
    expect(play.at('a')).toBe('CANCELLED(JOB_CANCELLED)');
  });

  it('wins over an attempt that still runs', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    const late = play.attemptOf('a');
    play.cancel();

    expect(play.refusalOf({ kind: 'complete', ...late, output: null, summary: null, value: null })).toBe('LEASE_LOST');
  });

  it('is refused when the job has ended, and says how', () => {
    const play = job([]);
    play.run('objective');

    expect(() => play.cancel()).toThrow(
      expect.objectContaining({ code: 'JOB_ALREADY_TERMINAL', details: { jobId: 'job', status: 'COMPLETED' } }),
    );
  });
});

describe('recovering a job after its process died', () => {
  it('makes every attempt over and its task ready again, with a strike', () => {
    const play = job([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
    play.run('c');
    play.claim('a', 'b');
    play.send({ kind: 'recover' });

    expect(play.where('a', 'b', 'c')).toEqual(['READY', 'READY', 'COMPLETED']);
    expect([play.task('a').strikes, play.task('c').strikes]).toEqual([1, 0]);
  });

  it('leaves alone what waits', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.need('a', 'q');

    expect(play.send({ kind: 'recover' })).toEqual([]);
    expect(play.at('a')).toBe('BLOCKED(WAITING_DEPENDENCIES)');
  });
});

describe('retrying a job', () => {
  it('runs again what failed, what it held back and what stands above, and keeps the rest', () => {
    const play = job([
      { key: 'kept' },
      { key: 'story', agent: null },
      { key: 'bad', parent: 'story', strategy: 'skip', after: ['kept'] },
      { key: 'behind', after: ['bad'] },
      { key: 'sibling', parent: 'story' },
      { key: 'after-story', after: [['story', 'settled']] },
    ]);
    play.run('kept', 'sibling');
    play.claim('bad');
    play.fail('bad');
    play.run('story', 'after-story', 'objective');
    expect(play.state).toMatchObject({ status: 'COMPLETED', success: false });

    const events = play.retry();

    expect(play.typesOf(events)).toEqual(['JOB_REOPENED']);
    expect(play.all()).toEqual({
      objective: 'BLOCKED(WAITING_CHILDREN)',
      kept: 'COMPLETED',
      story: 'BLOCKED(WAITING_CHILDREN)',
      bad: 'READY',
      behind: 'PENDING',
      sibling: 'COMPLETED',
      'after-story': 'PENDING',
    });
    expect(play.state).toMatchObject({ status: 'RUNNING', success: null, generation: 2 });
  });

  it('begins a new generation: attempts count from one, the fence goes on', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a');
    play.retry();

    expect(play.claim('a')).toMatchObject([{ attempt: 1, fence: 2 }]);
    expect(play.task('a').generation).toBe(2);
  });

  it('refuses the word of an attempt of the old generation', () => {
    const play = job([{ key: 'a' }, { key: 'b' }]);
    play.claim('a', 'b');
    const zombie = play.attemptOf('b');
    play.fail('a');
    play.retry();
    expect(play.refusalOf({ kind: 'complete', ...zombie, output: null, summary: null, value: null })).toBe('LEASE_LOST');

    play.claim('b');

    expect(play.refusalOf({ kind: 'complete', ...zombie, output: null, summary: null, value: null })).toBe('LEASE_LOST');
  });

  it('takes up a cancelled job where it was', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }]);
    play.run('a');
    play.cancel();
    play.retry();

    expect(play.where('a', 'b')).toEqual(['COMPLETED', 'READY']);
  });

  it('runs a story that a failure had skipped, with everything in it', () => {
    const play = job([
      { key: 'bad', strategy: 'skip' },
      { key: 'story', agent: null, after: ['bad'] },
      { key: 'inside', parent: 'story' },
    ]);
    play.claim('bad');
    play.fail('bad');
    play.run('objective');
    play.retry();
    play.run('bad');

    expect(play.where('story', 'inside')).toEqual(['BLOCKED(WAITING_CHILDREN)', 'READY']);
  });

  it('runs again what is done in a story that comes after a repaired task', () => {
    const play = job([
      { key: 'bad', strategy: 'continue' },
      { key: 'story', agent: null, after: [['bad', 'settled']] },
      { key: 'one', parent: 'story' },
      { key: 'two', parent: 'story' },
    ]);
    play.claim('bad');
    play.fail('bad');
    play.run('one');
    play.cancel();
    play.retry();

    expect(play.where('bad', 'story', 'one', 'two')).toEqual(['READY', 'PENDING', 'PENDING', 'PENDING']);
  });

  it('supersedes what an agent had asked for, and keeps the tasks that a map had made', () => {
    const play = job([{ key: 'asker' }, { key: 'list' }]);
    play.claim('asker', 'list');
    play.need('asker', 'q');
    play.map('list', 'i1', 'i2');
    play.run('q', 'i1');
    play.claim('i2', 'asker');
    play.fail('i2');
    expect(play.state.status).toBe('FAILED');

    play.retry();

    expect(play.where('asker', 'q', 'list', 'i1', 'i2')).toEqual([
      'READY',
      'CANCELLED(SUPERSEDED)',
      'BLOCKED(WAITING_CHILDREN)',
      'COMPLETED',
      'READY',
    ]);
    expect(play.claim('asker')).toMatchObject([{ attempt: 1 }]);
  });

  it('of a map itself makes its tasks anew', () => {
    const play = job([{ key: 'list' }]);
    play.claim('list');
    play.map('list', 'i1');
    play.run('i1', 'list', 'objective');
    play.retry('list');

    expect(play.where('list', 'i1')).toEqual(['READY', 'CANCELLED(SUPERSEDED)']);
  });

  it('of named tasks takes everything downstream of them along', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c', after: ['b'] }, { key: 'd' }]);
    play.run('a', 'b', 'c', 'd', 'objective');
    play.retry('b');

    expect(play.where('a', 'b', 'c', 'd')).toEqual(['COMPLETED', 'READY', 'PENDING', 'COMPLETED']);
  });

  it('asks a condition again, also one that was false before, and one that was never asked', () => {
    const sketch = [{ key: 'a' }, { key: 'x', strategy: 'skip' }, { key: 'b', after: ['x'], when: { task: 'a' } }] as const;
    const falseFirst = job(sketch);
    falseFirst.claim('a', 'x');
    falseFirst.complete('a', false);
    falseFirst.fail('x');
    const skippedFirst = job(sketch);
    skippedFirst.claim('a', 'x');
    skippedFirst.fail('x');
    skippedFirst.complete('a', false);

    for (const play of [falseFirst, skippedFirst]) {
      play.run('objective');
      play.retry();
      play.run('x');

      expect(play.at('b')).toBe('SKIPPED(CONDITION_FALSE)');
    }
  });

  it('skips again what needs a task that stays skipped, instead of waiting for it for ever', () => {
    const play = job([{ key: 'a' }, { key: 'x', strategy: 'skip' }, { key: 'c', after: ['a', 'x'] }]);
    play.claim('a', 'x');
    play.skip('a');
    play.fail('x');
    play.run('objective');
    play.retry();
    play.run('x', 'objective');

    expect(play.where('a', 'x', 'c')).toEqual(['SKIPPED(AGENT_SKIPPED)', 'COMPLETED', 'SKIPPED(DEPENDENCY_SKIPPED)']);
    expect(play.state).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('of a task whose dependency has failed skips it again', () => {
    const play = job([
      { key: 'x', strategy: 'skip' },
      { key: 'c', after: ['x'] },
    ]);
    play.claim('x');
    play.fail('x');
    play.run('objective');
    play.retry('c');

    expect(play.at('c')).toBe('SKIPPED(DEPENDENCY_FAILED)');
    play.run('objective');
    expect(play.state).toMatchObject({ status: 'COMPLETED', success: false });
  });

  it('does not take a fallback that was not needed for something to be repaired', () => {
    const play = job([
      { key: 'try', strategy: 'skip' },
      { key: 'fallback', after: [['try', 'failed']] },
    ]);
    play.run('try', 'objective');

    expect(play.refusalOf({ kind: 'reopen', tasks: null, reason: null, actor: 'user' })).toBe('ILLEGAL_MOVE');
  });

  it('is refused while the job runs, where nothing is to be repaired, and for tasks that are not there or belong to the past', () => {
    const play = job([{ key: 'a' }]);
    const retry = (tasks: readonly number[] | null): string | null =>
      play.refusalOf({ kind: 'reopen', tasks, reason: null, actor: 'user' });
    expect(retry(null)).toBe('ILLEGAL_MOVE');
    play.claim('a');
    play.need('a', 'q');
    play.run('q', 'a', 'objective');

    expect(retry(null)).toBe('ILLEGAL_MOVE');
    expect(retry([99])).toBe('ILLEGAL_MOVE');
    expect(retry([])).toBe('ILLEGAL_MOVE');
    const superseded = play.no('q');
    play.retry('a');
    play.run('a', 'objective');
    expect(retry([superseded])).toBe('ILLEGAL_MOVE');
  });

  it('can be repeated as often as one likes', () => {
    const play = job([{ key: 'a' }]);
    for (let generation = 1; generation <= 5; generation += 1) {
      expect(play.task('a')).toMatchObject({ generation, attempt: 0 });
      play.claim('a');
      play.fail('a');
      play.retry();
    }

    expect(play.state.generation).toBe(6);
    expect(play.task('a').fence).toBe(5);
  });
});
