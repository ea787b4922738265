import type { JobState } from '@taskloom/client';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { jsonOf, runJob, type JobRun } from '../support/run-job.js';

jest.setTimeout(90_000);

interface Listed {
  readonly jobs: readonly JobState[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

let app: JobApp;
/** Oldest first. */
let ids: string[];

beforeAll(async () => {
  app = await startJobApp();
  const done = await app.engine.startWorkflow('welcome', { names: ['Ada'] });
  await done.result();
  const broken = await app.engine.startWorkflow('breaking', {});
  await broken.result().catch(() => {});
  const waiting = await app.engine.startWorkflow('waiting', {});
  await app.gate.reached;
  const graph = await app.engine.submitJob({ name: 'by\u001B[2J hand\nmade', tasks: [{ key: 'a', agent: 'greet', input: { name: 'x' } }] });
  await graph.result();
  ids = [done.id, broken.id, waiting.id, graph.id];
});
afterAll(stopJobApps);

const list = (...args: readonly string[]): Promise<JobRun> => runJob(['list', ...args, '--url', app.url]);
const idsOf = async (...args: readonly string[]): Promise<string[]> =>
  (jsonOf(await list(...args, '--json')) as Listed).jobs.map(({ id }) => id);

describe('taskloom job list', () => {
  it('shows jobs, newest first, in columns and without anything that steers a terminal', async () => {
    const { code, out, err } = await list();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [graph, waiting, broken, done, ...rest] = out.split('\n');
    expect(graph).toMatch(new RegExp(`^${ids[3]}  COMPLETED  by hand made  100 %, 2 of 2 tasks ended  took \\d+s$`));
    expect(waiting).toMatch(new RegExp(`^${ids[2]}  RUNNING    waiting       \\d+ %, 1 of 3 tasks ended   for \\d+s$`));
    expect(broken).toMatch(new RegExp(`^${ids[1]}  FAILED     breaking `));
    expect(done).toMatch(new RegExp(`^${ids[0]}  COMPLETED  welcome `));
    expect(rest).toEqual(['']);
  });

  it('gives programs one document', async () => {
    const run = await list('--json');
    expect(run.out.trimEnd()).not.toContain('\n');
    expect(run.out).not.toContain('\u001B');
    expect(jsonOf(run) as Listed).toMatchObject({ hasNextPage: false, endCursor: expect.any(String) });
    expect((jsonOf(run) as Listed).jobs[0]).toMatchObject({ id: ids[3], name: 'by\u001B[2J hand\nmade', counts: { total: 2 } });
  });

  it('narrows the list by status, workflow and name', async () => {
    expect(await idsOf('--status', 'completed')).toEqual([ids[3], ids[0]]);
    expect(await idsOf('--status', 'FAILED, running')).toEqual([ids[2], ids[1]]);
    expect(await idsOf('--workflow', 'welcome')).toEqual([ids[0]]);
    expect(await idsOf('--name', 'breaking')).toEqual([ids[1]]);
    expect((await list('--workflow', 'nothing')).out).toBe('No jobs.\n');
  });

  it('shows what is open, and in another order, also from page to page', async () => {
    expect(await idsOf('--open')).toEqual([ids[2]]);
    expect(await idsOf('--order', 'oldest')).toEqual(ids);
    const first = jsonOf(await list('--order', 'OLDEST', '--limit', '3', '--json')) as Listed;
    expect(await idsOf('--order', 'OLDEST', '--after', first.endCursor!)).toEqual([ids[3]]);
  });

  it('is cut where it is told, says so, and goes on from there', async () => {
    expect((await list('--limit', '3')).out).toContain('There are more; --limit 15 shows more of them.\n');
    const { jobs, endCursor, hasNextPage } = jsonOf(await list('--limit', '3', '--json')) as Listed;
    expect([jobs.length, hasNextPage]).toEqual([3, true]);
    expect(await idsOf('--after', endCursor!)).toEqual([ids[0]]);
  });

  it('reads as many pages as are asked for', async () => {
    const many = await startJobApp();
    for (let nth = 0; nth < 130; nth += 1)
      await many.engine.submitJob({ name: 'small', tasks: [{ key: 'a', agent: 'greet', input: { name: 'x' } }] });
    const { jobs, hasNextPage } = jsonOf(await runJob(['list', '--limit', '120', '--json', '--url', many.url])) as Listed;
    expect([new Set(jobs.map(({ id }) => id)).size, hasNextPage]).toEqual([120, true]);
  });

  it.each([
    ['--status', 'dead', 'There is no status "DEAD"; there are AWAITING_CONFIRMATION, RUNNING'],
    ['--order', 'name', 'There is no order "name"; there are NEWEST, OLDEST'],
    ['--limit', '0', 'whole number from 1 to 999999'],
    ['--limit', 'all', 'whole number from 1 to 999999'],
    ['--limit', '1000000', 'whole number from 1 to 999999'],
  ])('refuses %s %s as misuse', async (option, value, message) => {
    expect(await list(option, value)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });
});
