import { runInNewContext } from 'node:vm';

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { byteLength } from '../kernel/json.js';
import { RetryAfterError } from './steering-errors.js';
import { serializeError } from './serialize-error.js';
import { TaskloomError } from './taskloom-error.js';

const STORED_BYTES = 8_192;
const sizeOf = (thrown: unknown): number => byteLength(JSON.stringify(serializeError(thrown)));

function cyclicCause(): Error {
  const a = new Error('a');
  a.cause = new Error('b', { cause: a });
  return a;
}

describe('an error to be stored', () => {
  it('keeps its name and message', () => {
    expect(serializeError(new TypeError('x is not a function'))).toEqual({
      code: 'AGENT_FAILED',
      name: 'TypeError',
      message: 'x is not a function',
    });
  });

  it('never keeps a stack', () => {
    expect(JSON.stringify(serializeError(new Error('x', { cause: new Error('y') })))).not.toContain('serialize-error.test');
  });

  it('of the framework keeps code and details', () => {
    const error = new TaskloomError('OUTPUT_SCHEMA', 'does not fit', { details: { path: '/a' } });

    expect(serializeError(error)).toEqual({ code: 'OUTPUT_SCHEMA', message: 'does not fit', details: { path: '/a' } });
  });

  it('of another installed copy of the framework is known too', () => {
    const foreign = Object.assign(new Error('from afar'), { code: 'TASK_TIMEOUT', details: {} });
    Object.defineProperty(foreign, Symbol.for('taskloom.error'), { value: true });

    expect(serializeError(foreign)).toEqual({ code: 'TASK_TIMEOUT', message: 'from afar' });
  });

  it('with a code that nobody knows is INTERNAL', () => {
    const foreign = Object.assign(new Error('x'), { code: 'FROM_THE_FUTURE', details: {} });
    Object.defineProperty(foreign, Symbol.for('taskloom.error'), { value: true });

    expect(serializeError(foreign).code).toBe('INTERNAL');
  });

  it('takes the code that its place has for it', () => {
    expect(serializeError('x', 'INPUT_SCHEMA').code).toBe('INPUT_SCHEMA');
  });

  it('of another realm is an error too', () => {
    expect(serializeError(runInNewContext('new RangeError("far")'))).toMatchObject({ name: 'RangeError', message: 'far' });
  });

  it('tells its causes, down to the fifth', () => {
    let error = new Error('7');
    for (let level = 6; level >= 0; level -= 1) error = new Error(String(level), { cause: error });

    expect(serializeError(error).causes).toEqual(['Error: 1', 'Error: 2', 'Error: 3', 'Error: 4', 'Error: 5']);
  });

  it('ends where its causes lead back to itself', () => {
    expect(serializeError(cyclicCause()).causes).toEqual(['Error: b']);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'boom', 'boom'],
    ['an empty text', '', 'an empty string was thrown'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a number', 42, '42'],
    ['a bigint', 7n, '7'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an object', { message: 'not mine' }, 'a thrown object'],
    ['an object without a prototype', Object.create(null), 'a thrown object'],
    ['a list', ['x'], 'a thrown object'],
    ['an error without a message', new RangeError(''), 'RangeError'],
    ['an error without a message, whose name is no text', Object.assign(new Error(''), { name: 5 }), '5'],
    ['a frozen error', Object.freeze(new Error('cold')), 'cold'],
    ['a text as cause', new Error('x', { cause: 'why' }), 'x'],
  ])('may be %s', (_, thrown, message) => {
    expect(serializeError(thrown).message).toBe(message);
  });

  it.each<[string, unknown]>([
    [
      'message',
      Object.defineProperty(new Error(), 'message', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'name',
      Object.defineProperty(new Error('x'), 'name', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'cause',
      Object.defineProperty(new Error('x'), 'cause', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'everything',
      new Proxy(new Error('x'), {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'its prototype',
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    ['details', Object.assign(Object.defineProperty(new Error('x'), Symbol.for('taskloom.error'), { value: true }), { code: 'INTERNAL' })],
    [
      'a message that is no text',
      Object.assign(new Error('x'), {
        message: {
          toString: () => {
            throw new Error('no');
          },
        },
      }),
    ],
  ])('never throws, also where reading %s does', (_, thrown) => {
    expect(serializeError(thrown)).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });

  it.each<[string, unknown]>([
    ['5 MiB of message', new Error('x'.repeat(5 * 1_048_576))],
    ['5 MiB thrown as a text', 'x'.repeat(5 * 1_048_576)],
    ['5 MiB of name', Object.assign(new Error('x'), { name: 'n'.repeat(5 * 1_048_576) })],
    ['5 MiB of name and no message', Object.assign(new Error(''), { name: 'n'.repeat(5 * 1_048_576) })],
    ['long causes', [1, 2, 3, 4, 5, 6].reduce<Error>((cause) => new Error('漢'.repeat(100_000), { cause }), new Error('first'))],
    ['a message of wide characters', new Error('🙂'.repeat(100_000))],
    ['a message of controls, which JSON writes with six characters each', new Error('\u0001'.repeat(100_000))],
    [
      'large details',
      new TaskloomError('OUTPUT_SCHEMA', 'x'.repeat(9_999), { details: { text: '漢'.repeat(3_900) }, cause: new Error('y'.repeat(9_999)) }),
    ],
    [
      '100,000 errors in one',
      new AggregateError(
        Array.from({ length: 100_000 }, () => new Error('one of many')),
        'all failed',
      ),
    ],
  ])('stays below 8 KiB with %s', (_, thrown) => {
    expect(sizeOf(thrown)).toBeLessThanOrEqual(STORED_BYTES);
  });

  it('says how long a message was that it cut', () => {
    expect(serializeError('x'.repeat(10_000)).message).toContain('(10000 characters)');
  });

  it('is cut between characters, and holds no half ones', () => {
    const message = fc.string({ unit: fc.constantFrom('a', '🙂', '\ud800', '漢'), minLength: 1_990, maxLength: 2_010 });
    fc.assert(
      fc.property(message, (text) => {
        const stored = serializeError(new Error(text)).message;

        expect(stored.isWellFormed()).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is JSON', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const stored = serializeError(thrown);

        expect(JSON.parse(JSON.stringify(stored))).toEqual(stored);
      }),
    );
  });

  it('of a steering error keeps its name', () => {
    expect(serializeError(new RetryAfterError('busy', '5s'))).toEqual({ code: 'AGENT_FAILED', name: 'RetryAfterError', message: 'busy' });
  });
});
