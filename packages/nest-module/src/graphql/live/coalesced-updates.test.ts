import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { afterEach, expect, it } from '@jest/globals';
import { createEngine, defineAgent, type Engine } from '@taskloom/core';
import { z } from 'zod';

import { httpRequestOf } from '../../access/api-request.js';
import { ApiContexts } from '../api-context.js';
import type { FeedClock } from './change-feed.js';
import { jobUpdates } from './job-updates.js';
import { openJobUpdates } from './open-job-updates.js';
import { TaskScope } from './task-scope.js';
import { taskUpdates } from './task-updates.js';
import { UPDATE_INTERVAL_MS } from './update-interval.js';

/** Stands still except where it is told to go on; set free, whoever waits lets the time pass. */
class HandClock implements FeedClock {
  private at = 1_000;
  private isFree = false;
  private waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  readonly now = (): number => this.at;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.waiting.push({ until: this.at + ms, resolve });
      if (this.isFree) this.advance(ms);
    });

  get passedMs(): number {
    return this.at - 1_000;
  }

  advance(ms: number): void {
    this.at += ms;
    const due = this.waiting.filter(({ until }) => until <= this.at);
    this.waiting = this.waiting.filter(({ until }) => until > this.at);
    for (const { resolve } of due) resolve();
  }

  free(): void {
    this.isFree = true;
    for (const { until } of this.waiting) this.advance(Math.max(0, until - this.at));
  }
}

const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop({ graceMs: 0 })));
});

const INTERVALS = 10;
/** Each is two events, each in a commit of its own. */
const CHANGES_IN_EACH = 100;

const hold = defineAgent({
  name: 'hold',
  input: z.object({}),
  output: z.null(),
  execute: (_input, { signal }) => new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))),
});

it('watchers of a job with thousands of events are told once in an interval, and the last state always', async () => {
  const engine = createEngine({ store: { path: ':memory:' } });
  engines.push(engine);
  engine.register(hold);
  await engine.start();
  const { id: jobId } = await engine.submitJob({ name: 'busy', tasks: [{ key: 'only', agent: 'hold', input: {} }] });
  const task = { jobId, no: 1 };
  const taskId = `${jobId}:1`;

  const clock = new HandClock();
  const { signal } = new AbortController();
  const { engine: guarded } = new ApiContexts(engine, {}, 1_000, false, null).of({}, httpRequestOf(new IncomingMessage(new Socket())));
  const pushed = Promise.all([
    untilCancelled(jobUpdates(guarded, jobId, signal, clock)),
    untilCancelled(openJobUpdates(guarded, signal, clock)),
    untilCancelled(taskUpdates(guarded, jobId, new TaskScope(guarded.reader, task, false), signal, clock)),
  ]);
  for (let interval = 0; interval < INTERVALS; interval += 1) {
    for (let change = 0; change < CHANGES_IN_EACH; change += 1) {
      await engine.pauseTask(taskId);
      await engine.resumeTask(taskId);
    }
    clock.advance(UPDATE_INTERVAL_MS);
  }
  await engine.cancelJob(jobId);
  clock.free();

  const [ofJob, ofAll, ofTask] = await pushed;
  expect((await engine.reader.job(jobId))!.lastSeq).toBeGreaterThan(2 * INTERVALS * CHANGES_IN_EACH);
  // The state at first, the change that was there at once, and one push for each interval that has passed.
  const most = 2 + clock.passedMs / UPDATE_INTERVAL_MS;
  expect({ ofJob: ofJob <= most, ofAll: ofAll <= most, ofTask: ofTask <= most }).toEqual({ ofJob: true, ofAll: true, ofTask: true });
});

/** How often a job or a task was told of, the last time as cancelled. */
async function untilCancelled(updates: AsyncIterable<{ readonly status: string }>): Promise<number> {
  let count = 0;
  for await (const { status } of updates) {
    count += 1;
    if (status === 'CANCELLED') return count;
  }
  throw new Error('it ended before it was cancelled');
}
