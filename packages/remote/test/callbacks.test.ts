import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TaskloomError } from '@taskloom/core';

import { remoteCallbacks, type RemoteCallbacks } from '../src/index.js';
import { HEADERS, type CallIdentity } from '../src/protocol/message.js';
import { randomToken, signMessage } from '../src/protocol/signature.js';
import { attempt, thrownBy } from './support/attempt.js';
import { AgentProcess, SECRET, type ReceivedCall } from './support/agent-process.js';
import { localAgent } from './support/local-agent.js';
import { LocalServer } from './support/local-server.js';

let remote: AgentProcess;
let server: LocalServer;
let callbacks: RemoteCallbacks;
let now = Date.now();
beforeAll(async () => {
  remote = await AgentProcess.start();
  server = await LocalServer.start((request, response) => callbacks.node(request, response));
  callbacks = remoteCallbacks({ url: `http://127.0.0.1:${server.port}/callbacks`, allowHttp: true, clock: { now: () => now } });
});
beforeEach(async () => {
  now = Date.now();
  await remote.forget();
});
afterAll(async () => {
  await remote.stop();
  await server.stop();
});

const KEY = Buffer.from(SECRET);
const call = (path: string, signal?: AbortSignal, options: Parameters<typeof localAgent>[1] = {}): Promise<unknown> =>
  attempt(localAgent(remote.url(path), { callbacks, ...options }), { a: 1 }, signal ? { signal } : {});

function identityOf({ headers }: ReceivedCall): CallIdentity {
  const part = (name: keyof typeof HEADERS): string => headers[HEADERS[name]]!;
  return { agent: part('agent'), job: part('job'), task: part('task'), fence: part('fence'), idempotencyKey: part('idempotencyKey') };
}

interface Post {
  readonly identity: CallIdentity;
  readonly body?: string;
  readonly signedBody?: string;
  readonly kind?: 'answer' | 'call' | 'cancel';
  readonly path?: string;
  readonly key?: Buffer;
  readonly nowMs?: number;
  readonly headers?: Record<string, string>;
}

/** Sends a callback by hand; gives status and code of the reply. */
async function post({ identity, body = '{"output":{"echo":"by hand"}}', signedBody = body, ...more }: Post): Promise<[number, string]> {
  const { kind = 'answer', path = '/callbacks', key = KEY, nowMs = Date.now(), headers = {} } = more;
  const signed = signMessage(kind, identity, path, Buffer.from(signedBody), key, nowMs);
  const response = await fetch(callbacks.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...signed, ...headers },
  });
  const reply = (await response.json()) as { status?: string; error?: { code: string; remedy: string } };
  return [response.status, reply.error?.code ?? reply.status ?? ''];
}

describe('a remote that accepts', () => {
  it('answers by callback', async () => {
    const output = call('/accepts');
    const accepted = await remote.next('accepted');
    expect(accepted.body.callback).toBe(callbacks.url);
    await expect(remote.callBack(accepted, { output: { echo: 'later' } })).resolves.toEqual([200]);
    await expect(output).resolves.toEqual({ echo: 'later' });
  });

  it('may call back before its 202 has come', async () => {
    await expect(call('/calls-back-before-202')).resolves.toEqual({ echo: 'early' });
    await expect(remote.next('replies')).resolves.toEqual([200]);
  });

  it('may answer twice: the first counts, the second is told so', async () => {
    await expect(call('/calls-back-twice')).resolves.toEqual({ echo: 'first' });
    await expect(remote.next('replies')).resolves.toEqual([200, 409]);
  });

  it('may answer that it failed', async () => {
    const failed = thrownBy(call('/accepts'));
    await remote.callBack(await remote.next('accepted'), { error: { message: 'out of paper', retryAfterSeconds: 3 } });
    expect(await failed).toMatchObject({ code: 'AGENT_FAILED', message: expect.stringContaining('out of paper'), retryAfterMs: 3_000 });
  });
});

describe('an attempt that ends while it waits', () => {
  it.each(['TASK_CANCELLED', 'TASK_TIMEOUT', 'TASK_IDLE'] as const)(
    'by %s tells the remote, signed, and takes no answer any more',
    async (code) => {
      const stop = new AbortController();
      const output = call('/accepts', stop.signal);
      const accepted = await remote.next('accepted');
      await remote.forget();
      stop.abort(new TaskloomError(code, 'over'));
      await expect(output).rejects.toMatchObject({ code });
      const cancel = await remote.next('received');
      expect(cancel.headers[HEADERS.kind]).toBe('cancel');
      expect(identityOf(cancel)).toEqual(identityOf(accepted));
      expect(cancel.body).toEqual({ reason: code });
      await expect(remote.callBack(accepted, { output: { echo: 'late' } })).resolves.toEqual([409]);
    },
  );

  it('because the engine stops leaves the remote at work, for the next start', async () => {
    const stop = new AbortController();
    const output = call('/accepts', stop.signal);
    const accepted = await remote.next('accepted');
    await remote.forget();
    stop.abort(new TaskloomError('ENGINE_STOPPED', 'stopping'));
    await expect(output).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await expect(remote.callBack(accepted, { output: { echo: 'late' } })).resolves.toEqual([409]);
    await call('/echo');
    expect((await remote.next('received')).path).toBe('/echo');
  });

  it('says in the log when the remote cannot be told', async () => {
    const mortal = await AgentProcess.start();
    const stop = new AbortController();
    const logged = new Promise<string>((resolve) => {
      const warnings = { push: resolve } as unknown as string[];
      void attempt(localAgent(mortal.url('/accepts'), { callbacks }), {}, { signal: stop.signal, warnings }).catch(() => undefined);
    });
    await mortal.next('accepted');
    await mortal.stop();
    stop.abort(new TaskloomError('TASK_CANCELLED', 'over'));
    await expect(logged).resolves.toContain('could not be told');
  });
});

it('An attempt that ends before its call was answered tells the remote, too, for a 202 may be on the way', async () => {
  const stop = new AbortController();
  const output = call('/silent', stop.signal);
  const silent = await remote.next('received');
  stop.abort(new TaskloomError('TASK_CANCELLED', 'over'));
  await expect(output).rejects.toMatchObject({ code: 'TASK_CANCELLED' });
  const cancel = await remote.next('received');
  expect(cancel.headers[HEADERS.kind]).toBe('cancel');
  expect(identityOf(cancel)).toEqual(identityOf(silent));
});

describe('a callback that proves nothing (R5)', () => {
  it.each<[string, (identity: CallIdentity) => Partial<Post>, [number, string]]>([
    ['is signed with another secret', () => ({ key: Buffer.alloc(32, 7) }), [401, 'SIGNATURE_INVALID']],
    ['has a signature of the wrong form', () => ({ headers: { [HEADERS.signature]: 'v1=00' } }), [401, 'SIGNATURE_INVALID']],
    ['has no signature', () => ({ headers: { [HEADERS.signature]: '' } }), [401, 'SIGNATURE_INVALID']],
    ['was changed in a byte', () => ({ signedBody: '{"output":{"echo":"by hanD"}}' }), [401, 'SIGNATURE_INVALID']],
    ['is six minutes old', () => ({ nowMs: Date.now() - 360_000 }), [401, 'SIGNATURE_INVALID']],
    ['comes from the future', () => ({ nowMs: Date.now() + 360_000 }), [401, 'SIGNATURE_INVALID']],
    ['was signed for another path', () => ({ path: '/elsewhere' }), [401, 'SIGNATURE_INVALID']],
    ['is of an unknown agent', (identity) => ({ identity: { ...identity, agent: 'nobody' } }), [401, 'SIGNATURE_INVALID']],
    ['has an unknown fence', (identity) => ({ identity: { ...identity, fence: randomToken() } }), [409, 'CALL_CLOSED']],
    ['has the fence of another task', (identity) => ({ identity: { ...identity, task: 'job-1:4' } }), [409, 'CALL_CLOSED']],
    ['has the fence of another job', (identity) => ({ identity: { ...identity, job: 'job-2' } }), [409, 'CALL_CLOSED']],
    [
      'has the fence of another generation',
      (identity) => ({ identity: { ...identity, idempotencyKey: 'job-1:3:1' } }),
      [409, 'CALL_CLOSED'],
    ],
    ['is a call that was sent back', () => ({ kind: 'call' }), [400, 'MESSAGE_INVALID']],
    ['has no answer in it', () => ({ body: '{"result":1}' }), [400, 'MESSAGE_INVALID']],
    ['is not JSON', () => ({ body: '<html>' }), [400, 'MESSAGE_INVALID']],
    ['is of another version', () => ({ headers: { [HEADERS.version]: '9' } }), [400, 'VERSION_UNKNOWN']],
    ['has a fence of a strange form', () => ({ headers: { [HEADERS.fence]: '../../etc' } }), [400, 'MESSAGE_INVALID']],
    ['is no JSON by its type', () => ({ headers: { 'content-type': 'text/plain' } }), [415, 'CONTENT_TYPE_REFUSED']],
    ['is packed', () => ({ headers: { 'content-encoding': 'gzip' } }), [415, 'CONTENT_TYPE_REFUSED']],
    ['is too large', () => ({ body: `{"output":{"echo":"${'x'.repeat(300)}"}}` }), [413, 'MESSAGE_TOO_LARGE']],
  ])('because it %s is refused, and the attempt waits on', async (_, change, said) => {
    const output = call('/accepts', undefined, { maxResponseBytes: 200 });
    const accepted = await remote.next('accepted');
    const identity = identityOf(accepted);
    expect(await post({ identity, ...change(identity) })).toEqual(said);
    await expect(remote.callBack(accepted, { output: { echo: 'real' } })).resolves.toEqual([200]);
    await expect(output).resolves.toEqual({ echo: 'real' });
  });

  it('because it was sent before is refused, although its attempt still waits', async () => {
    const output = call('/accepts');
    const identity = identityOf(await remote.next('accepted'));
    const body = '{"result":1}';
    const headers = {
      'content-type': 'application/json',
      ...signMessage('answer', identity, '/callbacks', Buffer.from(body), KEY, Date.now()),
    };
    const send = async (): Promise<number> => (await fetch(callbacks.url, { method: 'POST', body, headers })).status;
    expect([await send(), await send()]).toEqual([400, 409]);
    expect(await post({ identity })).toEqual([200, 'taken']);
    await expect(output).resolves.toEqual({ echo: 'by hand' });
  });

  it('is refused by the clock here, not by the one it names', async () => {
    const output = call('/accepts');
    const identity = identityOf(await remote.next('accepted'));
    now += 301_000;
    expect(await post({ identity })).toEqual([401, 'SIGNATURE_INVALID']);
    now -= 301_000;
    expect(await post({ identity })).toEqual([200, 'taken']);
    await output;
  });

  it('or is no POST at all is told what to do', async () => {
    const response = await fetch(callbacks.url);
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED', remedy: 'Send a POST.' } });
  });
});

describe('where callbacks are taken', () => {
  it.each([
    [{ url: 'http://app.example.org/cb' }, 'allowHttp'],
    [{ url: 'app.example.org' }, 'https address'],
    [{ url: 'ftp://app.example.org/', allowHttp: true }, 'https address'],
    [{ url: 'https://app.example.org/', alowHttp: true } as { url: string }, 'did you mean `allowHttp`'],
  ])('%p is refused', (options, part) => {
    expect(() => remoteCallbacks(options)).toThrow(part);
  });
});
