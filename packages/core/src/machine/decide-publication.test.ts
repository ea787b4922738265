import { describe, expect, it } from '@jest/globals';

import { job, WIDE_LIMITS, type Scenario } from '../testing/machine/scenario.js';
import type { Publish } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { recount } from './recount.js';

const fact = { durability: 'retry', review: null } as const;
const message = (play: Scenario, publisher: string, ...subscribers: readonly string[]): Publish => ({
  kind: 'publish',
  ...play.attemptOf(publisher),
  topic: 'news',
  name: 'news 1',
  message: { payload: 1 },
  value: { json: '{"payload":1}', bytes: 13 },
  subscribers: subscribers.map((agent) => ({ agent, fact })),
});
const publish = (play: Scenario, publisher: string, ...subscribers: readonly string[]): JobEvent[] =>
  play.send(message(play, publisher, ...subscribers));

describe('an attempt that publishes', () => {
  it('goes on, remembers it, and adds a task for each subscriber below the objective', () => {
    const play = job([{ key: 'story' }, { key: 'says', parent: 'story' }]);
    play.claim('says');
    const events = publish(play, 'says', 'one', 'two');

    expect(play.typesOf(events)).toEqual(['TASK_STEP_RECORDED', 'TASKS_ADDED']);
    expect(events[0]).toMatchObject({ kind: 'publish', name: 'news 1', task: play.no('says'), generation: 1 });
    expect(events[1]).toMatchObject({ by: play.no('says') });
    expect(play.where('says', 'news.one.1', 'news.two.1')).toEqual(['IN_PROGRESS', 'READY', 'READY']);
    expect(play.task('news.one.1')).toMatchObject({ parent: 0, agent: 'one', type: 'SUBTASK', strategy: 'continue', origin: 'delivery' });
    expect(play.state.addedTasks).toBe(2);

    play.complete('says');
    expect(play.at('says')).toBe('COMPLETED');
    play.run('story', 'news.one.1');
    expect(play.state.status).toBe('RUNNING');
    play.run('news.two.1');
    play.claim('objective');
    play.complete('objective');
    expect(play.state.status).toBe('COMPLETED');
  });

  it('adds no more dependencies than a job may have, and none where it has more already (bad input F4)', () => {
    const play = job([{ key: 'says' }], {}, { ...WIDE_LIMITS, edgesPerJob: 1 });
    play.claim('says');
    publish(play, 'says', 'one');
    publish(play, 'says', 'one');
    expect(play.state.edges).toBe(1);
    expect(play.refusalOf(message(play, 'says', 'one'))).toBe('DYNAMIC_LIMIT');
    expect(play.state.tasks).toHaveLength(4);
    // The first delivery to somebody waits for nothing.
    expect(play.refusalOf(message(play, 'says', 'two'))).toBeNull();

    const fuller = job([{ key: 'a' }, { key: 'b', after: ['a'] }, { key: 'says' }], {}, { ...WIDE_LIMITS, edgesPerJob: 0 });
    fuller.claim('says');
    expect(fuller.refusalOf(message(fuller, 'says', 'one'))).toBeNull();
    expect(fuller.refusalOf(message(fuller, 'says', 'one'))).toBe('DYNAMIC_LIMIT');
  });

  it('lets each delivery wait for the one before it of the same topic and subscriber, however that ends', () => {
    const play = job([{ key: 'says' }, { key: 'too' }]);
    play.claim('says', 'too');
    publish(play, 'says', 'one', 'two');
    publish(play, 'too', 'one');
    publish(play, 'says', 'one');

    expect(play.where('news.one.1', 'news.one.2', 'news.one.3', 'news.two.1')).toEqual(['READY', 'PENDING', 'PENDING', 'READY']);
    play.claim('news.one.1');
    play.fail('news.one.1');
    expect(play.where('news.one.2', 'news.one.3')).toEqual(['READY', 'PENDING']);
    play.claim('news.one.2');
    play.skip('news.one.2');
    expect(play.at('news.one.3')).toBe('READY');
    expect(play.state.status).toBe('RUNNING');
  });

  it('goes on with the line of a job that was loaded again', () => {
    const play = job([{ key: 'says' }]);
    play.claim('says');
    publish(play, 'says', 'one');
    publish(play, 'says', 'one');
    recount(play.state);
    publish(play, 'says', 'one');

    expect(play.task('news.one.3').dependencies).toEqual([play.no('news.one.2')]);
    expect(play.state.addedTasks).toBe(3);
  });

  it('is not told of itself', () => {
    const play = job([{ key: 'says' }]);
    play.claim('says');
    const agent = play.task('says').agent!;

    expect(play.typesOf(publish(play, 'says', agent))).toEqual(['TASK_STEP_RECORDED']);
  });

  it('is refused where it is not the current attempt, and where it would add too much; nothing is left of it then', () => {
    const play = job([{ key: 'says' }], {}, { ...WIDE_LIMITS, dynamicTasksPerJob: 3, dynamicTasksPerCall: 2 });
    play.claim('says');
    expect(play.refusalOf({ ...message(play, 'says', 'one'), fence: 9 })).toBe('LEASE_LOST');
    expect(play.refusalOf(message(play, 'says', 'one', 'two', 'three'))).toBe('DYNAMIC_LIMIT');
    publish(play, 'says', 'one', 'two');
    const before = play.state.lastSeq;

    expect(play.refusalOf(message(play, 'says', 'one', 'two'))).toBe('DYNAMIC_LIMIT');
    expect(play.state.lastSeq).toBe(before);
    expect(play.refusalOf(message(play, 'says', 'one'))).toBeNull();
  });

  it('keeps what it published when it is run again', () => {
    const play = job([{ key: 'says' }]);
    play.claim('says');
    publish(play, 'says', 'one');
    play.complete('says');
    play.run('news.one.1', 'objective');
    play.retry('says');
    play.claim('says');
    publish(play, 'says', 'one');

    expect(play.where('news.one.1', 'news.one.2')).toEqual(['COMPLETED', 'READY']);
    expect(play.task('news.one.2').dependencies).toEqual([play.no('news.one.1')]);
  });

  it('begins its lines anew when the whole job does', () => {
    const play = job([{ key: 'says' }]);
    play.claim('says');
    publish(play, 'says', 'one');
    play.complete('says');
    play.run('news.one.1', 'objective');
    play.retry('objective');
    play.claim('says');
    publish(play, 'says', 'one');

    expect(play.where('news.one.1', 'news.one.2')).toEqual(['CANCELLED(SUPERSEDED)', 'READY']);
    expect(play.task('news.one.2').dependencies).toEqual([]);
  });
});
