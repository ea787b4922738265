import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JobEvent, JobState, TaskState } from '@taskloom/client';
import { PlainView } from '@taskloom/terminal';

import { watchJob } from './watch-job.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const JOB = { id: 'job', status: 'RUNNING', lastSeq: 0 } as JobState;

/** What a line needs of a task. `below`: the number of the task above it. */
function task(no: number, name: string, status: string, below: number | null = 0): TaskState {
  return {
    id: `job:${no}`,
    name,
    status,
    agent: below === null ? null : 'greet',
    parent: below === null ? null : { id: `job:${below}` },
    statusReason: null,
    statusMessage: null,
    error: null,
    summary: null,
    progressMessage: null,
    attempt: 1,
    updatedAt: '2027-01-01T00:00:00Z',
    startedAt: null,
    finishedAt: null,
  } as TaskState;
}

async function* nothing(): AsyncGenerator<never, void> {
  // Ends at once.
}

/** Tells tasks in parts, with more time between them than changes are gathered for, and returns what was printed. */
async function printedOf(parts: readonly (readonly TaskState[])[]): Promise<string[]> {
  let out = '';
  const client = {
    jobUpdates: (): AsyncGenerator<JobState, void> => nothing(),
    jobEvents: (): AsyncGenerator<JobEvent, void> => nothing(),
    async *taskUpdates(): AsyncGenerator<TaskState, void> {
      for (const part of parts) {
        yield* part;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    },
  };
  const view = new PlainView({ write: (text) => (out += text) });
  const watching = watchJob(client, JOB, view, new AbortController().signal);
  await jest.runAllTimersAsync();
  await watching;
  return out.trim().split('\n');
}

describe('watching a job whose tasks are told in parts', () => {
  it('says what has changed as it comes', async () => {
    const root = task(0, 'job', 'BLOCKED', null);
    expect(await printedOf([[root, task(1, 'one', 'COMPLETED'), task(2, 'two', 'IN_PROGRESS')], [task(2, 'two', 'FAILED')]])).toEqual([
      'completed one',
      'started   two',
      'failed    two',
    ]);
  });

  it('says that a task has ended when what is below it has been told to have ended', async () => {
    const before = [task(0, 'job', 'BLOCKED', null), task(1, 'story', 'BLOCKED'), task(2, 'part', 'IN_PROGRESS', 1)];
    expect(await printedOf([before, [task(1, 'story', 'COMPLETED')], [task(2, 'part', 'COMPLETED', 1)]])).toEqual([
      'started   story › part',
      'completed story › part',
      'completed story',
    ]);
  });

  it('says that the job has ended last, though it is told first', async () => {
    expect(await printedOf([[task(0, 'job', 'COMPLETED', null)], [task(1, 'one', 'COMPLETED')]])).toEqual([
      'completed one',
      'completed job',
    ]);
  });
});
