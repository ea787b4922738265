import { afterEach, describe, expect, it } from '@jest/globals';
import type { EventView } from '@taskloom/core';
import { VirtualClock } from '@taskloom/core/testing';
import { createClient } from 'graphql-sse';
import type { ExecutionResult } from 'graphql-ws';

import { tenantId } from '../src/index.js';
import { ask } from './support/ask.js';
import { runJob, runWelcome } from './support/jobs.js';
import { post } from './support/raw-http.js';
import { startApp, stopApps, type TestApp, type TestAppOptions } from './support/start-app.js';
import { closeSockets, resultsOf, watch } from './support/watch.js';

const stopping: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) stop();
  await closeSockets();
  await stopApps();
});

const EVENTS = 'subscription ($id: ID!, $afterSeq: Int) { jobEvents(jobId: $id, afterSeq: $afterSeq) { seq } }';
const DAY = 86_400_000;

interface AgingApp extends TestApp {
  /** What a subscription to the job's events gives, over either transport. */
  readonly events: (transport: Transport, id: string, afterSeq?: number) => AsyncIterable<ExecutionResult>;
  /** Lets so much time pass that every job that has ended is deleted. */
  readonly expireAll: () => Promise<void>;
}
type Transport = (typeof TRANSPORTS)[number];
const TRANSPORTS = ['websocket', 'sse'] as const;

async function start(taskloom: TestAppOptions['taskloom'] = {}): Promise<AgingApp> {
  const clock = new VirtualClock();
  const app = await startApp({ taskloom: { ...taskloom, clock, retention: '1d' } });
  return {
    ...app,
    events(transport, id, afterSeq = 0) {
      const variables = { id, afterSeq };
      if (transport === 'websocket') return watch(app.socketUrl, EVENTS, variables);
      const client = createClient({ url: app.url, retryAttempts: 0 });
      stopping.push(() => client.dispose());
      return client.iterate({ query: EVENTS, variables }) as AsyncIterable<ExecutionResult>;
    },
    async expireAll() {
      await clock.advance(2 * DAY);
      while ((await app.engine.reader.countJobs({})) > 0) await clock.advance(0);
    },
  };
}

describe.each(TRANSPORTS)('the events of a job that was deleted, over %s (Q6)', (transport) => {
  it('are refused with CURSOR_EXPIRED, from the beginning and from a cursor', async () => {
    const app = await start();
    const id = await runWelcome(app.engine);
    await app.expireAll();
    for (const afterSeq of [0, 3, 2_000_000_000]) {
      const [refused, ...more] = await resultsOf(app.events(transport, id, afterSeq));
      expect(more).toEqual([]);
      expect(refused).toMatchObject({
        errors: [
          {
            message: expect.stringContaining(`"${id}" was deleted with its events on 2026-01-`),
            extensions: {
              code: 'CURSOR_EXPIRED',
              remedy: expect.stringContaining('kept for a limited time'),
              details: { jobId: id, expiredAt: expect.stringMatching(/^2026-01-0\dT/) },
            },
          },
        ],
      });
    }
  });

  it.each([
    ['events are checked one by one', {}],
    ['jobs are, too', { job: () => true }],
  ])('do not end like a job where they are deleted while they are read, and %s', async (_how, hooks) => {
    let arrive: () => void;
    let goOn: () => void;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const expired = new Promise<void>((resolve) => (goOn = resolve));
    const event = async ({ seq }: EventView): Promise<boolean> => {
      if (seq !== 10) return true;
      arrive();
      await expired;
      return true;
    };
    const app = await start({ api: { authorize: { caller: () => true, event: (_caller, view) => event(view), ...hooks } } });
    // More than the engine reads at once.
    const tasks = Array.from({ length: 300 }, (_, index) => ({ key: `t${index}`, agent: 'greet', input: { name: 'x' } }));
    const id = await runJob(app.engine, tasks);
    const { lastSeq } = (await app.engine.reader.job(id))!;
    const seen = resultsOf(app.events(transport, id));
    await arrived;
    await app.expireAll();
    goOn!();
    expect((await seen).length).toBeLessThan(lastSeq);
    expect((await seen).at(-1)).toMatchObject({ errors: [{ extensions: { code: 'CURSOR_EXPIRED' } }] });
  });
});

describe('the events of a job that was deleted', () => {
  it('are refused by the query too, and the job itself is null', async () => {
    const app = await start();
    const id = await runWelcome(app.engine);
    await app.expireAll();
    const { data, errors } = await ask(app.url, `{ job(id: "${id}") { id } events(jobId: "${id}", afterSeq: 2) { seq } }`);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['events'], extensions: { code: 'CURSOR_EXPIRED' } }]);
  });

  it('are missing, as if they had never been, for another tenant', async () => {
    const app = await start({
      api: { tenancy: true, authorize: ({ headers }) => ({ name: 'x', tenant: tenantId(String(headers['x-tenant'])) }) },
    });
    const { id } = await app.engine.submitJob({ name: 'of-a', tasks: [], options: { tenant: 'a' } });
    await app.expireAll();
    const codeFor = async (tenant: string): Promise<unknown> =>
      (
        (await post(app.url, `{ events(jobId: "${id}") { seq } }`, { 'x-tenant': tenant })).json().errors as {
          extensions: { code: string };
        }[]
      )[0]!.extensions.code;
    expect([await codeFor('a'), await codeFor('b')]).toEqual(['CURSOR_EXPIRED', 'NOT_FOUND']);
  });
});
