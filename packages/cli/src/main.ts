import { runCli } from './cli.js';

let wasStopped = false;

const code = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  pretty: process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
  directory: process.cwd(),
  env: process.env,
  nowMs: () => Date.now(),
  stopped: async () => {
    await new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    wasStopped = true;
  },
});
process.exitCode = code;
// What a command that was told to stop has left open must not keep the process.
if (wasStopped) process.exit();
