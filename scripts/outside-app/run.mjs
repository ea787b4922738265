// npm run try:outside [-- --linked] [-- --keep]: adds Taskloom to an application outside of this repository, as its users do.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode } from '../setup/check-node.mjs';

checkNode();

const { exitWith } = await import('../setup/exit-with.mjs');
const { setUp } = await import('../setup/set-up.mjs');
const { step } = await import('../setup/step.mjs');
const { findBrowser } = await import('./browser.mjs');
const { packPackages } = await import('./pack-packages.mjs');
const { tryOnFastify } = await import('./try-on-fastify.mjs');
const { tryOutsideApp } = await import('./try-outside-app.mjs');

const given = new Set(process.argv.slice(2));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-outside-')));
try {
  await setUp();
  const browser = findBrowser();
  const install = given.has('--linked') ? 'linked' : 'registry';
  const packed = await step('Pack the packages', () => packPackages(join(folder, 'packed')));
  const pictures = await tryOutsideApp(folder, { install, packed, browser, step });
  if (browser === null) console.log('  – Read the documentation in a browser: skipped, there is none here (TASKLOOM_BROWSER names one)');
  else console.log(['', 'The documentation, as a browser shows it:', ...pictures].join('\n  '));
  console.log();
  await tryOnFastify(folder, { install, packed, step });
  if (given.has('--keep')) console.log(`\nThe applications: ${folder}`);
  else
    for (const name of pictures.length > 0 ? ['corner-shop', 'fast-shop', 'packed'] : [''])
      rmSync(join(folder, name), { recursive: true, force: true });
} catch (error) {
  console.log(`\nWhat there is of the application: ${folder}`);
  exitWith(error);
}
