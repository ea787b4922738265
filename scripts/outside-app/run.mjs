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
const { tryOutsideApp } = await import('./try-outside-app.mjs');

const given = new Set(process.argv.slice(2));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-outside-')));
try {
  await setUp();
  const browser = findBrowser();
  const picture = await tryOutsideApp(folder, { install: given.has('--linked') ? 'linked' : 'registry', browser, step });
  console.log(
    picture ? `\nThe documentation, as a browser shows it: ${picture}` : '\nThere is no browser here to look at the documentation.',
  );
  if (given.has('--keep')) console.log(`The application: ${join(folder, 'corner-shop')}`);
  else if (!picture) rmSync(folder, { recursive: true, force: true });
} catch (error) {
  console.log(`\nWhat there is of the application: ${folder}`);
  exitWith(error);
}
