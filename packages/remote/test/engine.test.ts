import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createEngine,
  routeByRules,
  type AgentDefinition,
  type Engine,
  type EnginePlugin,
  type Logger,
  type TaskView,
} from '@taskloom/core';

import { remoteCallbacks, type RemoteCallbacks } from '../src/index.js';
import { HEADERS } from '../src/protocol/message.js';
import { AgentProcess, SECRET } from './support/agent-process.js';
import { localAgent, type LocalOptions } from './support/local-agent.js';
import { LocalServer } from './support/local-server.js';

let remote: AgentProcess;
let server: LocalServer;
let callbacks: RemoteCallbacks;
const folder = mkdtempSync(join(tmpdir(), 'taskloom-remote-'));
beforeAll(async () => {
  remote = await AgentProcess.start();
  server = await LocalServer.start((request, response) => callbacks.node(request, response));
  callbacks = remoteCallbacks({ url: `http://127.0.0.1:${server.port}/callbacks`, allowHttp: true });
});
beforeEach(() => remote.forget());
afterAll(async () => {
  await remote.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});

let engine: Engine | null = null;
afterEach(async () => {
  await engine?.stop({ graceMs: 0 });
  engine = null;
});

async function start(
  agent: AgentDefinition,
  more: { path?: string; logger?: Logger; plugins?: readonly EnginePlugin[] } = {},
): Promise<Engine> {
  const { path = ':memory:', ...options } = more;
  engine = createEngine({ store: { path, synchronous: 'NORMAL' }, ...options });
  engine.register(agent);
  await engine.start();
  return engine;
}

const submit = (running: Engine): ReturnType<Engine['submitJob']> =>
  running.submitJob({ name: 'one', tasks: [{ key: 'call', agent: 'remote', input: { a: 1 } }] });

async function taskOf(running: Engine, jobId: string): Promise<TaskView> {
  const { items } = await running.reader.tasks({ jobId }, { first: 10 });
  return items.find(({ key }) => key === 'call')!;
}

async function run(path: string, options: LocalOptions = {}): Promise<TaskView> {
  const running = await start(localAgent(remote.url(path), options));
  const job = await submit(running);
  await job.result().catch(() => undefined);
  return taskOf(running, job.id);
}

describe('a task of a remote agent', () => {
  it('completes with the output that was answered', async () => {
    expect(await run('/echo')).toMatchObject({ status: 'COMPLETED', attempt: 1 });
  });

  it('completes with the output that was called back', async () => {
    const running = await start(localAgent(remote.url('/accepts'), { callbacks }));
    const job = await submit(running);
    const accepted = await remote.next('accepted');
    expect(accepted.headers[HEADERS.idempotencyKey]).toMatch(new RegExp(`^${job.id}:\\d+:\\d+$`));
    await expect(remote.callBack(accepted, { output: { echo: 'later' } })).resolves.toEqual([200]);
    await job.result();
    const task = await taskOf(running, job.id);
    expect(accepted.headers[HEADERS.task]).toBe(task.id);
    expect(task.status).toBe('COMPLETED');
  });

  it('is tried again by its retry policy when the remote has no time, with the same idempotency key and another fence', async () => {
    expect(await run('/once-503', { retry: { maxAttempts: 2, delay: 1 } })).toMatchObject({ status: 'COMPLETED', attempt: 2 });
    const [first, second] = [await remote.next('received'), await remote.next('received')];
    expect(second.headers[HEADERS.idempotencyKey]).toBe(first.headers[HEADERS.idempotencyKey]);
    expect(second.headers[HEADERS.fence]).not.toBe(first.headers[HEADERS.fence]);
    expect([first.body.attempt, second.body.attempt]).toEqual([1, 2]);
  });

  it('is not tried again when the remote refuses', async () => {
    expect(await run('/status/404', { retry: { maxAttempts: 3, delay: 1 } })).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      error: { code: 'AGENT_REFUSED', details: { status: 404 } },
    });
  });

  it('is tried as often as permitted when the remote is not there', async () => {
    const nobody = await LocalServer.start(() => undefined);
    const url = `http://127.0.0.1:${nobody.port}/`;
    await nobody.stop();
    const running = await start(localAgent(url, { retry: { maxAttempts: 3, delay: 1 } }));
    const job = await submit(running);
    await expect(job.result()).rejects.toMatchObject({ code: 'JOB_FAILED' });
    expect(await taskOf(running, job.id)).toMatchObject({ status: 'FAILED', attempt: 3, error: { code: 'AGENT_UNREACHABLE' } });
  });

  it.each<[string, LocalOptions, string]>([
    ['/endless', { maxResponseBytes: 1_000 }, 'RESPONSE_TOO_LARGE'],
    ['/silent', { requestTimeout: 100 }, 'AGENT_TIMEOUT'],
    ['/redirect', {}, 'AGENT_ANSWER_INVALID'],
    ['/status/503', {}, 'AGENT_BUSY'],
    ['/failed', {}, 'AGENT_FAILED'],
    ['/echo', { headers: () => ({ 'x-user': 'a\r\nhost: b' }) }, 'HEADER_INVALID'],
  ])('keeps what became of it: %s', async (path, options, code) => {
    expect(await run(path, options)).toMatchObject({ status: 'FAILED', error: { code } });
  });

  it('is not called where its name leads to a forbidden address, however often its policy would try', async () => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: '169.254.169.254', family: 4 }];
    const agent = localAgent(`http://metadata.example.org:${remote.port}/`, { resolve, retry: { maxAttempts: 3, delay: 1 } });
    const running = await start(agent);
    const job = await submit(running);
    await job.result().catch(() => undefined);
    expect(await taskOf(running, job.id)).toMatchObject({ status: 'FAILED', attempt: 1, error: { code: 'EGRESS_BLOCKED' } });
  });

  it.each<[string, number]>([
    ['the first', 1],
    ['none but the last that there is', 3],
  ])('is judged by `retryOn` of its agent, which is given the error with its code: %s failure ends it', async (_, attempts) => {
    const seen: unknown[] = [];
    const retryOn = (error: unknown): boolean => (seen.push((error as { code?: unknown }).code), attempts > 1);
    const task = await run('/html', { retry: { maxAttempts: 3, delay: 1, retryOn } });
    expect(task).toMatchObject({ status: 'FAILED', attempt: attempts, error: { code: 'AGENT_ANSWER_INVALID' } });
    expect(seen).toEqual(Array.from({ length: attempts }, () => 'AGENT_ANSWER_INVALID'));
  });

  it.each<[wanted: string, told: object]>([
    ['remote', { by: 'NAME', wanted: null }],
    ['far-away', { by: 'CAPABILITY', wanted: 'far-away' }],
    ['*', { by: 'INPUT', wanted: '*' }],
  ])('tells why it has that one, also when it has ended: asked for as %s', async (wanted, told) => {
    const agent = localAgent(remote.url('/accepts'), { callbacks, capabilities: ['far-away'] });
    const running = await start(agent, { plugins: [routeByRules()] });
    const job = await running.submitJob({ name: 'one', tasks: [{ key: 'call', agent: wanted, input: { a: 1 } }] });
    const accepted = await remote.next('accepted');
    const { id } = await taskOf(running, job.id);
    const expected = { name: 'remote', standsInFor: null, ...told };
    expect(await running.why(id)).toMatchObject({ code: 'RUNNING', agent: expected });
    await remote.callBack(accepted, { output: { echo: 'later' } });
    await job.result();
    expect(await running.why(id)).toMatchObject({ code: 'DONE', agent: expected });
  });

  it('fails when its output does not fit the schema', async () => {
    const task = await run('/wrong-output');
    expect(task).toMatchObject({ status: 'FAILED', error: { code: 'OUTPUT_SCHEMA' } });
  });

  it('that is cancelled tells the remote; the answer which comes then changes nothing', async () => {
    const running = await start(localAgent(remote.url('/accepts'), { callbacks }));
    const job = await submit(running);
    const accepted = await remote.next('accepted');
    await remote.forget();
    await job.cancel();
    expect((await remote.next('received')).headers[HEADERS.kind]).toBe('cancel');
    const before = (await job.status()).lastSeq;
    await expect(remote.callBack(accepted, { output: { echo: 'late' } })).resolves.toEqual([409]);
    expect(await job.status()).toMatchObject({ status: 'CANCELLED', lastSeq: before });
  });

  it('that times out tells the remote, and the answer to the attempt after it counts', async () => {
    const agent = localAgent(remote.url('/accepts'), { callbacks, timeout: 300, retry: { maxAttempts: 100, backoff: 'none' } });
    const running = await start(agent);
    const job = await submit(running);
    const first = await remote.next('accepted');
    // On a slow machine more attempts than one may be over before their answers come.
    let latest = await remote.next('accepted');
    await expect(remote.callBack(first, { output: { echo: 'first' } })).resolves.toEqual([409]);
    while ((await remote.callBack(latest, { output: { echo: 'latest' } }))[0] === 409) latest = await remote.next('accepted');
    await job.result();
    expect(await taskOf(running, job.id)).toMatchObject({ status: 'COMPLETED', attempt: latest.body.attempt });
  });
});

it('A secret is in no log, no event, no error and no file', async () => {
  const lines: string[] = [];
  const log = (message: string, data?: unknown): void => void lines.push(message, JSON.stringify(data) ?? '');
  const path = join(folder, 'canary.db');
  const running = await start(
    localAgent(remote.url('/status/500?token=canary-in-url'), {
      callbacks,
      headers: { authorization: 'Bearer canary-in-header' },
      retry: { maxAttempts: 2, delay: 1 },
    }),
    { path, logger: { debug: log, info: log, warn: log, error: log } },
  );
  const job = await submit(running);
  const error: unknown = await job.result().catch((thrown: unknown) => thrown);
  const events = await running.reader.events(job.id, 0, 100);
  const seen = [JSON.stringify([error, events, await taskOf(running, job.id), running.agents()]), ...lines].join('\n');
  await running.stop();
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  for (const canary of [SECRET, 'canary-in-header', 'canary-in-url']) {
    expect(seen).not.toContain(canary);
    expect(files.join('\n')).not.toContain(canary);
  }
  expect(files.length).toBeGreaterThan(0);
  expect(seen).toContain('answered 500');
});

it('A killed engine calls again with the same idempotency key; the answer to its dead attempt is refused, the other one counts', async () => {
  const free = await LocalServer.start(() => undefined);
  const callbackPort = free.port;
  await free.stop();
  const settings = JSON.stringify({ database: join(folder, 'crash.db'), agentUrl: remote.url('/accepts'), callbackPort, secret: SECRET });
  const begin = (): ChildProcess => fork(fileURLToPath(new URL('./support/engine-process.mjs', import.meta.url)), [settings]);

  const killed = begin();
  const first = await remote.next('accepted');
  killed.kill('SIGKILL');
  await once(killed, 'exit');

  const next = begin();
  const told = once(next, 'message') as Promise<[{ ended: unknown }]>;
  const second = await remote.next('accepted');
  expect(second.headers[HEADERS.idempotencyKey]).toBe(first.headers[HEADERS.idempotencyKey]);
  expect(second.headers[HEADERS.fence]).not.toBe(first.headers[HEADERS.fence]);
  await expect(remote.callBack(first, { output: { echo: 'of the dead' } })).resolves.toEqual([409]);
  await expect(remote.callBack(second, { output: { echo: 'of the living' } })).resolves.toEqual([200]);
  const [{ ended }] = await told;
  expect(ended).toMatchObject({ status: 'COMPLETED', output: { echo: 'of the living' }, restarted: true });
  next.kill('SIGKILL');
  await once(next, 'exit');
});
