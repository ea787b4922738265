import { describe, expect, it } from '@jest/globals';

import { job, THRICE } from '../testing/machine/scenario.js';

describe('a failed attempt', () => {
  it('is tried again until the policy has no attempts left, and then fails the task', () => {
    const play = job([{ key: 'a', strategy: 'skip' }]);
    for (const attempt of [1, 2]) {
      expect(play.claim('a')).toMatchObject([{ attempt }]);
      expect(play.fail('a', { retry: THRICE })).toMatchObject([{ type: 'TASK_RETRY_SCHEDULED', attempt, availableAt: play.now + 500 }]);
      play.pass(500);
    }
    play.claim('a');

    expect(play.fail('a', { retry: THRICE })[0]).toMatchObject({ type: 'TASK_FAILED', attempt: 3 });
    expect(play.at('a')).toBe('FAILED(ATTEMPTS_EXHAUSTED)');
  });

  it('is not tried again when the error says that it cannot help', () => {
    const play = job([{ key: 'a', strategy: 'skip' }]);
    play.claim('a');
    play.fail('a', { retry: THRICE, retryable: false });

    expect(play.at('a')).toBe('FAILED(ATTEMPTS_EXHAUSTED)');
  });

  it('waits as long as its error asks for, where that is longer than the policy says', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');

    expect(play.fail('a', { retry: THRICE, retryAfterMs: 9_000 })).toMatchObject([{ availableAt: play.now + 9_000 }]);
  });

  it('never waits shorter than the policy says', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');

    expect(play.fail('a', { retry: THRICE, retryAfterMs: 10 })).toMatchObject([{ availableAt: play.now + 500 }]);
  });

  it('waits exponentially longer, up to the longest wait', () => {
    const play = job([{ key: 'a' }]);
    const retry = { maxAttempts: 6, kind: 'exponential', delayMs: 100, maxDelayMs: 700, factor: 3, jitter: 0 } as const;
    const waits = [1, 2, 3, 4].map(() => {
      play.claim('a');
      const [event] = play.fail('a', { retry });
      const wait = event?.type === 'TASK_RETRY_SCHEDULED' ? event.availableAt - play.now : null;
      play.pass(1_000);
      return wait;
    });

    expect(waits).toEqual([100, 300, 700, 700]);
  });

  it('without a wait may start again at once', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a', { retry: { ...THRICE, kind: 'none' } });

    expect(play.task('a').availableAt).toBe(0);
    expect(play.state.becameReady).toContain(play.no('a'));
  });

  it('keeps the attempts of a task after its process died', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.fail('a', { retry: { ...THRICE, kind: 'none' } });
    play.claim('a');
    play.send({ kind: 'recover' });
    play.claim('a');

    expect(play.task('a')).toMatchObject({ attempt: 2, strikes: 1, fence: 3 });
  });
});

describe('a final failure under the strategy "abort"', () => {
  const sketch = [
    { key: 'story', agent: null },
    { key: 'bad', parent: 'story' },
    { key: 'running', parent: 'story' },
    { key: 'waiting', after: ['bad'] },
    { key: 'lenient', after: [['bad', 'settled']] },
    { key: 'done' },
  ] as const;

  it('ends the job in one step: what stands above fails, what runs and waits is cancelled, what is done stays', () => {
    const play = job(sketch);
    play.run('done');
    play.claim('bad', 'running');
    const events = play.fail('bad');

    expect(play.typesOf(events)).toEqual(['TASK_FAILED', 'TASKS_FAILED', 'TASKS_CANCELLED', 'JOB_FAILED']);
    expect(play.all()).toEqual({
      objective: 'FAILED(CHILD_FAILED)',
      story: 'FAILED(CHILD_FAILED)',
      bad: 'FAILED(ATTEMPTS_EXHAUSTED)',
      running: 'CANCELLED(JOB_FAILED)',
      waiting: 'CANCELLED(JOB_FAILED)',
      lenient: 'CANCELLED(JOB_FAILED)',
      done: 'COMPLETED',
    });
    expect(play.state).toMatchObject({ status: 'FAILED', success: false, finishedAt: play.now });
  });

  it("names the task in the job's error", () => {
    const play = job(sketch);
    play.claim('bad');

    expect(play.fail('bad').at(-1)).toMatchObject({
      type: 'JOB_FAILED',
      task: play.no('bad'),
      error: { code: 'JOB_FAILED', details: { taskKey: 'bad' } },
    });
  });

  it('refuses the late word of what was cancelled', () => {
    const play = job(sketch);
    play.claim('bad', 'running');
    const late = play.attemptOf('running');
    play.fail('bad');

    expect(play.refusalOf({ kind: 'complete', ...late, output: null, summary: null, value: null })).toBe('LEASE_LOST');
  });

  it('ends a job whose objective fails itself', () => {
    const play = job([], { agent: 'conclude' });
    play.claim('objective');
    play.fail('objective');

    expect(play.all()).toEqual({ objective: 'FAILED(ATTEMPTS_EXHAUSTED)' });
    expect(play.state.status).toBe('FAILED');
  });
});

describe('a final failure under the strategy "skip"', () => {
  it('skips what needs it, at any distance, and lets the rest of the job go on', () => {
    const play = job([
      { key: 'bad', strategy: 'skip' },
      { key: 'next', after: ['bad'] },
      { key: 'far', after: ['next'] },
      { key: 'other' },
      { key: 'any', after: [['far', 'settled']] },
    ]);
    play.claim('bad');
    play.fail('bad');

    expect(play.where('next', 'far', 'other', 'any')).toEqual([
      'SKIPPED(DEPENDENCY_FAILED)',
      'SKIPPED(DEPENDENCY_FAILED)',
      'READY',
      'READY',
    ]);
    expect(play.state.status).toBe('RUNNING');
  });

  it('leaves the job completed, but not successful', () => {
    const play = job([{ key: 'bad', strategy: 'skip' }, { key: 'other' }]);
    play.claim('bad');
    play.fail('bad');
    play.run('other', 'objective');

    expect(play.state).toMatchObject({ status: 'COMPLETED', success: false });
  });

  it('fails the job when it is the objective that fails', () => {
    const play = job([{ key: 'a' }], { agent: 'conclude', strategy: 'skip' });
    play.run('a');
    play.claim('objective');
    play.fail('objective');

    expect(play.state).toMatchObject({ status: 'FAILED', success: false });
  });
});

describe('a fallback (a dependency by mode "failed")', () => {
  const sketch = [
    { key: 'try', strategy: 'skip' },
    { key: 'fallback', after: [['try', 'failed']] },
  ] as const;

  it('runs when its source has failed', () => {
    const play = job(sketch);
    play.claim('try');
    play.fail('try');

    expect(play.at('fallback')).toBe('READY');
  });

  it('is not needed when its source completes, and that is no failure', () => {
    const play = job(sketch);
    play.run('try');
    expect(play.at('fallback')).toBe('SKIPPED(NOT_NEEDED)');

    play.run('objective');

    expect(play.state).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('is skipped when its source is skipped', () => {
    const play = job(sketch);
    play.claim('try');
    play.skip('try');

    expect(play.at('fallback')).toBe('SKIPPED(DEPENDENCY_SKIPPED)');
  });
});

describe('a task whose code is not here', () => {
  it('waits, and is released with its agent alone', () => {
    const play = job([{ key: 'a' }, { key: 'b' }]);
    play.claim('a', 'b');
    for (const key of ['a', 'b']) play.send({ kind: 'park', ...play.attemptOf(key), reason: 'AGENT_UNAVAILABLE', message: 'not deployed' });
    expect(play.where('a', 'b')).toEqual(['BLOCKED(AGENT_UNAVAILABLE)', 'BLOCKED(AGENT_UNAVAILABLE)']);

    play.send({ kind: 'release', agent: 'a' });

    expect(play.where('a', 'b')).toEqual(['READY', 'BLOCKED(AGENT_UNAVAILABLE)']);
  });

  it('is no deadlock, also when nothing else is left', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.send({ kind: 'park', ...play.attemptOf('a'), reason: 'MANUAL', message: 'look at it' });

    expect(play.state.status).toBe('RUNNING');
  });
});

describe('an attempt that is handed back', () => {
  it('costs neither an attempt nor a strike', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.send({ kind: 'hand-back', ...play.attemptOf('a') });
    expect(play.at('a')).toBe('READY');

    expect(play.claim('a')).toMatchObject([{ attempt: 1, fence: 2 }]);
    expect(play.task('a').strikes).toBe(0);
  });
});
