import { describe, expect, it } from '@jest/globals';

import { job, type Scenario } from '../testing/machine/scenario.js';

/** `b` stands in for `a`; the second is numbered before the first. */
function routed(): Scenario {
  return job([
    { key: 'b', after: ['x'], strategy: 'skip' },
    { key: 'a', routeTo: 'b', strategy: 'skip' },
    { key: 'x' },
    { key: 'c', after: ['a'] },
  ]);
}

const byPerson = { reason: null, actor: 'user' } as const;

describe('a fallback', () => {
  it('that was needed and has not begun is not needed any more when its task is cancelled, before and after a restart', () => {
    for (const restarts of [false, true]) {
      const play = routed();
      play.claim('a');
      play.fail('a');
      if (restarts) play.restart();
      play.send({ kind: 'cancel-task', task: play.no('a'), ...byPerson });

      expect(play.where('a', 'b')).toEqual(['CANCELLED(BY_PERSON)', 'SKIPPED(NOT_NEEDED)']);
    }
  });

  it('that runs goes on when its task is cancelled, and what it adds after a restart runs', () => {
    const play = routed();
    play.run('x');
    play.claim('a');
    play.fail('a');
    play.claim('b');
    play.send({ kind: 'cancel-task', task: play.no('a'), ...byPerson });
    play.restart();
    play.need('b', 'question');

    expect(play.where('b', 'question')).toEqual(['BLOCKED(WAITING_DEPENDENCIES)', 'READY']);
    play.run('question', 'b');
    expect(play.at('b')).toBe('COMPLETED');
  });

  it('that runs goes on when its task is skipped with the story around it; one that does not is skipped with it', () => {
    for (const runs of [true, false]) {
      const play = job([
        { key: 'x', strategy: 'skip' },
        { key: 'story', agent: null, after: ['x'] },
        { key: 'a', parent: 'story', routeTo: 'b', deadline: 2_000 },
        { key: 'b' },
      ]);
      play.pass(5_000);
      play.send({ kind: 'tick' });
      expect(play.where('a', 'b')).toEqual(['BLOCKED(WAITING_FALLBACK)', 'READY']);
      if (runs) play.claim('b');
      play.claim('x');
      play.fail('x');

      expect(play.where('story', 'a')).toEqual(['SKIPPED(DEPENDENCY_FAILED)', 'SKIPPED(PARENT_SKIPPED)']);
      expect(play.at('b')).toBe(runs ? 'IN_PROGRESS' : 'SKIPPED(DEPENDENCY_FAILED)');
      if (runs) play.complete('b');
      expect(play.at('b')).toBe(runs ? 'COMPLETED' : 'SKIPPED(DEPENDENCY_FAILED)');
    }
  });

  it('ends what was added below its task, when it has given the output', () => {
    const play = routed();
    play.run('x');
    play.claim('a');
    play.fail('a');
    play.add('late', 'a');
    play.run('b');

    expect(play.where('a', 'late', 'c')).toEqual(['COMPLETED(RECOVERED)', 'CANCELLED(PARENT_ENDED)', 'READY']);
  });

  it('lets what was added below its task run when that would have, though it missed its deadline before', () => {
    for (const restarts of [false, true]) {
      const play = job([{ key: 'x' }, { key: 'y' }, { key: 'a', after: ['x'], routeTo: 'b', deadline: 2_000 }, { key: 'b', after: ['y'] }]);
      play.pass(5_000);
      play.send({ kind: 'tick' });
      play.add('late', 'a');
      expect(play.where('a', 'late')).toEqual(['BLOCKED(WAITING_FALLBACK)', 'PENDING']);

      if (restarts) play.restart();
      play.run('x');
      expect(play.where('a', 'late')).toEqual(['BLOCKED(WAITING_FALLBACK)', 'READY']);
    }
  });

  it('has no deadline while nobody needs it', () => {
    const play = job([
      { key: 'a', routeTo: 'b', strategy: 'skip' },
      { key: 'b', deadline: 2_000 },
    ]);
    play.pass(5_000);
    play.send({ kind: 'tick' });
    expect(play.at('b')).toBe('DORMANT');

    play.run('a', 'objective');
    expect(play.where('objective', 'b')).toEqual(['COMPLETED', 'SKIPPED(NOT_NEEDED)']);
  });
});

describe('a task whose fallback runs', () => {
  it('is not skipped with what it had depended on, when it missed its deadline', () => {
    const play = job([{ key: 'x', strategy: 'skip' }, { key: 'a', after: ['x'], routeTo: 'b', deadline: 2_000 }, { key: 'b' }]);
    play.pass(5_000);
    play.send({ kind: 'tick' });
    play.claim('x');
    play.fail('x');
    expect(play.where('a', 'b')).toEqual(['BLOCKED(WAITING_FALLBACK)', 'READY']);

    play.run('b');
    expect(play.at('a')).toBe('COMPLETED(RECOVERED)');
  });

  it('waits for no answer any more: the question is withdrawn', () => {
    const play = job([{ key: 'a', routeTo: 'b', deadline: 2_000 }, { key: 'b' }]);
    play.claim('a');
    play.ask('a');
    play.pass(5_000);
    play.send({ kind: 'tick' });

    expect(play.at('a')).toBe('BLOCKED(WAITING_FALLBACK)');
    expect(play.refusalOf({ kind: 'answer', request: 1, answer: { json: '1', bytes: 1 }, value: 1, hash: null, actor: 'user' })).toBe(
      'REQUEST_CLOSED',
    );
  });
});

describe('a retry', () => {
  it('of something before both lets the fallback sleep again', () => {
    const play = job([
      { key: 'b', strategy: 'skip' },
      { key: 'x' },
      { key: 'a', after: ['x'], routeTo: 'b', strategy: 'skip' },
      { key: 'y', parent: 'b' },
    ]);
    play.run('x');
    play.claim('a');
    play.fail('a');
    play.retry('x');
    expect(play.where('a', 'b')).toEqual(['PENDING', 'DORMANT']);

    play.run('x', 'a', 'objective');
    expect(play.where('objective', 'a', 'b')).toEqual(['COMPLETED', 'COMPLETED', 'SKIPPED(NOT_NEEDED)']);
  });

  it('of a fallback that was not needed skips it again', () => {
    const play = job([{ key: 'a', routeTo: 'b' }, { key: 'b' }, { key: 'z' }]);
    play.run('a');
    play.retry('b');

    expect(play.at('b')).toBe('SKIPPED(NOT_NEEDED)');
  });

  it('of a fallback that gave the output runs its task again, and what has built on that', () => {
    const play = routed();
    play.run('x');
    play.claim('a');
    play.fail('a');
    play.run('b', 'c');
    play.retry('b');

    expect(play.where('a', 'b', 'c', 'x')).toEqual(['READY', 'DORMANT', 'PENDING', 'COMPLETED']);
  });
});

describe('a task from outside', () => {
  it('is refused below a fallback where it waits for the task that the fallback stands in for', () => {
    const play = routed();
    const tasks = [{ key: 'late', agent: 'work', parent: 'b', dependsOn: ['a'] }];

    expect(play.refusalOf({ kind: 'add-tasks', tasks, agents: { agentNames: new Set(['work']) }, actor: 'user' })).toBe('GRAPH_CYCLE');
  });

  it('is refused below a task where it waits for the fallback of that task', () => {
    const play = routed();
    const tasks = [{ key: 'late', agent: 'work', parent: 'a', dependsOn: ['b'] }];

    expect(play.refusalOf({ kind: 'add-tasks', tasks, agents: { agentNames: new Set(['work']) }, actor: 'user' })).toBe('GRAPH_CYCLE');
  });
});

describe('a fallback that is skipped', () => {
  it('is skipped with what stood for it alone, before its task ends the job', () => {
    const play = job([
      { key: 'story', agent: null, strategy: 'skip' },
      { key: 'x' },
      { key: 'a', routeTo: 'b' },
      { key: 'b', parent: 'story' },
    ]);
    play.claim('a');
    play.fail('a');
    play.send({ kind: 'skip-task', task: play.no('b'), reason: null, actor: 'user' });

    expect(play.where('story', 'a', 'x')).toEqual(['SKIPPED(CHILDREN_SKIPPED)', 'FAILED(ATTEMPTS_EXHAUSTED)', 'CANCELLED(JOB_FAILED)']);
  });
});
