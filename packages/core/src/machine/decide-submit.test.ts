import { describe, expect, it } from '@jest/globals';

import type { Submit } from '../model/command.js';
import { job, WIDE_LIMITS } from '../testing/machine/scenario.js';
import { specsOf } from '../testing/machine/specs.js';
import { step, submitInSteps } from './decide.js';
import { createJobState } from './job-state.js';

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

  it('in steps comes to what it comes to at once', () => {
    const sketches = Array.from({ length: 1_000 }, (_, n) => ({
      key: `t${n}`,
      ...(n % 7 === 3
        ? { parent: `t${n - 3}` }
        : n > 10
          ? { after: [`t${n - 1 - (n % 5)}`, [`t${n % 10}`, 'settled'] as const] }
          : undefined),
      ...(n % 50 === 49 ? { routeTo: `t${n - 1}` } : undefined),
    }));
    const command: Submit = { kind: 'submit', specs: specsOf(sketches), actor: 'user' };
    const header = { id: 'job', name: 'job', workflow: null, tenant: 'default', maxParallel: null, allowedAgents: null };
    const [atOnce, inSteps] = [createJobState(header), createJobState(header)];
    const expected = step(atOnce, command, WIDE_LIMITS, 1_000);

    const steps = submitInSteps(inSteps, command, 1_000);
    let next = steps.next();
    let count = 0;
    for (; next.done !== true; next = steps.next()) count += 1;

    expect(next.value).toEqual(expected);
    expect(inSteps).toEqual(atOnce);
    expect(count).toBeGreaterThan(5);
  });
});
