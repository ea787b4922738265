import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineAgent, defineWorkflow } from '@taskloom/core';
import { z } from 'zod';

import type { ApiRequest } from '../src/index.js';
import { ask, dataOf } from './support/ask.js';
import { post, rawHttp } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

const COUNTING = [
  defineAgent({ name: 'count', input: z.strictObject({ n: z.int() }), output: z.null(), execute: () => null }),
  defineAgent({ name: 'count-rough', input: z.strictObject({ n: z.number() }), output: z.null(), execute: () => null }),
];

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ taskloom: { definitions: COUNTING } });
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

  it('is refused with three names at most, and with none to whoever is not admitted', async () => {
    const definitions = Array.from({ length: 9 }, (_, index) =>
      defineWorkflow({ name: `report-${index}`, input: z.object({}), plan: () => undefined }),
    );
    const authorize = ({ headers }: ApiRequest) => headers['x-user'] === 'ada';
    const guarded = await startApp({ taskloom: { definitions, api: { authorize } } });
    const start = 'mutation { startWorkflow(name: "report", input: {}) { id } }';
    const { errors } = (await post(guarded.url, start, { 'x-user': 'ada' })).json();
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'UNKNOWN_WORKFLOW',
          details: { nearest: [/^report-/, /^report-/, /^report-/].map((name) => expect.stringMatching(name)) },
        },
      },
    ]);
    expect(errors![0]!.message.match(/report-\d/g)).toHaveLength(3);
    const refused = await post(guarded.url, start, { 'x-user': 'eve' });
    expect(refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(refused.body).not.toMatch(/report-\d/);
    await guarded.app.close();
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

  it.each([
    ['a forbidden key', '{"name":"x","deep":{"__proto__":1}}', /the key "__proto__" is not allowed/],
    ['too much nesting', `{"name":${'['.repeat(300)}${']'.repeat(300)}}`, /deeper than 200 levels/],
    ['a number that is none', '{"name":"x","sum":-1e400}', /at \/sum: -Infinity has no JSON form/],
  ])('names the place and the rule: %s', async (_what, input, rule) => {
    const body = `{"query":${JSON.stringify(START)},"variables":{"name":"welcome","input":${input}}}`;
    const response = await fetch(app.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(rule),
          extensions: { code: 'INPUT_NOT_JSON', remedy: expect.stringContaining('200 levels'), details: { path: expect.any(String) } },
        },
      ],
    });
  });

  it('is refused by its own limit where the body is within its own, and shows both sizes', async () => {
    const narrow = await startApp({ taskloom: { limits: { inputBytes: 2_000 } } });
    const large = { name: 'x'.repeat(2_000) };
    const tooLarge = { code: 'INPUT_TOO_LARGE', details: { bytes: 2_011, limit: 2_000 } };
    expect((await ask(narrow.url, START, { name: 'welcome', input: large })).errors).toMatchObject([{ extensions: tooLarge }]);
    const job = { name: 'x', tasks: [{ key: 'a', agent: 'greet', input: large }] };
    expect((await ask(narrow.url, SUBMIT, { job })).errors).toMatchObject([{ extensions: tooLarge }]);
    expect(await dataOf(narrow.url, '{ jobs { totalCount } }')).toEqual({ jobs: { totalCount: 0 } });
    await narrow.app.close();
  });
});

describe('JSON that says less than its sender means (Q8)', () => {
  const echo = async (input: string): Promise<string[]> => {
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

  it('is read as JSON.parse reads it: a whole number beyond 2^53 is the nearest one that there is, an agent’s schema may refuse it', async () => {
    expect(await echo('{"n":9007199254740991}')).toEqual(expect.arrayContaining(['count', 'count-rough']));
    const beyond = await echo('{"n":9007199254740993}');
    expect(beyond).toContain('count-rough');
    expect(beyond).not.toContain('count');
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

describe('what is asked for in the wrong way', () => {
  it('is told what an id of a task is made of', async () => {
    const { errors } = await ask(app.url, 'mutation { retryTask(id: "greet") { id } }');
    expect(errors).toMatchObject([
      {
        message: '"greet" cannot be the id of a task.',
        extensions: {
          code: 'ID_INVALID',
          remedy: 'Use the `id` of a task, not its key: the id of its job, a colon and its number, such as "order-17:3".',
          details: { rule: 'the id of its job, a colon and its number, such as "order-17:3"' },
        },
      },
    ]);
  });

  it.each([
    ['{ jobs(first: 0) { totalCount } }', 'Ask for 1 to 100 items, and for more with `after`.'],
    ['{ tasks(filter: {}, first: 0) { totalCount } }', 'Ask for 1 to 100 items, and for more with `after`.'],
    ['{ humanRequests(first: 0) { id } }', 'Ask for 1 to 100 items.'],
  ])('is told how to read on only where one can: %s', async (query, remedy) => {
    expect((await ask(app.url, query)).errors).toMatchObject([{ extensions: { code: 'PAGE_SIZE', remedy } }]);
  });

  it('is told that a packed body is not unpacked', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { status, json } = await rawHttp(app.url, { method: 'POST', headers, body: 'packed' });
    expect(status).toBe(400);
    expect(json()).toMatchObject({
      errors: [
        {
          message: 'The body of the request is not JSON; `content-encoding: gzip` is not unpacked.',
          extensions: { code: 'BODY_NOT_JSON' },
        },
      ],
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

  const DEADLINE = 'mutation ($value: DateTime) { startWorkflow(name: "welcome", input: {}, options: { deadline: $value }) { id } }';
  const METADATA = 'mutation ($value: JSONObject) { startWorkflow(name: "welcome", input: {}, options: { metadata: $value }) { id } }';
  it.each([
    ['a moment', DEADLINE, '2027-02-30T00:00:00Z', '"2027-02-30T00:00:00Z"; Expected a text such as "2027-01-01T04:00:00Z" (RFC 3339).'],
    ['a moment', DEADLINE, [{}], '[{}]; Expected a text such as "2027-01-01T04:00:00Z" (RFC 3339).'],
    ['an object', METADATA, [{}], '[{}]; Expected an object.'],
    ['an object', METADATA, [], '[]; Expected an object.'],
  ])('that are not %s are told what is expected', async (_what, query, value, told) => {
    const { status, errors } = await ask(app.url, query, { value });
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ message: `Variable "$value" got invalid value ${told}`, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each([
    [
      '{ jobs(filter: { createdAfter: { a: 1 } }) { totalCount } }',
      'Expected a text such as "2027-01-01T04:00:00Z" (RFC 3339), found {a: 1}.',
    ],
    ['mutation { submitJob(job: { name: "x", options: { metadata: [{ a: 1 }] } }) { id } }', 'Expected an object, found [{a: 1}].'],
  ])('and values in the query: %s', async (query, message) => {
    expect((await ask(app.url, query)).errors).toMatchObject([
      { message, locations: [expect.any(Object)], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
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

  it.each(["name'); DROP TABLE taskloom_job; --", "a->>'b'", "$.x') OR 1=1--", 'metadata', '__proto__'])(
    'Q10: are of a closed list: the filter %j is refused, in the query and in variables, and nothing happens',
    async (key) => {
      for (const [list, type] of [
        ['jobs', 'JobFilter'],
        ['tasks', 'TaskFilter!'],
      ]) {
        const written = await ask(app.url, `{ ${list}(filter: { ${key}: 1 }) { nodes { id } } }`);
        expect(written).toMatchObject({ status: 400, data: undefined });
        expect(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']).toContain(written.errors[0]!.extensions.code);
        const body = `{"query":"query ($filter: ${type}) { ${list}(filter: $filter) { nodes { id } } }","variables":{"filter":{${JSON.stringify(key)}:1}}}`;
        const sent = await rawHttp(app.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        expect(sent.status).toBe(400);
        expect(sent.json()).toMatchObject({
          errors: [
            {
              message: expect.stringContaining(`is not defined by type "${type!.replace('!', '')}"`),
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ],
        });
      }
      expect(await dataOf(app.url, '{ jobs { totalCount } }')).toEqual({ jobs: { totalCount: 0 } });
    },
  );
});
