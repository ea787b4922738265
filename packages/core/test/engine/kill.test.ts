import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, it } from '@jest/globals';

import { auditDatabase, readJobs } from '../helpers/audit.js';
import { copyOfDead } from '../helpers/copy-of-dead.js';
import { killInCycles } from '../helpers/kill-cycles.js';

/** Kills that must hit a process in which the engine runs; those that come before it has started are extra. */
const KILLS = Number(process.env['TASKLOOM_KILLS'] ?? 20);

describe('a process that is killed at any moment', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskloom-kill-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'repeats no finished task, loses no acknowledged job, and ends with the right results',
    async () => {
      const path = join(folder, 'jobs.db');
      const left = async (): Promise<Awaited<ReturnType<typeof readJobs>>> => {
        const copy = await copyOfDead(path, join(folder, 'left'));
        await auditDatabase(copy);
        return readJobs(copy);
      };
      await killInCycles({ name: 'SQLite', folder, store: { path }, left, audit: () => auditDatabase(path) }, KILLS);
    },
    // Twenty starts of Node take their time on a busy machine.
    300_000,
  );
});
