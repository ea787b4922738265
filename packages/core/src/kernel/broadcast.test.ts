import { describe, expect, it } from '@jest/globals';

import { Broadcast } from './broadcast.js';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe('a broadcast', () => {
  it('hands what is sent from now on to everybody who listens, in order', async () => {
    const broadcast = new Broadcast<number>(10);
    broadcast.send(0);
    const first = all(broadcast.listen());
    broadcast.send(1);
    const second = all(broadcast.listen());
    broadcast.send(2);
    broadcast.close();

    expect(await Promise.all([first, second])).toEqual([[1, 2], [2]]);
  });

  it('keeps so many for one who does not keep up, and loses the oldest', async () => {
    const broadcast = new Broadcast<number>(3);
    const listener = broadcast.listen();
    for (const value of [1, 2, 3, 4, 5]) broadcast.send(value);
    broadcast.close();

    expect(await all(listener)).toEqual([3, 4, 5]);
  });

  it('ends for one whose signal aborts or who leaves, and goes on for the others', async () => {
    const broadcast = new Broadcast<number>(10);
    const abort = new AbortController();
    const aborted = all(broadcast.listen(abort.signal));
    const stays = all(broadcast.listen());
    expect(await all(broadcast.listen(AbortSignal.abort()))).toEqual([]);
    broadcast.send(0);
    abort.abort();
    expect(await aborted).toEqual([0]);
    broadcast.send(1);
    broadcast.close();

    expect(await stays).toEqual([0, 1]);
    expect(await all(broadcast.listen())).toEqual([]);
  });
});
