import { afterEach, describe, expect, it } from '@jest/globals';
import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

import type { AuthorizeHooks } from '../src/index.js';
import { ask, dataOf } from './support/ask.js';
import { runJob } from './support/jobs.js';
import { statementsDuring } from './support/sql-statements.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

afterEach(stopApps);

const Amounts = z.record(z.string(), z.number());

@TaskAgent({ name: 'spend', description: 'Spends what it is told to', version: '1', input: Amounts, output: z.null() })
class Spend {
  execute(amounts: Record<string, number>, ctx: TaskContext): null {
    ctx.cost(amounts);
    return null;
  }
}

const COSTS = `query ($id: ID!) { job(id: $id) {
  cost { unit amount }
  rolledUpCost { cost { unit amount } stories { taskId key name cost { unit amount } } }
  tasks { nodes { key cost { unit amount } } }
  report { cost { unit amount } tasks { key cost { unit amount } totalCost { unit amount } } } } }`;

function start(authorize?: AuthorizeHooks): Promise<TestApp> {
  return startApp({ providers: [Spend], ...(authorize && { taskloom: { api: { authorize } } }) });
}

const tokens = (amount: number) => [{ unit: 'tokens', amount }];

/** Two stories that spend, and a task that spends nothing. */
function spendingJob({ engine }: TestApp): Promise<string> {
  return runJob(engine, [
    { key: 'read', type: 'STORY', name: 'Reading' },
    { key: 'write', type: 'STORY' },
    { key: 'a', parent: 'read', agent: 'spend', input: { tokens: 100 } },
    { key: 'b', parent: 'read', agent: 'spend', input: { tokens: 20, usd: 0.5 } },
    { key: 'c', parent: 'write', agent: 'spend', input: { tokens: 3 } },
    { key: 'free', agent: 'greet', input: { name: 'Ada' } },
  ]);
}

describe('what a job has spent', () => {
  it('is told of the job, of its stories and of its tasks, by unit', async () => {
    const app = await start();
    const id = await spendingJob(app);
    const whole = [...tokens(123), { unit: 'usd', amount: 0.5 }];
    const reading = [...tokens(120), { unit: 'usd', amount: 0.5 }];
    const { job } = await dataOf<{ job: object }>(app.url, COSTS, { id });
    expect(job).toMatchObject({
      cost: whole,
      rolledUpCost: {
        cost: whole,
        stories: [
          { taskId: `${id}:1`, key: 'read', name: 'Reading', cost: reading },
          { taskId: `${id}:2`, key: 'write', name: 'write', cost: tokens(3) },
        ],
      },
      report: { cost: whole },
    });
    const own: Record<string, object[]> = { a: tokens(100), b: [...tokens(20), { unit: 'usd', amount: 0.5 }], c: tokens(3) };
    const totals: Record<string, object[]> = { ...own, read: reading, write: tokens(3) };
    const { tasks, report } = job as {
      tasks: { nodes: { key: string; cost: object[] }[] };
      report: { tasks: { key: string; cost: object[]; totalCost: object[] }[] };
    };
    for (const { key, cost } of tasks.nodes) expect({ key, cost }).toEqual({ key, cost: own[key] ?? [] });
    for (const { key, cost, totalCost } of report.tasks)
      expect({ key, cost, totalCost }).toEqual({ key, cost: own[key] ?? [], totalCost: totals[key] ?? (key === 'free' ? [] : whole) });
  });

  it('is read with one statement for a page of tasks, and one for a page of jobs', async () => {
    const app = await start();
    const id = await runJob(
      app.engine,
      Array.from({ length: 60 }, (_, index) => ({ key: `t${index}`, agent: 'spend', input: { tokens: index + 1 } })),
    );
    for (let index = 0; index < 8; index += 1) await runJob(app.engine, [{ key: 'a', agent: 'spend', input: { tokens: 1 } }]);
    const statements = async (query: string): Promise<number> => (await statementsDuring(() => dataOf(app.url, query))).length;
    const tasks = (fields: string): Promise<number> => statements(`{ job(id: "${id}") { tasks(first: 100) { nodes { ${fields} } } } }`);
    expect((await tasks('key cost { unit amount }')) - (await tasks('key'))).toBe(1);
    const jobs = (fields: string): Promise<number> => statements(`{ jobs { nodes { ${fields} } } }`);
    expect((await jobs('id cost { unit amount }')) - (await jobs('id'))).toBe(1);
  });

  it('is charged by the size of the job where all of its tasks are read', async () => {
    const app = await startApp({ providers: [Spend], taskloom: { api: { limits: { nodes: 5 } } } });
    const ROLLED_UP = 'query ($id: ID!) { job(id: $id) { cost { amount } rolledUpCost { cost { amount } } } }';
    const small = await spendingJob(app);
    expect((await ask(app.url, ROLLED_UP, { id: small })).errors).toEqual([]);
    const many = Array.from({ length: 60 }, (_, index) => ({ key: `t${index}`, agent: 'spend', input: { tokens: 1 } }));
    const large = await runJob(app.engine, many);
    expect((await ask(app.url, ROLLED_UP, { id: large })).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  });

  it('tells of no story and no task that is hidden; the sum of the job counts all', async () => {
    const app = await start({ caller: () => true, task: (_caller, task) => !['read', 'b'].includes(task.key) });
    const id = await spendingJob(app);
    const { job } = await dataOf<{ job: { tasks: { nodes: { key: string }[] }; report: { tasks: { key: string }[] } } }>(app.url, COSTS, {
      id,
    });
    expect(job).toMatchObject({
      cost: [...tokens(123), { unit: 'usd', amount: 0.5 }],
      rolledUpCost: { stories: [{ key: 'write', cost: tokens(3) }] },
    });
    expect(job.tasks.nodes.map(({ key }) => key)).toEqual(['objective', 'write', 'a', 'c', 'free']);
    expect(job.report.tasks.map(({ key }) => key)).not.toContain('b');
  });
});
