import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../setup/run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** A browser that can run without a screen: `TASKLOOM_BROWSER`, or one on the path. `null` where there is none. */
export function findBrowser() {
  const { TASKLOOM_BROWSER: named, PATH = '' } = process.env;
  if (named) return named;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** Takes a picture of a page on disk. */
export async function screenshot(browser, page, picture, { width, height }) {
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--window-size=${width},${height}`];
  const { ok, output } = await run(browser, [...options, `--screenshot=${picture}`, pathToFileURL(page).href]);
  if (!ok || !existsSync(picture)) throw new Error(`${browser} took no picture.\n${output}`);
}
