import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { isTaskloomError, type Engine } from '@taskloom/core';
import { TASKLOOM_ENGINE } from '@taskloom/nest';
import pc from 'picocolors';
import { AppModule } from './app.module.js';
import type { Arguments } from './cli/parse-arguments.js';
import { listen } from './listen.js';
import { StartJournal } from './repository-report/agents/start-journal.js';
import { resolveRoot } from './repository-report/paths/resolve-root.js';
import { sinceInSeconds } from './repository-report/git/since.js';
import type { ReportResult } from './repository-report/report.js';
import { prepareOutDir } from './repository-report/write-report.js';
import { findOrStart, type ReportRun } from './run/find-or-start.js';
import { StopRequest } from './run/stop-request.js';
import { prepareStateFolder } from './state-folder.js';
import { oneLine } from './terminal/draw-tree.js';
import { showJob } from './terminal/show-job.js';

const INTERRUPTED = 130;

/** Starts the server, makes one report and, unless it is asked for once only, goes on serving. Returns the exit code. */
export async function runServer(args: Arguments, cwd: string, output: NodeJS.WriteStream): Promise<number> {
  const root = await resolveRoot(args.root);
  const outDir = await prepareOutDir(args.outDir);
  if (args.since !== null) sinceInSeconds(args.since);
  const app = await createApp(cwd, args);
  const stop = new StopRequest();
  try {
    const address = await listen(app, args);
    say(output, `${pc.bold('GraphQL')}  ${pc.cyan(`${address}/graphql`)}`);
    const engine = app.get<Engine>(TASKLOOM_ENGINE);
    const run = await findOrStart(engine, { root, outDir, ...(args.since === null ? {} : { since: args.since }) });
    announce(output, run);
    const succeeded = await follow(engine, run, output, stop.signal);
    if (stop.isRequested) return interrupted(output);
    if (args.once) return succeeded ? 0 : 1;
    say(output, pc.dim('\nThe server keeps running; Ctrl-C stops it.'));
    await stop.requested;
    return 0;
  } finally {
    stop.dispose();
    await app.close();
  }
}

async function createApp(cwd: string, { journal }: Arguments): Promise<INestApplication> {
  const databasePath = await prepareStateFolder(cwd);
  const app = await NestFactory.create(AppModule.with({ databasePath }), { logger: ['warn', 'error', 'fatal'], abortOnError: false });
  if (journal !== null) app.get(StartJournal).writeTo(journal);
  // Ctrl-C is handled here, because a second one must not cut the first one's clean-up short.
  return app;
}

function announce(output: NodeJS.WriteStream, { job, continued, others }: ReportRun): void {
  if (continued) {
    const { counts } = continued;
    const finished = counts.COMPLETED + counts.SKIPPED + counts.FAILED;
    say(
      output,
      pc.yellow(
        `Continuing the unfinished job ${job.id}: ${finished} finished task${finished === 1 ? ' is' : 's are'} kept and will not run again.`,
      ),
    );
  } else {
    say(output, pc.dim(`Job ${job.id}`));
  }
  for (const other of others) say(output, pc.dim(`Also continuing the unfinished job ${other.id}.`));
  say(output, '');
}

/** Shows the job until it ends, then tells what came of it. Returns whether it completed. */
async function follow(engine: Engine, { job }: ReportRun, output: NodeJS.WriteStream, signal: AbortSignal): Promise<boolean> {
  await showJob(engine, await job.status(), output, signal);
  if (signal.aborted) return false;
  try {
    tellResult(output, await job.result());
    return true;
  } catch (error) {
    if (!isTaskloomError(error)) throw error;
    await tellFailure(output, engine, job.id, error.message);
    return false;
  }
}

function tellResult(output: NodeJS.WriteStream, { summary, files }: ReportResult): void {
  say(output, `\n${pc.bold('Summary')}\n${oneLine(summary)}\n`);
  say(output, `${pc.bold('Report')}\n  ${files.html}\n  ${files.markdown}\n  ${files.json}`);
}

async function tellFailure(output: NodeJS.WriteStream, engine: Engine, jobId: string, message: string): Promise<void> {
  const { items } = await engine.reader.tasks({ jobId, status: ['FAILED'] }, { first: 20 });
  const causes = items
    .filter(({ statusReason }) => statusReason === 'ATTEMPTS_EXHAUSTED')
    .map(({ name, error }) => `  ${name}: ${error?.message ?? 'failed'}`);
  process.stderr.write(`\n${pc.red('The report could not be made.')} ${oneLine(message)}\n${causes.join('\n')}\n`);
  if (output.isTTY) say(output, '');
}

function interrupted(output: NodeJS.WriteStream): number {
  say(output, pc.yellow('\nStopped. The same command continues the job where it is.'));
  return INTERRUPTED;
}

function say(output: NodeJS.WriteStream, text: string): void {
  output.write(`${text}\n`);
}
