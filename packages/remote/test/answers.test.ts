import { createHash, createHmac } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isTaskloomError } from '@taskloom/core';

import { attempt, thrownBy } from './support/attempt.js';
import { AgentProcess, SECRET } from './support/agent-process.js';
import { localAgent, type LocalOptions } from './support/local-agent.js';

let remote: AgentProcess;
beforeAll(async () => {
  remote = await AgentProcess.start();
});
beforeEach(() => remote.forget());
afterAll(() => remote.stop());

const call = (path: string, options?: LocalOptions): Promise<unknown> => attempt(localAgent(remote.url(path), options), { a: 1 });
const steering = Symbol.for('taskloom.steering');

describe('a call', () => {
  it('carries the input, the attempt, who asks and the idempotency key, and brings the output back', async () => {
    await expect(call('/echo?tenant=1', { headers: { authorization: 'Bearer t' } })).resolves.toEqual({ echo: { a: 1 } });
    const { path, headers, body } = await remote.next('received');
    expect(path).toBe('/echo?tenant=1');
    expect(body).toEqual({ input: { a: 1 }, attempt: 2, callback: null });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer t',
      'idempotency-key': 'job-1:3:0',
      'taskloom-protocol': '1',
      'taskloom-message': 'call',
      'taskloom-agent': 'remote',
      'taskloom-job': 'job-1',
      'taskloom-task': 'job-1:3',
    });
  });

  it('is signed as the guide says', async () => {
    await call('/echo?x=y');
    const { headers, body } = await remote.next('received');
    const text = [
      'taskloom-remote-1',
      'call',
      'POST',
      '/echo?x=y',
      createHash('sha256').update(JSON.stringify(body)).digest('hex'),
      headers['taskloom-timestamp'],
      headers['taskloom-nonce'],
      'remote',
      'job-1',
      'job-1:3',
      headers['taskloom-fence'],
      'job-1:3:0',
    ].join('\n');
    expect(headers['taskloom-signature']).toBe(`v1=${createHmac('sha256', SECRET).update(text).digest('hex')}`);
    expect(Math.abs(Number(headers['taskloom-timestamp']) - Date.now() / 1_000)).toBeLessThan(5);
  });

  it('has another fence and nonce each time', async () => {
    await call('/echo');
    await call('/echo');
    const [one, other] = [await remote.next('received'), await remote.next('received')];
    expect(one.headers['taskloom-fence']).not.toBe(other.headers['taskloom-fence']);
    expect(one.headers['taskloom-nonce']).not.toBe(other.headers['taskloom-nonce']);
  });

  it('asks for headers anew each time, and refuses those that would break out (R7)', async () => {
    let token = 0;
    const agent = localAgent(remote.url('/echo'), { headers: () => ({ authorization: `Bearer ${(token += 1)}` }) });
    await attempt(agent, {});
    await attempt(agent, {});
    expect((await remote.next('received')).headers['authorization']).toBe('Bearer 1');
    expect((await remote.next('received')).headers['authorization']).toBe('Bearer 2');
    for (const bad of [
      { a: 'x\r\nhost: evil' },
      { 'a b': 'x' },
      { a: 'x'.repeat(1_048_576) },
      { 'taskloom-fence': 'mine' },
      { Host: 'x' },
    ]) {
      const error = await thrownBy(call('/echo', { headers: () => bad }));
      expect(error.code).toBe('HEADER_INVALID');
      expect(error.message).not.toContain('evil');
    }
  });

  it('unpacks an answer in gzip, which it asks for', async () => {
    await expect(call('/gzip')).resolves.toEqual({ echo: 'packed' });
    expect((await remote.next('received')).headers['accept-encoding']).toBe('gzip');
  });
});

describe('an answer that is none (R3, R4)', () => {
  it.each<[string, string, 'fatal' | 'retryable' | 'retry-after' | undefined]>([
    // Statuses: what may pass next time is tried again, what cannot is not.
    ['/status/204', 'AGENT_ANSWER_INVALID', undefined],
    ['/status/201', 'AGENT_ANSWER_INVALID', undefined],
    ['/redirect', 'AGENT_ANSWER_INVALID', 'fatal'],
    ['/redirect-to-self', 'AGENT_ANSWER_INVALID', 'fatal'],
    ['/status/304', 'AGENT_ANSWER_INVALID', 'fatal'],
    ['/status/400', 'AGENT_REFUSED', 'fatal'],
    ['/status/401', 'AGENT_REFUSED', 'fatal'],
    ['/status/404', 'AGENT_REFUSED', 'fatal'],
    ['/status/409', 'AGENT_REFUSED', 'fatal'],
    ['/status/422', 'AGENT_REFUSED', 'fatal'],
    ['/status/408', 'AGENT_BUSY', 'retryable'],
    ['/status/425', 'AGENT_BUSY', 'retryable'],
    ['/status/429', 'AGENT_BUSY', 'retryable'],
    ['/status/500', 'AGENT_BUSY', 'retryable'],
    ['/status/503?retry-after=3', 'AGENT_BUSY', 'retry-after'],
    // Bodies.
    ['/html', 'AGENT_ANSWER_INVALID', undefined],
    ['/html-as-json', 'AGENT_ANSWER_INVALID', undefined],
    ['/not-utf8', 'AGENT_ANSWER_INVALID', undefined],
    ['/list', 'AGENT_ANSWER_INVALID', undefined],
    ['/neither', 'AGENT_ANSWER_INVALID', undefined],
    ['/both', 'AGENT_ANSWER_INVALID', undefined],
    ['/brotli', 'AGENT_ANSWER_INVALID', undefined],
    ['/gzip-broken', 'AGENT_ANSWER_INVALID', undefined],
    // HTTP.
    ['/length-too-short', 'AGENT_ANSWER_INVALID', undefined],
    ['/length-too-long', 'AGENT_UNREACHABLE', 'retryable'],
    ['/not-http', 'AGENT_ANSWER_INVALID', undefined],
    ['/huge-header', 'AGENT_ANSWER_INVALID', undefined],
    // The work.
    ['/failed', 'AGENT_FAILED', 'retryable'],
    ['/failed-for-now', 'AGENT_FAILED', 'retry-after'],
    ['/failed-for-good', 'AGENT_FAILED', 'fatal'],
    // 202 without anybody to call back.
    ['/accepts', 'AGENT_ANSWER_INVALID', undefined],
  ])('%s is %s, and steers as %s', async (path, code, steers) => {
    const error = await thrownBy(call(path));
    expect(error.code).toBe(code);
    expect(isTaskloomError(error)).toBe(true);
    expect((error as unknown as Record<symbol, unknown>)[steering]).toBe(steers);
    expect(error.message).toContain('remote');
  });

  it('never follows a redirect', async () => {
    await thrownBy(call('/redirect-to-self'));
    await call('/echo?after');
    expect((await remote.next('received')).path).toBe('/redirect-to-self');
    expect((await remote.next('received')).path).toBe('/echo?after');
  });

  it('does not repeat what an error page says', async () => {
    const { message, details } = await thrownBy(call('/status/500'));
    expect(message).not.toMatch(/boom|secretPlace/);
    expect(details.status).toBe(500);
  });

  it.each([
    ['3', 3_000],
    ['1000000000', 60_000],
    ['Mon, 01 Jan 2001 00:00:00 GMT', 0],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 60_000],
  ])('waits as Retry-After: %s says, within the cap', async (header, ms) => {
    const error = await thrownBy(call(`/status/429?retry-after=${encodeURIComponent(header)}`, { maxRetryAfter: '1m' }));
    expect(error).toMatchObject({ code: 'AGENT_BUSY', retryAfterMs: ms });
  });

  it('caps the wait that an answer asks for, too', async () => {
    expect(await thrownBy(call('/failed-for-now'))).toMatchObject({ retryAfterMs: 7_000 });
    expect(await thrownBy(call('/failed-for-now', { maxRetryAfter: '2s' }))).toMatchObject({ retryAfterMs: 2_000 });
  });
});

describe('an answer that does not end (R3)', () => {
  it.each(['/silent', '/slow-headers', '/drip'])('%s is AGENT_TIMEOUT', async (path) => {
    expect(await thrownBy(call(path, { requestTimeout: 150 }))).toMatchObject({ code: 'AGENT_TIMEOUT', details: { timeoutMs: 150 } });
  });

  it('is cut off at the limit while it is read', async () => {
    const error = await thrownBy(call('/endless', { maxResponseBytes: 100_000 }));
    expect(error).toMatchObject({ code: 'RESPONSE_TOO_LARGE', details: { limit: 100_000 } });
    // What was on its way in buffers is not counted; it is far from endless.
    expect(await remote.next('closedAfter')).toBeLessThan(32 * 1_048_576);
  });

  it('is cut off at the limit once it is unpacked: a bomb of 1 to 1,000', async () => {
    expect((await thrownBy(call('/gzip-bomb'))).code).toBe('RESPONSE_TOO_LARGE');
  });

  it('is bounded at the limit exactly', async () => {
    const answer = JSON.stringify({ output: { echo: { a: 1 } } });
    await expect(call('/echo', { maxResponseBytes: answer.length })).resolves.toEqual({ echo: { a: 1 } });
    expect((await thrownBy(call('/echo', { maxResponseBytes: answer.length - 1 }))).code).toBe('RESPONSE_TOO_LARGE');
  });

  it('is not read at all when it declares to be larger', async () => {
    expect((await thrownBy(call('/declares-10-gib'))).code).toBe('RESPONSE_TOO_LARGE');
  });

  it.each(['/endless-503', '/broken-503'])('does not hide the status that it belongs to: %s', async (path) => {
    expect(await thrownBy(call(path))).toMatchObject({ code: 'AGENT_BUSY', details: { status: 503 } });
  });
});

describe('a remote that dies', () => {
  it.each(['/dies', '/dies-halfway'])('at %s is AGENT_UNREACHABLE, and so is one that is not there', async (path) => {
    const mortal = await AgentProcess.start();
    const agent = localAgent(mortal.url(path));
    expect(await thrownBy(attempt(agent, {}))).toMatchObject({ code: 'AGENT_UNREACHABLE' });
    await mortal.stop();
    expect(await thrownBy(attempt(agent, {}))).toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('an attempt that is told to stop', () => {
  it('ends at once with the reason it was given, and closes the connection', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const pending = attempt(localAgent(remote.url('/endless'), { maxResponseBytes: 2 ** 40 }), {}, { signal: stop.signal });
    await remote.next('received');
    stop.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await remote.next('closedAfter');
  });

  it('does not begin when it was told before', async () => {
    await expect(attempt(localAgent(remote.url('/echo')), {}, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
    await call('/echo?after');
    expect((await remote.next('received')).path).toBe('/echo?after');
  });
});
