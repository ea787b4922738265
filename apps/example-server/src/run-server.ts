import 'reflect-metadata';

import { ConsoleLogger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { isTaskloomError, type Engine } from '@taskloom/core';
import { TASKLOOM_ENGINE } from '@taskloom/nest';
import { AppModule } from './app.module.js';
import { listen } from './listen.js';
import { StartJournal } from './repository-report/agents/start-journal.js';
import { ChangedJobs } from './run/changed-jobs.js';
import { findOrStart } from './run/find-or-start.js';
import type { PreparedRun } from './run/prepare-run.js';
import { StopRequest } from './run/stop-request.js';
import { prepareStateFolder } from './state-folder.js';
import { coloursFor } from './terminal/colours.js';
import { Narrator } from './terminal/narrator.js';
import { showJob } from './terminal/show-job.js';

const INTERRUPTED = 130;

/** Starts the server, makes one report and, unless it is asked for once only, goes on serving. Returns the exit code. */
export async function runServer(run: PreparedRun, cwd: string, output: NodeJS.WriteStream): Promise<number> {
  const until = Date.now();
  const tell = new Narrator(output, process.stderr);
  const stop = new StopRequest();
  try {
    const app = await createApp(run, cwd);
    try {
      const engine = app.get<Engine>(TASKLOOM_ENGINE);
      const changed = new ChangedJobs(engine);
      tell.address(await listen(app, run.port));
      if (stop.isRequested) return INTERRUPTED;
      const report = await findOrStart(engine, run.input, { until, changed: changed.end() });
      tell.start(report);
      const shown = await showJob(engine, await report.job.status(), output, stop.signal);
      if (shown.finishedAt === null) {
        tell.stopping();
        return INTERRUPTED;
      }
      const succeeded = await tellEnd(tell, engine, report.job);
      if (run.once) return succeeded ? 0 : 1;
      tell.serving();
      await stop.requested;
      return 0;
    } finally {
      await app.close();
    }
  } finally {
    // Not before the application is closed: a second Ctrl-C must not cut that short.
    stop.dispose();
  }
}

async function createApp({ journal, audit, once }: PreparedRun, cwd: string): Promise<INestApplication> {
  const databasePath = await prepareStateFolder(cwd);
  const module = AppModule.with({ databasePath, auditPath: audit, shutdownGrace: once ? '0s' : '1s' });
  const logger = new ConsoleLogger({ logLevels: ['warn', 'error', 'fatal'], colors: coloursFor(process.stdout).isColorSupported });
  const app = await NestFactory.create(module, { logger, abortOnError: false });
  if (journal !== null) app.get(StartJournal).writeTo(journal);
  return app;
}

/** Tells what came of the job. Returns whether it completed. */
async function tellEnd(tell: Narrator, engine: Engine, job: Awaited<ReturnType<typeof findOrStart>>['job']): Promise<boolean> {
  try {
    tell.result(await job.result());
    return true;
  } catch (error) {
    if (!isTaskloomError(error)) throw error;
    const { items } = await engine.reader.tasks({ jobId: job.id, status: ['FAILED'] }, { first: 20 });
    tell.failure(error.message, items);
    return false;
  }
}
