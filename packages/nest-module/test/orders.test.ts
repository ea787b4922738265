import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@taskloom/core/testing';

import { ask, dataOf } from './support/ask.js';
import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

const HOUR = 3_600_000;
const clock = new VirtualClock();
let app: TestApp;

/** Four jobs an hour apart; `b` and `d` go on. */
beforeAll(async () => {
  app = await startApp({ taskloom: { clock, timeout: 0 } });
  const start = clock.now();
  const submit = async (
    name: string,
    agent: string,
    options: { readonly priority?: number; readonly deadline?: number },
  ): Promise<void> => {
    const tasks = ['slow', 'urgent'].map((key) => ({
      key: `${name}-${key}`,
      agent,
      input: agent === 'greet' ? { name } : {},
      priority: key === 'urgent' ? 9 : 2,
    }));
    const { id } = await app.engine.submitJob({ name, tasks, options });
    if (agent === 'greet') await ended(app.engine, id);
    else await app.gate.reached;
    await clock.advance(HOUR);
  };
  await submit('a', 'greet', { priority: 3, deadline: start + 90 * HOUR });
  await submit('b', 'wait', { priority: 9 });
  await submit('c', 'greet', { priority: 9, deadline: start + 50 * HOUR });
  await submit('d', 'wait', {});
});
afterAll(async () => {
  app.gate.open();
  await stopApps();
});

const names = async (args: string): Promise<string> => {
  const { jobs } = await dataOf<{ jobs: { nodes: { name: string }[] } }>(app.url, `{ jobs(${args}) { nodes { name } } }`);
  return jobs.nodes.map(({ name }) => name).join(' ');
};
const keys = async (args: string): Promise<string[]> => {
  const { tasks } = await dataOf<{ tasks: { nodes: { key: string }[] } }>(app.url, `{ tasks(${args}) { nodes { key } } }`);
  return tasks.nodes.map(({ key }) => key);
};

describe('jobs', () => {
  it.each([
    ['first: 9', 'd c b a'],
    ['order: NEWEST', 'd c b a'],
    ['order: OLDEST', 'a b c d'],
    ['order: PRIORITY', 'c b d a'],
    ['order: DEADLINE', 'c a d b'],
    ['order: FINISHED', 'c a d b'],
    ['order: OLDEST, filter: { open: true }', 'b d'],
    ['order: OLDEST, filter: { open: false }', 'a c'],
  ])('come in the order that was asked for: %s', async (args, expected) => {
    expect(await names(args)).toBe(expected);
  });

  it('are narrowed by when they were accepted', async () => {
    const at = (hours: number): string => new Date(clock.now() + (hours - 4) * HOUR).toISOString();
    expect(await names(`order: OLDEST, filter: { createdAfter: "${at(0)}" }`)).toBe('b c d');
    expect(await names(`order: OLDEST, filter: { createdBefore: "${at(2)}" }`)).toBe('a b');
    expect(await names(`filter: { createdAfter: "${at(0)}", createdBefore: "${at(2)}" }`)).toBe('b');
  });

  it('are read on in their order; its cursors hold in no other (Q6)', async () => {
    type Data = { jobs: { nodes: { name: string }[]; pageInfo: { endCursor: string } } };
    const page = (rest: string): string => `{ jobs(first: 3, ${rest}) { nodes { name } pageInfo { endCursor } } }`;
    const { jobs } = await dataOf<Data>(app.url, page('order: PRIORITY'));
    expect(await names(`order: PRIORITY, after: "${jobs.pageInfo.endCursor}"`)).toBe('a');
    for (const order of ['NEWEST', 'DEADLINE'])
      expect((await ask(app.url, page(`order: ${order}, after: "${jobs.pageInfo.endCursor}"`))).errors).toMatchObject([
        { extensions: { code: 'CURSOR_INVALID' } },
      ]);
  });
});

describe('tasks', () => {
  it.each([
    ['filter: { type: [TASK] }', ['d-slow', 'd-urgent', 'c-slow', 'c-urgent', 'b-slow', 'b-urgent', 'a-slow', 'a-urgent']],
    ['filter: { type: [TASK], ofOpenJobs: true }', ['d-slow', 'd-urgent', 'b-slow', 'b-urgent']],
    ['filter: { type: [TASK], ofOpenJobs: true }, order: PRIORITY', ['d-urgent', 'b-urgent', 'd-slow', 'b-slow']],
    ['filter: { type: [TASK], status: [IN_PROGRESS] }, order: RUNNING_LONGEST, first: 2', expect.arrayContaining(['b-slow', 'b-urgent'])],
    ['filter: { type: [TASK] }, order: UPDATED, first: 2', expect.arrayContaining(['d-slow', 'd-urgent'])],
  ])('come in the order that was asked for: %s', async (args, expected) => {
    expect(await keys(args)).toEqual(expected);
  });

  it('of one job, too', async () => {
    type Data = { jobs: { nodes: { tasks: { nodes: { key: string }[] } }[] } };
    const { jobs } = await dataOf<Data>(
      app.url,
      '{ jobs(filter: { name: "a" }) { nodes { tasks(type: [TASK], order: PRIORITY) { nodes { key } } } } }',
    );
    expect(jobs.nodes[0]!.tasks.nodes.map(({ key }) => key)).toEqual(['a-urgent', 'a-slow']);
  });
});

describe('an order that there is not (Q10)', () => {
  it.each(['order: NAME', 'order: "name; DROP TABLE x"', 'order: newest', 'order: 1'])('is refused: %s', async (order) => {
    for (const list of [`jobs(${order})`, `tasks(filter: {}, ${order})`])
      expect((await ask(app.url, `{ ${list} { nodes { id } } }`)).errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
  });
});
