import { coloursFor } from '@taskloom/terminal';
import { text } from 'node:stream/consumers';

import { runCli } from './cli.js';
import type { StopCode } from './terminal/terminal.js';

const { stdout, stderr, stdin, env } = process;
let wasStopped = false;

// Whoever read what is printed has gone, as `head` does; there is nobody left to print for.
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });

const code = await runCli(process.argv.slice(2), {
  out: (written) => stdout.write(written),
  err: (written) => stderr.write(written),
  stdout,
  pretty: coloursFor(stderr, env).isColorSupported,
  input: () => text(stdin),
  directory: process.cwd(),
  env,
  nowMs: () => Date.now(),
  stopped: async () => {
    const stopCode = await new Promise<StopCode>((resolve) => {
      process.once('SIGINT', () => resolve(130));
      process.once('SIGTERM', () => resolve(143));
    });
    wasStopped = true;
    return stopCode;
  },
});
process.exitCode = code;
// What a command that was told to stop has left open must not keep the process.
if (wasStopped) process.exit();
