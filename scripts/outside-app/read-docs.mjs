import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBrowser } from './browser.mjs';

const WIDTHS = [400, 1_400];
const SCHEMES = ['light', 'dark'];

/**
 * Opens the documentation from disk as a person does: searches, follows a link, turns the colours over, and takes a
 * picture of the whole page for each width and colour scheme.
 *
 * @param {string} program the browser
 * @param {string} page the documentation's file
 * @param {string} pictures the folder for the pictures
 * @param {object} expected
 * @param {string[]} expected.names every agent and workflow in the order of the page
 * @param {{ words: string, names: string[] }[]} expected.searches what is found by which words
 * @returns {Promise<string[]>} the pictures
 */
export async function readDocs(program, page, pictures, { names, searches }) {
  mkdirSync(pictures, { recursive: true });
  const url = pathToFileURL(page).href;
  return withBrowser(program, async ({ send, on }) => {
    const complaints = [];
    const requests = [];
    on('Runtime.exceptionThrown', ({ exceptionDetails }) => complaints.push(exceptionDetails));
    on('Log.entryAdded', ({ entry }) => complaints.push(entry));
    on('Network.requestWillBeSent', ({ request }) => requests.push(request.url));
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);

    const evaluate = async (expression) => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    const open = async () => {
      const loaded = new Promise((resolve) => on('Page.loadEventFired', resolve));
      await send('Page.navigate', { url });
      await loaded;
    };
    const shown = `[...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).map((one) => one.querySelector('h2').textContent)`;

    await open();
    deepStrictEqual(await evaluate(shown), names);
    for (const { words, names: found } of searches) {
      await evaluate(`search.focus(), search.select()`);
      await send('Input.insertText', { text: words });
      deepStrictEqual([words, await evaluate(shown)], [words, found]);
    }
    await evaluate(`search.value = '', search.dispatchEvent(new Event('input'))`);
    // Every link within the page leads somewhere.
    deepStrictEqual(
      await evaluate(
        `[...document.querySelectorAll('a[href^="#"]')].map((one) => one.getAttribute('href')).filter((href) => !document.getElementById(decodeURIComponent(href.slice(1))))`,
      ),
      [],
    );
    const background = `getComputedStyle(document.body).backgroundColor`;
    const before = await evaluate(background);
    await evaluate(`document.getElementById('theme').click()`);
    strictEqual((await evaluate(background)) === before, false, 'The choice of colours changes nothing.');
    await evaluate(`document.getElementById('theme').click(), localStorage.clear()`);

    const taken = [];
    for (const width of WIDTHS)
      for (const scheme of SCHEMES) {
        await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
        await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
        await open();
        // A page wider than its window would have to be pushed about to be read.
        strictEqual(await evaluate('document.documentElement.scrollWidth'), width);
        const { data } = await send('Page.captureScreenshot', {
          format: 'png',
          captureBeyondViewport: true,
          clip: { x: 0, y: 0, width, height: await evaluate('document.documentElement.scrollHeight'), scale: 1 },
        });
        const picture = join(pictures, `docs-${width}-${scheme}.png`);
        writeFileSync(picture, Buffer.from(data, 'base64'));
        taken.push(picture);
      }
    deepStrictEqual(complaints, []);
    deepStrictEqual([...new Set(requests)], [url]);
    return taken;
  });
}
