import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StopRequest } from './stop-request.js';

describe('the wish to stop', () => {
  let stop: StopRequest;
  let now = 0;
  const exit = jest.fn();

  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    jest.spyOn(process, 'exit').mockImplementation(exit as never);
    exit.mockClear();
    stop = new StopRequest();
  });
  afterEach(() => {
    stop.dispose();
    jest.restoreAllMocks();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('comes with %s', async (name) => {
    expect(stop.isRequested).toBe(false);
    process.emit(name);
    await stop.requested;
    expect([stop.isRequested, stop.signal.aborted]).toEqual([true, true]);
  });

  it('counts once when it comes again within a second, and ends the process at once after that', () => {
    now = 5_000;
    process.emit('SIGINT');
    now = 5_900;
    process.emit('SIGINT');
    process.emit('SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    now = 6_100;
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
  });

  it('is not listened for any more when that is told', () => {
    const before = process.listenerCount('SIGINT');
    stop.dispose();
    expect(process.listenerCount('SIGINT')).toBe(before - 1);
  });
});
