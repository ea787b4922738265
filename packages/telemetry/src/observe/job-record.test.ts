import { describe, expect, it } from '@jest/globals';
import type { EventType, EventView, StoreReader, TaskView } from '@taskloom/core';

import { JobObserver } from './job-observer.js';
import type { Observation } from './observation.js';

const JOB = '0190b5a0-0000-7000-8000-000000000001';

/** Events of one job as the log has them, and a reader of what the rows say. */
class Story {
  readonly events: EventView[] = [];
  readonly told: Observation[] = [];
  readonly statuses = new Map<number, string>();
  readonly dependencies = new Map<number, readonly number[]>();
  at = 1_000;
  reads = 0;

  readonly reader = {
    job: async () => ({ id: JOB, name: 'story', workflow: null, tenant: 'default', metadata: null, createdAt: 900 }),
    tasksAt: async ([{ no }]: readonly [{ no: number }]) => {
      this.reads += 1;
      const on = this.dependencies.get(no) ?? [];
      return [
        {
          id: `${JOB}:${no}`,
          jobId: JOB,
          key: `t${no}`,
          agent: 'work',
          type: 'TASK',
          kind: null,
          parent: null,
          status: this.statuses.get(no) ?? 'IN_PROGRESS',
          dependencies: on.map((dependency) => ({ on: dependency, mode: 'completed' })),
        } as unknown as TaskView,
      ];
    },
    events: async (_: string, after: number, first: number) => this.events.slice(after, after + first),
  } as unknown as StoreReader;

  /** Adds an event, `later` milliseconds after the one before. */
  add(type: EventType, no: number | null, data: EventView['data'] = {}, later = 0): this {
    this.at += later;
    this.events.push({
      jobId: JOB,
      seq: this.events.length + 1,
      type,
      taskId: no === null ? null : `${JOB}:${no}`,
      taskKey: null,
      at: this.at,
      actor: 'engine',
      engine: null,
      data,
    });
    return this;
  }

  observer(): JobObserver {
    const observer = new JobObserver((observation) => void this.told.push(observation));
    observer.begin(this.reader);
    return observer;
  }

  async tell(events: readonly EventView[] = this.events, observer = this.observer()): Promise<readonly Observation[]> {
    for (const event of events) await observer.take(event);
    return this.told;
  }
}

const ids = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `${JOB}:${from + index}`);
const ended = (told: readonly Observation[]): readonly unknown[] =>
  told.flatMap((one) => (one.kind === 'run-ended' ? [[one.run.task.key, one.outcome]] : []));

describe('the observations of a job', () => {
  it('tell each run once, although events may come twice', async () => {
    const story = new Story()
      .add('JOB_SUBMITTED', null)
      .add('TASK_STARTED', 1, { attempt: 1, fence: 1 })
      .add('TASK_COMPLETED', 1, { attempt: 1 }, 50)
      .add('JOB_COMPLETED', null, { success: true });
    const observer = story.observer();
    await story.tell(story.events.slice(0, 3), observer);
    await story.tell(story.events.slice(1), observer);
    expect(story.told.map(({ kind }) => kind)).toEqual(['job-opened', 'run-started', 'run-ended', 'job-ended']);
    expect(story.reads).toBe(1);
  });

  it('begin in the middle where an earlier process saw the rest: its runs are known, and not told again', async () => {
    const story = new Story()
      .add('JOB_SUBMITTED', null)
      .add('TASK_STARTED', 1, { attempt: 1, fence: 1 }, 10)
      .add('JOB_RECOVERED', null, {}, 1_000)
      .add('TASK_ABANDONED', 1, { attempt: 1, strikes: 1 });
    const told = await story.tell(story.events.slice(3));
    expect(told).toMatchObject([
      { kind: 'run-ended', outcome: 'abandoned', error: { code: 'PROCESS_DIED' }, run: { startedAt: 1_010, job: { openedAt: 1_000 } } },
    ]);
  });

  it('wait for their beginning', async () => {
    const story = new Story().add('JOB_SUBMITTED', null).add('TASK_STARTED', 1, { attempt: 1, fence: 1 });
    const observer = new JobObserver((observation) => void story.told.push(observation));
    for (const event of story.events) await observer.take(event);
    expect(story.told).toEqual([]);
    observer.begin(story.reader);
    await observer.take(story.add('TASK_COMPLETED', 1, { attempt: 1 }).events[2]!);
    expect(story.told.map(({ kind }) => kind)).toEqual(['job-opened', 'run-started', 'run-ended']);
  });

  it('end all runs of an event that moves more tasks than it names', async () => {
    const story = new Story().add('JOB_SUBMITTED', null);
    for (let no = 0; no < 103; no += 1) story.add('TASK_STARTED', no, { attempt: 1, fence: 1 });
    story.add('TASKS_CANCELLED', null, { tasks: ids(100), count: 102, reason: 'BY_PERSON' });
    // The rows say that two more were cancelled, and that the last one runs on.
    for (let no = 0; no < 102; no += 1) story.statuses.set(no, 'CANCELLED');
    const told = await story.tell();
    expect(ended(told)).toHaveLength(102);
    story.add('TASK_COMPLETED', 102, { attempt: 1 });
    story.add('JOB_COMPLETED', null);
    await story.tell(story.events.slice(-2), story.observer());
    expect(ended(story.told).at(-1)).toEqual(['t102', 'completed']);
  });

  it('tell why tasks failed that had not failed themselves', async () => {
    const story = new Story().add('JOB_SUBMITTED', null).add('TASK_STARTED', 1, { attempt: 1, fence: 1 });
    story.add('TASKS_FAILED', null, { tasks: ids(1, 1), count: 1, reason: 'DEADLINE_PASSED', message: 'too late' });
    expect(await story.tell()).toContainEqual(
      expect.objectContaining({ outcome: 'failed', error: { code: 'DEADLINE_PASSED', message: 'too late' } }),
    );
  });

  it('end with the job what nothing else has ended', async () => {
    const story = new Story().add('JOB_SUBMITTED', null).add('TASK_STARTED', 1, { attempt: 1, fence: 1 });
    story.add('JOB_FAILED', null, { error: { code: 'JOB_TIMEOUT', message: 'late' } }, 30);
    const told = await story.tell();
    expect(ended(told)).toEqual([['t1', 'cancelled']]);
    expect(told.at(-1)).toMatchObject({ kind: 'job-ended', status: 'failed', error: { code: 'JOB_TIMEOUT', message: 'late' }, at: 1_030 });
  });

  it.each<[string, (story: Story) => void, number]>([
    ['the job was opened', (story) => void story.add('TASK_STARTED', 2, { attempt: 1, fence: 1 }, 70), 70],
    [
      'what it depends on ended',
      (story) => {
        story.dependencies.set(2, [1]);
        story.add('TASK_STARTED', 1, { attempt: 1, fence: 1 }).add('TASK_COMPLETED', 1, {}, 500);
        story.add('TASK_STARTED', 2, { attempt: 1, fence: 1 }, 20);
      },
      20,
    ],
    [
      'its retry came due',
      (story) => {
        story.add('TASK_STARTED', 2, { attempt: 1, fence: 1 });
        story.add('TASK_RETRY_SCHEDULED', 2, { attempt: 1, error: { code: 'X', message: '' }, availableAt: 1_300 });
        story.add('TASK_STARTED', 2, { attempt: 2, fence: 2 }, 340);
      },
      40,
    ],
    [
      'it was released',
      (story) => {
        story.add('TASK_STARTED', 2, { attempt: 1, fence: 1 }).add('TASK_SUSPENDED', 2, { fence: 1 });
        story.add('TASKS_RELEASED', null, { tasks: [`${JOB}:2`], count: 1 }, 5_000);
        story.add('TASK_STARTED', 2, { attempt: 1, fence: 2 }, 6);
      },
      6,
    ],
  ])('count as its wait what has passed since %s', async (_, tell, ms) => {
    const story = new Story().add('JOB_SUBMITTED', null);
    tell(story);
    const told = await story.tell();
    const run = told.findLast((one) => one.kind === 'run-started' && one.run.task.key === 't2');
    expect(run).toMatchObject({ run: { waitedMs: ms } });
  });

  it('know how long the way of dependencies is that leads to a task', async () => {
    const story = new Story().add('JOB_SUBMITTED', null);
    story.dependencies.set(2, [1]).set(3, [1, 2]);
    for (const no of [1, 2, 3]) story.add('TASK_STARTED', no, { attempt: 1, fence: 1 }).add('TASK_COMPLETED', no, {});
    const told = await story.tell();
    expect(told.flatMap((one) => (one.kind === 'run-started' ? [one.run.task.depth] : []))).toEqual([1, 2, 3]);
  });
});
