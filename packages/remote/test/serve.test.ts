import { afterEach, describe, expect, it } from '@jest/globals';
import { FatalError, RetryAfterError, TaskloomError, type AgentDefinition } from '@taskloom/core';
import { z } from 'zod';

import {
  remoteAgent,
  remoteCallbacks,
  serveRemoteAgent,
  type RemoteCallbacks,
  type ServedCall,
  type ServeRemoteAgentOptions,
} from '../src/index.js';
import { HEADERS } from '../src/protocol/message.js';
import { randomToken, signMessage } from '../src/protocol/signature.js';
import { attempt, thrownBy } from './support/attempt.js';
import { SECRET } from './support/agent-process.js';
import { LocalServer } from './support/local-server.js';

const Input = z.object({ text: z.string(), loud: z.boolean().default(false) });
const Output = z.object({ text: z.string() });
const KEY = Buffer.from(SECRET);

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Options = Partial<ServeRemoteAgentOptions<typeof Input, typeof Output>>;

interface Served {
  readonly url: string;
  readonly port: number;
  /** The engine's side, called back at `callbacks`. */
  readonly agent: AgentDefinition;
  readonly callbacks: RemoteCallbacks;
  readonly post: (message: unknown, parts?: Parts) => Promise<[number, { [key: string]: unknown }]>;
}

interface Parts {
  readonly kind?: 'call' | 'cancel' | 'answer';
  readonly agent?: string;
  readonly fence?: string;
  readonly idempotencyKey?: string;
  readonly key?: Buffer;
  readonly signal?: AbortSignal;
  readonly headers?: Record<string, string>;
}

/** An agent served on loopback, and the `remoteAgent` that calls it. */
async function serve(
  options: Options = {},
  called: { onCallback?: () => unknown; requestTimeout?: number; maxResponseBytes?: number } = {},
): Promise<Served> {
  let callbacks: RemoteCallbacks | undefined;
  const back = await LocalServer.start((request, response) => {
    const answer = called.onCallback?.();
    if (answer === 'hang up') return request.destroy();
    if (answer === 'busy') return request.resume().on('end', () => response.writeHead(503).end());
    return callbacks!.node(request, response);
  });
  callbacks = remoteCallbacks({ url: `http://127.0.0.1:${back.port}/callbacks`, allowHttp: true });
  const endpoint = serveRemoteAgent({
    name: 'shout',
    secret: SECRET,
    input: Input,
    output: Output,
    execute: ({ text, loud }) => ({ text: loud ? text.toUpperCase() : text }),
    allowHttp: true,
    allowPrivateNetwork: true,
    allowedPorts: [back.port],
    ...options,
  });
  const server = await LocalServer.start(endpoint.node);
  stops.push(
    () => server.stop(),
    () => back.stop(),
  );
  const url = `http://127.0.0.1:${server.port}/shout`;
  const { requestTimeout, maxResponseBytes } = called;
  const agent = remoteAgent({
    name: 'shout',
    url,
    secret: SECRET,
    input: Input,
    output: Output,
    callbacks,
    allowHttp: true,
    allowPrivateNetwork: true,
    allowedPorts: [server.port],
    ...(requestTimeout === undefined ? {} : { requestTimeout }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  });
  const post: Served['post'] = async (message, parts = {}) => {
    const { kind = 'call', key = KEY, signal, headers = {} } = parts;
    const body = JSON.stringify(message);
    const identity = { agent: 'shout', job: 'j', task: 'j:1', fence: randomToken(), idempotencyKey: 'j:1:0', ...parts };
    const signed = signMessage(kind, identity, '/shout', Buffer.from(body), key, Date.now());
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...signed, ...headers },
      ...(signal ? { signal } : {}),
    });
    return [response.status, (await response.json()) as { [key: string]: unknown }];
  };
  return { url, port: server.port, agent, callbacks, post };
}

/** Work that a test ends. */
function gate(): {
  readonly execute: (input: unknown, call: ServedCall) => Promise<{ text: string }>;
  readonly calls: ServedCall[];
  open: (text: string) => void;
  begun: Promise<void>;
} {
  let open: (text: string) => void = () => undefined;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const opened = new Promise<string>((resolve) => (open = resolve));
  const calls: ServedCall[] = [];
  const execute = async (_: unknown, call: ServedCall): Promise<{ text: string }> => {
    calls.push(call);
    begin();
    return { text: await opened };
  };
  return { execute, calls, open, begun };
}

describe('a served agent', () => {
  it('answers at once, its input parsed by its schema', async () => {
    const { agent } = await serve();
    await expect(attempt(agent, { text: 'hey', loud: true })).resolves.toEqual({ text: 'HEY' });
  });

  it('knows which attempt of which task it works for', async () => {
    const work = gate();
    const { agent } = await serve({ execute: work.execute });
    work.open('x');
    await attempt(agent, { text: 'hey' });
    expect(work.calls).toEqual([{ job: 'job-1', task: 'job-1:3', attempt: 2, idempotencyKey: 'job-1:3:0', signal: expect.anything() }]);
  });

  it('accepts what takes longer than `answerWithin`, and calls back', async () => {
    const work = gate();
    let calledBack = 0;
    const { agent } = await serve(
      { execute: work.execute, answerWithin: 0 },
      { onCallback: () => (calledBack += 1), requestTimeout: 2_000 },
    );
    const output = attempt(agent, { text: 'hey' });
    await work.begun;
    work.open('later');
    await expect(output).resolves.toEqual({ text: 'later' });
    expect(calledBack).toBe(1);
  });

  it('holds the request of a caller that takes no callbacks', async () => {
    const work = gate();
    const { post } = await serve({ execute: work.execute, answerWithin: 0 });
    const reply = post({ input: { text: 'hey' } });
    await work.begun;
    work.open('here');
    await expect(reply).resolves.toEqual([200, { output: { text: 'here' } }]);
  });

  it.each<[string, unknown, object]>([
    ['FatalError', new FatalError('never'), { message: 'never', retryable: false }],
    ['RetryAfterError', new RetryAfterError('later', '90s'), { message: 'later', retryAfterSeconds: 90 }],
    ['any other error', new Error('oops'), { message: 'oops' }],
    ['a text', 'oops', { message: 'oops' }],
  ])('tells the caller what %s means', async (_, thrown, error) => {
    const { post } = await serve({ execute: () => Promise.reject(thrown) });
    await expect(post({ input: { text: 'hey' } })).resolves.toEqual([200, { error }]);
  });

  it('says that its own output does not fit, and is not asked again', async () => {
    const { agent } = await serve({ execute: () => ({ text: 5 }) as unknown as { text: string } });
    expect(await thrownBy(attempt(agent, { text: 'hey' }))).toMatchObject({
      code: 'AGENT_FAILED',
      message: expect.stringContaining('/text'),
    });
  });

  it('refuses an input that does not fit, and tells where', async () => {
    const { agent, post } = await serve();
    const [status, reply] = await post({ input: { text: 5 } });
    expect([status, reply]).toEqual([
      422,
      { error: { code: 'INPUT_REFUSED', message: expect.stringContaining('/text'), remedy: expect.any(String) } },
    ]);
    expect(await thrownBy(attempt(agent, { text: 5 }))).toMatchObject({
      code: 'AGENT_REFUSED',
      message: expect.stringContaining('/text'),
      details: { status: 422 },
    });
  });

  it.each<[string, unknown, Parts, number, string]>([
    ['another secret', { input: { text: 'x' } }, { key: Buffer.alloc(32, 9) }, 401, 'SIGNATURE_INVALID'],
    ['another agent', { input: { text: 'x' } }, { agent: 'whisper' }, 404, 'AGENT_UNKNOWN'],
    ['an answer', { output: 1 }, { kind: 'answer' }, 400, 'MESSAGE_INVALID'],
    ['no input', {}, {}, 400, 'MESSAGE_INVALID'],
    ['a list', [], {}, 400, 'MESSAGE_INVALID'],
    ['a strange attempt', { input: { text: 'x' }, attempt: 'two' }, {}, 400, 'MESSAGE_INVALID'],
    ['a strange callback', { input: { text: 'x' }, callback: 5 }, {}, 400, 'MESSAGE_INVALID'],
    ['a callback at a forbidden address', { input: { text: 'x' }, callback: 'http://169.254.169.254/' }, {}, 400, 'MESSAGE_INVALID'],
    ['a callback at a forbidden port', { input: { text: 'x' }, callback: 'http://127.0.0.1:6379/' }, {}, 400, 'MESSAGE_INVALID'],
    ['a message that is too large', { input: { text: 'x'.repeat(5_000) } }, {}, 413, 'MESSAGE_TOO_LARGE'],
    ['another version', { input: { text: 'x' } }, { headers: { [HEADERS.version]: '2' } }, 400, 'VERSION_UNKNOWN'],
  ])('refuses %s', async (_, message, parts, status, code) => {
    const { post } = await serve({ maxRequestBytes: 1_000 });
    const [said, reply] = await post(message, parts);
    expect([said, (reply['error'] as { code: string }).code]).toEqual([status, code]);
  });
});

describe('a call that is repeated', () => {
  it('with the same idempotency key gets the same output, without the work being done again', async () => {
    let done = 0;
    const { post } = await serve({ execute: () => ({ text: `work ${(done += 1)}` }) });
    const first = await post({ input: { text: 'x' } });
    expect(await post({ input: { text: 'x' } })).toEqual(first);
    expect(await post({ input: { text: 'x' } }, { idempotencyKey: 'j:1:1' })).toEqual([200, { output: { text: 'work 2' } }]);
    expect(done).toBe(2);
  });

  it('while the work goes on joins it, and is the one that is answered', async () => {
    const work = gate();
    let calledBack = 0;
    const { agent, post, callbacks } = await serve({ execute: work.execute, answerWithin: 0 }, { onCallback: () => (calledBack += 1) });
    // The first caller dies after its 202; the next attempt calls with another fence.
    expect((await post({ input: { text: 'x', loud: false }, callback: callbacks.url }, { idempotencyKey: 'job-1:3:0' }))[0]).toBe(202);
    const output = attempt(agent, { text: 'x', loud: false });
    await work.begun;
    work.open('once');
    await expect(output).resolves.toEqual({ text: 'once' });
    expect(work.calls.length).toBe(1);
    expect(calledBack).toBe(1);
  });

  it('with another input is refused', async () => {
    const { post } = await serve();
    await post({ input: { text: 'x' } });
    expect((await post({ input: { text: 'y' } }))[0]).toBe(422);
  });

  it('after a failure does the work again', async () => {
    let tries = 0;
    const { post } = await serve({
      execute: () => {
        tries += 1;
        if (tries === 1) throw new Error('first time');
        return { text: 'second time' };
      },
    });
    expect(await post({ input: { text: 'x' } })).toEqual([200, { error: { message: 'first time' } }]);
    expect(await post({ input: { text: 'x' } })).toEqual([200, { output: { text: 'second time' } }]);
  });

  it('finds outputs for `keepFor`, and at most `keepMost` of them', async () => {
    let now = Date.now();
    let done = 0;
    const { post } = await serve({ execute: () => ({ text: `${(done += 1)}` }), keepFor: '1m', keepMost: 2, clock: { now: () => now } });
    const ask = async (idempotencyKey: string): Promise<unknown> => (await post({ input: { text: 'x' } }, { idempotencyKey }))[1]['output'];
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual([{ text: '1' }, { text: '2' }, { text: '3' }]);
    expect([await ask('b'), await ask('c')]).toEqual([{ text: '2' }, { text: '3' }]);
    expect(await ask('a')).toEqual({ text: '4' });
    now += 60_000;
    expect(await ask('c')).toEqual({ text: '5' });
  });
});

describe('work that nobody wants any more', () => {
  it('is stopped by a cancellation, and not called back', async () => {
    const work = gate();
    let calledBack = 0;
    const { agent } = await serve({ execute: work.execute, answerWithin: 0 }, { onCallback: () => (calledBack += 1) });
    const stop = new AbortController();
    const output = attempt(agent, { text: 'x' }, { signal: stop.signal });
    await work.begun;
    const { signal } = work.calls[0]!;
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    stop.abort(new TaskloomError('TASK_CANCELLED', 'over'));
    await expect(output).rejects.toThrow('over');
    await stopped;
    work.open('too late');
    // A later generation, whose callback would come after the one that must not.
    await expect(attempt(agent, { text: 'x' })).resolves.toEqual({ text: 'too late' });
    expect(calledBack).toBe(1);
  });

  it('is stopped when its caller hangs up', async () => {
    const work = gate();
    const { post } = await serve({ execute: work.execute });
    const hangUp = new AbortController();
    const reply = post({ input: { text: 'x' } }, { signal: hangUp.signal });
    await work.begun;
    const stopped = new Promise((resolve) => work.calls[0]!.signal.addEventListener('abort', resolve, { once: true }));
    hangUp.abort();
    await expect(reply).rejects.toThrow('aborted');
    await stopped;
  });

  it('goes on when a cancellation is of an earlier attempt, or of none', async () => {
    const work = gate();
    const { post, callbacks } = await serve({ execute: work.execute, answerWithin: 0 });
    const earlier = randomToken();
    await post({ input: { text: 'x' }, callback: callbacks.url }, { fence: earlier });
    await post({ input: { text: 'x' }, callback: callbacks.url });
    expect(await post({ reason: 'TASK_TIMEOUT' }, { kind: 'cancel', fence: earlier })).toEqual([200, { status: 'unknown' }]);
    expect(await post({ reason: 'TASK_TIMEOUT' }, { kind: 'cancel', idempotencyKey: 'other' })).toEqual([200, { status: 'unknown' }]);
    expect(work.calls[0]!.signal.aborted).toBe(false);
    work.open('x');
  });
});

describe('a callback', () => {
  it('is tried again until it gets through', async () => {
    const work = gate();
    let hits = 0;
    const { agent } = await serve(
      { execute: work.execute, answerWithin: 0, callbackDelay: 5 },
      {
        onCallback: () => {
          hits += 1;
          return ['hang up', 'busy', 'taken'][hits - 1];
        },
      },
    );
    const output = attempt(agent, { text: 'x' });
    await work.begun;
    work.open('at last');
    await expect(output).resolves.toEqual({ text: 'at last' });
    expect(hits).toBe(3);
  });

  it('is given up after `callbackAttempts`; a repeated call gets the output', async () => {
    const warnings: unknown[] = [];
    let giveUp: () => void = () => undefined;
    const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (_: string, data?: unknown) => {
        warnings.push(data);
        if (warnings.length === 2) giveUp();
      },
    };
    const { post } = await serve({ answerWithin: 0, callbackAttempts: 2, callbackDelay: 1, allowedPorts: [9], logger });
    const message = { input: { text: 'x' }, callback: 'http://127.0.0.1:9/' };
    // Port 9 is nobody's: the connection is refused.
    expect((await post(message))[0]).toBe(202);
    await givenUp;
    expect(await post(message)).toEqual([200, { output: { text: 'x' } }]);
  });

  it('goes where its name leads, as far as the options permit', async () => {
    const send = async (address: string): Promise<{ asked: string[]; hits: number; warning: unknown }> => {
      const asked: string[] = [];
      let hits = 0;
      let warn: (about: unknown) => void = () => undefined;
      const warned = new Promise<unknown>((done) => (warn = done));
      const logger = {
        debug: () => undefined,
        info: () => undefined,
        error: () => undefined,
        warn: (_: string, data?: unknown) => warn(data),
      };
      const resolve = async (name: string): Promise<{ address: string; family: number }[]> => {
        asked.push(name);
        return [{ address, family: 4 }];
      };
      const { post, callbacks } = await serve({ answerWithin: 0, resolve, logger }, { onCallback: () => void (hits += 1) });
      await post({ input: { text: 'x' }, callback: callbacks.url.replace('127.0.0.1', 'app.example.org') });
      return { warning: await warned, hits, asked };
    };
    const warning = expect.objectContaining({ outcome: 'refused', attempt: 1 });
    // Nobody waits for it there: this is about getting there.
    expect(await send('127.0.0.1')).toEqual({ asked: ['app.example.org'], hits: 1, warning });
    expect(await send('169.254.169.254')).toEqual({ asked: ['app.example.org'], hits: 0, warning });
  });

  it('that is too large for the caller is told as a failure instead', async () => {
    const work = gate();
    const { agent } = await serve({ execute: work.execute, answerWithin: 0 }, { maxResponseBytes: 200 });
    const output = thrownBy(attempt(agent, { text: 'x' }));
    await work.begun;
    work.open('x'.repeat(500));
    expect(await output).toMatchObject({ code: 'AGENT_FAILED', message: expect.stringContaining('larger than the caller takes') });
  });
});

it('The options of a served agent are checked, all at once', () => {
  const serveWrong = (): unknown =>
    serveRemoteAgent({
      name: 'no name',
      secret: 'short',
      input: 5 as unknown as typeof Input,
      output: Output,
      execute: null as unknown as () => { text: string },
      answerWithin: 'soon' as '1s',
      maxRequestBytes: 0,
      keepFor: '-1s',
      keepMost: -1,
      callbackAttempts: 0,
      callbackDelay: 'x' as '1s',
      path: 'shout',
      ...({ keepfor: 1 } as object),
    });
  expect(serveWrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  for (const part of [
    'no name',
    '`secret`',
    '`input`',
    '`execute`',
    '`answerWithin`',
    '`maxRequestBytes`',
    '`keepFor`',
    '`keepMost`',
    '`callbackAttempts`',
    '`callbackDelay`',
    '`path`',
    'did you mean "keepFor"',
  ])
    expect(serveWrong).toThrow(part);
});

it('A served agent behind a proxy checks the path that callers sign', async () => {
  const { post } = await serve({ path: '/shout' });
  expect((await post({ input: { text: 'x' } }))[0]).toBe(200);
  const { post: other } = await serve({ path: '/public/shout' });
  expect((await other({ input: { text: 'x' } }))[0]).toBe(401);
});
