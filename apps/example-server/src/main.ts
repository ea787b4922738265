import 'reflect-metadata';

import { isTaskloomError } from '@taskloom/core';
import pc from 'picocolors';
import { parseArguments, USAGE, UsageError } from './cli/parse-arguments.js';
import { ReportError } from './repository-report/report-error.js';
import { runServer } from './run-server.js';

const WRONG_USAGE = 2;

// Whoever read the output (`… | head`) has gone: there is nobody to tell anything. The job goes on at the next start.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main(process.argv.slice(2), process.cwd());

async function main(args: readonly string[], cwd: string): Promise<number> {
  try {
    const parsed = parseArguments(args, cwd);
    if (parsed === 'help') {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    return await runServer(parsed, cwd, process.stdout);
  } catch (error) {
    return explain(error);
  }
}

/** What a person can mend is told in a sentence; anything else with its stack. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${pc.red(error.message)}\n\nnpm start -- --help shows what can be given.\n`);
    return WRONG_USAGE;
  }
  if (error instanceof ReportError) process.stderr.write(`${pc.red(error.message)}\n`);
  else if (isTaskloomError(error)) process.stderr.write(`${pc.red(error.message)} ${error.remedy}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
