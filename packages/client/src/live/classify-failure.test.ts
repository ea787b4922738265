import { describe, expect, it } from '@jest/globals';

import { ApiResponseError, ConnectionError } from '../errors.js';
import { classifyFailure } from './classify-failure.js';

const api = (code: string, details = {}) => [{ message: 'no', extensions: { code, details } }];

describe('a stream goes on after', () => {
  it.each([
    ['a connection that could not be made', new Error('connect ECONNREFUSED')],
    ['a connection that died', { code: 1006, reason: '' }],
    ['a server that stops', { code: 1001, reason: 'the server is stopping' }],
    ['a reader that was too slow', { code: 4413, reason: 'SLOW_READER: resume with afterSeq=5' }],
    ['a server without a sign of life', { code: 4408, reason: 'no sign of life' }],
    ['a gateway without a server', new ConnectionError('Bad Gateway', 502)],
    ['an engine that is not there yet', api('ENGINE_STOPPED')],
  ])('%s', (_what, cause) => {
    expect(classifyFailure(cause, false)).toMatchObject({ isRetryable: true, error: expect.any(Error) });
  });

  it('as many operations as a client may begin, when the server says', () => {
    expect(classifyFailure(api('RATE_LIMITED', { retryAfterMs: 730 }), false)).toMatchObject({ isRetryable: true, waitMs: 730 });
  });

  it('credentials that have expired, where others can be had', () => {
    const expired = { code: 4403, reason: 'the credentials have expired' };
    expect([classifyFailure(expired, true).isRetryable, classifyFailure(expired, false).isRetryable]).toEqual([true, false]);
  });
});

describe('a stream gives up after', () => {
  it.each([
    ['a caller that is not admitted', { code: 4403, reason: 'Forbidden' }, ConnectionError],
    ['an address that is none of the API', new ConnectionError('Not Found', 404), ConnectionError],
    ['a page instead of a stream', new ConnectionError('OK', 200), ConnectionError],
    ['a protocol that is not spoken', { code: 4406, reason: 'Subprotocol not acceptable' }, ConnectionError],
    ['a job that does not exist', api('NOT_FOUND'), ApiResponseError],
    ['a job that was deleted with its events', api('CURSOR_EXPIRED'), ApiResponseError],
    ['a cursor that is none', new ApiResponseError(api('CURSOR_INVALID')), ApiResponseError],
  ])('%s', (_what, cause, kind) => {
    const { error, isRetryable } = classifyFailure(cause, true);
    expect(isRetryable).toBe(false);
    expect(error).toBeInstanceOf(kind);
  });
});
