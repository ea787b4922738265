import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, dataOf } from './support/ask.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  // Nothing that was refused has left a trace.
  const { jobs } = await dataOf<{ jobs: { totalCount: number } }>(app.url, '{ jobs { totalCount } }');
  await stopApps();
  expect(jobs.totalCount).toBe(0);
});

const START = 'mutation ($name: String!, $input: JSON!) { startWorkflow(name: $name, input: $input) { id } }';
const SUBMIT = 'mutation ($job: SubmitJobInput!) { submitJob(job: $job) { id } }';

describe('a workflow or an agent that does not exist (Q13)', () => {
  it('is refused with the nearest names', async () => {
    const { errors } = await ask(app.url, START, { name: 'wellcome', input: {} });
    expect(errors).toMatchObject([
      { path: ['startWorkflow'], extensions: { code: 'UNKNOWN_WORKFLOW', remedy: expect.any(String), details: { nearest: ['welcome'] } } },
    ]);
    const { errors: ofJob } = await ask(app.url, SUBMIT, { job: { name: 'x', tasks: [{ key: 'a', agent: 'gret', input: {} }] } });
    expect(ofJob).toMatchObject([{ extensions: { code: 'UNKNOWN_AGENT' } }]);
    expect(ofJob[0]!.message).toContain('greet');
  });
});

describe('an input that does not fit its schema, or is no input (Q8)', () => {
  it('is refused with JSON Pointers, for workflows and tasks', async () => {
    const { errors } = await ask(app.url, START, { name: 'welcome', input: { name: 5 } });
    expect(errors).toMatchObject([
      { extensions: { code: 'INPUT_SCHEMA', details: { issues: [{ path: '/name', message: expect.any(String) }] } } },
    ]);
    const { errors: ofJob } = await ask(app.url, SUBMIT, {
      job: { name: 'x', tasks: [{ key: 'a', agent: 'greet', input: { name: '' } }] },
    });
    expect(ofJob).toMatchObject([{ extensions: { code: 'INPUT_SCHEMA', details: { issues: [{ path: '/name' }] } } }]);
  });

  it.each([
    ['a forbidden key', '{"name":"x","__proto__":{"polluted":true}}', 'INPUT_NOT_JSON'],
    ['too much nesting', `{"name":${'['.repeat(300)}${']'.repeat(300)}}`, 'INPUT_NOT_JSON'],
    ['20,000 levels', `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'INPUT_NOT_JSON'],
    ['a number that is none', '{"name":1e400}', 'INPUT_NOT_JSON'],
    ['1,000,000 keys', `{"name":{${Array.from({ length: 1_000_000 }, (_, key) => `"${key}":0`).join()}}}`, 'BODY_TOO_LARGE'],
    ['10 MiB', `{"name":"${'x'.repeat(10_485_760)}"}`, 'BODY_TOO_LARGE'],
  ])('is refused for %s', async (_what, input, code) => {
    const body = `{"query":${JSON.stringify(START)},"variables":{"name":"welcome","input":${input}}}`;
    const response = await fetch(app.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('JSON that says less than its sender means (Q8)', () => {
  const echo = async (input: string): Promise<unknown> => {
    const query = 'query ($input: JSON!) { agentsAccepting(input: $input) { name } }';
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":{"input":${input}}}`,
    });
    const { data } = (await response.json()) as { data: { agentsAccepting: { name: string }[] } };
    return data.agentsAccepting.map(({ name }) => name);
  };

  it('is read as JSON.parse reads it: of two equal keys the last counts, and a character NUL is a character', async () => {
    expect(await echo('{"name":5,"name":"Ada"}')).toContain('greet');
    expect(await echo('{"name":"Ada","name":5}')).not.toContain('greet');
    expect(await echo('{"name":"\\u0000"}')).toContain('greet');
  });
});

describe('a graph with several faults', () => {
  it('is refused with all of them in one error', async () => {
    const tasks = [
      { key: 'a', agent: 'greet', input: { name: 'a' }, dependsOn: [{ task: 'b' }] },
      { key: 'b', agent: 'greet', input: { name: 'b' }, dependsOn: [{ task: 'a' }] },
      { key: 'twice', agent: 'greet', input: { name: 'c' } },
      { key: 'twice', agent: 'greet', input: { name: 'd' } },
      { key: 'lost', agent: 'greet', input: { name: 'e' }, dependsOn: [{ task: 'twise' }] },
    ];
    const { errors } = await ask(app.url, SUBMIT, { job: { name: 'faulty', tasks } });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ extensions: { code: 'GRAPH_INVALID' } });
    const problems = (errors[0]!.extensions.details as unknown as { problems: { code: string; taskKey: string; message: string }[] })
      .problems;
    expect(problems.map(({ code }) => code).sort()).toEqual(['DUPLICATE_TASK', 'GRAPH_CYCLE', 'UNKNOWN_DEPENDENCY']);
    expect(problems.find(({ code }) => code === 'UNKNOWN_DEPENDENCY')).toMatchObject({
      taskKey: 'lost',
      message: expect.stringContaining('twice'),
    });
  });
});

describe('variables (Q9)', () => {
  it.each([
    ['of the wrong type', { name: 5, input: {} }],
    ['that are missing', { name: 'welcome' }],
    ['that are null', { name: null, input: {} }],
  ])('%s are refused by name with 400', async (_what, variables) => {
    const { status, errors } = await ask(app.url, START, variables);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ message: expect.stringContaining('Variable "$'), extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('that nobody asked for are left alone', async () => {
    expect((await ask(app.url, '{ workflows { name } }', { more: 1 })).errors).toEqual([]);
  });

  it('with unknown or wrongly written enum values and fields are refused', async () => {
    const { errors } = await ask(app.url, 'query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }', {
      filter: { status: ['running'] },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const { errors: field } = await ask(app.url, 'query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }', {
      filter: { "name'); DROP TABLE job; --": 1 },
    });
    expect(field).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('Q10: cannot carry SQL into a filter', async () => {
    for (const text of ["' OR 1=1 --", '%', '_', "x' UNION SELECT * FROM taskloom_job --"]) {
      expect(
        await dataOf(app.url, 'query ($text: String) { tasks(filter: { text: $text, kind: $text, agent: $text }) { nodes { id } } }', {
          text,
        }),
      ).toEqual({ tasks: { nodes: [] } });
    }
  });
});
