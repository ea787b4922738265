import { describe, expect, it } from '@jest/globals';

import { Limits } from './limits.js';

function limitsOf(capacities: { readonly [name: string]: number }): Limits {
  const limits = new Limits();
  for (const [name, capacity] of Object.entries(capacities)) limits.set(name, capacity);
  return limits;
}

describe('limits', () => {
  it('give as many places as there are', () => {
    const limits = limitsOf({ process: 2 });

    expect([limits.take(['process']), limits.take(['process']), limits.take(['process'])]).toEqual([null, null, 'process']);
    limits.give(['process']);
    expect(limits.take(['process'])).toBeNull();
  });

  it('give a place of each, or of none', () => {
    const limits = limitsOf({ process: 5, agent: 1 });
    limits.take(['agent', 'process']);

    expect(limits.take(['process', 'agent'])).toBe('agent');
    expect(limits.takenOf('process')).toBe(1);
  });

  it('that nobody has set have room for everything', () => {
    const limits = new Limits();

    for (let count = 0; count < 100; count += 1) expect(limits.take(['anything'])).toBeNull();
    expect(limits.takenOf('anything')).toBe(0);
  });

  it('keep what is taken when they are set anew', () => {
    const limits = limitsOf({ agent: 3 });
    limits.take(['agent']);
    limits.take(['agent']);
    limits.set('agent', 1);

    expect(limits.take(['agent'])).toBe('agent');
    limits.give(['agent']);
    expect(limits.take(['agent'])).toBe('agent');
    limits.give(['agent']);
    expect(limits.take(['agent'])).toBeNull();
  });

  it('never have more places than they were given', () => {
    const limits = limitsOf({ process: 1 });
    limits.give(['process', 'process']);
    limits.take(['process']);

    expect(limits.take(['process'])).toBe('process');
  });
});
