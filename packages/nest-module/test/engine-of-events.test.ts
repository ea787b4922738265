import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

import { afterEach, describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';

import { secret } from '../src/index.js';
import { LeafSelection } from '../src/server/leaf-selection.js';
import { dataOf } from './support/ask.js';
import { runWelcome } from './support/jobs.js';
import { post } from './support/raw-http.js';
import { sqliteDriver } from './support/sqlite-driver.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { tempStore } from './support/temp-store.js';
import { all, closeSockets, resultsOf, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

interface Told {
  readonly seq: number;
  readonly engine: { readonly id: string; readonly name: string } | null;
}

const WHOLE = 'seq engine { id name }';
const WATCH = `subscription ($id: ID!) { jobEvents(jobId: $id) { ${WHOLE} } }`;

/** What each way to read the events of a job tells of their engines. */
async function toldBy({ url, socketUrl }: TestApp, id: string): Promise<readonly Told[]> {
  const { events } = await dataOf<{ events: Told[] }>(url, `query ($id: ID!) { events(jobId: $id) { ${WHOLE} } }`, { id });
  // What is pushed is read as it is, and where fragments are used it is executed.
  for (const query of [WATCH, `subscription ($id: ID!) { jobEvents(jobId: $id) { ...Whole } } fragment Whole on JobEvent { ${WHOLE} }`]) {
    const pushed = await all<{ jobEvents: Told }>(socketUrl, query, { id });
    expect(pushed.map(({ jobEvents }) => jobEvents)).toEqual(events);
  }
  return events;
}

describe('the engine of an event', () => {
  it('is the one that wrote it, by the option `name`, also after a restart under another', async () => {
    const store = await tempStore();
    const first = await startApp({ taskloom: { store, name: 'web 1' } });
    const before = { id: first.engine.id, name: 'web 1' };
    const id = await runWelcome(first.engine);
    const told = await toldBy(first, id);
    expect(told.length).toBeGreaterThan(5);
    expect(told.map(({ engine }) => engine)).toEqual(told.map(() => before));
    await first.app.close();

    const second = await startApp({ taskloom: { store, name: 'web 2' } });
    expect(await toldBy(second, id)).toEqual(told);
    const own = await toldBy(second, await runWelcome(second.engine));
    expect(own[0]!.engine).toEqual({ id: second.engine.id, name: 'web 2' });
    expect(second.engine.id).not.toBe(before.id);
    const { task } = await dataOf<{ task: { history: Told[] } }>(second.url, `{ task(id: "${id}:1") { history { ${WHOLE} } } }`);
    expect(task.history.at(-1)!.engine).toEqual(before);
  });

  it('is named after the machine where the application says nothing', async () => {
    const app = await startApp();
    expect((await toldBy(app, await runWelcome(app.engine)))[0]!.engine!.name).toBe(hostname());
  });

  it('is null where an event is older than that', async () => {
    const store = await tempStore();
    const first = await startApp({ taskloom: { store } });
    const id = await runWelcome(first.engine);
    await first.app.close();
    const database = new sqliteDriver(store.path) as unknown as { exec(sql: string): void; close(): void };
    database.exec('UPDATE taskloom_event SET engine = NULL WHERE seq <= 2');
    database.close();

    const told = await toldBy(await startApp({ taskloom: { store } }), id);
    expect(told.slice(0, 3).map(({ engine }) => engine)).toEqual([null, null, { id: first.engine.id, name: first.engine.name }]);
  });

  it('is closed by the `field` hook, as a whole and in its parts, in answers and in what is pushed', async () => {
    const closed = new Set<string>();
    const app = await startApp({
      taskloom: {
        name: 'hidden host',
        api: { authorize: { caller: () => ({ name: 'ada' }), field: (_caller, { type, name }) => !closed.has(`${type}.${name}`) } },
      },
    });
    const id = await runWelcome(app.engine);
    const ask = async (): Promise<string> =>
      JSON.stringify([
        (await post(app.url, `{ events(jobId: "${id}") { ${WHOLE} } }`)).json(),
        await resultsOf(watch(app.socketUrl, WATCH, { id })),
      ]);
    expect(await ask()).toContain('hidden host');
    for (const field of ['JobEvent.engine', 'EngineIdentity.name']) {
      closed.clear();
      closed.add(field);
      const told = await ask();
      expect(told).not.toContain('hidden host');
      expect(told.match(new RegExp(`"field":"${field}"`, 'g'))!.length).toBeGreaterThan(1);
      expect(told).toContain('"engine":null');
    }
  });

  it('tells no secret that is in its name', async () => {
    const app = await startApp({
      taskloom: { name: 'host canary-of-a-name', secrets: { 'host-key': secret('canary-of-a-name') } },
    });
    const told = await toldBy(app, await runWelcome(app.engine));
    expect(told[0]!.engine!.name).toBe('host [secret:host-key]');
    expect(app.engine.name).toBe('host [secret:host-key]');
  });

  it('costs a pushed event no execution: all that an event has is read as it is', async () => {
    const schema = buildSchema(await readFile(new URL('../schema.graphql', import.meta.url), 'utf8'));
    const document = parse('subscription { jobEvents(jobId: "a") { jobId seq type taskId taskKey at actor data engine { id name } } }');
    expect(LeafSelection.of({ schema, document })).not.toBeNull();
  });
});
