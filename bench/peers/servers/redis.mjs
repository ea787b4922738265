import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, stopProcess, untilReady } from './process.mjs';

const run = promisify(execFile);

/**
 * A Redis of its own that appends every change to a file and flushes it once a second, for this run alone.
 *
 * @param {string} folder
 * @returns {Promise<{ url: string, about: string, stop: () => Promise<void> }>}
 * @throws Error with what to install
 */
export async function startRedis(folder) {
  const version = await run('redis-server', ['--version']).catch(() => {
    throw new Error('Redis is not installed; install it with `apt-get install redis-server`.');
  });
  const port = await freePort();
  const data = join(folder, 'redis');
  mkdirSync(data);
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    data,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
  ];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  await untilReady(server, 'Redis', () => run('redis-cli', ['-p', String(port), 'ping']));
  return {
    url: `redis://127.0.0.1:${port}`,
    about: `Redis ${/v=(\S+)/.exec(version.stdout)[1]}, append-only file, flushed once a second`,
    stop: () => stopProcess(server, 'SIGTERM'),
  };
}
