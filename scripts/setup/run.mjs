import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { environment } from './environment.mjs';
import { root } from './paths.mjs';

/**
 * Runs a command quietly. It ends with this process when that is told to end.
 * @returns {Promise<{ ok: boolean, output: string }>} what it printed, both streams in order
 */
export function run(command, args, { cwd = root, shell = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, shell, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(128 + constants.signals[signal]);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);

    const chunks = [];
    const finish = (ok, lastWords = '') => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ ok, output: Buffer.concat(chunks).toString('utf8') + lastWords });
    };
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => finish(false, error.message));
    child.on('close', (code, signal) => finish(code === 0, signal ? `\n(ended by ${signal})` : ''));
  });
}
