import { describe, expect, it } from '@jest/globals';
import type { EventType, EventView, JsonObject, TaskStatus } from '@taskloom/core';

import { attemptsOf } from './attempts-of.js';

const event = (type: EventType, at: number, data: JsonObject = {}, actor = 'agent'): EventView =>
  ({ type, taskId: 'job:1', at, data, actor }) as unknown as EventView;
const told = (status: TaskStatus, ...events: EventView[]): string[] =>
  attemptsOf({ id: 'job:1', status }, events).map(({ number, status: became, startedAt, endedAt, error }) =>
    [number, became, startedAt, endedAt, error?.code].filter((part) => part !== undefined).join(' '),
  );
const started = (attempt: number, at: number): EventView => event('TASK_STARTED', at, { attempt, fence: attempt }, 'engine');
const error = { code: 'AGENT_FAILED', message: 'no' };

describe('the attempts at a task', () => {
  it('tell how each ended, and which one runs', () => {
    expect(
      told(
        'IN_PROGRESS',
        started(1, 10),
        event('TASK_PROGRESSED', 11, { percent: 50 }),
        event('TASK_RETRY_SCHEDULED', 12, { attempt: 1, error, timedOut: false }),
        started(2, 20),
        event('TASK_RETRY_SCHEDULED', 22, { attempt: 2, error: { ...error, code: 'TASK_TIMEOUT' }, timedOut: true }),
        started(3, 30),
        event('TASK_SUSPENDED', 31, { reason: 'WAITING_HUMAN' }),
        started(3, 40),
        event('TASK_ABANDONED', 41, { attempt: 3, strikes: 1 }, 'engine'),
        started(4, 50),
      ),
    ).toEqual(['1 FAILED 10 12 AGENT_FAILED', '2 TIMED_OUT 20 22 TASK_TIMEOUT', '3 SUSPENDED 30 31', '3 ABANDONED 40 41', '4 RUNNING 50 ']);
  });

  it('of a task that has ended run no more, whoever ended it', () => {
    expect(told('COMPLETED', started(1, 1), event('TASK_RETURNED', 2), event('TASK_COMPLETED', 3))).toEqual(['1 COMPLETED 1 2']);
    expect(told('CANCELLED', started(1, 1))).toEqual(['1 CANCELLED 1 ']);
    expect(told('SKIPPED', started(1, 1), event('TASK_SKIPPED', 2, {}, 'user:ada'))).toEqual(['1 CANCELLED 1 2']);
    expect(told('SKIPPED', started(1, 1), event('TASK_SKIPPED', 2))).toEqual(['1 COMPLETED 1 2']);
    // Cancelled with its job, which was reopened.
    expect(told('COMPLETED', started(1, 1), started(1, 5), event('TASK_COMPLETED', 6))).toEqual(['1 CANCELLED 1 ', '1 COMPLETED 5 6']);
  });

  it('are none where the agent was never called', () => {
    expect(told('PENDING')).toEqual([]);
    expect(told('COMPLETED', event('TASK_COMPLETED', 3, { cachedFrom: 'x:1' }))).toEqual([]);
  });
});
