import { describe, expect, it } from '@jest/globals';

import { job } from '../testing/machine/scenario.js';

describe('submitting a job', () => {
  it('makes tasks READY that wait for nothing, and the others PENDING', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c' }]);

    expect(play.all()).toEqual({ objective: 'BLOCKED(WAITING_CHILDREN)', a: 'READY', b: 'PENDING', c: 'READY' });
  });

  it('says so in two events, numbered from 1', () => {
    const play = job([{ key: 'a' }]);

    expect(play.events.map(({ type }) => type)).toEqual(['JOB_SUBMITTED', 'TASKS_ADDED']);
    expect(play.state.lastSeq).toBe(2);
    expect(play.events[1]).toMatchObject({ from: 0, count: 2, by: null, actor: 'user' });
  });

  it('offers the tasks that may start', () => {
    const play = job([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'c' }]);

    expect(play.state.becameReady).toEqual([play.no('a'), play.no('c')]);
  });

  it('leaves a job without tasks with an objective that can complete', () => {
    const play = job([]);
    expect(play.all()).toEqual({ objective: 'READY' });

    play.run('objective');

    expect(play.state.status).toBe('COMPLETED');
  });

  it('holds back what is below a task that waits', () => {
    const play = job([
      { key: 'first' },
      { key: 'story', agent: null, after: ['first'] },
      { key: 'inside', parent: 'story' },
      { key: 'deep', parent: 'inside' },
    ]);

    expect(play.where('story', 'inside', 'deep')).toEqual(['PENDING', 'PENDING', 'PENDING']);

    play.run('first');

    expect(play.where('story', 'inside', 'deep')).toEqual(['BLOCKED(WAITING_CHILDREN)', 'BLOCKED(WAITING_CHILDREN)', 'READY']);
  });
});
