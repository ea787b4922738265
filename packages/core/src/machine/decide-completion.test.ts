import { describe, expect, it } from '@jest/globals';

import { job } from '../testing/machine/scenario.js';

describe('completing a task', () => {
  it('lets the tasks start that waited for nothing else', () => {
    const play = job([{ key: 'a' }, { key: 'b' }, { key: 'c', after: ['a', 'b'] }]);
    play.run('a');
    expect(play.at('c')).toBe('PENDING');

    play.run('b');

    expect(play.at('c')).toBe('READY');
  });

  it('completes a story with its last task, and the job with its objective', () => {
    const play = job([
      { key: 'story', agent: null },
      { key: 'x', parent: 'story' },
      { key: 'y', parent: 'story' },
    ]);
    play.run('x', 'y');
    expect(play.where('story', 'objective')).toEqual(['READY', 'BLOCKED(WAITING_CHILDREN)']);

    play.run('story', 'objective');

    expect(play.state).toMatchObject({ status: 'COMPLETED', success: true });
  });

  it('remembers where the output stands', () => {
    const play = job([{ key: 'a' }, { key: 'b' }]);
    play.claim('a', 'b');
    play.complete('a', { n: 1 });
    const seq = play.state.lastSeq;
    play.send({ kind: 'complete', ...play.attemptOf('b'), output: 'children', summary: null, value: undefined });

    expect(play.task('a').output).toEqual({ kind: 'event', seq });
    expect(play.task('b').output).toEqual({ kind: 'children' });
    expect(play.task('a').progress).toBe(100);
  });

  it('is refused from an attempt that is over, whatever it says', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    const zombie = play.attemptOf('a');
    play.send({ kind: 'recover' });
    play.claim('a');

    expect(play.refusalOf({ kind: 'complete', ...zombie, output: null, summary: null, value: null })).toBe('LEASE_LOST');
    expect(play.refusalOf({ kind: 'skip', ...zombie, message: '' })).toBe('LEASE_LOST');
    expect(play.refusalOf({ kind: 'record-step', memo: 'step', ...zombie, name: 's', value: { json: '1', bytes: 1 } })).toBe('LEASE_LOST');
    expect(play.refusalOf({ kind: 'report-progress', ...zombie, percent: 1, message: null })).toBe('LEASE_LOST');
    expect(play.at('a')).toBe('IN_PROGRESS');
  });

  it('happens once: a second word of the same attempt is refused', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    const attempt = play.attemptOf('a');
    play.complete('a');

    expect(play.refusalOf({ kind: 'complete', ...attempt, output: null, summary: null, value: null })).toBe('LEASE_LOST');
  });

  it('runs a parent with an agent after its children', () => {
    const play = job([{ key: 'parent' }, { key: 'child', parent: 'parent' }]);
    expect(play.where('parent', 'child')).toEqual(['BLOCKED(WAITING_CHILDREN)', 'READY']);

    play.run('child');

    expect(play.at('parent')).toBe('READY');
  });
});

describe('a condition', () => {
  it.each([
    ['true', true],
    ['a text', 'x'],
    ['a number', 7],
    ['an empty list', []],
    ['an empty object', {}],
  ])('lets the task run on %s', (_, value) => {
    const play = job([{ key: 'a' }, { key: 'b', when: { task: 'a' } }]);
    play.claim('a');
    play.complete('a', value);

    expect(play.at('b')).toBe('READY');
  });

  it.each([
    ['false', false],
    ['an empty text', ''],
    ['zero', 0],
    ['null', null],
  ])('skips the task on %s', (_, value) => {
    const play = job([{ key: 'a' }, { key: 'b', when: { task: 'a' } }]);
    play.claim('a');
    play.complete('a', value);

    expect(play.at('b')).toBe('SKIPPED(CONDITION_FALSE)');
  });

  it('reads a part of the output, and takes one that is absent for false', () => {
    const play = job([
      { key: 'a' },
      { key: 'yes', when: { task: 'a', path: '/deep/ok' } },
      { key: 'no', when: { task: 'a', path: '/deep/absent' } },
      { key: 'odd', when: { task: 'a', path: '/deep/toString' } },
    ]);
    play.claim('a');
    play.complete('a', { deep: { ok: 1 } });

    expect(play.where('yes', 'no', 'odd')).toEqual(['READY', 'SKIPPED(CONDITION_FALSE)', 'SKIPPED(CONDITION_FALSE)']);
  });

  it('is true of the list that a map makes, also of an empty one', () => {
    const play = job([{ key: 'a' }, { key: 'b', when: { task: 'a' } }]);
    play.claim('a');
    play.send({ kind: 'complete', ...play.attemptOf('a'), output: 'children', summary: null, value: undefined });

    expect(play.at('b')).toBe('READY');
  });

  it('is false when its source ends without an output', () => {
    const play = job([
      { key: 'a', strategy: 'skip' },
      { key: 'b', after: [['a', 'settled']], when: { task: 'a' } },
    ]);
    play.claim('a');
    play.fail('a');

    expect(play.at('b')).toBe('SKIPPED(CONDITION_FALSE)');
  });

  it('takes its fallback where its source has no value, and only there', () => {
    const play = job([
      { key: 'a' },
      { key: 'x', strategy: 'skip' },
      { key: 'absent', when: { task: 'a', path: '/absent', or: true } },
      { key: 'there', when: { task: 'a', path: '/no', or: true } },
      { key: 'failed', after: [['x', 'settled']], when: { task: 'x', or: true } },
    ]);
    play.claim('a', 'x');
    play.complete('a', { no: false });
    play.fail('x');

    expect(play.where('absent', 'there', 'failed')).toEqual(['READY', 'SKIPPED(CONDITION_FALSE)', 'READY']);
  });

  it('decides together with the other dependencies, in any order', () => {
    const sketch = [{ key: 'a' }, { key: 'x' }, { key: 'b', after: ['x'], when: { task: 'a' } }];
    const early = job(sketch);
    early.claim('a');
    early.complete('a', false);
    expect(early.at('b')).toBe('SKIPPED(CONDITION_FALSE)');

    const late = job(sketch);
    late.run('x');
    late.claim('a');
    late.complete('a', true);
    expect(late.at('b')).toBe('READY');
  });

  it('of a story skips everything in it', () => {
    const play = job([{ key: 'a' }, { key: 'story', agent: null, when: { task: 'a' } }, { key: 'inside', parent: 'story' }]);
    play.claim('a');
    play.complete('a', false);

    expect(play.where('story', 'inside')).toEqual(['SKIPPED(CONDITION_FALSE)', 'SKIPPED(PARENT_SKIPPED)']);
  });
});

describe('skipping by the agent itself', () => {
  it('takes along what needs it to complete, and not what only waits for its end', () => {
    const play = job([{ key: 'a' }, { key: 'needs', after: ['a'] }, { key: 'waits', after: [['a', 'settled']] }]);
    play.claim('a');
    play.skip('a');

    expect(play.where('a', 'needs', 'waits')).toEqual(['SKIPPED(AGENT_SKIPPED)', 'SKIPPED(DEPENDENCY_SKIPPED)', 'READY']);
  });

  it('is no failure: the job succeeds', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c' }]);
    play.claim('a');
    play.skip('a');
    play.run('c', 'objective');

    expect(play.state).toMatchObject({ status: 'COMPLETED', success: true });
  });
});

describe('progress and steps', () => {
  it('are kept without moving the task', () => {
    const play = job([{ key: 'a' }]);
    play.claim('a');
    play.send({ kind: 'report-progress', ...play.attemptOf('a'), percent: 40, message: 'half way' });
    play.send({ kind: 'record-step', memo: 'step', ...play.attemptOf('a'), name: 'fetch', value: { json: '1', bytes: 1 } });

    expect(play.at('a')).toBe('IN_PROGRESS');
    expect(play.task('a').progress).toBe(40);
    expect(play.events.slice(-2)).toMatchObject([
      { type: 'TASK_PROGRESSED', percent: 40 },
      { type: 'TASK_STEP_RECORDED', name: 'fetch' },
    ]);
  });
});
