import { afterEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';

import { runWelcome } from './support/jobs.js';
import { chromium, launchChromium } from './support/chromium.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

let browser: Browser | undefined;
afterEach(async () => {
  await browser?.close();
  await stopApps();
});

/** GraphiQL in a page, with everything that was asked of the network and everything that went wrong. */
async function open({ url }: TestApp): Promise<{ page: Page; requests: string[]; faults: string[] }> {
  browser = await launchChromium(chromium!);
  const page = await browser.newPage();
  await page.setViewport({ width: 1_300, height: 800 });
  const [requests, faults]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => (message.type() === 'error' ? faults.push(message.text()) : undefined));
  await page.goto(url);
  await page.waitForSelector('.graphiql-query-editor .CodeMirror');
  return { page, requests, faults };
}

/** Types an operation in the place of what is there, and runs it. The tab bears the name that GraphiQL has understood. */
async function run(page: Page, name: string, operation: string): Promise<void> {
  await page.click('.graphiql-query-editor .CodeMirror');
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await page.keyboard.sendCharacter(operation);
  await shows(page, '.graphiql-tab-active', name);
  await page.keyboard.down('Control');
  await page.keyboard.press('Enter');
  await page.keyboard.up('Control');
}

async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForSelector(`${selector} ::-p-text(${JSON.stringify(text)})`);
}

(chromium ? describe : describe.skip)('GraphiQL in a browser', () => {
  it('knows the schema, runs a query and a subscription, and asks nobody else for anything', async () => {
    const app = await startApp();
    const { page, requests, faults } = await open(app);
    await run(page, 'Named', 'query Named { workflows { name description } }');
    await shows(page, '.result-window', 'Greets somebody, loudly');
    expect(await page.title()).toBe('Taskloom · GraphiQL');
    expect((await page.screenshot({ type: 'png' })).length).toBeGreaterThan(20_000);

    await page.click('[aria-label="Show Documentation Explorer"]');
    await shows(page, '.graphiql-doc-explorer', 'Subscription');

    await run(page, 'Watch', 'subscription Watch { jobUpdated { name status } }');
    await page.waitForSelector('.graphiql-execute-button[aria-label^="Stop"]');
    await runWelcome(app.engine);
    await shows(page, '.result-window', 'COMPLETED');

    expect(requests.filter((url) => !url.startsWith(app.origin) && !url.startsWith('data:'))).toEqual([]);
    expect(faults).toEqual([]);
  });
});
