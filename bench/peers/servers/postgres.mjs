import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, stopProcess, untilReady, userNumbers } from './process.mjs';

const run = promisify(execFile);
const BASE = '/usr/lib/postgresql';

/**
 * A PostgreSQL of its own with the settings that it comes with (`fsync` on), for this run alone.
 *
 * @param {string} folder
 * @returns {Promise<{ url: string, about: string, stop: () => Promise<void> }>}
 * @throws Error with what to install
 */
export async function startPostgres(folder) {
  const bin = findBin();
  const port = await freePort();
  const data = join(folder, 'postgres');
  mkdirSync(data);
  // It refuses to run as root.
  const user = process.getuid() === 0 ? userNumbers('postgres') : {};
  if (user.uid !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(data, user.uid, user.gid);
  }
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '--auth=trust', '--no-locale', '--encoding=UTF8'], { ...user, cwd: folder });
  const args = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=100'];
  const server = spawn(join(bin, 'postgres'), args, { ...user, cwd: folder, stdio: 'ignore' });
  const isReady = () => run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]);
  await untilReady(server, 'PostgreSQL', isReady);
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  return {
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    about: `${stdout.trim().replace(/^postgres \(PostgreSQL\)/, 'PostgreSQL')}, fsync on, default settings`,
    stop: () => stopProcess(server, 'SIGINT'),
  };
}

function findBin() {
  const versions = existsSync(BASE) ? readdirSync(BASE).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(BASE, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new Error('PostgreSQL is not installed; install it with `apt-get install postgresql`.');
  return found;
}
