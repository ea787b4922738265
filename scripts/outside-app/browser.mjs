import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environment } from '../setup/environment.mjs';
import { devToolsOf } from './dev-tools.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Without a screen, and without a word to anybody. */
const OPTIONS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-sync',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

/** A browser that can run without a screen: `TASKLOOM_BROWSER`, or one on the path. `null` where there is none. */
export function findBrowser() {
  const { TASKLOOM_BROWSER: named, PATH = '' } = process.env;
  if (named) return named;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * Starts a browser with a profile of its own, which is gone with it.
 * @param {string} program where it is
 * @param {(page: { send: (method: string, params?: object) => Promise<object>, on: (method: string, listener: (params: object) => void) => void }) => Promise<T>} act
 *   what is done in its one page, by the DevTools protocol
 * @returns {Promise<T>} what the act gives
 * @template T
 */
export async function withBrowser(program, act) {
  const profile = mkdtempSync(join(tmpdir(), 'taskloom-browser-'));
  const child = spawn(program, [...OPTIONS, `--user-data-dir=${profile}`, 'about:blank'], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'close');
  const gone = ended.then(
    () => Promise.reject(new Error(`${program} ended too early.\n${said}`)),
    (error) => Promise.reject(error),
  );
  const devTools = devToolsOf(child);
  try {
    return await Promise.race([devTools.openPage().then(act), gone]);
  } finally {
    gone.catch(() => {});
    child.kill('SIGKILL');
    await ended.catch(() => {});
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
