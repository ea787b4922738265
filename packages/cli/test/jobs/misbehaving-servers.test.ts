import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { closeFakeServers, fakeServer } from '../support/fake-server.js';
import { startJobApp, stopJobApps } from '../support/job-app.js';
import { errorOf, jsonOf, runJob, type JobRun } from '../support/run-job.js';

jest.setTimeout(90_000);

afterEach(async () => {
  await closeFakeServers();
  await stopJobApps();
});

const list = (url: string, ...args: readonly string[]): Promise<JobRun> => runJob(['list', '--url', url, ...args]);
const always = async (status: number, type: string, text: string): Promise<string> =>
  (await fakeServer((response) => response.writeHead(status, { 'content-type': type }).end(text))).url;
const refusing = (status: number, code: string, more: object = {}): Promise<string> =>
  always(
    status,
    'application/graphql-response+json',
    JSON.stringify({ errors: [{ message: 'It\u001B[2J was\nrefused.', extensions: { code, remedy: 'Do better.', ...more } }] }),
  );

/** Where a server was that is gone. */
async function addressOfNothing(): Promise<string> {
  const server = await fakeServer(() => {});
  await server.close();
  return server.url;
}

/** Whatever goes wrong is one error and what to do, and no stack. */
function expectTold(run: JobRun, code: number, error: string): void {
  expect(run).toMatchObject({ code, out: '' });
  expect(run.err).toMatch(new RegExp(`^error ${error}: [^]+\\n {2}\\S.*\\n$`));
  expect(run.err).not.toMatch(/^ +at /m);
  expect(run.err).not.toContain('\u001B');
}

describe('a server that', () => {
  it('is not there ends a command with 3, and says which address was tried', async () => {
    const url = await addressOfNothing();
    const run = await list(url);
    expectTold(run, 3, 'SERVER_UNREACHABLE');
    expect(run.err).toContain('ECONNREFUSED');
    expect(run.err).toContain(`is ${url} its API?`);
  });

  it('does not exist ends a command with 3', async () => {
    expectTold(await list('http://taskloom.invalid/graphql'), 3, 'SERVER_UNREACHABLE');
  });

  it.each([
    ['answers with a page', 200, 'text/html; charset=utf-8', '<html></html>', 'answered 200 and text/html instead of JSON'],
    ['has no such path', 404, 'text/html', '<html></html>', 'answered 404 and text/html instead of JSON'],
    ['speaks JSON of another kind', 200, 'application/json', '{"hello":"world"}', 'JSON that is no answer of the API'],
    ['answers with nothing', 204, 'text/plain', '', 'answered 204'],
  ])('%s is none of the API: 3', async (_what, status, type, text, message) => {
    const run = await list(await always(status, type, text));
    expectTold(run, 3, 'NOT_THE_API');
    expect(run.err).toContain(message);
    expect(run.err).toContain('--url');
  });

  it('stands behind a proxy in trouble ends a command with 3', async () => {
    expectTold(await list(await always(502, 'text/html', '<html></html>')), 3, 'SERVER_UNREACHABLE');
  });

  it('breaks off in mid-answer ends a command with 3', async () => {
    const { url } = await fakeServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"data":', () => response.destroy());
    });
    expectTold(await list(url), 3, 'SERVER_UNREACHABLE');
  });

  it.each([401, 403])("admits callers by an application's own guard ends a command with 4 at %d", async (status) => {
    const run = await list(await always(status, 'application/json', JSON.stringify({ statusCode: status, message: 'No' })));
    expectTold(run, 4, 'SERVER_REFUSED');
    expect(run.err).toContain('--token (or TASKLOOM_TOKEN) or --header');
  });

  it.each([
    [401, 'FORBIDDEN', 4],
    [403, 'AUTH_REQUIRED', 4],
    [200, 'NOT_FOUND', 4],
    [200, 'CURSOR_EXPIRED', 4],
    [200, 'JOB_ALREADY_TERMINAL', 5],
    [400, 'GRAPHQL_VALIDATION_FAILED', 5],
    [429, 'RATE_LIMITED', 5],
  ])('refuses with %d and %s ends a command with %i', async (status, code, exitCode) => {
    const run = await list(await refusing(status, code));
    expectTold(run, exitCode, code);
    // Of several lines, and no line that looks like another message.
    expect(run.err).toContain(': It was\n  refused.\n');
    expect(run.err).toContain('Do better.');
  });

  it('has a defect is told with the id to look for in its log', async () => {
    const run = await list(await refusing(500, 'INTERNAL', { correlationId: 'c-17' }));
    expectTold(run, 5, 'INTERNAL');
    expect(run.err).toContain('under c-17');
  });

  it('refuses tells programs with code, message, remedy and details', async () => {
    const run = await list(await refusing(200, 'INPUT_SCHEMA', { details: { issues: [{ path: '/a' }] } }), '--json');
    expect(run).toMatchObject({ code: 5, out: '' });
    expect(errorOf(run)).toEqual({
      code: 'INPUT_SCHEMA',
      message: 'It was\nrefused.',
      remedy: 'Do better.',
      details: { issues: [{ path: '/a' }] },
    });
    expect(run.err.trimEnd()).not.toContain('\n');
    expect(errorOf(await list(await addressOfNothing(), '--json')).code).toBe('SERVER_UNREACHABLE');
  });

  it('shows a stack to whoever asks for it', async () => {
    expect((await list(await refusing(200, 'NOT_FOUND'), '--stack')).err).toMatch(/^ +at /m);
  });
});

describe('a server that admits some callers', () => {
  const authorize = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) =>
    headers['authorization'] === 'Bearer sesame' || headers['x-api-key'] === 'sesame';

  it('serves requests and streams of those, by token, by header or by what the environment says', async () => {
    const { url } = await startJobApp({ api: { authorize } });
    for (const [args, env] of [
      [['--token', 'sesame'], {}],
      [['--header', 'X-Api-Key: sesame'], {}],
      [['--header', 'Authorization: Bearer sesame'], { TASKLOOM_TOKEN: 'wrong' }],
      [[], { TASKLOOM_TOKEN: 'sesame' }],
      [['--token', 'sesame'], { TASKLOOM_TOKEN: 'wrong' }],
    ] as const) {
      const run = await runJob(['start', 'welcome', '-i', '{"names":[]}', '--watch', '--url', url, ...args], { env });
      expect(run).toMatchObject({ code: 0, err: '' });
    }
  });

  it('refuses others with 4', async () => {
    const { url } = await startJobApp({ api: { authorize } });
    expectTold(await list(url), 4, 'FORBIDDEN');
    expectTold(await runJob(['watch', 'x', '--url', url, '--token', 'wrong']), 4, 'FORBIDDEN');
  });

  it('without `authorize` refuses who comes through a proxy, and says what the application may do', async () => {
    const { url } = await startJobApp();
    const run = await list(url, '--header', 'x-forwarded-for: 203.0.113.9');
    expectTold(run, 4, 'AUTH_REQUIRED');
    expect(run.err).toContain('api.authorize');
  });

  it.each(['no colon', ': empty', 'bad name: x', 'x: line\nend'])('is not asked with %j as a header', async (header) => {
    expect(await list('http://127.0.0.1:1', '--header', header)).toMatchObject({ code: 2, err: expect.stringContaining('HEADER_INVALID') });
    expect(await list('http://127.0.0.1:1', '--token', 'a\nb')).toMatchObject({ code: 2, err: expect.stringContaining('HEADER_INVALID') });
  });
});

describe('the address of the API', () => {
  it('comes from --url, else TASKLOOM_URL, else the configuration', async () => {
    const { port } = await startJobApp();
    const ends = async (args: readonly string[], env: { TASKLOOM_URL?: string } = {}): Promise<number> =>
      (await runJob(['list', ...args], { env })).code;
    const nowhere = 'http://127.0.0.1:1/graphql';
    expect(await ends(['--url', `http://127.0.0.1:${port}/graphql`], { TASKLOOM_URL: nowhere })).toBe(0);
    expect(await ends([], { TASKLOOM_URL: `http://127.0.0.1:${port}/graphql` })).toBe(0);
    expect(await ends(['--url', nowhere], { TASKLOOM_URL: `http://127.0.0.1:${port}/graphql` })).toBe(3);
  });

  it.each([
    ['`url`', (port: number) => ({ url: `http://127.0.0.1:${port}/graphql`, port: 1 })],
    ['`port`', (port: number) => ({ port })],
  ])('is what %s in the configuration says where nothing else does', async (_what, configuration) => {
    const { port } = await startJobApp();
    const directory = mkdtempSync(join(tmpdir(), 'taskloom-cli-config-'));
    try {
      writeFileSync(join(directory, 'taskloom.config.mjs'), `export default ${JSON.stringify(configuration(port))};`);
      expect(await runJob(['list'], { directory })).toMatchObject({ code: 0, out: 'No jobs.\n' });
      const moved = join(directory, 'other.mjs');
      writeFileSync(moved, `export default ${JSON.stringify({ port: 1 })};`);
      expect((await runJob(['list', '--config', 'other.mjs'], { directory })).code).toBe(3);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('may be written short', async () => {
    const { port } = await startJobApp();
    for (const url of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `http://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}/graphql#x`,
    ])
      expect(jsonOf(await list(url, '--json'))).toMatchObject({ jobs: [] });
  });

  it.each([
    ['', 'URL_INVALID'],
    ['ftp://127.0.0.1', 'URL_INVALID'],
    ['http://', 'URL_INVALID'],
    ['http://ada:secret@127.0.0.1/graphql', 'URL_INVALID'],
  ])('%j is none', async (url, code) => {
    const run = await list(url);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining(code) });
    expect(run.err).not.toContain('secret');
  });
});

describe('misuse', () => {
  it.each([
    [['lst'], "unknown command 'lst'", 'Did you mean list?'],
    [['list', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['start', 'x', '--prioritty', '3'], "unknown option '--prioritty'", 'Did you mean --priority?'],
    [['show'], "missing required argument 'job'", '--help'],
    [['show', 'a', 'b'], 'too many arguments', '--help'],
    [['watch', 'x', '--reconnects', 'often'], 'whole number', '--help'],
  ])('%j ends with 2 and names the nearest', async (args, message, help) => {
    const run = await runJob(args);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(message);
    expect(run.err).toContain(help);
  });

  it.each([
    [],
    ['start'],
    ['list'],
    ['show'],
    ['watch'],
    ['cancel'],
    ['pause'],
    ['resume'],
    ['confirm'],
    ['retry'],
    ['answer'],
    ['graph'],
    ['report'],
  ])('help for job %s has an example', async (...command) => {
    const { code, out, err } = await runJob([...command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/\nExamples?:\n {2}\S/);
  });
});
