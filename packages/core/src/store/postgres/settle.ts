import type { Pool, PoolClient } from 'pg';

import { TaskloomError } from '../../errors/taskloom-error.js';
import type { NumberedWrite } from '../sql/database.js';
import { each } from '../sql/operation.js';
import { lookup } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import { ClientSession } from './client-session.js';
import { storeError } from './postgres-errors.js';
import { withClient } from './with-client.js';

/** How long the server is waited for before the caller is told that nothing is known. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;
const END_MS = 10_000;

/** Waits until it has ended. Numbers of processes come back, names of stores do not. */
const END_SESSION = 'SELECT pg_terminate_backend(pid, $3::bigint) FROM pg_stat_activity WHERE pid = $1 AND application_name = $2';

export const SETTLE_STATEMENTS = {
  token: lookup('settle-token', { select: 'last_commit, last_seq', from: TABLES.job, by: { id: 'text' } }),
} as const;

interface Standing {
  readonly last_commit: string;
  readonly last_seq: number;
}

/**
 * What became of a commit whose answer was lost with its connection. Its session is ended first, so that it cannot stand up
 * later; then the jobs' rows tell: `last_commit` is the token of the write that stands.
 *
 * @returns whether the commit stands
 * @throws TaskloomError `STORE_CONFLICT` where others have gone on with a job since; `STORE_UNAVAILABLE` where the server does
 *   not answer for half a minute and nothing is known
 */
export async function settle(pool: Pool, lost: PoolClient, applicationName: string, writes: readonly NumberedWrite[]): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await readBack(pool, (lost as unknown as { processID: number | null }).processID, applicationName, writes);
    } catch (error) {
      if (error instanceof TaskloomError) throw error;
      if (Date.now() > deadline)
        throw new TaskloomError(
          'STORE_UNAVAILABLE',
          'PostgreSQL was lost while it wrote, and does not come back: whether it was written is not known.',
          { cause: storeError(error), details: { outcome: 'unknown' } },
        );
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function readBack(pool: Pool, processId: number | null, applicationName: string, writes: readonly NumberedWrite[]): Promise<boolean> {
  const found = await withClient(pool, async (client) => {
    if (processId !== null) await client.query(END_SESSION, [processId, applicationName, END_MS]);
    return new ClientSession(client).run(
      each<Standing>(
        SETTLE_STATEMENTS.token,
        writes.map(({ write }) => [write.jobId]),
      ),
    );
  });
  return stands(
    writes,
    found.map(([job]) => job),
  );
}

/** A commit stands as a whole: where one of its jobs tells, all have told. */
function stands(writes: readonly NumberedWrite[], found: readonly (Standing | undefined)[]): boolean {
  if (writes.some(({ write, jobNo }, index) => found[index] && (jobNo === null || found[index].last_commit === write.token))) return true;
  for (const [index, { write, jobNo }] of writes.entries()) {
    if (jobNo === null || found[index]?.last_seq === write.expectedSeq) continue;
    throw new TaskloomError('STORE_CONFLICT', `Job ${write.jobId} is no longer at event ${write.expectedSeq}.`, {
      details: { jobId: write.jobId, expectedSeq: write.expectedSeq },
    });
  }
  return false;
}
