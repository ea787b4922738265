import { describe, expect, it } from '@jest/globals';

import type { LiveResult } from './live-transport.js';
import { resume } from './resume.js';

const settings = { retryAttempts: 2, retryWait: async () => {}, onRetry: () => {}, renewsHeaders: false };

/** Each connection gives some results and then breaks, or ends. */
function connections(...scripts: readonly { readonly gives: readonly number[]; readonly finally: 'break' | 'end' }[]) {
  let opened = 0;
  const open = async function* (): AsyncGenerator<LiveResult, void> {
    const script = scripts[opened];
    opened += 1;
    for (const data of script?.gives ?? []) yield { data };
    if (script?.finally !== 'end') throw new Error('broken');
  };
  return { open, opened: () => opened };
}

async function all(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const item of stream) seen.push(item);
  return seen;
}

describe('a resumed stream', () => {
  it('asks again after each break and ends when the server says so', async () => {
    const { open, opened } = connections(
      { gives: [1, 2], finally: 'break' },
      { gives: [], finally: 'break' },
      { gives: [3], finally: 'end' },
    );
    expect(await all(resume({ settings, open, signal: undefined }))).toEqual([1, 2, 3]);
    expect(opened()).toBe(3);
  });

  it('counts only attempts in a row that gave nothing', async () => {
    const breaks = Array.from({ length: 10 }, (_, gives) => ({ gives: [gives], finally: 'break' as const }));
    const { open } = connections(...breaks, { gives: [], finally: 'end' });
    expect(await all(resume({ settings, open, signal: undefined }))).toHaveLength(10);
  });

  it('gives up after as many attempts as it may make, with what happened last', async () => {
    const { open, opened } = connections();
    await expect(all(resume({ settings, open, signal: undefined }))).rejects.toThrow('broken');
    expect(opened()).toBe(3);
  });

  it('ends quietly when it is told to', async () => {
    const leaving = new AbortController();
    const { open } = connections({ gives: [1, 2, 3], finally: 'break' });
    const seen: unknown[] = [];
    for await (const item of resume({ settings, open, signal: leaving.signal })) {
      seen.push(item);
      leaving.abort();
    }
    expect(seen).toEqual([1]);
  });

  it('gives up for what asking again would not mend', async () => {
    let opened = 0;
    const open = async function* (): AsyncGenerator<LiveResult, void> {
      opened += 1;
      yield { errors: [{ message: 'There is no job "x".', extensions: { code: 'NOT_FOUND' } }] };
    };
    await expect(all(resume({ settings, open, signal: undefined }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(opened).toBe(1);
  });
});
