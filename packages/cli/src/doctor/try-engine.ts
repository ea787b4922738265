/*
 * A program of its own: starts and stops the engine of a project on a database, and prints what it found as one line of
 * JSON. A driver that cannot be loaded may end the process; whoever started it sees that.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { createEngine as CreateEngine } from '@taskloom/core';

const [folder, database] = process.argv.slice(2) as [string, string];
const core = createRequire(join(folder, 'package.json')).resolve('@taskloom/core');
const { createEngine } = (await import(pathToFileURL(core).href)) as { createEngine: typeof CreateEngine };
const engine = createEngine({ store: { path: database } });
const { jobs } = await engine.start();
await engine.stop();
process.stdout.write(JSON.stringify({ unfinishedJobs: jobs.length }));
