import { afterEach, describe, expect, it } from '@jest/globals';

import { post, rawHttp } from './support/raw-http.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(stopApps);

const HTML = { accept: 'text/html,application/xhtml+xml' };

describe('GraphiQL', () => {
  it('is served to browsers that open the endpoint, all of it from the server itself', async () => {
    const { url, origin } = await startApp();
    const page = await rawHttp(url, { headers: HTML });
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/https?:/);

    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!).filter((file) => !file.startsWith('data:'));
    expect(files).toHaveLength(7);
    for (const file of files) {
      const answer = await rawHttp(new URL(file, origin).href);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(file.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
      expect(answer.body.length).toBeGreaterThan(20);
    }
    const style = await rawHttp(`${url}/graphiql/graphiql.css`);
    expect(style.body).not.toMatch(/url\((?!"?data:)/);
  });

  it('serves nothing else from there', async () => {
    const { url } = await startApp();
    for (const file of [
      'nothing.js',
      '../package.json',
      '..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/package.json',
      '',
      'x?query={__typename}',
    ])
      expect(await rawHttp(`${url}/graphiql/${file}`, { headers: { 'apollo-require-preflight': 'true' } })).toMatchObject({
        status: 404,
        body: expect.stringContaining('Cannot GET /'),
      });
    expect((await post(`${url}/graphiql/x`, '{ __typename }')).status).toBe(404);
  });

  it('follows the path of the endpoint', async () => {
    const { url } = await startApp({ taskloom: { api: { path: '/ops/taskloom' } } });
    const page = await rawHttp(url, { headers: HTML });
    expect(page.body).toContain('src="/ops/taskloom/graphiql/boot.js"');
    expect((await rawHttp(`${url}/graphiql/boot.js`)).body).toContain('"/ops/taskloom"');
  });

  it('is off where that was said, and the answer says how to switch it on', async () => {
    const { url } = await startApp({ taskloom: { api: { graphiql: false } } });
    const answer = await rawHttp(url, { headers: HTML });
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHIQL_DISABLED', remedy: expect.stringContaining('api.graphiql: true') } }],
    });
    expect((await rawHttp(`${url}/graphiql/boot.js`)).status).toBe(404);
  });
});

describe('in production', () => {
  const before = process.env['NODE_ENV'];
  afterEach(() => {
    process.env['NODE_ENV'] = before;
  });

  it('Q12: GraphiQL, introspection and suggestions are off, and each can be switched on', async () => {
    process.env['NODE_ENV'] = 'production';
    const { url } = await startApp();
    expect((await rawHttp(url, { headers: HTML })).status).toBe(404);
    const introspection = await post(url, '{ __schema { types { name } } }');
    expect(introspection.status).toBe(400);
    expect(introspection.json()).toMatchObject({
      errors: [{ extensions: { code: 'INTROSPECTION_DISABLED', remedy: expect.stringContaining('api.introspection: true') } }],
    });
    expect((await post(url, '{ workflow { name } }')).body).not.toContain('Did you mean');
    expect((await post(url, '{ workflos { name } }')).body).not.toContain('workflows');
    expect((await post(url, '{ __typename workflows { name } }')).status).toBe(200);

    const open = await startApp({ taskloom: { api: { graphiql: true, introspection: true } } });
    expect((await rawHttp(open.url, { headers: HTML })).status).toBe(200);
    expect((await post(open.url, '{ __schema { types { name } } }')).status).toBe(200);
  });
});
