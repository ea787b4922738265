import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';

import { dataOf } from './support/ask.js';
import { post, rawHttp } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(stopApps);

const QUERY = '{ workflows { name } }';
const JSON_BODY = { 'content-type': 'application/json' };

describe('the endpoint', () => {
  const audits = serverAudits({ url: () => app.url, fetchFn: fetch });
  // A request that was not well-formed is told so in its status, which proxies and logs see, also where a client accepts
  // application/json only and the specification would rather have 200.
  const deviations: ReadonlySet<string> = new Set([
    'SHOULD use 200 status code on document parsing failure when accepting application/json',
    'SHOULD use 200 status code on document validation failure when accepting application/json',
    'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
  ]);
  const required = audits.filter(({ name }) => !name.startsWith('MAY') && !deviations.has(name));

  it.each(required.map((audit) => [audit.name, audit] as const))('%s (GraphQL over HTTP)', async (_name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });

  it('Q11: answers a query by GET only with a header that no form can send', async () => {
    const url = `${app.url}?query=${encodeURIComponent(QUERY)}`;
    const plain = await rawHttp(url);
    expect(plain.status).toBe(400);
    expect(plain.json()).toMatchObject({ errors: [{ extensions: { code: 'CSRF_HEADER_REQUIRED' } }] });
    expect((await rawHttp(url, { headers: { 'apollo-require-preflight': 'true' } })).json()).toEqual({
      data: { workflows: [{ name: 'welcome' }] },
    });
  });

  it('Q11: refuses a mutation by GET', async () => {
    const answer = await rawHttp(`${app.url}?query=${encodeURIComponent('mutation { cancelJob(id: "x") { id } }')}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(answer.status).toBe(405);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses %s', async (method) => {
    const answer = await rawHttp(app.url, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, POST');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'Q11: refuses a body of type %j',
    async (contentType) => {
      const answer = await rawHttp(app.url, {
        method: 'POST',
        headers: contentType ? { 'content-type': contentType } : {},
        body: JSON.stringify({ query: QUERY }),
      });
      expect(answer.status).toBe(415);
      expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'CONTENT_TYPE_REFUSED' } }] });
    },
  );

  it('refuses a query by GET that comes with another type than JSON', async () => {
    const answer = await rawHttp(`${app.url}?query=${encodeURIComponent(QUERY)}`, { headers: { 'content-type': 'text/xml' } });
    expect(answer.status).toBe(415);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'CONTENT_TYPE_REFUSED' } }] });
  });

  it('does nothing for whoever takes no form of answer', async () => {
    const submit = 'mutation { submitJob(job: { name: "unanswered" }) { id } }';
    for (const accept of ['text/html', 'text/event-stream;q=0']) {
      const answer = await post(app.url, submit, { accept });
      expect(answer.status).toBe(406);
      expect(answer.json()).toMatchObject({
        errors: [{ message: `Nothing is answered as "${accept}".`, extensions: { code: 'NOT_ACCEPTABLE' } }],
      });
    }
    const { jobs } = await dataOf<{ jobs: object }>(app.url, '{ jobs(filter: { name: "unanswered" }) { totalCount } }');
    expect(jobs).toEqual({ totalCount: 0 });
    // What is said about JSON beside that it is wanted does not matter.
    expect((await post(app.url, submit, { accept: 'application/json; charset=latin1' })).json()).toMatchObject({
      data: { submitJob: { id: expect.any(String) } },
    });
  });

  it('refuses a subscription where only JSON is taken, and says how to subscribe', async () => {
    const answer = await post(app.url, 'subscription { jobUpdated { id } }', { accept: 'application/json' });
    expect(answer.status).toBe(406);
    expect(answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'NOT_ACCEPTABLE', remedy: expect.stringContaining('text/event-stream') } }],
    });
  });

  it('Q2: refuses an array of operations', async () => {
    const answer = await rawHttp(app.url, {
      method: 'POST',
      headers: JSON_BODY,
      body: JSON.stringify(Array.from({ length: 1_000 }, () => ({ query: QUERY }))),
    });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BATCH_REFUSED' } }] });
  });

  it.each(['', '{', 'null', '"text"', '[]', '{}', '{"query":5}', '{"query":""}', '{"query":"{ workflows { name } }","variables":5}'])(
    'refuses the body %j',
    async (body) => {
      const answer = await rawHttp(app.url, { method: 'POST', headers: JSON_BODY, body });
      expect(answer.status).toBe(400);
      expect(['BODY_NOT_JSON', 'BAD_REQUEST', 'BATCH_REFUSED']).toContain(answer.json().errors![0]!.extensions.code);
    },
  );

  it('takes a body of up to 1 MiB, though the parser of the application takes 100 kB, and refuses a larger one', async () => {
    const start = 'mutation ($input: JSON!) { startWorkflow(name: "welcome", input: $input) { id } }';
    await dataOf(app.url, start, { input: { name: 'x'.repeat(900_000) } });
    const body = JSON.stringify({ query: start, variables: { input: { name: 'x'.repeat(1_100_000) } } });
    for (const headers of [{ 'content-length': String(Buffer.byteLength(body)) }, { 'transfer-encoding': 'chunked' }] as Record<
      string,
      string
    >[]) {
      const answer = await rawHttp(app.url, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body });
      expect(answer.status).toBe(413);
      expect(answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'BODY_TOO_LARGE', details: { limit: 1_048_576, setting: 'api.limits.bodyBytes' } } }],
      });
    }
    const huge = await rawHttp(app.url, { method: 'POST', headers: { ...JSON_BODY, 'content-length': '1000000000' }, body: '{' });
    expect(huge).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  it('leaves every other path to the application', async () => {
    expect((await rawHttp(`${app.url}/other`)).status).toBe(404);
    expect((await rawHttp(`${app.origin}/graphqlx`)).status).toBe(404);
  });

  it('never answers with a stack', async () => {
    const answer = await post(app.url, '{ job(id: 5.5) { id } }');
    expect(answer.body).not.toMatch(/stack|\bat \S+ \(/);
  });
});
