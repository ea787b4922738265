import { setTimeout as wait } from 'node:timers/promises';

const COLLECTIONS = 4;
const REST_MS = 250;

/** Tells the parent where this process serves, and does what the parent asks for by name. Every server can tell its memory. */
export function obey(port, acts) {
  const all = { ...acts, memory };
  process.on('message', ({ no, act, args }) => {
    all[act](...args).then(
      (answer) => process.send({ no, answer }),
      (error) => process.send({ no, error: error.stack ?? String(error) }),
    );
  });
  process.send({ port });
}

/** What is in use after collections: the heap, buffers beside it, and the whole process. Needs --expose-gc. */
async function memory() {
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    globalThis.gc();
    await wait(REST_MS);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}
