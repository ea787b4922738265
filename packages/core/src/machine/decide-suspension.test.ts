import { describe, expect, it } from '@jest/globals';

import { job, newTask, WIDE_LIMITS } from '../testing/machine/scenario.js';
import type { Command } from '../model/command.js';

describe('an attempt that asks for other tasks', () => {
  it('adds them below it and waits, in one step', () => {
    const play = job([{ key: 'asker' }]);
    play.claim('asker');
    const events = play.need('asker', 'q1', 'q2');

    expect(play.typesOf(events)).toEqual(['TASKS_ADDED', 'TASK_SUSPENDED']);
    expect(play.where('asker', 'q1', 'q2')).toEqual(['BLOCKED(WAITING_DEPENDENCIES)', 'READY', 'READY']);
    expect(play.task('q1').parent).toBe(play.no('asker'));
    expect(events[1]).toMatchObject({ waitFor: [play.no('q1'), play.no('q2')] });
  });

  it('goes on when all of them have ended, however they ended', () => {
    const play = job([{ key: 'asker' }]);
    play.claim('asker');
    play.need('asker', 'q1', 'q2', 'q3');
    play.run('q1');
    play.claim('q2', 'q3');
    play.fail('q2');
    expect(play.at('asker')).toBe('BLOCKED(WAITING_DEPENDENCIES)');

    play.skip('q3');

    expect(play.at('asker')).toBe('READY');
    expect(play.claim('asker')).toMatchObject([{ attempt: 1, fence: 2 }]);
  });

  it('does not miss an answer that was there before it began to wait', () => {
    const play = job([{ key: 'asker' }]);
    play.claim('asker');
    play.need('asker', 'q');
    play.run('q');
    play.claim('asker');
    play.send({ kind: 'suspend', ...play.attemptOf('asker'), waitFor: 'answers', tasks: [], alreadyAsked: [play.no('q')] });

    expect(play.at('asker')).toBe('READY');
  });

  it('waits again for what it has asked before and what has not ended', () => {
    const play = job([{ key: 'asker' }]);
    play.claim('asker');
    play.need('asker', 'q');
    play.claim('q');
    play.need('q', 'deeper');
    play.run('deeper');
    expect(play.where('asker', 'q')).toEqual(['BLOCKED(WAITING_DEPENDENCIES)', 'READY']);

    play.run('q');

    expect(play.at('asker')).toBe('READY');
  });

  it('takes no retry, and counts the round', () => {
    const play = job([{ key: 'asker' }]);
    play.claim('asker');
    play.need('asker', 'q');

    expect(play.task('asker')).toMatchObject({ attempt: 1, rounds: 1 });
  });

  it('gives a new task a key of its own where the wanted one is taken', () => {
    const play = job([{ key: 'asker' }, { key: 'q' }]);
    play.claim('asker');
    play.need('asker', 'q', 'q');

    expect([...play.state.numberOf.keys()].slice(-2)).toEqual(['q-2', 'q-3']);
  });

  it('is refused when its attempt is over, and nothing is added', () => {
    const play = job([{ key: 'asker' }]);
    play.claim('asker');
    const zombie = play.attemptOf('asker');
    play.send({ kind: 'recover' });
    const command: Command = { kind: 'suspend', ...zombie, waitFor: 'answers', tasks: [newTask('q', 'need')], alreadyAsked: [] };

    expect(play.refusalOf(command)).toBe('LEASE_LOST');
    expect(play.state.tasks).toHaveLength(2);
  });
});

describe('growth', () => {
  const limits = { tasksPerJob: 8, edgesPerJob: 100, dynamicTasksPerCall: 3, dynamicTasksPerJob: 4, depth: 3, cascadeAfter: 0 };
  const ask = (play: ReturnType<typeof job>, key: string, count: number): Command => ({
    kind: 'suspend',
    ...play.attemptOf(key),
    waitFor: 'answers',
    tasks: Array.from({ length: count }, (_, index) => newTask(`q${index}`, 'need')),
    alreadyAsked: [],
  });

  it.each([
    [3, null],
    [4, 'DYNAMIC_LIMIT'],
  ])('of %d tasks in one call gives %s', (count, code) => {
    const play = job([{ key: 'a' }], {}, limits);
    play.claim('a');

    expect(play.refusalOf(ask(play, 'a', count))).toBe(code);
  });

  it('is bounded for a job, over all calls', () => {
    const play = job([{ key: 'a' }, { key: 'b' }], {}, limits);
    play.claim('a', 'b');
    expect(play.refusalOf(ask(play, 'a', 3))).toBeNull();

    expect(play.refusalOf(ask(play, 'b', 2))).toBe('DYNAMIC_LIMIT');
    expect(play.refusalOf(ask(play, 'b', 1))).toBeNull();
  });

  it('is bounded in depth', () => {
    const play = job([{ key: 'a' }], {}, limits);
    play.claim('a');
    play.need('a', 'b');
    play.claim('b');
    play.need('b', 'c');
    play.claim('c');

    expect(play.refusalOf(ask(play, 'c', 1))).toBe('DYNAMIC_LIMIT');
    expect(play.at('c')).toBe('IN_PROGRESS');
  });

  it('of a map is bounded by the size of a job alone', () => {
    const play = job([{ key: 'list' }], {}, { ...limits, tasksPerJob: 12 });
    play.claim('list');
    const items = Array.from({ length: 11 }, (_, index) => newTask(`item-${index}`, 'map'));
    const command = (count: number): Command => ({
      kind: 'suspend',
      ...play.attemptOf('list'),
      waitFor: 'children',
      tasks: items.slice(0, count),
      alreadyAsked: [],
    });
    expect(play.refusalOf(command(11))).toBe('DYNAMIC_LIMIT');

    expect(play.refusalOf(command(10))).toBeNull();
  });

  it('names the task, what was asked and the limit', () => {
    const play = job([{ key: 'a' }], {}, limits);
    play.claim('a');

    expect(() => play.send(ask(play, 'a', 4))).toThrow(
      expect.objectContaining({ code: 'DYNAMIC_LIMIT', details: { task: 'a', added: 4, limit: 3 } }),
    );
  });
});

describe('a map', () => {
  it('waits for its tasks and runs again to gather them', () => {
    const play = job([{ key: 'list' }, { key: 'after', after: ['list'] }]);
    play.claim('list');
    play.map('list', 'i1', 'i2');
    expect(play.where('list', 'after')).toEqual(['BLOCKED(WAITING_CHILDREN)', 'PENDING']);
    play.run('i1', 'i2');
    expect(play.at('list')).toBe('READY');

    play.run('list');

    expect(play.at('after')).toBe('READY');
  });

  it('gathers what is there when its tasks were skipped, all of them', () => {
    const play = job([{ key: 'list' }]);
    play.claim('list');
    play.map('list', 'i1', 'i2');
    play.claim('i1', 'i2');
    play.skip('i1');
    play.skip('i2');

    expect(play.at('list')).toBe('READY');
  });

  it('fails with the job when one of its tasks fails under "abort"', () => {
    const play = job([{ key: 'list' }]);
    play.claim('list');
    play.map('list', 'i1', 'i2');
    play.claim('i1');
    play.fail('i1');

    expect(play.where('list', 'i1', 'i2')).toEqual(['FAILED(CHILD_FAILED)', 'FAILED(ATTEMPTS_EXHAUSTED)', 'CANCELLED(JOB_FAILED)']);
  });

  it('does not count as growth by agents', () => {
    const play = job([{ key: 'list' }], {}, { ...WIDE_LIMITS, dynamicTasksPerJob: 1 });
    play.claim('list');
    play.map('list', 'i1', 'i2');
    play.claim('i1');

    expect(
      play.refusalOf({ kind: 'suspend', ...play.attemptOf('i1'), waitFor: 'answers', tasks: [newTask('q', 'need')], alreadyAsked: [] }),
    ).toBeNull();
  });
});
