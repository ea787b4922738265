import { describe, expect, it } from '@jest/globals';

import { inLog } from './in-log.js';
import { TaskloomError } from './taskloom-error.js';

describe('what the log says of an error', () => {
  it('is its message, with the code where it is one of the framework’s', () => {
    expect(inLog(new TaskloomError('STORE_UNAVAILABLE', 'The disk is full.'))).toEqual({
      error: 'The disk is full.',
      code: 'STORE_UNAVAILABLE',
    });
    expect(inLog(new TypeError('x is not a function'))).toEqual({ error: 'x is not a function' });
  });

  it('is something of anything that can be thrown', () => {
    expect(inLog('words')).toEqual({ error: expect.stringContaining('words') });
    expect(inLog(null)).toEqual({ error: expect.any(String) });
    const unreadable = Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('no');
      },
    });
    expect(inLog(unreadable)).toEqual({ error: expect.any(String) });
  });
});
