import type { JobState } from '@taskloom/client';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { errorOf, jsonOf, runJob, type JobRun, type JobRunOptions } from '../support/run-job.js';

jest.setTimeout(90_000);

let app: JobApp;

beforeEach(async () => {
  app = await startJobApp();
});
afterEach(stopJobApps);

const job = (command: string, args: readonly string[], options: JobRunOptions = {}): Promise<JobRun> =>
  runJob([command, ...args, '--url', app.url], options);

const statusOf = async (id: string): Promise<string> => (await app.engine.job(id).status()).status;

/** The reasons that a job's events give. */
async function reasonsOf(id: string, type: string): Promise<unknown[]> {
  const { events } = { events: await app.engine.reader.events(id, 0, 1_000) };
  return events.filter((event) => event.type === type).map(({ data }) => (data as { reason?: unknown }).reason);
}

async function waitingJob(): Promise<string> {
  const { id } = await app.engine.startWorkflow('waiting', {});
  await app.gate.reached;
  return id;
}

async function brokenJob(): Promise<string> {
  const broken = await app.engine.startWorkflow('breaking', {});
  await broken.result().catch(() => {});
  return broken.id;
}

describe('steering a job', () => {
  it('cancel ends it, with the reason kept', async () => {
    const id = await waitingJob();
    expect(await job('cancel', [id, '--reason', 'by mistake'])).toEqual({ code: 0, out: `Job ${id} is CANCELLED.\n`, err: '' });
    expect(await statusOf(id)).toBe('CANCELLED');
    expect(await reasonsOf(id, 'JOB_CANCELLED')).toEqual(['by mistake']);
  });

  it('cancel of what has ended is refused with 5', async () => {
    const id = await brokenJob();
    expect(await job('cancel', [id])).toMatchObject({ code: 5, out: '', err: expect.stringContaining('error JOB_ALREADY_TERMINAL: ') });
  });

  it('pause holds it, resume lets it go on', async () => {
    const id = await waitingJob();
    expect(await job('pause', [id, '--reason', 'maintenance'])).toEqual({ code: 0, out: `Job ${id} is PAUSED.\n`, err: '' });
    expect(await statusOf(id)).toBe('PAUSED');
    expect(await reasonsOf(id, 'HOLD_PLACED')).toEqual(['maintenance']);
    expect(await job('resume', [id])).toEqual({ code: 0, out: `Job ${id} is RUNNING.\n`, err: '' });
  });

  it('confirm lets it run', async () => {
    const waits = await app.engine.startWorkflow('welcome', { names: [] }, { confirm: true });
    expect(await job('confirm', [waits.id])).toMatchObject({ code: 0 });
    await waits.result();
    expect(await statusOf(waits.id)).toBe('COMPLETED');
  });

  it('retry runs again what failed', async () => {
    const id = await brokenJob();
    app.gate.isRepaired = true;
    expect(await job('retry', [id, '--reason', 'new disk'])).toEqual({ code: 0, out: `Job ${id} is RUNNING.\n`, err: '' });
    await app.engine.job(id).result();
    expect(await reasonsOf(id, 'JOB_REOPENED')).toEqual(['new disk']);
  });

  it('retry --task runs one task again, by key or id, with what depends on it; --watch shows it', async () => {
    const done = await app.engine.startWorkflow('welcome', { names: ['Ada', 'Alan'] });
    await done.result();
    const attemptsOf = async (): Promise<number[]> =>
      (await app.engine.reader.tasks({ jobId: done.id, agent: 'greet' }, { first: 10 })).items.map(({ generation }) => generation);
    const [first] = await attemptsOf();
    const run = await job('retry', [done.id, '--task', 'greet-2', '--watch']);
    expect(run).toMatchObject({ code: 0, out: expect.stringMatching(/\nCompleted, took /) });
    expect(await attemptsOf()).toEqual([first, first! + 1]);
    const { items } = await app.engine.reader.tasks({ jobId: done.id, agent: 'greet' }, { first: 10 });
    expect((await job('retry', [done.id, '--task', items[0]!.id, '--task', 'greet-2', '-w'])).code).toBe(0);
    expect(await attemptsOf()).toEqual([first! + 1, first! + 2]);
    expect(await job('retry', [done.id, '--task', 'greet-3'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('no task with the key "greet-3"'),
    });
  });

  it('answer answers what a person is asked, when it fits', async () => {
    const asking = await app.engine.startWorkflow('asking', {});
    for await (const event of app.engine.events(asking.id)) if (event.type === 'HUMAN_REQUESTED') break;
    const question = `${asking.id}:q1`;
    expect(await job('answer', [question, '{ "approved": 1 }'])).toMatchObject({ code: 5, err: expect.stringContaining('/approved') });
    expect(await job('answer', [question, 'yes'])).toMatchObject({ code: 2, err: expect.stringContaining('The answer is no JSON: ') });
    const answered = await job('answer', [question, '-'], { input: '{ "approved": true }' });
    expect(answered).toEqual({ code: 0, out: `Question ${question} is ANSWERED.\n`, err: '' });
    expect(await asking.result()).toEqual({ approved: true });
    expect(errorOf(await job('answer', [question, '{ "approved": true }', '--json'])).code).toBe('REQUEST_CLOSED');
  });

  it('gives programs the job as it is now', async () => {
    const id = await waitingJob();
    for (const [command, status] of [
      ['pause', 'PAUSED'],
      ['resume', 'RUNNING'],
      ['cancel', 'CANCELLED'],
      ['retry', 'RUNNING'],
    ] as const)
      expect(jsonOf(await job(command, [id, '--json'])) as JobState).toMatchObject({ id, status });
  });

  it.each(['cancel', 'pause', 'resume', 'confirm', 'retry', 'graph', 'report'])(
    '%s of a job that is not there ends with 4',
    async (command) => {
      expect(await job(command, ['01a1fd45-f7d5-7d49-8eb9-d2ac85137102'])).toMatchObject({
        code: 4,
        out: '',
        err: expect.stringContaining('NOT_FOUND'),
      });
    },
  );
});

describe('taskloom job graph', () => {
  it('prints the graph as Mermaid, DOT or JSON', async () => {
    const id = await brokenJob();
    expect((await job('graph', [id])).out).toMatch(/^flowchart LR\n[^]*Write it down[^]*\n$/);
    expect((await job('graph', [id, '-f', 'dot'])).out).toMatch(/^digraph /);
    const { out } = await job('graph', [id, '--format', 'JSON']);
    expect(JSON.parse(out)).toMatchObject({ nodes: expect.any(Array), edges: expect.any(Array) });
    expect((await job('graph', [id, '--json'])).out).toBe(out);
    expect(await job('graph', [id, '-f', 'png'])).toMatchObject({ code: 2, err: expect.stringContaining('mermaid, dot, json') });
  });

  it('says more, or only a part', async () => {
    const done = await app.engine.startWorkflow('welcome', { names: ['Ada', 'Alan'] });
    await done.result();
    const whole = (await job('graph', [done.id])).out;
    const detailed = (await job('graph', [done.id, '--detailed'])).out;
    expect(detailed.length).toBeGreaterThan(whole.length);
    const near = async (...args: readonly string[]): Promise<string> => (await job('graph', [done.id, '--task', 'greet', ...args])).out;
    expect([whole, await near('--depth', '2')].map((text) => text.includes('Greet Alan'))).toEqual([true, true]);
    expect((await near('--depth', '0')).includes('Greet Alan')).toBe(false);
    expect(await near()).toBe(await near('--depth', '1'));
    expect(await job('graph', [done.id, '--depth', '1'])).toMatchObject({ code: 2, err: expect.stringContaining('--task') });
  });

  it('lets nothing in it steer a terminal', async () => {
    const id = await waitingJob();
    expect((await job('graph', [id])).out).not.toContain('\u001B');
  });
});
