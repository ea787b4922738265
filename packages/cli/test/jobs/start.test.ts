import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JobDetails } from '@taskloom/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { errorOf, jsonOf, runJob, type JobRun, type JobRunOptions } from '../support/run-job.js';

jest.setTimeout(90_000);

let app: JobApp;
let directory: string;

beforeAll(async () => {
  app = await startJobApp();
});
afterAll(stopJobApps);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'taskloom-cli-start-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const ADA = '{ "names": ["Ada"] }';

const start = (args: readonly string[], options: JobRunOptions = {}): Promise<JobRun> =>
  runJob(['start', ...args, '--url', app.url], { directory, ...options });

/** The job that was started, as `job show` tells it. */
async function started(...args: readonly string[]): Promise<JobDetails> {
  const { id } = jsonOf(await start([...args, '--json'])) as { id: string };
  return jsonOf(await runJob(['show', id, '--url', app.url, '--json'])) as JobDetails;
}

describe('taskloom job start', () => {
  it('starts a workflow, says which job it is and how to see it', async () => {
    const { code, out, err } = await start(['welcome', '--input', ADA]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Job ([\w-]+) \(welcome\) is (RUNNING|COMPLETED)\.\nSee it live: taskloom job watch \1\n$/);
  });

  it('gives programs the job as one line of JSON', async () => {
    const run = await start(['welcome', '-i', ADA, '--json']);
    expect(run.out.trimEnd()).not.toContain('\n');
    expect(jsonOf(run)).toMatchObject({ id: expect.any(String), workflow: 'welcome', counts: { total: 3 } });
  });

  it('takes its input from the command line, a file or standard input; without one it is empty', async () => {
    writeFileSync(join(directory, 'input.json'), `\uFEFF${ADA}`);
    const inputs = [
      jsonOf(await start(['welcome', '--input', ADA, '--json'])) as { id: string },
      jsonOf(await start(['welcome', '--input', '@input.json', '--json'])) as { id: string },
      jsonOf(await start(['welcome', '--input', '-', '--json'], { input: ADA })) as { id: string },
    ];
    for (const { id } of inputs) expect((await app.engine.reader.jobInput(id, 1_000))?.value).toEqual({ names: ['Ada'] });
    const { id } = jsonOf(await start(['breaking', '--json'])) as { id: string };
    expect((await app.engine.reader.jobInput(id, 1_000))?.value).toEqual({});
  });

  it.each<[string, string[], string, string]>([
    ['what is no JSON', ['--input', '{ names: [] }'], 'INPUT_NOT_JSON', '--input is no JSON: '],
    ['a path without the @', ['--input', 'input.json'], 'INPUT_NOT_JSON', '--input is no JSON: '],
    ['a file that is not there', ['--input', '@nowhere.json'], 'INPUT_UNREADABLE', 'nowhere.json cannot be read: there is no such file.'],
    ['a folder', ['--input', '@.'], 'INPUT_UNREADABLE', 'cannot be read: it is a folder.'],
    ['standard input that is no JSON', ['--input', '-'], 'INPUT_NOT_JSON', 'What came by standard input is no JSON: '],
    ['metadata that is no object', ['--metadata', '[1]'], 'INPUT_NOT_JSON', '--metadata is no JSON object.'],
    ['standard input for two', ['--input', '-', '--metadata', '-'], 'ARGUMENTS_CONFLICT', 'cannot both come by standard input'],
  ])('refuses %s as misuse, before anything is asked', async (_what, args, code, message) => {
    const run = await runJob(['start', 'welcome', ...args, '--url', 'http://127.0.0.1:1'], { directory, input: 'nonsense' });
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(`error ${code}: `);
    expect(run.err).toContain(message);
    expect(run.err).not.toMatch(/^ +at /m);
  });

  it('says how to read a file to whoever forgot the @', async () => {
    expect((await start(['welcome', '--input', 'input.json'])).err).toContain('Write --input @input.json to read a file.');
  });

  it('is one job for one key', async () => {
    const first = await started('welcome', '--input', ADA, '--key', 'once');
    expect((await started('welcome', '--input', ADA, '--key', 'once')).id).toBe(first.id);
    const other = await start(['welcome', '--input', '{ "names": [] }', '-k', 'once', '--json']);
    expect([other.code, errorOf(other).code]).toEqual([5, 'IDEMPOTENCY_CONFLICT']);
  });

  it('hands every setting to the job', async () => {
    const runAt = new Date(Date.now() + 3_600_000).toISOString();
    const deadline = new Date(Date.now() + 7_200_000).toISOString();
    const settings = ['--priority', '9', '--max-parallel', '2', '--failure-strategy', 'skip', '--metadata', '{ "owner": "ada" }'];
    expect(await started('welcome', '-i', ADA, ...settings, '--run-at', runAt, '--deadline', deadline)).toMatchObject({
      priority: 9,
      maxParallel: 2,
      failureStrategy: 'SKIP',
      metadata: { owner: 'ada' },
      runAt,
      deadline,
    });
    expect(await started('welcome', '-i', ADA)).toMatchObject({
      priority: 5,
      maxParallel: null,
      failureStrategy: 'ABORT',
      metadata: null,
      runAt: null,
      deadline: null,
    });
  });

  it('with --confirm waits, and says for what', async () => {
    const { out } = await start(['welcome', '-i', ADA, '--confirm']);
    expect(out).toMatch(/ is AWAITING_CONFIRMATION\.\nIt waits: taskloom job confirm [\w-]+\n$/);
  });

  it.each([
    ['--priority', 'high', 'whole number'],
    ['--failure-strategy', 'explode', 'ABORT, SKIP, CONTINUE, ASK'],
  ])('refuses %s %s as misuse', async (option, value, message) => {
    expect(await start(['welcome', option, value])).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  it('names the workflows that there are to whoever misspells one', async () => {
    expect(await start(['welcom\u001B[2J', '-i', ADA])).toEqual({
      code: 4,
      out: '',
      err: 'error UNKNOWN_WORKFLOW: There is no workflow "welcom".\n  There are: asking, breaking, waiting, welcome\n',
    });
  });

  it('tells what the API refuses, and where', async () => {
    const run = await start(['welcome', '--input', '{ "names": "Ada" }']);
    expect(run).toMatchObject({ code: 5, out: '' });
    expect(run.err).toContain('error INPUT_SCHEMA: The input of workflow "welcome" does not fit its schema: /names: ');
    expect(await start(['welcome', '-i', ADA, '--priority', '11'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('OPTIONS_INVALID'),
    });
  });

  it('with --watch shows it and ends as the job does', async () => {
    const { code, out } = await start(['welcome', '-i', ADA, '--watch']);
    expect(code).toBe(0);
    expect(out).toMatch(/\nCompleted, .*\n\{\n {2}"texts": \[\n {4}"Hello, Ada!"\n {2}\]\n\}\n$/);
    expect((await start(['breaking', '-w'])).code).toBe(1);
  });
});
