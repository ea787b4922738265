// npm run pnpm -- ARGS: the pinned pnpm, for adding packages and the like.
import { spawnSync } from 'node:child_process';
import { checkNode } from './setup/check-node.mjs';

checkNode();

const { environment } = await import('./setup/environment.mjs');
const { exitWith } = await import('./setup/exit-with.mjs');
const { fetchPnpm, pnpmIsHere } = await import('./setup/ensure-pnpm.mjs');
const { pnpmBin, pnpmVersion } = await import('./setup/paths.mjs');
const { step } = await import('./setup/step.mjs');

if (!pnpmIsHere()) await step(`Fetch pnpm ${pnpmVersion}`, fetchPnpm).catch(exitWith);

const { status } = spawnSync(pnpmBin, process.argv.slice(2), {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: environment(),
  stdio: 'inherit',
});
process.exit(status ?? 1);
