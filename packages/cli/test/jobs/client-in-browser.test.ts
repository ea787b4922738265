import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import type { TaskloomClient } from '@taskloom/client';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';

import { chromium, launchChromium } from '../support/chromium.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { startJobApp, stopJobApps } from '../support/job-app.js';

/** What the page tells of the client in it. */
interface Told {
  readonly event?: { readonly seq: number; readonly type: string; readonly taskKey: string | null };
  readonly status?: string;
  readonly retry?: true;
  readonly over?: true;
}

/** The objects of the page. */
declare const taskloom: { readonly TaskloomClient: typeof TaskloomClient };
declare const tell: (told: Told) => Promise<void>;

let page: string;
let browser: Browser | undefined;
const stopping: (() => unknown)[] = [];

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [createRequire(import.meta.url).resolve('@taskloom/client')],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'taskloom',
    write: false,
    logLevel: 'silent',
  });
  page = `<!doctype html><title>Watch</title><script>${outputFiles[0]!.text}</script>`;
});
afterEach(async () => {
  await browser?.close();
  for (const stop of stopping.splice(0).reverse()) await stop();
  await stopJobApps();
});

interface Opened {
  readonly page: Page;
  /** Addresses of the WebSockets that it has opened. */
  readonly sockets: readonly string[];
  readonly faults: readonly string[];
}

/** A page with the client in it. */
async function open(url: string, told: (told: Told) => void = () => {}): Promise<Opened> {
  browser = await launchChromium(chromium!);
  const opened = await browser.newPage();
  const [sockets, faults]: [string[], string[]] = [[], []];
  opened.on('pageerror', (error) => faults.push(String(error)));
  const devtools = await opened.createCDPSession();
  devtools.on('Network.webSocketCreated', ({ url: socket }) => sockets.push(socket));
  await devtools.send('Network.enable');
  await opened.exposeFunction('tell', told);
  await opened.goto(url);
  return { page: opened, sockets, faults };
}

/** Another application that serves the page. */
async function startOtherSite(): Promise<string> {
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page)).listen(0, '127.0.0.1');
  stopping.push(() => site.close());
  await once(site, 'listening');
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}

(chromium ? describe : describe.skip)('the client in a browser', () => {
  it('watches over a WebSocket, and hears every event once although the connection is cut and refused for a while', async () => {
    const { engine, gate, port } = await startJobApp({ page });
    const proxy = new CuttingProxy(port);
    stopping.push(() => proxy.close());
    const { origin } = new URL(await proxy.listen());
    const { id } = await engine.startWorkflow('waiting', {});
    await gate.reached;

    const all: Told[] = [];
    let heard = (): void => {};
    const until = async (isIt: () => boolean): Promise<void> => {
      while (!isIt()) await new Promise<void>((resolve) => (heard = resolve));
    };
    const {
      page: opened,
      sockets,
      faults,
    } = await open(`${origin}/page`, (told) => {
      all.push(told);
      heard();
    });
    const retries = (): number => all.filter(({ retry }) => retry).length;
    await opened.evaluate((jobId) => {
      const client = new taskloom.TaskloomClient({ url: '/graphql', onRetry: () => void tell({ retry: true }) });
      const watching = (async () => {
        for await (const { seq, type, taskKey } of client.jobEvents(jobId)) await tell({ event: { seq, type, taskKey } });
      })();
      const states = (async () => {
        for await (const { status } of client.jobUpdates(jobId)) await tell({ status });
      })();
      void Promise.all([watching, states]).then(() => tell({ over: true }));
    }, id);

    await until(() => all.some(({ event }) => event?.type === 'TASK_STARTED' && event.taskKey === 'wait'));
    await until(() => all.some(({ status }) => status === 'RUNNING'));
    expect(retries()).toBe(0);
    proxy.refuse();
    await until(() => retries() >= 4);
    gate.open();
    await engine.job(id).result();
    proxy.restore();
    await until(() => all.some(({ over }) => over));

    const { lastSeq } = (await engine.reader.job(id))!;
    const events = all.flatMap(({ event }) => event ?? []);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    expect(events.at(-1)!.type).toBe('JOB_COMPLETED');
    expect(all.flatMap(({ status }) => status ?? []).at(-1)).toBe('COMPLETED');
    expect(new Set(sockets)).toEqual(new Set([`${origin.replace('http', 'ws')}/graphql`]));
    expect(sockets.length).toBeGreaterThan(1);
    expect(faults).toEqual([]);
  }, 60_000);

  it.each([
    ['is refused', false, 'ConnectionError'],
    ['that `allowedOrigins` lists is served', true, 'it heard event 1'],
  ])(
    'in a page that comes from elsewhere %s',
    async (_what, isAllowed, outcome) => {
      const site = await startOtherSite();
      const { engine, url } = await startJobApp({ api: isAllowed ? { allowedOrigins: [site] } : {} });
      const { id } = await engine.startWorkflow('welcome', { names: [] });
      const opened = await open(site);
      const heard = await opened.page.evaluate(
        async (api, jobId) => {
          const client = new taskloom.TaskloomClient({ url: api, retryAttempts: 1 });
          try {
            for await (const { seq } of client.jobEvents(jobId)) return `it heard event ${seq}`;
            return 'it ended';
          } catch (failure) {
            return (failure as Error).name;
          }
        },
        url,
        id,
      );
      expect(heard).toBe(outcome);
    },
    60_000,
  );
});
