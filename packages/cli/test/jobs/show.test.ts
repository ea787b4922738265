import type { JobDetails } from '@taskloom/client';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { errorOf, jsonOf, runJob, type JobRun } from '../support/run-job.js';

jest.setTimeout(90_000);

let app: JobApp;

beforeAll(async () => {
  app = await startJobApp();
});
afterAll(stopJobApps);

const show = (id: string, ...args: readonly string[]): Promise<JobRun> => runJob(['show', id, ...args, '--url', app.url]);

async function ended(workflow: string, input: object): Promise<string> {
  const job = await app.engine.startWorkflow(workflow, input);
  await job.result().catch(() => {});
  return job.id;
}

describe('taskloom job show', () => {
  it('tells where a job stands, what it took and gave, and its tasks', async () => {
    const id = await ended('welcome', { names: ['Ada', 'Alan'] });
    const { code, out, err } = await show(id);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, took \d+s/g, '<when>').split('\n')).toEqual([
      `Job       ${id}`,
      'Workflow  welcome',
      'Status    COMPLETED',
      'Progress  100 %, 4 of 4 tasks ended',
      'Created   <when>',
      'Input     {"names":["Ada","Alan"]}',
      'Output    {"texts":["Hello, Ada!","Hello, Alan!"]}',
      '✔ welcome ████████████████████ 3/3',
      '└─ ✔ Greetings',
      '   ├─ ✔ Greet Ada @greet  Its output has text "Hello, Ada!".',
      '   └─ ✔ Greet Alan @greet  Its output has text "Hello, Alan!".',
      '',
    ]);
  });

  it('tells why a job failed, and what else is unusual about it', async () => {
    const job = await app.engine.startWorkflow('breaking', {}, { priority: 8, metadata: { owner: 'ada\u202E' } });
    await job.result().catch(() => {});
    await app.engine.retryJob(job.id);
    await app.engine
      .job(job.id)
      .result()
      .catch(() => {});
    const { out } = await show(job.id);
    expect(out).toContain('Status    FAILED\n');
    expect(out).toContain('Priority  8\n');
    expect(out).toContain('Reopened  1 time\n');
    expect(out).toContain(String.raw`Metadata  {"owner":"ada\u202e"}` + '\n');
    expect(out).toMatch(/^Error {5}JOB_FAILED: /m);
    expect(out).toMatch(/✖ Write it down @break {2}the disk is full$/m);
    expect(out).not.toMatch(/[\p{Cf}]|\[2J/u);
  });

  it('tells what a person is asked, and how to answer', async () => {
    const job = await app.engine.startWorkflow('asking', {});
    for await (const event of app.engine.events(job.id)) if (event.type === 'HUMAN_REQUESTED') break;
    const { out } = await show(job.id);
    expect(out).toContain('? Ask for leave @ask');
    expect(out).toContain(`? May it be sent?\n  The answer's schema: {`);
    expect(out).toContain(`  taskloom job answer ${job.id}:q1 '<json>'\n`);
  });

  it('gives programs all of it as one document', async () => {
    const id = await ended('welcome', { names: [] });
    const run = await show(id, '--json');
    expect(run.out.trimEnd()).not.toContain('\n');
    expect(jsonOf(run) as JobDetails).toMatchObject({
      id,
      status: 'COMPLETED',
      success: true,
      input: { names: [] },
      output: { texts: [] },
      objective: { type: 'OBJECTIVE', status: 'COMPLETED' },
    });
  });

  it('shows the beginning of a great job, and how much is left out', async () => {
    const names = Array.from({ length: 510 }, (_, index) => `n${index}`);
    const { out } = await show(await ended('welcome', { names }));
    expect(out).toMatch(/^└─ ✔ Greetings █{20} \d+\/\d+$/m);
    expect(out).toMatch(/\nand 12 tasks more\n$/);
  });

  it.each(['01a1fd45-f7d5-7d49-8eb9-d2ac85137102', 'not an id', '../x\u001B[2J'])('ends with 4 for %j, which is none', async (id) => {
    const run = await show(id);
    expect(run).toMatchObject({ code: 4, out: '' });
    expect(run.err).toMatch(/^error (NOT_FOUND|ID_INVALID): .*\n {2}.+\n$/);
    expect(run.err).not.toContain('\u001B');
    expect(errorOf(await show(id, '--json')).code).toMatch(/NOT_FOUND|ID_INVALID/);
  });
});
