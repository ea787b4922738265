import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environment } from '../setup/environment.mjs';

/**
 * Starts the built application and waits until it says where it listens.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startServer(folder) {
  const child = spawn(process.execPath, ['--no-warnings', 'dist/main.js'], {
    cwd: folder,
    env: { ...environment(), PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk) => (output += chunk);
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const ended = once(child, 'close');
  const listening = new Promise((resolve) => {
    child.stdout.on('data', () => {
      const url = /https?:\/\/\S+/.exec(output)?.[0];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([listening, ended.then(() => null)]);
  if (url === null) throw new Error(`The application did not start.\n${output}`);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
