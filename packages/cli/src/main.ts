import { runCli } from './cli.js';

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  pretty: process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
  directory: process.cwd(),
  env: process.env,
  nowMs: () => Date.now(),
  stop: new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  }),
});
