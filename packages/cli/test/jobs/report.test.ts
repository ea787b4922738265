import type { JobReportState } from '@taskloom/client';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { errorOf, jsonOf, runJob, type JobRun } from '../support/run-job.js';

jest.setTimeout(90_000);

const TWICE = { maxAttempts: 2, kind: 'none', delayMs: 0, maxDelayMs: 0, factor: 2, jitter: 0 } as const;

let app: JobApp;

beforeAll(async () => {
  app = await startJobApp();
});
afterAll(stopJobApps);

const report = (id: string, ...args: readonly string[]): Promise<JobRun> => runJob(['report', id, ...args, '--url', app.url]);

async function ended(workflow: string, input: object): Promise<string> {
  const job = await app.engine.startWorkflow(workflow, input);
  await job.result().catch(() => {});
  return job.id;
}

/** Times differ from run to run. */
function withoutTimes(out: string): string[] {
  return out
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<at>')
    .replaceAll(/\b\d+m?s\b/g, '<ms>')
    .replaceAll(/ {2,}/g, '  ')
    .split('\n');
}

describe('taskloom job report', () => {
  it('tells what became of a job and of each of its tasks', async () => {
    const id = await ended('welcome', { names: ['Ada', 'Alan'] });
    const { code, out, err } = await report(id);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(withoutTimes(out)).toEqual([
      `Job  ${id}`,
      'Workflow  welcome',
      'Status  COMPLETED',
      'Progress  100 %, 4 of 4 tasks ended',
      'Started  <at>',
      'Took  <ms>, in which agents ran for <ms>',
      '',
      expect.stringMatching(/^COMPLETED {2}objective {2}welcome completed/),
      expect.stringMatching(/^COMPLETED {2}greetings {2}\S/),
      'COMPLETED  greet  @greet  1 attempt, <ms>  Greet Ada completed. Its output has text "Hello, Ada!".',
      'COMPLETED  greet-2  @greet  1 attempt, <ms>  Greet Alan completed. Its output has text "Hello, Alan!".',
      '',
    ]);
  });

  it('tells why something failed, at each attempt, and nothing that steers a terminal', async () => {
    const job = await app.engine.submitJob({
      name: 'breaking',
      tasks: [
        { key: 'write', agent: 'break', input: {}, overrides: { retry: TWICE } },
        { key: 'then', agent: 'greet', input: { name: 'Ada' }, dependsOn: ['write'] },
      ],
    });
    await job.result().catch(() => {});
    const { code, out } = await report(job.id);
    expect(code).toBe(0);
    const lines = withoutTimes(out);
    const at = lines.findIndex((line) => line.startsWith('FAILED  write'));
    expect(lines.slice(at, at + 4)).toEqual([
      'FAILED  write  @break  2 attempts, <ms>  AGENT_FAILED: the disk is full',
      '  1. failed  <at>, <ms>  AGENT_FAILED: the disk is full',
      '  2. failed  <at>, <ms>  AGENT_FAILED: the disk is full',
      expect.stringMatching(/^CANCELLED {2}then {2}@greet/),
    ]);
    expect(out).toMatch(/^Error {5}JOB_FAILED: /m);
    expect(out).not.toContain('$output');
    expect(out).not.toMatch(/[\p{Cf}]|\[2J/u);
  });

  it('tells what was spent', async () => {
    const job = await app.engine.submitJob({
      name: 'spending',
      tasks: [
        { key: 'read', type: 'STORY' },
        { key: 'a', parent: 'read', agent: 'spend', input: { tokens: 1_200 } },
        { key: 'b', agent: 'spend', input: { tokens: 3, usd: 0.25 } },
      ],
    });
    await job.result();
    const lines = withoutTimes((await report(job.id)).out);
    expect(lines).toContain('Spent  1,203 tokens, 0.25 usd');
    expect(lines).toContainEqual(expect.stringMatching(/^COMPLETED {2}read {2}1,200 tokens {2}/));
    expect(lines).toContainEqual(expect.stringMatching(/^COMPLETED {2}b {2}@spend {2}1 attempt, <ms>, 3 tokens, 0.25 usd {2}/));
  });

  it('leaves out what --limit says, and tells how much', async () => {
    const id = await ended('welcome', { names: ['Ada', 'Alan'] });
    const { out } = await report(id, '--limit', '2');
    expect(out).toMatch(/\nand 2 tasks more\n$/);
    expect(out).not.toContain('@greet');
    for (const limit of ['0', '1001', 'all'])
      expect(await report(id, '--limit', limit)).toMatchObject({ code: 2, err: expect.stringContaining('from 1 to 1000') });
  });

  it('gives programs all of it as one document', async () => {
    const id = await ended('welcome', { names: ['Ada'] });
    const run = await report(id, '--json');
    expect(run.out.trimEnd()).not.toContain('\n');
    expect(jsonOf(run) as JobReportState).toMatchObject({
      job: { id, status: 'COMPLETED' },
      tookMs: expect.any(Number),
      tasks: [{ type: 'OBJECTIVE' }, { key: 'greetings' }, { key: 'greet', attempts: [{ number: 1, status: 'COMPLETED' }] }],
      tasksLeftOut: 0,
    });
    expect(errorOf(await report('01a1fd45-f7d5-7d49-8eb9-d2ac85137102', '--json')).code).toBe('NOT_FOUND');
  });
});
