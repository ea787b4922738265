import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pnpmBin, pnpmDir, pnpmVersion, toolsDir } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

export const pnpmIsHere = () => existsSync(pnpmBin);

/** Fetches the pinned pnpm with npm into a folder of this project; what the user has installed stays untouched. */
export async function fetchPnpm() {
  await mkdir(toolsDir, { recursive: true });
  const half = `${pnpmDir}.${process.pid}`;
  await mkdir(half);
  try {
    await must(npm(['install', '--prefix', half, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', `pnpm@${pnpmVersion}`]));
    // Puts the native binary of this platform where the `pnpm` command is, which pnpm's own install script would do.
    await must(run(process.execPath, ['install.js'], { cwd: join(half, 'node_modules', 'pnpm') }));
    await rm(pnpmDir, { recursive: true, force: true });
    await rename(half, pnpmDir);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/** The npm that started this script, else the one on the path. */
function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return run(process.execPath, [cli, ...args], { cwd: toolsDir });
  return run('npm', args, { cwd: toolsDir, shell: process.platform === 'win32' });
}

async function must(running) {
  const { ok, output } = await running;
  if (ok) return;
  throw new SetupError(
    `pnpm ${pnpmVersion} could not be fetched with npm.`,
    [
      'Check the network, and that npm reaches its registry:   npm ping',
      'Behind a proxy:   npm config set proxy http://host:port && npm config set https-proxy http://host:port',
    ],
    output,
  );
}
