import { afterEach, describe, expect, it } from '@jest/globals';

import { runWelcome } from './support/jobs.js';
import { post } from './support/raw-http.js';
import { sqliteDriver } from './support/sqlite-driver.js';
import { startApp, stopApps } from './support/start-app.js';
import { tempStore } from './support/temp-store.js';
import { closeSockets, resultsOf, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

/** Of SQL, of SQLite and of a stack. */
const INSIDE = /SELECT|taskloom_|no such table|SQLITE|SqliteError|\bat \S+ \(|\.js:\d/i;

/** Jest runs each file in a world of its own, and the driver's errors come from the first: to the others they are none, and shown by their code. */
const FOR_THE_LOG = /no such table|SQLITE_ERROR/;

describe('a store that fails behind a resolver', () => {
  it('is INTERNAL with a number for the log, over HTTP, WebSocket and SSE; of SQL and stack nothing is told', async () => {
    const store = await tempStore();
    const lines: string[] = [];
    const note = (line: unknown): void => void lines.push(String(line));
    const { url, socketUrl, engine } = await startApp({
      taskloom: { store },
      logger: { log: () => {}, warn: note, error: note },
    });
    const id = await runWelcome(engine);
    const database = new sqliteDriver(store.path) as unknown as { prepare(sql: string): { run(): void }; close(): void };
    database.prepare('ALTER TABLE taskloom_event RENAME TO taken_away').run();
    try {
      const query = `{ events(jobId: "${id}") { seq } }`;
      const subscription = `subscription { jobEvents(jobId: "${id}") { seq } }`;
      const answers = [
        (await post(url, query)).body,
        (await post(url, query, { accept: 'text/event-stream' })).body,
        (await post(url, subscription, { accept: 'text/event-stream' })).body,
        JSON.stringify(await resultsOf(watch(socketUrl, query))),
        JSON.stringify(await resultsOf(watch(socketUrl, subscription))),
      ];
      for (const answer of answers) {
        expect(answer).not.toMatch(INSIDE);
        const [, correlationId] = /"code":"INTERNAL".*?"correlationId":"([^"]+)"/.exec(answer) ?? [];
        // What happened is in the log, under the number that was told.
        expect(lines.find((line) => line.startsWith(correlationId!))).toMatch(FOR_THE_LOG);
      }
    } finally {
      database.prepare('ALTER TABLE taken_away RENAME TO taskloom_event').run();
      database.close();
    }
  });
});
