import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { definePlugin, defineWorkflow, FatalError, task } from '../../src/index.js';
import { runInline, scriptedAgent } from '../../src/testing.js';
import { z } from 'zod';
import { crashesAndReplays } from './crashes-and-replays.js';

const DAY = 86_400_000;
let folder = '';
let files = 0;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'taskloom-kit-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an inline run', () => {
  it('tells of a plugin that changes a prototype of the language (P3)', async () => {
    const patches = definePlugin({
      name: 'patches',
      beforeStart: () => {
        Reflect.defineProperty(Object.prototype, 'extra', { value: 1, configurable: true });
      },
    });
    const work = scriptedAgent('work', { returns: null });
    const run = { definitions: [work.agent], job: { name: 'job', tasks: [{ key: 't', agent: 'work' }] } };
    try {
      await expect(runInline({ ...run, engine: { plugins: [patches] } })).rejects.toMatchObject({
        code: 'PROTOTYPE_CHANGED',
        details: { changed: ['Object.prototype.extra'] },
      });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'extra');
    }
    expect((await runInline(run)).job.status).toBe('COMPLETED');
  });

  it('takes a workflow of three days to its end without waiting for them', async () => {
    const patient = scriptedAgent('patient', async (_, ctx) => {
      for (const day of ['mon', 'tue', 'wed']) await ctx.sleep(day, '1d');
      return 'rested';
    });
    const week = defineWorkflow({ name: 'week', input: z.object({}), plan: (flow) => flow.add(task(patient.agent, {})).out });
    // The only way to wait for time to pass.
    const timers = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'setInterval')];
    try {
      const { job, output, tookMs } = await runInline({ definitions: [patient.agent, week], workflow: week, input: {} });

      expect(timers.flatMap(({ mock }) => mock.calls)).toEqual([]);
      expect([job.status, output]).toEqual(['COMPLETED', 'rested']);
      expect(tookMs).toBeGreaterThanOrEqual(3 * DAY);
      expect(tookMs).toBeLessThan(3 * DAY + 60_000);
      expect(patient.calls).toHaveLength(4);
    } finally {
      for (const timer of timers) timer.mockRestore();
    }
  });

  it('gives tasks, outputs and events by name, and the error of a job that failed', async () => {
    const good = scriptedAgent('good', { returns: { n: 1 } });
    const bad = scriptedAgent('bad', { throws: new FatalError('no such thing') });
    const { job, tasks, outputs, events, error, output } = await runInline({
      definitions: [good.agent, bad.agent],
      job: {
        name: 'job',
        tasks: [
          { key: 'a', agent: 'good', input: {} },
          { key: 'b', agent: 'bad', input: {}, dependsOn: ['a'] },
        ],
      },
    });

    expect([job.status, output, error?.code]).toEqual(['FAILED', undefined, 'JOB_FAILED']);
    expect([tasks.get('a')!.status, tasks.get('b')!.error!.message]).toEqual(['COMPLETED', 'no such thing']);
    expect(outputs.get('a')).toEqual({ n: 1 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  });
});

describe('a scripted agent', () => {
  it('does one step a call, repeats the last, and keeps what it was given', async () => {
    const flaky = scriptedAgent('flaky', [{ throws: new Error('not yet') }, { returns: 'done' }], {
      retry: { maxAttempts: 3, delay: '10m' },
    });
    const { outputs, tookMs } = await runInline({
      definitions: [flaky.agent],
      job: { name: 'job', tasks: [{ key: 'a', agent: 'flaky', input: { x: 1 } }] },
    });

    expect(outputs.get('a')).toBe('done');
    expect(tookMs).toBeGreaterThanOrEqual(600_000);
    expect(flaky.calls).toEqual([
      { taskKey: 'a', attempt: 1, input: { x: 1 } },
      { taskKey: 'a', attempt: 2, input: { x: 1 } },
    ]);
  });

  it('that hangs ends by its timeout', async () => {
    const stuck = scriptedAgent('stuck', { hangs: true }, { timeout: '1h' });
    const { tasks } = await runInline({
      definitions: [stuck.agent],
      job: { name: 'job', tasks: [{ key: 'a', agent: 'stuck', input: {} }] },
    });

    expect(tasks.get('a')!.error!.code).toBe('TASK_TIMEOUT');
  });

  it('needs a script', () => {
    expect(() => scriptedAgent('mute', [])).toThrow(/script/);
  });
});

crashesAndReplays({
  fresh: async () => ({ path: join(folder, `${(files += 1)}.db`), synchronous: 'NORMAL' }),
});
