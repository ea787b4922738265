import { afterAll, describe, expect, it } from '@jest/globals';
import { defineAgent } from '@taskloom/core';
import { z } from 'zod';

import { ask, dataOf } from './support/ask.js';
import { startApp, stopApps } from './support/start-app.js';

afterAll(stopApps);

const asks = defineAgent({
  name: 'asks-somebody',
  input: z.object({ whom: z.string().optional() }),
  output: z.null(),
  execute: async ({ whom }, ctx) => {
    await ctx.ask('sure', { question: 'Sure?', ...(whom === undefined ? undefined : { assignee: whom }) });
    return null;
  },
});

const SUBMIT = `mutation ($job: SubmitJobInput!) { submitJob(job: $job) { id } }`;
const task = (key: string, more: object = {}): object => ({ key, agent: 'asks-somebody', input: {}, ...more });

describe('whom tasks and questions are meant for', () => {
  it('is said when they are submitted, shown, and filtered by', async () => {
    const app = await startApp();
    app.engine.register(asks);
    const job = {
      name: 'job',
      tasks: [task('legal', { assignee: 'team:legal' }), task('anna', { assignee: 'team:legal', input: { whom: 'anna' } }), task('nobody')],
    };
    const { submitJob } = await dataOf<{ submitJob: { id: string } }>(app.url, SUBMIT, { job });
    for await (const { type } of app.engine.events(submitJob.id)) {
      if (type !== 'HUMAN_REQUESTED') continue;
      const { items } = await app.engine.reader.humanRequests({ jobId: submitJob.id }, { first: 10 });
      if (items.length === 3) break;
    }
    const found = await dataOf<{
      tasks: { nodes: { key: string; assignee: string | null }[] };
      all: { taskKey: string; assignee: string | null }[];
      own: { taskKey: string }[];
    }>(
      app.url,
      `query ($jobId: ID!) {
        tasks(filter: { jobId: $jobId, assignee: "team:legal" }, first: 10) { nodes { key assignee } }
        all: humanRequests(jobId: $jobId) { taskKey assignee }
        own: humanRequests(jobId: $jobId, assignee: "anna") { taskKey }
      }`,
      { jobId: submitJob.id },
    );

    expect(found.tasks.nodes).toEqual([
      { key: 'legal', assignee: 'team:legal' },
      { key: 'anna', assignee: 'team:legal' },
    ]);
    expect(Object.fromEntries(found.all.map(({ taskKey, assignee }) => [taskKey, assignee]))).toEqual({
      legal: 'team:legal',
      anna: 'anna',
      nobody: null,
    });
    expect(found.own).toEqual([{ taskKey: 'anna' }]);
  });

  it('cannot be a blank', async () => {
    const app = await startApp();
    app.engine.register(asks);
    const job = { name: 'job', tasks: [task('a', { assignee: ' ' })] };
    const { errors } = await ask(app.url, SUBMIT, { job });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'GRAPH_INVALID' } });
  });
});
