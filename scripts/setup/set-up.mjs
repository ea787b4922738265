import { build } from './build.mjs';
import { checkCompiler } from './check-compiler.mjs';
import { fetchPnpm, pnpmIsHere } from './ensure-pnpm.mjs';
import { installPackages, packagesAreCurrent } from './install.mjs';
import { pnpmVersion } from './paths.mjs';
import { driverIsCompiled } from './sqlite-driver.mjs';
import { step } from './step.mjs';

/** Brings a clone from nothing to built. What has not changed is not done again. */
export async function setUp() {
  if (!pnpmIsHere() || !packagesAreCurrent()) {
    await getPackages();
  }
  await step('Build what has changed', build);
}

async function getPackages() {
  if (driverIsCompiled) await step('Look for a C++ compiler and Python (for the SQLite driver)', checkCompiler);
  if (!pnpmIsHere()) await step(`Fetch pnpm ${pnpmVersion}`, fetchPnpm);
  const detail = driverIsCompiled ? ', compile the SQLite driver (a minute or two)' : '';
  await step(`Install packages${detail}`, installPackages);
}
