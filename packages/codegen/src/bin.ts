import { runCli } from './generate/run-cli.js';

const isPretty = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  pretty: isPretty,
  from: process.cwd(),
  nowMs: () => Date.now(),
});
