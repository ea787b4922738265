import { describe, expect, it } from '@jest/globals';

import { ManualClock } from '../../test/helpers/manual-clock.js';
import { CircuitBreaker, type BreakerRule } from './circuit-breaker.js';

const RULE: BreakerRule = { failureRate: 0.5, windowMs: 60_000, attempts: 4, cooldownMs: 30_000 };

function breaker(rule: Partial<BreakerRule> = {}) {
  const clock = new ManualClock();
  const changes: string[] = [];
  const made = new CircuitBreaker('breaker:a', { ...RULE, ...rule }, clock, ({ state }) => changes.push(state));
  const end = (...outcomes: ('ok' | 'bad')[]): void => outcomes.forEach((outcome) => made.ended(outcome === 'bad'));
  return { clock, changes, breaker: made, end };
}

describe('a circuit breaker', () => {
  it('lets everything pass while few attempts fail', () => {
    const { breaker: closed, end, changes } = breaker();
    end('bad', 'ok', 'ok', 'ok', 'bad', 'ok');
    expect(closed.state).toBe('closed');
    expect(closed.hasRoomFor(1_000)).toBe(true);
    expect(changes).toEqual([]);
  });

  it('does not open before there are enough attempts to tell', () => {
    const { breaker: closed, end } = breaker();
    end('bad', 'bad', 'bad');
    expect(closed.state).toBe('closed');
    end('bad');
    expect(closed.state).toBe('open');
  });

  it('counts only what ended within the window', () => {
    const { breaker: closed, end, clock } = breaker();
    end('bad', 'bad', 'bad');
    clock.advance(60_000);
    end('bad', 'ok', 'ok', 'ok');
    expect(closed.state).toBe('closed');
  });

  it('has no room while it is open, then for one attempt, and for all when that succeeds', () => {
    const { breaker: open, end, clock, changes } = breaker();
    end('bad', 'bad', 'bad', 'bad');
    expect([open.hasRoomFor(1), open.opensInMs]).toEqual([false, 30_000]);
    clock.advance(29_999);
    expect([open.state, open.opensInMs]).toEqual(['open', 1]);
    clock.advance(1);
    expect(open.state).toBe('half-open');
    expect([open.hasRoomFor(1), open.hasRoomFor(2)]).toEqual([true, false]);
    open.take(1);
    expect(open.hasRoomFor(1)).toBe(false);
    end('ok');
    open.give(1);
    expect(open.state).toBe('closed');
    expect(changes).toEqual(['open', 'closed']);
  });

  it('opens again when the one fails, and forgets old failures when it closes', () => {
    const { breaker: open, end, clock, changes } = breaker();
    end('bad', 'bad', 'bad', 'bad');
    clock.advance(30_000);
    open.take(1);
    end('bad');
    open.give(1);
    expect([open.state, open.opensInMs]).toEqual(['open', 30_000]);
    clock.advance(30_000);
    open.take(1);
    end('ok', 'bad', 'bad', 'bad');
    expect(open.state).toBe('closed');
    expect(changes).toEqual(['open', 'open', 'closed']);
  });

  it('tries another attempt after the cooldown where one comes to nothing', () => {
    const { breaker: open, end, clock } = breaker();
    end('bad', 'bad', 'bad', 'bad');
    clock.advance(30_000);
    open.take(1);
    open.give(1);
    expect([open.hasRoomFor(1), open.opensInMs]).toEqual([false, 30_000]);
    clock.advance(30_000);
    expect(open.hasRoomFor(1)).toBe(true);
  });

  it('does not count what had started before it opened', () => {
    const { breaker: open, end } = breaker();
    end('bad', 'bad', 'bad', 'bad', 'ok', 'ok');
    expect(open.state).toBe('open');
  });
});
