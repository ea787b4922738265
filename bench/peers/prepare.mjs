import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from './servers/postgres.mjs';
import { startRedis } from './servers/redis.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const LOCKFILE = join(FOLDER, 'package-lock.json');
const INSTALLED = join(FOLDER, 'node_modules/.package-lock.json');

/** Installs the peers by their own lockfile, when that has changed. @throws Error when npm fails */
export function installPeers() {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCKFILE).mtimeMs) return;
  console.log('Installing the peers (some minutes: a SQLite driver is compiled) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    // Compiled here, not fetched from elsewhere.
    env: { ...process.env, npm_config_build_from_source: 'true' },
  });
  if (status !== 0) throw new Error('The peers could not be installed: see what npm says above.');
}

/** Exact versions of what is measured. @returns {Record<string, string>} */
export function peerVersions() {
  return JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')).dependencies;
}

/**
 * Starts what the chosen peers need, on free ports and in a temporary folder.
 *
 * @param {readonly import('./index.mjs').Peer[]} peers
 * @returns {Promise<{ peers: readonly import('./index.mjs').Peer[], about: Record<string, string>, stop: () => Promise<void> }>} the
 *   peers, knowing where their servers are
 */
export async function startServers(peers) {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-peers-'));
  chmodSync(folder, 0o755);
  const servers = {};
  const stop = async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const [name, start] of Object.entries({ postgres: startPostgres, redis: startRedis }))
      if (peers.some(({ needs }) => needs === name)) servers[name] = await start(folder);
  } catch (error) {
    await stop();
    throw error;
  }
  const about = Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, server.about]));
  const located = peers.map((peer) =>
    peer.needs ? { ...peer, options: { ...peer.options, [peer.needs]: servers[peer.needs].url } } : peer,
  );
  return { peers: located, about, stop };
}
