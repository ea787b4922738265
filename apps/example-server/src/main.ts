import { parseArguments, USAGE } from './cli/parse-arguments.js';
import { explainFailure } from './cli/explain-failure.js';
import { prepareRun } from './run/prepare-run.js';

for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
process.exitCode = await main(process.argv.slice(2), process.cwd());

async function main(args: readonly string[], cwd: string): Promise<number> {
  try {
    const parsed = parseArguments(args, cwd);
    if (parsed === 'help') {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const prepared = await prepareRun(parsed);
    // The framework takes a second to load; whoever mistyped a path need not wait for it.
    const { runServer } = await import('./run-server.js');
    return await runServer(prepared, cwd, process.stdout);
  } catch (error) {
    return explainFailure(error, process.stderr);
  }
}

/** Whoever read what is printed has gone, as `head` does; the report is made all the same. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
