import { describe, expect, it } from '@jest/globals';
import type { Engine, JobView, TaskView } from '@taskloom/core';
import { exampleTask } from '../terminal/testing/example-task.js';
import { findOrStart } from './find-or-start.js';

const INPUT = { root: '/repo', outDir: '/out' };

interface KnownJob {
  readonly id: string;
  readonly input: object;
  readonly finishedAt?: number;
  readonly workflow?: string;
  readonly createdAt?: number;
  readonly tasks?: readonly TaskView[];
}

/** As much of an engine as is asked here, over jobs that are known beforehand. */
function engineWith(...known: readonly KnownJob[]): Engine {
  const views = known.map(
    ({ id, finishedAt = null, workflow = 'repository-report', createdAt = 0 }) => ({ id, finishedAt, workflow, createdAt }) as JobView,
  );
  const find = (id: string): KnownJob | undefined => known.find((job) => job.id === id);
  const page = (items: readonly object[]): object => ({ items, cursors: items.map(String), hasNextPage: false });
  return {
    job: (id: string) => ({ id }),
    startWorkflow: async () => Promise.resolve({ id: 'new' }),
    reader: {
      jobs: async () =>
        Promise.resolve(page(views.filter(({ finishedAt, workflow }) => finishedAt === null && workflow === 'repository-report'))),
      job: async (id: string) => Promise.resolve(views.find((view) => view.id === id) ?? null),
      jobInput: async (id: string) => Promise.resolve({ value: find(id)?.input }),
      tasks: async ({ jobId }: { jobId: string }) => Promise.resolve(page(find(jobId)?.tasks ?? [])),
    },
  } as unknown as Engine;
}

const run = async (engine: Engine, changed: readonly string[] = [], input: Parameters<typeof findOrStart>[1] = INPUT) => {
  const { job, continued, others } = await findOrStart(engine, input, { until: 100, changed: new Set(changed) });
  return { job: job.id, continued, others: others.map(({ id }) => id) };
};

describe('the job for a report', () => {
  it('is a new one where nothing was left', async () => {
    expect(await run(engineWith())).toEqual({ job: 'new', continued: null, others: [] });
  });

  it('is the unfinished one with the same input; others go on beside it', async () => {
    const engine = engineWith(
      { id: 'other', input: { ...INPUT, root: '/else' } },
      { id: 'same', input: INPUT },
      { id: 'since', input: { ...INPUT, since: '2024-01-01' } },
    );
    expect(await run(engine)).toEqual({ job: 'same', continued: { finishedTasks: 0 }, others: ['other', 'since'] });
    expect(await run(engine, [], { ...INPUT, since: '2024-01-01' })).toMatchObject({ job: 'since', others: ['other', 'same'] });
  });

  it('is the newest of several with the same input', async () => {
    const engine = engineWith({ id: 'old', input: INPUT, createdAt: 1 }, { id: 'young', input: INPUT, createdAt: 2 });
    expect(await run(engine)).toMatchObject({ job: 'young', others: ['old'] });
  });

  it('is the one that was left unfinished though it has ended since this process began', async () => {
    const engine = engineWith({ id: 'quick', input: INPUT, finishedAt: 105 });
    expect(await run(engine, ['quick'])).toMatchObject({ job: 'quick', others: [] });
  });

  it('is never a finished one', async () => {
    expect(await run(engineWith({ id: 'finished', input: INPUT, finishedAt: 50 }))).toMatchObject({ job: 'new', continued: null });
  });

  it('is never that of another workflow', async () => {
    expect(await run(engineWith({ id: 'mine', input: INPUT, workflow: 'another' }), ['mine'])).toMatchObject({ job: 'new', others: [] });
  });

  it('has kept what had ended before this process began', async () => {
    const tasks = [
      exampleTask(0),
      exampleTask(1, { status: 'COMPLETED', finishedAt: 99 }),
      exampleTask(2, { status: 'SKIPPED', finishedAt: 100 }),
      exampleTask(3, { status: 'COMPLETED', finishedAt: 101 }),
      exampleTask(4, { status: 'IN_PROGRESS' }),
    ];
    expect(await run(engineWith({ id: 'same', input: INPUT, tasks }))).toMatchObject({ continued: { finishedTasks: 2 } });
  });
});
