import { existsSync } from 'node:fs';

import { launch, type Browser } from 'puppeteer-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine, `undefined` where there is none. */
export const chromium: string | undefined = PLACES.find((path) => existsSync(path));

export function launchChromium(executablePath: string): Promise<Browser> {
  // Tests run as root in containers, where Chromium's own sandbox cannot work. They open pages of this server only.
  return launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
}
