import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const PREBUILT_PLATFORMS = ['darwin', 'linux', 'win32'];
const PREBUILT_ARCHITECTURES = ['arm64', 'x64'];

/** better-sqlite3 13 brings its binaries along, built on Node-API 10 (Node ≥ 22.14). Elsewhere version 12 is compiled. */
export const driverIsCompiled =
  Number(process.versions.napi) < 10 || !PREBUILT_PLATFORMS.includes(process.platform) || !PREBUILT_ARCHITECTURES.includes(process.arch);

/** Tries the driver in a process of its own, since a binary for another Node may crash instead of throwing. */
export async function sqliteDriverLoads() {
  const driver = driverIsCompiled ? 'better-sqlite3' : 'better-sqlite3-napi';
  const { ok } = await run(process.execPath, ['-e', `new (require('${driver}'))(':memory:').close()`], {
    cwd: join(root, 'packages', 'core'),
  });
  return ok;
}
